#!/bin/bash
# also: threads
# A session that makes all the calls it can, under a rain of signals, beside calls that hang: nothing
# livelocks, nothing is done twice, and other sessions hardly notice.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/calls.sh"

good=10.20.1.1:7000
bad=10.99.1.1:7000
silent=10.20.9.1:7000
storm_calls=10000

plan 20

# value WORD LINE: the number behind a word.
value() {
	sed -n "s/.*\<$1 \(-\?[0-9]*\).*/\1/p" <<<"$2"
}

# below TEXT NUMBER LIMIT LINE
below() {
	if [[ -n $2 ]] && (($2 < $3)); then ok "$1 ($2 < $3)"; else not_ok "$1 ($2 < $3)" "$4"; fi
}

# storm_policy USER: reaches the place that answers and the one that does not.
storm_policy() {
	policy "users/$1" <<-INI
		[policy]
		include = base
		[filesystem]
		write-execute = %h /tmp
		[network]
		connect = $good $silent
	INI
}

# A call that was made once connects once; one that was interrupted may have got that far or not.
storm() {
	local line before accepted made connected
	before=$(seen_count "^accept $good$")
	line=$(call "$1" storm $good $storm_calls 500)
	settle
	accepted=$(($(seen_count "^accept $good$") - before))
	made=$(value calls "$line") connected=$(value connected "$line")
	echo "# $1: $line accepted $accepted"
	is "$1, a signal every 500 µs: all calls come back" "$made" $storm_calls
	below "$1: within two minutes" "$(value ms "$line")" 120000 "$line"
	below "$1: most of them connected" $((storm_calls - connected)) $((storm_calls / 2)) "$line"
	is "$1: or were interrupted" "$(value other "$line"), $(value strange "$line")" '0, 0'
	if ((connected <= accepted && accepted <= made)); then
		ok "$1: no more than one connection per call"
	else
		not_ok "$1: no more than one connection per call" "accepted $accepted: $line"
	fi
}

# beside TEXT PLACE: how long bob's connections take while alice floods PLACE from 200 threads.
beside() {
	local quiet line flood
	quiet=$(call bob latency $good 500)
	call alice flood "$2" 200 10 >"$work/flood" &
	flood=$!
	wait_until 10 grep -q flooding "$work/flood" || cat "$work/flood"
	line=$(call bob latency $good 1000)
	wait "$flood"
	echo "# $1: alone: $quiet"
	echo "# $1: beside $(tail -n 1 "$work/flood"): $line"
	is "$1: all of bob's connections come about" "$(value failed "$line")" 0
	below "$1: p99 below 50 ms" "$(value p99 "$line")" 50000 "$line"
}

policies_none
storm_policy alice
programs_up
echo_up far stream:$good stream:$bad
storm bob
storm alice

line=$(call alice busy-signals $silent)
has 'signals of the process while threads hang: no strange number' "$line" 'strange 0,'
has 'and they are interrupted' "$line" ' interrupted'

line=$(call alice parallel $silent $good 2000)
echo "# 2,000 that hang: $line"
has '2,000 hanging connections: an allowed one comes about' "$line" 'allowed 0 '
below 'in less than a second' "$(value ms "$line")" $((1000 * ${SANDLOCK_SLOW:-1})) "$line"

storm_policy bob
before=$(seen_count "^accept $bad$")
beside 'a flood of refusals' $bad
beside 'a flood of connections' $good
is 'the refused server has taken nobody' "$(seen_count "^accept $bad$")" "$before"

policies_none
no_leaks 'nothing is left'
