#!/bin/bash
# What `sandlock-admin status` says of a session that runs, and of one that has ended.
. "$(dirname "$0")/lib.sh"

plan 15
policy_students

# json EXPRESSION ARGUMENT...: of the status as `j`.
json() {
	sandlock-admin status --json "${@:2}" 2>/dev/null | python3 -c 'import json, sys
j = json.load(sys.stdin)
print(eval(sys.argv[1]))' "$1"
}

# shellcheck disable=SC2016
as alice 'echo $SANDLOCK_SESSION; exec 2>/dev/null
	for i in 1 2 3; do echo >/dev/tcp/10.20.0.53/8080; done; echo >/dev/tcp/10.20.0.53/443
	bash -c "sleep 301 & sleep 302"; true' >"$work/out" &
ready() { grep -q . "$work/out" && [[ -n $(pgrep -u alice -x -f 'sleep 302') ]]; }
check 'a session runs' wait_until 10 ready
id=$(head -n 1 "$work/out")
denied_all() { [[ $(json 'j["sessions"][0]["denied"]' "$id") == 3 ]]; }
check 'its denials are counted' wait_until 5 denied_all

is 'it is active, by sshd, of alice' \
	"$(json '[j["sessions"][0][k] for k in ("state", "service", "user")]' "$id")" "['active', 'sshd', 'alice']"
is 'its supervisor says what it has counted, now' "$(json 'j["counters"]["notifications"] >= 4, j["counters"]["suppressed"]' "$id")" "(True, 0)"
is 'who is not root gets what the journal has' "$(setpriv --reuid bob --regid bob \
	--groups "$(stat -c %g /run/log/journal/*/system.journal)" sandlock-admin status --json "$id" 2>/dev/null |
	python3 -c 'import json, sys; j = json.load(sys.stdin); print(j["counters"]["notifications"], j["processes"])')" 'None []'
is 'its processes are a tree' \
	"$(json '[p["name"] for p in j["processes"]][-3:], j["processes"][-1]["depth"] - j["processes"][-3]["depth"]' "$id")" \
	"(['bash', 'sleep', 'sleep'], 1)"
is 'its last denials' "$(json '{d["object"] for d in j["denials"]}' "$id")" "{'10.20.0.53:8080'}"
has 'as text, by the beginning of its id' "$(sandlock-admin status "${id:0:8}")" 'group/students'
supervisor=$(json 'j["sessions"][0]["supervisor_pid"]' "$id")
answers() { journalctl -q -o cat SANDLOCK_ACTION=status SANDLOCK_SESSION="$id" | grep -c decided; }
before=$(answers)
# shellcheck disable=SC2016
check_fails 'the user cannot ask the supervisor' as alice "kill -WINCH $supervisor"
check_fails 'another user neither' as bob "kill -WINCH $supervisor"
json 1 "$id" >/dev/null
is 'so it has answered nobody but root' "$(answers)" $((before + 1))

pkill -u alice -x -f 'sleep 301'
kill -KILL "$supervisor"
gone() { [[ -z $(pgrep -u alice -x -f 'sleep 302') ]]; }
wait_until 10 gone || pkill -u alice -x -f 'sleep 302'
wait
second=$(as alice "echo \$SANDLOCK_SESSION; sleep 0.3")
closed() { [[ $(json 'j["sessions"][0]["state"]' "$second") == closed ]]; }
check 'one that has ended is closed' wait_until 5 closed
is 'it has no processes' "$(json 'j["processes"]' "$second")" '[]'
check_fails 'one that never was is not found' sandlock-admin status ffffffff
policies_none
no_leaks 'nothing is left'
