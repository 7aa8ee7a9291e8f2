#!/bin/bash
# Journals of other hosts: written there by a journald of its own, with another machine id, and read
# here from a folder or merged with ours.
. "$(dirname "$0")/machine.sh"
hostname near

open=9e46d8d3308d45e0a0b5ac2c5024f9f8
close=f91c731ea69845ae8bb374c46ad612bc
denied=495201f75ee04d52b48e983cb1a6ad0f
ours=11111111000000000000000000000001
live=22222222000000000000000000000002
ended=33333333000000000000000000000003

# far_journal: what another host's journald writes; its folder is /run/far.
cat >/run/far.sh <<'FAR'
set -euo pipefail
hostname far
tr -d - </proc/sys/kernel/random/uuid >/run/far-id
mount --bind /run/far-id /etc/machine-id
mount -t tmpfs tmpfs /run/systemd
mount --bind /run/far /run/log/journal
mkdir -p /run/systemd/journal
/lib/systemd/systemd-journald &
journald=$!
for n in {1..100}; do
	[[ ! -S /run/systemd/journal/socket ]] || break
	sleep 0.1
done
record() { printf '%s\n' "$@" SYSLOG_IDENTIFIER=sandlock PRIORITY=6 | logger --journald; }
for id in $LIVE $ENDED; do
	record MESSAGE_ID=$OPEN 'MESSAGE=Session of alice by sshd opened' SANDLOCK_EVENT=session-open \
		SANDLOCK_SESSION=$id SANDLOCK_SEQ=1 SANDLOCK_USER=alice SANDLOCK_UID=4711 SANDLOCK_SERVICE=sshd \
		SANDLOCK_SUPERVISOR_PID=1 SANDLOCK_SUPERVISOR_START=1
done
record MESSAGE_ID=$DENIED 'MESSAGE=Denied connect to 10.0.0.1:80' SANDLOCK_EVENT=denied-network SANDLOCK_SESSION=$LIVE \
	SANDLOCK_SEQ=2 SANDLOCK_USER=alice SANDLOCK_ACTION=connect SANDLOCK_OBJECT=10.0.0.1:80 SANDLOCK_RIGHT=net.connect_tcp
record MESSAGE_ID=$CLOSE 'MESSAGE=Session of alice closed' SANDLOCK_EVENT=session-close SANDLOCK_SESSION=$ENDED \
	SANDLOCK_SEQ=2 SANDLOCK_USER=alice SANDLOCK_DENIED=0 SANDLOCK_SECONDS=7
setpriv --reuid 4711 --regid 4711 --clear-groups bash -c "printf '%s\n' MESSAGE_ID=$OPEN MESSAGE=forged \
	SANDLOCK_SESSION=66666666 SANDLOCK_USER=mallory SYSLOG_IDENTIFIER=sandlock | logger --journald"
journalctl -q --sync
kill "$journald"
wait "$journald" || :
FAR
mkdir /run/far
LIVE=$live ENDED=$ended OPEN=$open CLOSE=$close DENIED=$denied \
	unshare --mount --uts --propagation private bash /run/far.sh || fail 'the other host'

record MESSAGE_ID=$open 'MESSAGE=Session of alice by sshd opened' SANDLOCK_EVENT=session-open \
	SANDLOCK_SESSION=$ours SANDLOCK_SEQ=1 SANDLOCK_USER=alice SANDLOCK_SERVICE=sshd \
	SANDLOCK_SUPERVISOR_PID=$$ "SANDLOCK_SUPERVISOR_START=$(awk '{print $22}' /proc/$$/stat)"
wait_for journal_has SANDLOCK_SESSION=$ours

# From the folder: theirs alone, with their name.
exits 0 sessions --directory /run/far
has HOST
has far
lacks "${ours:0:8}"
lacks mallory
exits 0 sessions --all --directory /run/far --json
json '[(s["session"], s["host"], s["state"], s["processes"]) for s in j["sessions"]] == [("'$live'", "far", "open", None), ("'$ended'", "far", "closed", None)]'
exits 0 log --directory /run/far
(($(wc -l <"$scratch/out") == 4)) || fail "log of the other host: $(cat "$scratch/out")"
has ' far 22222222:2 Denied connect'
exits 0 status 2222 --directory /run/far --json
json 'j["sessions"][0]["host"] == "far" and [d["seq"] for d in j["denials"]] == [2] and j["processes"] == []'
lacks 'not recorded'

# Here they are strangers, until they lie where the system keeps what it is sent.
exits 0 sessions --json
json '[s["session"] for s in j["sessions"]] == ["'$ours'"]'
mkdir -p /var/log/journal
cp -r /run/far/* /var/log/journal/
exits 0 sessions --json
json '[s["session"] for s in j["sessions"]] == ["'$ours'"]'
exits 0 sessions --merge --json
json 'sorted((s["session"], s["host"], s["state"]) for s in j["sessions"]) == [("'$ours'", "near", "active"), ("'$live'", "far", "open")]'
exits 0 log --merge --user alice
has ' far 22222222:2 '
has ' near 11111111:1 '

# Policies are asked here, whatever host it happened on.
printf '[policy]\ninclude = base\n[network]\nconnect = none\n' >"$SANDLOCK_CONFDIR/users.ini"
mkdir -p "$SANDLOCK_CONFDIR"/{users,include}
mv "$SANDLOCK_CONFDIR/users.ini" "$SANDLOCK_CONFDIR/users/alice.ini"
cp "$SANDLOCK_SOURCE/etc/include/base.ini" "$SANDLOCK_CONFDIR/include/"
exits 0 why 2222:2 --directory /run/far --json
json 'j["cause"] == "no-rule" and [l["line"] for l in j["lines"]] == ["connect.allowed = 10.0.0.1:80"]'
exits 0 suggest --user alice --directory /run/far --json
json '[(s["line"], s["sessions"]) for s in j["suggestions"]] == [("connect = 10.0.0.1:80", 1)]'
json '"-connect = none" in j["patch"] and "+connect.suggested = 10.0.0.1:80" in j["patch"]'
exits 3 why 2222:9 --directory /run/far
exits 3 suggest --session 9999
exits 2 suggest --session 1zz
has '"1zz" is no session id'
exits 2 suggest
exits 2 suggest --user alice --session 2222
exits 2 why
exits 2 why nonsense
exits 2 why 2222

# What is wrong with a file as a whole is said of no line.
chmod 666 "$SANDLOCK_CONFDIR/users/alice.ini"
exits 1 show alice
has 'users/alice.ini: can be written by group or others [untrusted-mode]'
chmod 644 "$SANDLOCK_CONFDIR/users/alice.ini"

# Of whom nothing is known but how much was not recorded, and of nobody.
record MESSAGE_ID=d5f8e9a2a0f242508520d95bd50d16e1 'MESSAGE=5 denials were not recorded' \
	SANDLOCK_EVENT=suppressed SANDLOCK_SESSION=$ours SANDLOCK_SEQ=2 SANDLOCK_USER=dave SANDLOCK_SUPPRESSED=5
record MESSAGE_ID=$denied 'MESSAGE=Denied connect to 10.0.0.1:80' SANDLOCK_EVENT=denied-network \
	SANDLOCK_SESSION=$ours SANDLOCK_SEQ=3 SANDLOCK_ACTION=connect SANDLOCK_OBJECT=10.0.0.1:80
wait_for journal_has SANDLOCK_SESSION=$ours SANDLOCK_SEQ=3
exits 3 why --last --user dave
has 'there is no such denial'
exits 3 why "${ours:0:8}:3"
has 'does not say whose it is'
finish
