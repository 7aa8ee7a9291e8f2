#!/bin/bash
# sandlock-admin sessions and log on a journal of known content.
. "$(dirname "$0")/machine.sh"

open=9e46d8d3308d45e0a0b5ac2c5024f9f8
close=f91c731ea69845ae8bb374c46ad612bc
denied=495201f75ee04d52b48e983cb1a6ad0f
suppressed=d5f8e9a2a0f242508520d95bd50d16e1
failed_id=9efdd2c5483c459e916d4edb1deaf999
start_of() { awk '{print $22}' "/proc/$1/stat"; }
first=11111111000000000000000000000001 second=22222222000000000000000000000002
third=33333333000000000000000000000003 fourth=44444444000000000000000000000004

# It may be another one when the events are asked for.
day=$(date +'%F 00:00')

# Before there is anything.
exits 0 sessions
has 'No sessions.'
exits 0 sessions --json
json 'j["sessions"] == [] and j["errors"] == []'
exits 0 log
[[ ! -s $scratch/out ]] || fail "events in an empty journal"
exits 3 log --session 1234
exits 3 log --user nobody-of-this-name
exits 3 sessions --user nobody-of-this-name
exits 0 sessions --user alice

# A supervisor that lives, in a UTS namespace of its own, with one process of the session beside
# its worker; a bash stands for it.
unshare --uts bash -c 'sleep 300 & echo $$; (setsid sleep 300 &) ; wait' >"$scratch/pid" &
wait_for test -s "$scratch/pid"
supervisor=$(cat "$scratch/pid")
record MESSAGE_ID=$open "MESSAGE=Session 11111111 of alice by sshd opened" SANDLOCK_EVENT=session-open \
	SANDLOCK_SESSION=$first SANDLOCK_SEQ=1 SANDLOCK_USER=alice SANDLOCK_UID=4711 SANDLOCK_SERVICE=sshd \
	SANDLOCK_RHOST=192.0.2.10 "SANDLOCK_POLICIES=group/students mandatory/10-site" SANDLOCK_MODE=enforce \
	SANDLOCK_ABI=7 SANDLOCK_SUPERVISOR_PID="$supervisor" "SANDLOCK_SUPERVISOR_START=$(start_of "$supervisor")"
record MESSAGE_ID=$denied $'MESSAGE=Denied connect to 10.0.0.1:80 for alice (pid 7, cu\033[31mrl)' \
	SANDLOCK_EVENT=denied-network SANDLOCK_SESSION=$first SANDLOCK_SEQ=2 SANDLOCK_USER=alice \
	SANDLOCK_PID=7 $'SANDLOCK_COMM=cu\033[31mrl'
record MESSAGE_ID=$suppressed 'MESSAGE=5 denials were not recorded' SANDLOCK_EVENT=suppressed \
	SANDLOCK_SESSION=$first SANDLOCK_SEQ=3 SANDLOCK_USER=alice SANDLOCK_SUPPRESSED=5
# One that is closed, one whose supervisor is gone (its pid is another process's now), one that
# failed and left a process behind.
record MESSAGE_ID=$open 'MESSAGE=second opened' SANDLOCK_EVENT=session-open SANDLOCK_SESSION=$second \
	SANDLOCK_SEQ=1 SANDLOCK_USER=bob SANDLOCK_SUPERVISOR_PID=$$ "SANDLOCK_SUPERVISOR_START=$(start_of $$)"
record MESSAGE_ID=$close 'MESSAGE=second closed' SANDLOCK_EVENT=session-close SANDLOCK_SESSION=$second \
	SANDLOCK_SEQ=2 SANDLOCK_USER=bob SANDLOCK_DENIED=41 SANDLOCK_SECONDS=3725
record MESSAGE_ID=$open 'MESSAGE=third opened' SANDLOCK_EVENT=session-open SANDLOCK_SESSION=$third \
	SANDLOCK_SEQ=1 SANDLOCK_USER=carol SANDLOCK_SUPERVISOR_PID=$$ SANDLOCK_SUPERVISOR_START=1
