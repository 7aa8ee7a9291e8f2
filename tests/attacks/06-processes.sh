#!/bin/bash
# A process of the same user outside the session, and the supervisor of the session itself.
. "$(dirname "$0")/lib.sh"

# Every row may kill the victim: each gets a new one.
trick_control() {
	local status=0 output
	policies_none
	victim_up
	output=$(session alice process "$1" "$victim" 2>&1) || status=$?
	is "control: $1" "$status" 0
}

trick_confined() {
	local status=0 output
	policy_of alice "$2"
	victim_up
	output=$(session alice process "$1" "$victim" 2>&1) || status=$?
	if ((status == 1)) && kill -0 "$victim" 2>/dev/null; then
		ok "$2: $1"
	else
		not_ok "$2: $1" "exit $status, victim $(kill -0 "$victim" 2>&1 || echo dead): $output"
	fi
}

tricks=(kill tgkill pidfd queue owner attach seize mem environ maps fd readv writev getfd
	prlimit cpu-limit)
plan $((3 * ${#tricks[@]}))
programs_up
outside_up
for trick in "${tricks[@]}"; do
	trick_control "$trick"
	trick_confined "$trick" files
	trick_confined "$trick" net
done
