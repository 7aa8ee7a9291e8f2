#!/bin/bash
# also: sanitizers
# Pipelines fork, pipe and wait a lot: a supervisor that notifies the wrong call, or shows up in
# wait(), makes them fail or hang.
. "$(dirname "$0")/lib.sh"

rounds=10
plan $((rounds + 2))
policy_students

# shellcheck disable=SC2016
script='i=0
while [ $i -lt 100 ]; do
	last=$(seq 1 100 | sort -n | tail -n 1) || exit 1
	[ "$last" = 100 ] || { echo "pipeline $i gave $last"; exit 1; }
	i=$((i + 1))
done
echo all 100'

for ((round = 1; round <= rounds; round++)); do
	is "round $round of 100 three-stage pipelines in dash" \
		"$(timeout 60 ssh alice@127.0.0.1 dash -s <<<"$script" 2>&1)" 'all 100'
done
is 'a shell sees no child that is not its own' "$(as alice 'wait; echo $?; jobs')" 0

no_leaks 'nothing is left'