record MESSAGE_ID=$open 'MESSAGE=fourth opened' SANDLOCK_EVENT=session-open SANDLOCK_SESSION=$fourth \
	SANDLOCK_SEQ=1 SANDLOCK_USER=carol SANDLOCK_SUPERVISOR_PID=$$ SANDLOCK_SUPERVISOR_START=1
record MESSAGE_ID=$failed_id 'MESSAGE=fourth failed' SANDLOCK_EVENT=supervisor-failed \
	SANDLOCK_SESSION=$fourth SANDLOCK_SEQ=2 SANDLOCK_USER=carol
SANDLOCK_SESSION=$fourth sleep 300 &
# What must not be believed: a user's record, root's without our identifier, root's syslog line.
forged=66666666000000000000000000000006
as_alice bash -c "printf '%s\n' MESSAGE_ID=$open MESSAGE=forged SANDLOCK_EVENT=session-open _UID=0 \
	SANDLOCK_SESSION=$forged SANDLOCK_USER=mallory SANDLOCK_SUPERVISOR_PID=1 SYSLOG_IDENTIFIER=sandlock |
	logger --journald"
as_alice bash -c "printf '%s\n' MESSAGE_ID=$close MESSAGE=forged SANDLOCK_SESSION=$first \
	SYSLOG_IDENTIFIER=sandlock | logger --journald"
printf '%s\n' MESSAGE_ID=$open MESSAGE=foreign SANDLOCK_SESSION=$forged SYSLOG_IDENTIFIER=other |
	logger --journald
record MESSAGE=foreign SANDLOCK_SESSION=$forged SANDLOCK_USER=mallory
wait_for journal_has SANDLOCK_SESSION=$forged _UID=0 SYSLOG_IDENTIFIER=sandlock
wait_for journal_has SANDLOCK_SESSION=$forged _UID=4711
# The processes that stand for others are what they are to be: the shell has started them.
count_is() { [[ $("$SANDLOCK_ADMIN" sessions --json | grep -o "\"processes\": $1,") ]]; }
wait_for count_is 1

exits 0 sessions
sed -E 's/ +[0-9]+s / AGE /' "$scratch/out" >"$scratch/table"
diff -u - "$scratch/table" <<'END' || fail 'sessions'
ID        USER   SERVICE  FROM        POLICIES                          MODE     AGE  PROCS  DENIED  STATE
11111111  alice  sshd     192.0.2.10  group/students mandatory/10-site  enforce AGE      1       6  active
44444444  carol  -        -           -                                 - AGE      1       0  failed
END
exits 0 sessions --user carol
has 44444444
lacks 11111111
exits 0 sessions --all --json
is_json
json '[s["state"] for s in j["sessions"]] == ["active", "closed", "supervisor lost", "failed"]'
json '[s["denied"] for s in j["sessions"]] == [6, 41, 0, 0]'
json '[s["processes"] for s in j["sessions"]] == [1, None, 0, 1]'
json 'j["sessions"][1]["seconds"] == 3725 and j["sessions"][0]["seconds"] < 600'
json 'j["sessions"][0]["session"] == "'$first'" and j["sessions"][0]["uid"] == 4711'
json 'j["sessions"][0]["rhost"] == "192.0.2.10" and j["sessions"][0]["tty"] is None'
lacks $forged
lacks mallory
exits 0 sessions --all
has '1h 2min'
lacks mallory

exits 0 log
(($(wc -l <"$scratch/out") == 8)) || fail "log shows $(wc -l <"$scratch/out") lines, not 8"
grep -qE '^[A-Z][a-z]{2} [0-9]{2} [0-9:]{8} 11111111:1 Session 11111111 of alice by sshd opened$' \
	"$scratch/out" || fail 'the form of a line'
