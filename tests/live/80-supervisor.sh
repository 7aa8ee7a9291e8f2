#!/bin/bash
# also: sanitizers
# A supervisor that dies takes its session along, and leaves no gap on the way.
. "$(dirname "$0")/lib.sh"

session_open=9e46d8d3308d45e0a0b5ac2c5024f9f8
session_close=f91c731ea69845ae8bb374c46ad612bc
supervisor_failed=9efdd2c5483c459e916d4edb1deaf999
denied=10.20.0.53:8080

plan 44
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
	client=$!
	wait_until 10 test -s "$work/id"
	id=$(cat "$work/id")
	wait_until 5 opened
	monitor=$(journal_get SANDLOCK_SUPERVISOR_PID MESSAGE_ID=$session_open SANDLOCK_SESSION="$id")
	worker=$(pgrep -P "$monitor")
	keeper=$(ps -o ppid= -p "$monitor" | tr -d ' ')
}

opened() { [[ -n $(journal_get MESSAGE MESSAGE_ID=$session_open SANDLOCK_SESSION="$id") ]]; }
closed() { [[ -n $(journal_get MESSAGE MESSAGE_ID=$session_close SANDLOCK_SESSION="$id") ]]; }
gone() { ! pgrep -u alice; }
unsupervised() { ! pgrep -f '^sandlock-supervisor'; }
running() { [[ $(ps -o state= -p "$1") == [RS] ]]; }
# failed_with TEXT: this session's critical record says so.
failed_with() {
	[[ $(journal_get PRIORITY MESSAGE_ID=$supervisor_failed SANDLOCK_SESSION="$id") == *2* ]] &&
		[[ $(journal_get MESSAGE MESSAGE_ID=$supervisor_failed SANDLOCK_SESSION="$id") == *"$1"* ]]
}
denials() {
	journal_get SANDLOCK_SEQ SANDLOCK_EVENT=denied-network SANDLOCK_SESSION="$id" | wc -l
}
denials_beyond() { (($(denials) > $1)); }

