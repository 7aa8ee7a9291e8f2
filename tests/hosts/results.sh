# shellcheck shell=bash
# Counts results and prints progress: one line per file, the failed and skipped results in full.

results_passed=0
results_failed=0
results_skipped=0
results_beside_job=''
results_beside_output=''

# results_add NAME PASSED FAILED SKIPPED SECONDS
results_add() {
	printf '%-34s %4d passed %3d failed %3d skipped %5d s\n' "$@"
	results_passed=$((results_passed + $2))
	results_failed=$((results_failed + $3))
	results_skipped=$((results_skipped + $4))
}

# results_tap NAME CMD...: runs a command that writes TAP. Results missing from its plan, and a
# status that its results do not explain, count as failed.
results_tap() {
	local name=$1 status=0 start=$SECONDS output passed failed skipped planned
	shift
	output=$(mktemp)
	"$@" >"$output" 2>&1 </dev/null || status=$?
	planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$output")
	skipped=$(grep -c '^ok .* # SKIP' "$output" || [[ $? == 1 ]])
	passed=$(($(grep -c '^ok ' "$output" || [[ $? == 1 ]]) - skipped))
	failed=$(grep -c '^not ok ' "$output" || [[ $? == 1 ]])
	if ((passed + failed + skipped < ${planned:-1})); then
		failed=$((${planned:-1} - passed - skipped))
	fi
	if ((status != 0 && failed == 0)); then
		failed=1
	fi
	if ((failed > 0)); then
		grep -vE '^(ok |1\.\.)' "$output" | sed "s|^|$name: |" || [[ $? == 1 ]]
		echo "$name: exit status $status"
	fi
	grep '^ok .* # SKIP' "$output" | sed "s|^|$name: |" || [[ $? == 1 ]]
	rm -f "$output"
	results_add "$name" "$passed" "$failed" "$skipped" $((SECONDS - start))
}

# results_meson NAME CMD...: runs `meson test`; one test program is one result.
results_meson() {
	local name=$1 status=0 start=$SECONDS output passed failed skipped
	shift
	output=$(mktemp)
	"$@" >"$output" 2>&1 </dev/null || status=$?
	passed=$(results_meson_count "$output" 'Ok|Expected Fail')
	failed=$(results_meson_count "$output" 'Fail|Unexpected Pass|Timeout')
	skipped=$(results_meson_count "$output" 'Skipped')
	if ((status != 0 && failed == 0)) || ((passed + failed + skipped == 0)); then
		failed=$((failed + 1))
	fi
	if ((failed + skipped > 0)); then
		cat "$output"
	fi
	rm -f "$output"
	results_add "meson/$name" "$passed" "$failed" "$skipped" $((SECONDS - start))
}

results_meson_count() {
	awk -F: -v names="^($2)\$" '$1 ~ names { n += $2 } END { print n + 0 }' "$1"
}

# results_beside CMD ARG...: starts something that adds results of its own, beside what comes next.
results_beside() {
	results_beside_output=$(mktemp)
	(
		results_passed=0 results_failed=0 results_skipped=0
		"$@"
		echo "beside $results_passed $results_failed $results_skipped"
	) </dev/null >"$results_beside_output" 2>&1 &
	results_beside_job=$!
}

# results_beside_join: waits for it, prints what it printed, and counts its results.
results_beside_join() {
	local status=0 counts passed failed skipped
	wait "$results_beside_job" || status=$?
	results_beside_job=''
	counts=$(sed -n 's/^beside //p' "$results_beside_output")
	grep -v '^beside ' "$results_beside_output" || [[ $? == 1 ]]
	rm -f "$results_beside_output"
	if ((status != 0)) || [[ -z $counts ]]; then
		echo "ended early: exit status $status"
		counts="0 1 0"
	fi
	read -r passed failed skipped <<<"$counts"
	results_passed=$((results_passed + passed))
	results_failed=$((results_failed + failed))
	results_skipped=$((results_skipped + skipped))
}

# results_beside_down: ends what has not been waited for; may be called any number of times.
results_beside_down() {
	if [[ -n $results_beside_job ]]; then
		kill "$results_beside_job" 2>/dev/null || [[ ! -e /proc/$results_beside_job ]]
		wait "$results_beside_job" || results_beside_job=''
		results_beside_job=''
		rm -f "$results_beside_output"
	fi
}

# results_end: the closing line; fails when anything failed or nothing ran.
results_end() {
	echo "$results_passed passed, $results_failed failed, $results_skipped skipped"
	((results_failed == 0 && results_passed > 0))
}