has '11111111:2 Denied connect to 10.0.0.1:80 for alice (pid 7, cu\x1b[31mrl)'
lacks forged
lacks foreign
! grep -q $'\033' "$scratch/out" || fail 'an escape sequence comes through'
exits 0 log --json
(($(wc -l <"$scratch/out") == 8)) || fail 'log --json: a line per event'
is_json
! grep -q $'\033' "$scratch/out" || fail 'an escape sequence comes through JSON'
exits 0 log --json -n 1 --denials --user alice
json 'j["schema"] == "sandlock.log/1" and j["event"] == "suppressed" and j["suppressed"] == 5'
json 'j["session"] == "'$first'" and j["seq"] == 3 and j["user"] == "alice" and j["errors"] == []'
lines() {
	local expected=$1
	shift
	exits 0 log "$@"
	(($(wc -l <"$scratch/out") == expected)) || fail "log $*: $(wc -l <"$scratch/out") lines, not $expected"
}
lines 2 -n 2
has 'fourth failed'
lines 0 -n 0
lines 8 -n 100
lines 2 --denials
lines 3 --user alice
lines 2 --user bob
lines 3 --session 11111111
lines 3 --session $first
lines 2 --session 2222 -n 5
lines 1 --session 2 -n 1
has 'second closed'
lines 8 --since -1h --until now
lines 0 --since tomorrow
lines 0 --until yesterday
lines 0 --until yesterday -n 3
lines 2 --since "$day" -n 2
exits 3 log --session 6666
exits 3 log --session 6666 --json
json 'j["errors"] == ["no events of a session 6666"]'

# Following.
"$SANDLOCK_ADMIN" log -f -n 1 >"$scratch/followed" &
follower=$!
wait_for grep -q 'fourth failed' "$scratch/followed"
record MESSAGE_ID=$denied MESSAGE=later SANDLOCK_SESSION=$first SANDLOCK_SEQ=4 SANDLOCK_USER=alice
wait_for grep -q '11111111:4 later' "$scratch/followed"
(($(wc -l <"$scratch/followed") == 2)) || fail "log -f -n 1: $(cat "$scratch/followed")"
kill $follower
wait $follower || :

# Other journals, and who may read ours.
lines 9 --directory /run/log/journal
host=$(journalctl -q -n 1 -o json | python3 -c 'import json, sys; print(json.load(sys.stdin)["_HOSTNAME"])')
has " $host 11111111:1 "
exits 0 sessions --directory /run/log/journal --json --all
json '[s["state"] for s in j["sessions"]] == ["active", "closed", "supervisor lost", "failed"]'
# Another root has users of its own; which journal is meant says --directory alone.
mkdir -p /run/other/etc
echo 'frida:x:5001:5001::/home/frida:/bin/sh' >/run/other/etc/passwd
echo 'frida:x:5001:' >/run/other/etc/group
for command in log sessions; do
	exits 0 $command --root /run/other --user frida --directory /run/log/journal
	lacks '--root is about'
	exits 3 $command --root /run/other --user nobody-of-this-name --directory /run/log/journal
	has 'no such user: nobody-of-this-name'
done
exits 3 log --root /run/nowhere --user frida
exits 0 sessions --root /run/other --user frida
has '--root is about users and policies'
has 'No sessions.'
exits 0 status --root /run/other 1111
has '--root is about users and policies'
# A note is no error, and JSON has it once.
exits 0 sessions --root /run/other --json
json 'j["errors"] == [] and any("--root is about" in note for note in j["notes"])'
exits 0 log --root /run/other -n 3 --json
is_json
(($(grep -c '"notes": ' "$scratch/out") == 1 && $(wc -l <"$scratch/out") == 3)) || fail 'notes: not once'
exits 3 status --root /run/other 6666 --json
json 'len(j["notes"]) == 1 and len(j["errors"]) == 1'
exits 0 sessions --json
json '"notes" not in j'
exits 3 log --directory /run/no-such-folder
exits 3 sessions --directory /run/home
status=0
install -m 755 "$SANDLOCK_ADMIN" /run/sandlock-admin
as_alice /run/sandlock-admin sessions --json >"$scratch/out" 2>"$scratch/err" || status=$?
((status == 4)) || fail "sessions without permission: exit $status"
has 'systemd-journal'
json 'len(j["errors"]) == 1'
setpriv --reuid 4711 --regid 4711 --groups "$(stat -c %g /run/log/journal/*/system.journal)" \
	/run/sandlock-admin sessions --json >"$scratch/out" || fail 'sessions by a member of the group'
