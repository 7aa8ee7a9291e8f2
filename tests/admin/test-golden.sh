#!/bin/bash
# What the commands print, as text and as JSON, where other tests look at parts of it only. Times,
# process ids and the like are made equal first, see equal.py.
. "$(dirname "$0")/machine.sh"
hostname lab
cd "$here/data"
mkdir /run/place

# prints FILE STATUS ARGUMENT...: as golden/FILE, once made equal.
prints() {
	local golden=$here/golden/$1
	shift
	exits "$@"
	cat "$scratch/out" "$scratch/err" |
		python3 "$here/equal.py" "$SANDLOCK_CONFDIR" "$SANDLOCK_SUPERVISOR" >"$scratch/said"
	if [[ ${SANDLOCK_GOLDEN:-} == update ]]; then
		cp "$scratch/said" "$golden"
	fi
	diff -u "$golden" "$scratch/said" || fail "sandlock-admin ${*:2}: not as in $golden"
}

# Answers.
prints test-network.txt 1 test network.ini connect 10.20.1.1:22 10.20.9.1:22 10.20.1.1:23 udp://192.0.2.1:53
prints test-network.json 1 test network.ini connect 10.20.1.1:22 10.20.9.1:22 10.20.1.1:23 --json
prints test-syscalls.txt 1 test syscalls.ini syscall read mkdir mount
printf 'allow connect 10.20.1.1:22\nallow connect 10.20.1.1:23\ndeny bind 22\n' >"/run/place/table"
prints test-matrix.txt 1 test network.ini --matrix "/run/place/table"
prints test-matrix.json 1 test network.ini --matrix "/run/place/table" --json
printf 'alow bind 22\n' >"/run/place/table"
prints test-matrix-refused.txt 2 test network.ini --matrix "/run/place/table"
sed -e 's,10.20.0.0/16:22,10.0.0.0/8:22,' -e '/^deny/d' -e '/^bind/d' network.ini >"/run/place/wider.ini"
prints show-diff.txt 1 show network.ini --diff "/run/place/wider.ini"
prints show-diff.json 1 show network.ini --diff "/run/place/wider.ini" --json
prints show-unconfined.txt 0 show alice
prints show-unconfined.json 0 show alice --json
prints filter-unconfined.txt 0 filter alice
if [[ $(uname -m) == x86_64 ]]; then
	prints filter-network.txt 0 filter network.ini
	prints filter-syscalls.txt 0 filter syscalls.ini
	prints filter-network.json 0 filter network.ini --json
fi

# Who may not log in.
prints lock.txt 0 lock alice --reason 'moving house'
prints unlock.json 0 unlock alice --json
prints lock.json 0 lock alice --json
exits 0 lock alice --for 150min
has 'alice is locked for 2h 30min.'
prints unlock.txt 0 unlock alice
prints unlock-again.txt 1 unlock alice
prints terminate-none.txt 3 terminate 12345678
prints terminate-none.json 3 terminate 12345678 --json

# Sessions and events.
open=9e46d8d3308d45e0a0b5ac2c5024f9f8
close=f91c731ea69845ae8bb374c46ad612bc
first=11111111000000000000000000000001
record MESSAGE_ID=$open "MESSAGE=Session 11111111 of alice by sshd opened" SANDLOCK_EVENT=session-open \
	SANDLOCK_SESSION=$first SANDLOCK_SEQ=1 SANDLOCK_USER=alice SANDLOCK_UID=4711 SANDLOCK_SERVICE=sshd \
	SANDLOCK_RHOST=192.0.2.10 "SANDLOCK_POLICIES=group/students" SANDLOCK_MODE=enforce SANDLOCK_ABI=7 \
	SANDLOCK_SUPERVISOR_PID=$$ SANDLOCK_SUPERVISOR_START=1
record MESSAGE_ID=$close 'MESSAGE=Session 11111111 of alice closed' SANDLOCK_EVENT=session-close \
	SANDLOCK_SESSION=$first SANDLOCK_SEQ=2 SANDLOCK_USER=alice SANDLOCK_DENIED=41 SANDLOCK_NOTIFICATIONS=2028 SANDLOCK_SECONDS=3725
wait_for journal_has MESSAGE_ID=$close
prints sessions-closed.txt 0 sessions --all --user alice
prints sessions-closed.json 0 sessions --all --user alice --json
prints log.txt 0 log --session 1111
prints log.json 0 log --session 1111 --json
prints status-closed.txt 0 status 1111
prints status-closed.json 0 status 1111 --json
prints status-none.txt 3 status 6666
prints status-none.json 3 status 6666 --json

