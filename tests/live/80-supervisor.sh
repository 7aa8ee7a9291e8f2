#!/bin/bash
# also: sanitizers
# A supervisor that dies takes its session along, and leaves no gap on the way.
. "$(dirname "$0")/lib.sh"

session_open=9e46d8d3308d45e0a0b5ac2c5024f9f8
supervisor_failed=9efdd2c5483c459e916d4edb1deaf999
denied=10.20.0.53:8080

plan 12
policy_students

# session_up: a session of alice that tries the denied server and bob's file for ever, and says so
# in a file. Sets id, monitor, worker.
session_up() {
	rm -f "$work/id" /tmp/leak
	# shellcheck disable=SC2016
	ssh -n alice@127.0.0.1 'echo $SANDLOCK_SESSION; exec 2>/dev/null
		while sleep 0.05; do
			(echo >/dev/tcp/10.20.0.53/8080)
			cat /home/bob/secret >>/tmp/leak
		done' >"$work/id" &
	wait_until 10 test -s "$work/id"
	id=$(cat "$work/id")
	wait_until 5 opened
	monitor=$(journal_get SANDLOCK_SUPERVISOR_PID MESSAGE_ID=$session_open SANDLOCK_SESSION="$id")
	worker=$(pgrep -P "$monitor")
}

opened() { [[ -n $(journal_get MESSAGE MESSAGE_ID=$session_open SANDLOCK_SESSION="$id") ]]; }
gone() { ! pgrep -u alice; }

for victims in worker monitor both; do
	session_up
	before=$(accepted $denied)
	case $victims in
	worker) kill -KILL "$worker" ;;
	monitor) kill -KILL "$monitor" ;;
	# The worker may die with the monitor before its own turn comes.
	both) kill -KILL "$monitor" "$worker" || [[ ! -e /proc/$worker ]] ;;
	esac
	# With both gone nobody is left to end the session; what binds it is the kernel's.
	if [[ $victims == both ]]; then
		sleep 1
		check 'both killed: the session still tries' test -e /tmp/leak
	else
		check "$victims killed: the session ends" wait_until 5 gone
	fi
	is "$victims killed: nothing got through" "$(accepted $denied) $(cat /tmp/leak)" "$before "
	case $victims in
	worker)
		is 'worker killed: a critical event' "$(journal_get PRIORITY \
			MESSAGE_ID=$supervisor_failed SANDLOCK_SESSION="$id")" 2
		;;
	esac
	pkill -KILL -u alice || [[ $? == 1 ]]
	wait
done

session_up
is 'the worker runs as the user' "$(ps -o user= -p "$worker")" alice
is 'the monitor runs as root' "$(ps -o user= -p "$monitor")" root
check_fails 'the session cannot signal its worker' as alice "kill -9 $worker"
check 'the worker lives' kill -0 "$worker"
pkill -KILL -u alice -x bash
wait

no_leaks 'nothing is left'