json '[(s["state"], s["processes"]) for s in j["sessions"]] == [("active", None)]'

# One session: what the journal has of it, and its processes.
exits 0 status 1111
has 'state: active'
has 'policies: group/students mandatory/10-site'
has 'denied: 7 by the supervisor, 0 by the kernel'
has '11111111:2 Denied connect'
! grep -q $'\033' "$scratch/out" || fail 'an escape sequence comes through'
exits 0 status 11111111 --json
json 'j["sessions"][0]["session"] == "'$first'" and [d["seq"] for d in j["denials"]] == [2, 3, 4]'
json 'len(j["processes"]) == 1 and j["processes"][0]["name"] == "sleep" and j["counters"]["notifications"] is None'
exits 0 status 2222
has 'state: closed'
exits 0 status 3333 --json
json 'j["sessions"][0]["state"] == "supervisor lost"'
exits 0 status 1111 --directory /run/log/journal
exits 3 status 6666
record MESSAGE_ID=80d3f9acfba94f63ba74e7ea78d5e14b MESSAGE=refused SANDLOCK_EVENT=session-refused \
	SANDLOCK_SESSION=77777777000000000000000000000007 SANDLOCK_SEQ=1 SANDLOCK_USER=alice
wait_for journal_has SANDLOCK_SESSION=77777777000000000000000000000007
exits 3 why 7777:1
has 'sandlock-admin log --session 7777'
exits 0 why 11111111:2
lacks 'denied files are not recorded'
exits 3 status 7777
has 'sandlock-admin log --session 7777'
exits 2 status xyz
exits 2 status

# A session that was opened before the journal begins is known by any of its records.
fifth=55555555000000000000000000000005
record MESSAGE_ID=$denied 'MESSAGE=Denied' SANDLOCK_EVENT=denied-network SANDLOCK_SESSION=$fifth \
	SANDLOCK_SEQ=9 SANDLOCK_USER=dave SANDLOCK_SUPERVISOR_PID="$supervisor" \
	"SANDLOCK_SUPERVISOR_START=$(start_of "$supervisor")"
wait_for journal_has SANDLOCK_SESSION=$fifth
exits 0 sessions --user dave --json
json '[(s["session"], s["state"], s["denied"]) for s in j["sessions"]] == [("'$fifth'", "active", 1)]'

# The journal is rotated, and what was in it is gone, while the session goes on.
journalctl -q --rotate
sleep 1.1
journalctl -q --vacuum-time=1s
wait_for bash -c '[[ -z $(journalctl -q -o cat MESSAGE_ID='$open') ]]'
record MESSAGE_ID=$denied 'MESSAGE=Denied' SANDLOCK_EVENT=denied-network SANDLOCK_SESSION=$first \
	SANDLOCK_SEQ=10 SANDLOCK_USER=alice SANDLOCK_SUPERVISOR_PID="$supervisor" \
	"SANDLOCK_SUPERVISOR_START=$(start_of "$supervisor")"
wait_for journal_has SANDLOCK_SEQ=10
exits 0 sessions --json
json '[(s["session"], s["state"]) for s in j["sessions"]] == [("'$first'", "active")]'

# A supervisor that is killed.
kill "$supervisor"
wait_for test ! -e "/proc/$supervisor"
exits 0 sessions --all --json
json 'j["sessions"][0]["state"] == "supervisor lost"'

# And no journal at all.
kill "$journald"
wait "$journald" || :
rm -r /run/log/journal
exits 5 log
has 'no journal'
finish