# One that is open: a bash stands for its supervisor, in a UTS namespace as a session has it.
unshare --uts bash -c 'sleep 300 & echo $$; (setsid sleep 300 &) ; wait' >"$scratch/pid" &
wait_for test -s "$scratch/pid"
supervisor=$(cat "$scratch/pid")
record MESSAGE_ID=$open "MESSAGE=Session 33333333 of alice by sshd opened" SANDLOCK_EVENT=session-open \
	SANDLOCK_SESSION=33333333000000000000000000000003 SANDLOCK_SEQ=1 SANDLOCK_USER=alice SANDLOCK_UID=4711 \
	SANDLOCK_SERVICE=sshd SANDLOCK_RHOST=192.0.2.10 "SANDLOCK_POLICIES=group/students mandatory/10-site" \
	SANDLOCK_MODE=enforce SANDLOCK_ABI=7 SANDLOCK_SUPERVISOR_PID="$supervisor" \
	"SANDLOCK_SUPERVISOR_START=$(awk '{ print $22 }' "/proc/$supervisor/stat")"
wait_for journal_has MESSAGE_ID=$open SANDLOCK_SUPERVISOR_PID="$supervisor"
has_process() { "$SANDLOCK_ADMIN" sessions --json | grep -q '"processes": 1,'; }
wait_for has_process
prints sessions-active.txt 0 sessions
prints sessions-active.json 0 sessions --json
prints status-active.txt 0 status 3333
prints status-active.json 0 status 3333 --json
kill "$supervisor"

# From a denial to a line.
mkdir -p "$SANDLOCK_CONFDIR/users"
printf '[filesystem]\nread = /usr\n[network]\nconnect = 10.20.0.53:443\n' >"$SANDLOCK_CONFDIR/users/alice.ini"
denied=495201f75ee04d52b48e983cb1a6ad0f
for seq in 1 2; do
	record MESSAGE_ID=$denied 'MESSAGE=Denied connect to 10.20.0.53:8080 for alice (pid 7, curl)' \
		SANDLOCK_EVENT=denied-network SANDLOCK_SESSION=2222222200000000000000000000000$seq \
		SANDLOCK_SEQ=$seq SANDLOCK_USER=alice SANDLOCK_SERVICE=sshd SANDLOCK_ACTION=connect \
		SANDLOCK_OBJECT=10.20.0.53:8080 SANDLOCK_RIGHT=net.connect_tcp SANDLOCK_RULE=- SANDLOCK_ERRNO=111
done
wait_for journal_has MESSAGE_ID=$denied SANDLOCK_SEQ=2
prints why.txt 0 why --last --user alice
prints why.json 0 why --last --user alice --json
prints why-none.txt 3 why 1111:9
prints suggest.txt 0 suggest --user alice
prints suggest.json 0 suggest --user alice --json
prints suggest-none.txt 3 suggest --session 6666

# The whole doctor, of a machine with something of everything.
own_folder /etc/ssh
own_folder /var/lib/systemd/linger
own_folder "${SANDLOCK_SUPERVISOR%/*}"
security=/usr/lib/$(uname -m)-linux-gnu/security
own_folder "$security"
rm -rf /etc/pam.d /etc/sudoers /etc/sudoers.d /etc/ssh/* /var/lib/systemd/linger/*
mkdir /etc/pam.d
for service in sshd su login; do
	echo 'session required pam_sandlock.so' >/etc/pam.d/$service
done
for service in cron runuser somebody systemd-user; do
	echo 'session required pam_unix.so' >/etc/pam.d/$service
done
echo 'session optional pam_sandlock.so' >/etc/pam.d/atd
printf 'UsePAM yes\n' >/etc/ssh/sshd_config
printf '[filesystem]\nread = /usr\n' >"$SANDLOCK_CONFDIR/users/alice.ini"
printf 'alice ALL=(ALL) ALL\n' >/etc/sudoers
touch "$SANDLOCK_SUPERVISOR" "$security/pam_sandlock.so" /var/lib/systemd/linger/alice
prints doctor.txt 1 doctor
prints doctor.json 1 doctor --json

# Nobody is run.
prints run-none.txt 3 run no-such-user -- true
prints run-none.json 3 --json run no-such-user -- true
finish
