# shellcheck shell=bash
# The words in which test files report, and how a file ends: sourced, they write TAP to standard output.

planned=0
count=0
failed=0

# plan N: how many results the file will give; fewer or more is a failure of its own.
plan() {
	planned=$1
	echo "1..$planned"
}

ok() {
	count=$((count + 1))
	echo "ok $count - $1"
}

# not_ok TEXT [DETAIL]
not_ok() {
	count=$((count + 1))
	failed=$((failed + 1))
	echo "not ok $count - $1"
	if [[ -n ${2:-} ]]; then
		head -c 2000 <<<"$2" | tr -d '\r' | sed 's/^/#   /'
	fi
}

# check TEXT CMD...: CMD succeeds.
check() {
	local text=$1 output status=0
	shift
	output=$("$@" 2>&1) || status=$?
	if ((status == 0)); then ok "$text"; else not_ok "$text" "exit $status: $output"; fi
}

# check_fails TEXT CMD...: CMD runs and says no; a missing command or a time-out is no answer.
check_fails() {
	local text=$1 output status=0
	shift
	output=$("$@" 2>&1) || status=$?
	case $status in
	0 | 124 | 126 | 127) not_ok "$text" "exit $status: $output" ;;
	*) ok "$text" ;;
	esac
}

is() {
	if [[ $2 == "$3" ]]; then ok "$1"; else not_ok "$1" "got: $2"$'\n'"wanted: $3"; fi
}

# has TEXT STRING PART, lacks TEXT STRING PART: is PART in STRING?
has() {
	if [[ $2 == *"$3"* ]]; then ok "$1"; else not_ok "$1" "no \"$3\" in: $2"; fi
}

lacks() {
	if [[ $2 != *"$3"* ]]; then ok "$1"; else not_ok "$1" "\"$3\" is in: $2"; fi
}

# wait_until SECONDS CMD...: polls until CMD succeeds. On a machine that takes its time to ask, it is
# asked twice for every second all the same.
wait_until() {
	local deadline=$((SECONDS + $1)) polls=$((2 * $1))
	shift
	until "$@" >/dev/null 2>&1; do
		if ((polls-- <= 0 && SECONDS > deadline)); then
			return 1
		fi
		sleep 0.1
	done
}

# planned_given: the last word of a file: as many results as planned, none of them failed.
planned_given() {
	if ((count != planned)); then
		echo "# planned $planned results, gave $count"
		return 1
	fi
	((failed == 0))
}

# ends_with FOLDER: for a file that keeps things in a folder and jobs in the background: whatever ends
# it, both are gone then, and an early end says where.
ends_with() {
	ends_folder=$1
	stopped_at=''
	trap 'stopped_at="${BASH_SOURCE[0]##*/}:$LINENO: $BASH_COMMAND"' ERR
	trap finish EXIT
}

finish() {
	local status=$?
	local -a children
	mapfile -t children < <(jobs -p)
	kill "${children[@]}" 2>/dev/null || children=()
	rm -rf "$ends_folder"
	if ((status != 0)); then
		echo "# ended early with exit $status: $stopped_at"
		exit "$status"
	fi
	planned_given || exit 1
}