# Everybody that supervises the session: any two may be killed at once.
for victims in worker monitor keeper monitor,worker keeper,monitor keeper,worker; do
	session_up
	before=$(accepted $denied)
	pids=()
	for part in ${victims//,/ }; do
		pids+=("${!part}")
	done
	# Some may be gone by the others' doing when their turn comes.
	kill -KILL "${pids[@]}" || :
	check "$victims killed: the session ends" wait_until 5 gone
	is "$victims killed: nothing got through" "$(accepted $denied) $(cat /tmp/leak)" "$before "
	# With keeper and monitor goes who could write.
	if [[ $victims != keeper,monitor ]]; then
		check "$victims killed: a critical event" wait_until 5 failed_with 'the session is ended'
	fi
	wait
	if [[ $victims == worker ]]; then
		wait_until 10 closed
		is "$victims killed: its denials are counted" \
			"$(journal_get SANDLOCK_DENIED MESSAGE_ID=$session_close SANDLOCK_SESSION="$id")" "$(denials)"
	fi
done

# Whoever is stopped goes on.
for victim in worker monitor; do
	session_up
	before=$(accepted $denied)
	for ((i = 0; i < 5; i++)); do
		kill -STOP "${!victim}"
		sleep 0.1
	done
	check "$victim stopped: it goes on" wait_until 5 running "${!victim}"
	check "$victim stopped: a critical event" wait_until 5 failed_with "the $victim was stopped"
	is "$victim stopped: nothing got through" "$(accepted $denied) $(cat /tmp/leak)" "$before "
	tries=$(denials)
	check "$victim stopped: calls are answered" wait_until 5 denials_beyond "$tries"
	pkill -KILL -u alice -x bash
	wait
done

# sshd goes, the client goes: the supervisor stays as long as somebody is left of the session.
session_up
kill -KILL "$(ps -o ppid= -p "$(pgrep -o -u alice -x sshd)")"
tries=$(denials)
check "sshd's monitor killed: what is left is supervised" wait_until 5 denials_beyond "$tries"
pkill -KILL -u alice
check "sshd's monitor killed: no supervisor outlives the session" wait_until 5 unsupervised
wait "$client" || :
ssh -n -tt alice@127.0.0.1 'echo up; exec sleep 600' >"$work/out" 2>/dev/null &
client=$!
wait_until 10 grep -q up "$work/out"
kill -KILL "$client"
check 'the client killed: the session ends' wait_until 5 gone
check 'the client killed: no supervisor is left' wait_until 5 unsupervised
wait "$client" || :

# journald is stopped and its queue full: nobody waits for it.
session_up
journald=$(pgrep -x systemd-journal)
kill -STOP "$journald"
full() { ! timeout 1 logger --journald <<<MESSAGE=full; }
check 'journald stopped: its queue is full' wait_until 30 full
before=$(accepted $denied)
status=0
session_limit=20 as alice 'for i in $(seq 300); do (echo >/dev/tcp/10.20.0.53/8080) 2>/dev/null; done
	echo >/dev/tcp/10.20.0.53/443' || status=$?
kill -CONT "$journald"
is 'journald stopped: sessions open, work and end' "$status" 0
is 'journald stopped: nothing got through' "$(accepted $denied)" "$before"
pkill -KILL -u alice -x bash
wait
check 'journald goes on: no supervisor is left' wait_until 5 unsupervised

session_up
is 'the worker runs as the user' "$(ps -o user= -p "$worker")" alice
is 'the monitor runs as root' "$(ps -o user= -p "$monitor")" root
check_fails 'the session cannot signal its worker' as alice "kill -9 $worker"
check 'the worker lives' kill -0 "$worker"
pkill -KILL -u alice -x bash
wait

# The herald, which a session gets that sends messages between its own processes.
cat >/home/alice/send.py <<-'PY'
	import os, socket, sys
	a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
	b.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
	for line in sys.stdin:
	    a.sendmsg([b"x"])
	    control = b.recvmsg(1, 100)[1]
	    pid = int.from_bytes(control[0][2][:4], sys.byteorder)
	    print("own" if pid == os.getpid() else "other", flush=True)
PY
mkfifo "$work/ask"
ssh alice@127.0.0.1 'echo $SANDLOCK_SESSION; exec python3 send.py' <"$work/ask" >"$work/said" &
exec {ask}>"$work/ask"
said() { [[ $(wc -l <"$work/said") == "$1" ]]; }
echo >&"$ask"
wait_until 10 said 2
id=$(head -n 1 "$work/said")
wait_until 5 opened
monitor=$(journal_get SANDLOCK_SUPERVISOR_PID MESSAGE_ID=$session_open SANDLOCK_SESSION="$id")
herald=$(pgrep -n -P "$monitor")
is 'a message has the pid of who sent it' "$(tail -n 1 "$work/said")" own
is 'the herald: the user, CAP_SYS_ADMIN alone, a filter, no new privileges' \
	"$(awk '/^(CapEff|CapPrm|CapInh|CapBnd|CapAmb|Seccomp|NoNewPrivs):/ { print $1 $2 }' \
		"/proc/$herald/status" | sort | paste -s -d ' ') $(ps -o user= -p "$herald")" \
	'CapAmb:0000000000000000 CapBnd:0000000000000000 CapEff:0000000000200000 CapInh:0000000000000000 CapPrm:0000000000200000 NoNewPrivs:1 Seccomp:2 alice'
check_fails 'nobody with the user id reads its memory' \
	setpriv --reuid=alice --regid=alice --clear-groups head -c 1 "/proc/$herald/environ"
kill -KILL "$herald"
echo >&"$ask"
check 'herald killed: the session still sends' wait_until 10 said 3
is 'herald killed: it has the pid of the worker' "$(tail -n 1 "$work/said")" other
exec {ask}>&-
wait

no_leaks 'nothing is left'
