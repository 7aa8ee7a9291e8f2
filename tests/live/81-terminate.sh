#!/bin/bash
# also: sanitizers
# Ending sessions: each of them whole, whatever its processes and its supervisor do, and no other.
. "$(dirname "$0")/lib.sh"

session_open=9e46d8d3308d45e0a0b5ac2c5024f9f8
session_close=f91c731ea69845ae8bb374c46ad612bc

plan 31

# session_up NAME USER: leaves in $work/NAME its id; in it run a shell that heeds no signal but
# KILL, a daemon with an empty environment and a stopped process. Sets id, monitor.
session_up() {
	local daemons
	daemons=$(daemons "$2")
	# shellcheck disable=SC2016
	ssh -n "$2@127.0.0.1" 'trap "" TERM HUP INT; echo $SANDLOCK_SESSION
		(env -i setsid sleep 611 </dev/null >/dev/null 2>&1 &)
		sleep 612 & kill -STOP $!
		while :; do sleep 0.2; done' >"$work/$1" 2>/dev/null &
	wait_until 10 test -s "$work/$1"
	id=$(cat "$work/$1")
	wait_until 5 opened
	wait_until 10 daemon_up "$2" "$daemons"
	monitor=$(journal_get SANDLOCK_SUPERVISOR_PID MESSAGE_ID=$session_open SANDLOCK_SESSION="$id")
}
daemons() { pgrep -c -u "$1" -x -f 'sleep 611' || [[ $? == 1 ]]; }
daemon_up() { (($(daemons "$1") > $2)); }
opened() { [[ -n $(journal_get MESSAGE MESSAGE_ID=$session_open SANDLOCK_SESSION="$id") ]]; }
closed() { [[ -n $(journal_get MESSAGE MESSAGE_ID=$session_close SANDLOCK_SESSION="$id") ]]; }
reason() { journal_get SANDLOCK_REASON MESSAGE_ID=$session_close SANDLOCK_SESSION="$id"; }
# In the sessions of alice, besides sshd: 3 each.
processes() { pgrep -c -u alice 'sleep|bash' || [[ $? == 1 ]]; }
gone() { [[ $(processes) == 0 ]]; }

policies_none
policy groups/students <"$examples/students.ini"
policy default <"$examples/students.ini"
session_up neighbour bob
neighbour=$id
session_up one alice
first=$id
session_up two alice
is 'two sessions of alice' "$(processes | tr '[:digit:]' x)" x
check 'the first of them ends' sandlock-admin terminate "${first:0:8}"
id=$first
check 'its end is recorded' wait_until 5 closed
is 'with the reason' "$(reason)" terminated
is 'by its supervisor' "$(journal_get SANDLOCK_SEQ MESSAGE_ID=$session_close SANDLOCK_SESSION="$id" |
	tr '[:digit:]' x)" x
check 'the second goes on' pgrep -u alice -x -f 'sleep 611'
is 'one daemon is left of two' "$(pgrep -c -u alice -x -f 'sleep 611')" 1
check 'another user goes on' pgrep -u bob -x -f 'sleep 611'
is 'it is not there any more' "$(sandlock-admin terminate "${first:0:8}" 2>&1 >/dev/null || echo $?)" \
	"sandlock-admin: no open session ${first:0:8}"$'\n3'
check_fails 'alice may not' as alice "/usr/sbin/sandlock-admin terminate ${neighbour:0:8}"
check 'all of alice' sandlock-admin terminate --user alice
check 'nothing is left of her' gone
check 'bob goes on' pgrep -u bob -x -f 'sleep 611'

# The supervisor stopped, then gone; with a worker, and without one.
session_up stopped alice
kill -STOP "$monitor"
check 'its supervisor is stopped: it ends' sandlock-admin terminate "$id"
check 'nothing is left' gone
check 'its end is recorded, by whom was stopped' wait_until 5 closed
policy groups/students <<<'[filesystem]'$'\n''write-execute = /usr /etc /home /tmp /dev /proc /run /lib /bin /sbin /lib64'
session_up lost alice
kill -KILL "$(ps -o ppid= -p "$monitor" | tr -d ' ')" "$monitor"
dead() { [[ ! -e /proc/$monitor ]]; }
check 'its supervisor is gone, keeper and monitor' wait_until 5 dead
check 'the session is still there' pgrep -u alice -x -f 'sleep 611'
has 'and shown as lost' "$(sandlock-admin sessions --json)" 'supervisor lost'
check 'it ends' sandlock-admin terminate "$id"
check 'nothing is left' gone
check 'its end is recorded' wait_until 5 closed
is 'with the reason' "$(reason)" terminated
check 'bob goes on to the end' pgrep -u bob -x -f 'sleep 611'
check 'bob ends' sandlock-admin terminate "$neighbour"
wait

# Who is told to end has five seconds for it. end_shell: ends the session; sets took, in milliseconds.
end_shell() {
	local start=${EPOCHREALTIME/[.,]/}
	sandlock-admin terminate "$id" >/dev/null
	took=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
}
# shell_up TEXT: alice's session, its shell with such a trap. Its sshd ends first, and what a shell
# writes to it then is its own end. Sets id.
shell_up() {
	rm -f "$work/trap"
	# shellcheck disable=SC2016
	ssh -n alice@127.0.0.1 "trap $(printf %q "$1") TERM HUP"'
		echo $SANDLOCK_SESSION; exec >/dev/null 2>&1; while :; do sleep 0.1; done' \
		>"$work/trap" 2>/dev/null &
	wait_until 10 test -s "$work/trap"
	id=$(cat "$work/trap")
	wait_until 5 opened
}
shell_up 'sleep 1; echo saved >/home/alice/saved; exit'
end_shell
is 'a shell that saves for a second has saved' "$(cat /home/alice/saved)" saved
check 'and is not waited for any longer' test "$took" -ge 900 -a "$took" -lt 4500
shell_up ''
end_shell
check 'a shell that heeds nothing is killed after the time' test "$took" -ge 4900 -a "$took" -lt 10000
check 'nothing is left of it' gone
shell_up exit
end_shell
check 'one that ends at once is not waited for' test "$took" -lt 2500
wait
rm -f /home/alice/saved

policies_none
no_leaks 'nothing is left'
