# shellcheck shell=bash disable=SC2034,SC2154
# Sourced after lib.sh by the files that use live-calls and live-echo: installs the two, starts
# servers that write down what they receive, and asks their log.

# Beneath /usr, which the base policy lets everybody read and execute.
programs=/usr/local/libexec/live
calls=$programs/live-calls
seen=$work/seen
servers=()
echos=()

programs_up() {
	mkdir -p "$programs"
	install -t "$programs" "$SANDLOCK_BUILD"/tests/live/live-{calls,echo}
}

# echo_up WHERE KIND:PLACE...: see echo.c. WHERE: far or here.
echo_up() {
	local where=$1 ready
	shift
	ready=$(grep -cx ready "$seen" 2>/dev/null || [[ $? -le 2 ]])
	if [[ $where == far ]]; then
		nsenter --net=/run/netns/far "$programs/live-echo" "$seen" "$@" &
	else
		"$programs/live-echo" "$seen" "$@" &
	fi
	servers+=($!)
	echos+=($!)
	wait_until 5 more_than "${ready:-0}" '^ready$'
}

# seen_count PATTERN: lines of the servers' log.
seen_count() {
	grep -cE "$1" "$seen" || [[ $? == 1 ]]
}

more_than() {
	(($(seen_count "$2") > $1))
}

# settle: returns when all that has been sent to the servers is in their log.
settle() {
	local before='' now pid asked
	while now=$(seen_count '^(accept|got) ') && [[ $now != "$before" ]]; do
		before=$now
		# What is still on its way from one network to the other.
		sleep 0.1
		for pid in "${echos[@]}"; do
			asked=$(seen_count '^settled$')
			kill -USR1 "$pid"
			wait_until 20 more_than "$asked" '^settled$'
		done
	done
}

# call USER WORD ARG...: live-calls as USER, in a folder that everybody may be in.
call() {
	local user=$1
	shift
	as "$user" "cd /tmp && $(printf '%q ' "$calls" "$@")" 2>&1 || echo "exit status $?"
}

calls_down() {
	local status=$?
	if ((${#servers[@]} > 0)); then
		kill "${servers[@]}" 2>/dev/null || [[ $? == 1 ]]
		wait "${servers[@]}" 2>/dev/null || servers=()
	fi
	rm -rf "$programs"
	return "$status"
}

trap 'calls_down || finish; finish' EXIT
