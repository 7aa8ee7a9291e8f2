#!/bin/bash
# sandlock-admin run with the real supervisor: what the command may do, and how run exits.
. "$(dirname "$0")/machine.sh"

own_folder "${SANDLOCK_SUPERVISOR%/*}"
install -m 755 "$SANDLOCK_SUPERVISOR_BUILT" "$SANDLOCK_SUPERVISOR"
install -m 755 "$SANDLOCK_ADMIN" /run/sandlock-admin
SANDLOCK_ADMIN=/run/sandlock-admin
mkdir -p "$SANDLOCK_CONFDIR/users"
cat >"$SANDLOCK_CONFDIR/users/alice.ini" <<'END'
[filesystem]
execute = /usr -/bin -/lib -/lib32 -/lib64
read    = /etc /proc
write   = %h
device  = /dev/null -/dev/tty
[network]
connect = 10.0.0.0/8:22
END
echo secret >/run/secret

# As another user: identity, environment, folder, and the policy in force.
exits 0 run alice -- sh -c 'id -un; pwd; echo "$HOME $USER $LOGNAME $SHELL"; umask >ours; cat ours'
[[ $(cat "$scratch/out") == $'alice\n/run/home/alice\n/run/home/alice alice alice /bin/bash\n0022' ]] ||
	fail "as alice: $(cat "$scratch/out" "$scratch/err")"
[[ $(stat -c %U /run/home/alice/ours) == alice ]] || fail 'the file is not alice'\''s'
SECRET=1 LC_ALL=C.UTF-8 exits 0 run alice -- env
has 'LC_ALL=C.UTF-8'
grep -qxE 'SANDLOCK_SESSION=[0-9a-f]{32}' "$scratch/out" || fail 'no SANDLOCK_SESSION'
lacks SECRET
exits 1 run alice -- cat /run/secret
has 'Permission denied'
[[ ! -s $scratch/out ]] || fail 'a file outside the policy was read'
exits 1 run alice -- bash -c '>/dev/tcp/127.0.0.1/9'
has 'refused'
exits 0 run alice -- grep -E '^(NoNewPrivs:.1|Seccomp:.2)$' /proc/self/status
(($(wc -l <"$scratch/out") == 2)) || fail 'not confined by seccomp'
exits 0 run alice -- sh -c 'ls /proc/self/fd | wc -w'
[[ $(cat "$scratch/out") == 4 ]] || fail "descriptors leak: $(cat "$scratch/out")"

# A fault of a folder has no line, in any message.
chmod 777 "$SANDLOCK_CONFDIR/users"
for arguments in 'show alice' 'test alice bind 80' 'filter alice'; do
	# shellcheck disable=SC2086
	exits 1 $arguments
	has "sandlock-admin: $SANDLOCK_CONFDIR/users: "
done
exits 125 run alice -- true
has "refused: $SANDLOCK_CONFDIR/users: "
chmod 755 "$SANDLOCK_CONFDIR/users"

# How it exits.
exits 7 run alice -- sh -c 'exit 7'
exits 137 run alice -- sh -c 'kill -9 $$'
status=0
python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' "$SANDLOCK_ADMIN" run alice -- sh -c 'exit 5' || status=$?
((status == 5)) || fail "with SIGCHLD ignored: exit $status"
exits 127 run alice -- no-such-command
exits 126 run alice -- /etc/passwd
exits 3 run no-such-user -- true
exits 3 run /run/no-such.ini -- true
exits 125 run root -- true
echo broken >/run/broken.ini
exits 125 run /run/broken.ini -- true
has 'broken.ini:1:1:'
printf '[filesystem]\nread = /usr\n' >/run/no-execute.ini
exits 126 run /run/no-execute.ini -- true
exits 0 --json run alice -- true
json 'j["schema"] == "sandlock.run/1" and j["user"] == "alice" and len(j["session"]) == 32 and j["errors"] == []'
json '(j["status"], j["signal"]) == (0, None)'
exits 143 run --json alice -- sh -c 'kill $$'
json '(j["status"], j["signal"]) == (143, 15)'
status=0
"$SANDLOCK_ADMIN" run --json alice -- sh -c 'echo "$SANDLOCK_SESSION"; exit 3' >"$scratch/out" || status=$?
((status == 3)) || fail "run --json: exit $status, not the command's"
[[ $(sed -n 2p "$scratch/out") == *"\"session\": \"$(sed -n 1p "$scratch/out")\""*'"status": 3,'* ]] ||
	fail "the object is not behind what the command said: $(cat "$scratch/out")"
exits 127 --json run alice -- no-such-command
json 'len(j["errors"]) == 1'
exits 125 --json run /run/broken.ini -- true
json 'j["schema"] == "sandlock.run/1" and len(j["errors"]) == 1'
mv "$SANDLOCK_SUPERVISOR" "$SANDLOCK_SUPERVISOR.away"
exits 125 run alice -- touch /run/home/alice/unconfined
mv "$SANDLOCK_SUPERVISOR.away" "$SANDLOCK_SUPERVISOR"
[[ ! -e /run/home/alice/unconfined ]] || fail 'the command ran without a supervisor'

# A policy of one's own, root and not.
cp "$SANDLOCK_CONFDIR/users/alice.ini" /run/try.ini
chmod 644 /run/try.ini
exits 1 run /run/try.ini -- cat /run/secret
as_alice /run/sandlock-admin run /run/try.ini -- sh -c 'id -un; echo >own; cat /run/secret' \
	>"$scratch/out" 2>"$scratch/err" && fail 'an ordinary user is not confined'
has alice
has 'Permission denied'
status=0
as_alice /run/sandlock-admin run root -- true 2>"$scratch/err" || status=$?
((status == 4)) || fail "as root by an ordinary user: exit $status"

# Signals reach the command, and their effect comes back.
"$SANDLOCK_ADMIN" run alice -- sh -c 'trap "exit 9" USR1; echo >ready; while :; do sleep 0.1; done' &
runner=$!
wait_for test -e /run/home/alice/ready
is_open() { "$SANDLOCK_ADMIN" sessions --user alice --json | grep -q '"state": "active"'; }
wait_for is_open
exits 0 sessions --user alice --json
json 'len(j["sessions"]) == 1 and j["sessions"][0]["service"] == "sandlock-run"'
json '1 <= j["sessions"][0]["processes"] <= 2'
json 'j["sessions"][0]["policies"] == "user/alice"'
kill -USR1 $runner
status=0
wait $runner || status=$?
((status == 9)) || fail "a signal passed on: exit $status"
"$SANDLOCK_ADMIN" run alice -- sleep 300 &
runner=$!
wait_for pgrep -u alice -x sleep >/dev/null
kill -TERM $runner
status=0
wait $runner || status=$?
((status == 143)) || fail "SIGTERM: exit $status"

# Nothing is left, and the journal has it all.
gone() { ! pgrep -u alice >/dev/null && ! pgrep -x sandlock-superv >/dev/null; }
wait_for gone
journalctl -q --sync
exits 0 sessions
has 'No sessions.'
exits 0 log --denials --user alice
has 'connect'
has '127.0.0.1:9'
finish
