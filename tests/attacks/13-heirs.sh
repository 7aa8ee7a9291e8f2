#!/bin/bash
# Messages in the name of another process: one that has the pid of a sender who was killed before
# the supervisor could send. tests/unit/test-herald.c has what the herald is asked otherwise.
. "$(dirname "$0")/lib.sh"

fifo=/home/alice/heirs
tries=10

# heirs alive|killed outside|inside: what the session says, then how many pids were taken, where.
heirs() {
	local taker output status=0
	mkfifo "$fifo" "$fifo.known"
	chown alice:alice "$fifo" "$fifo.known"
	"$attacks/attack-heir" "$2" "$fifo" "$(id -u alice)" "$(id -g alice)" >"$work/taken" 2>&1 &
	taker=$!
	helpers=("$taker")
	output=$(session alice heir "$1" "$fifo" $tries 2>&1) || status=$?
	wait "$taker"
	helpers=()
	rm "$fifo" "$fifo.known"
	echo "$status $output, $(<"$work/taken")"
}

plan 6
programs_up
for policy in none net; do
	if [[ $policy == none ]]; then policies_none; else policy_of alice $policy; fi
	is "policy $policy: who lives on is named" "$(heirs alive outside)" \
		"0 result: succeeded: $tries of $tries came, $tries in that name, result: took 0"
	for where in outside inside; do
		is "policy $policy: an heir $where: of who was killed nothing comes" \
			"$(heirs killed $where)" \
			"1 result: stopped: 0 of $tries came, result: took $tries"
	done
done
policies_none
