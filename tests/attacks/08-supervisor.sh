#!/bin/bash
# The supervisor is killed under the session: nothing that was denied may succeed. The session ends
# unless all of keeper, monitor and worker are killed at once; then it stays, unable to connect
# anywhere. In the control run nothing is there to be killed.
. "$(dirname "$0")/lib.sh"

bad=10.99.0.1:5001
bus=/run/attack.bus
go=/run/attack.go
program=/usr/libexec/sandlock/sandlock-supervisor

# parts keeper|monitor|worker|halves|all: processes of the supervisor of the only session there is. The
# keeper is the monitor's parent, the worker its child.
parts() {
	local pid uid parent part
	local -a wanted=("$1")
	case $1 in
	halves) wanted=(monitor worker) ;;
	all) wanted=(keeper monitor worker) ;;
	esac
	for pid in $(pgrep -f "^sandlock-supervisor" || [[ $? == 1 ]]); do
		[[ /proc/$pid/exe -ef $program ]] || continue
		uid=$(awk '/^Uid:/ { print $2 }' "/proc/$pid/status")
		parent=$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status")
		part=keeper
		[[ ! /proc/$parent/exe -ef $program ]] || part=monitor
		((uid == 0)) || part=worker
		[[ " ${wanted[*]} " != *" $part "* ]] || echo "$pid"
	done
}

some_parts() {
	! no_parts
}

no_parts() {
	[[ -z $(parts all) ]]
}

waiting() {
	grep -qx waiting "$work/output"
}

# begin PROGRAM ARG...: starts it in a session, in the background; its output goes to a file.
begin() {
	rm -f "$go"
	: >"$work/output"
	(
		status=0
		session alice "$@" >"$work/output" 2>&1 || status=$?
		echo "exit $status" >>"$work/output"
	) &
	helpers+=($!)
}

ended() {
	grep -q '^exit ' "$work/output"
}

alice_processes() {
	pgrep -u alice -f attack-
}

no_alice_processes() {
	! alice_processes
}

# killed WHO: four results.
killed() {
	local who=$1 before
	local -a pids
	policy_of alice net
	before=$(saw bad)$(saw bus)
	begin orphan "$bad" "$bus" "$outside/secret" 10 "$go"
	wait_until 10 waiting
	mapfile -t pids < <(parts "$who")
	if ((${#pids[@]} == 0)); then
		not_ok "$who killed: there is one to kill"
	else
		ok "$who killed: there is one to kill"
		kill -KILL "${pids[@]}"
	fi
	touch "$go"
	case $who in
	all) check "$who killed: nothing of it is left" wait_until 5 no_parts ;;
	*) check "$who killed: the session ends" wait_until 5 no_alice_processes ;;
	esac
	wait_until 20 ended
	settle
	lacks "$who killed: nothing denied succeeds" \
		"$(cat "$work/output") seen $(saw bad)$(saw bus)" succeeded
	is "$who killed: the witness saw nothing" "$(saw bad)$(saw bus)" "$before"
}

# A listener of the attacker's own once the real one is gone. A session that ends first is fine.
usurped() {
	local who=$1 before
	local -a pids
	policy_of alice net
	before=$(saw bad)
	begin listener plain "$bad" "$go"
	wait_until 10 alice_processes
	wait_until 5 some_parts
	mapfile -t pids < <(parts "$who")
	if ((${#pids[@]} == 0)) || ! kill -KILL "${pids[@]}"; then
		not_ok "$who killed before the listener: there is one to kill"
	else
		ok "$who killed before the listener: there is one to kill"
	fi
	touch "$go"
	wait_until 40 ended
	settle
	lacks "$who killed: no own listener" "$(cat "$work/output")" succeeded
	is "$who killed: the witness saw no use of it" "$(saw bad)" "$before"
}

plan 37
programs_up
outside_up
witness_up "bad=stream:$bad" "bus=stream:$bus"
chown alice:alice "$bus"

policies_none
begin orphan "$bad" "$bus" "$outside/secret" 10 "$go"
wait_until 10 waiting
touch "$go"
wait_until 20 ended
has 'control: unconfined it succeeds' "$(cat "$work/output")" succeeded
begin listener plain "$bad" "$go"
touch "$go"
wait_until 40 ended
has 'control: unconfined the listener succeeds' "$(cat "$work/output")" succeeded
settle
for part in worker monitor keeper halves all; do
	killed "$part"
	usurped "$part"
done
rm -f "$bus" "$go"
