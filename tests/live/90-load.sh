#!/bin/bash
# Many sessions at once, many after one another, and one that is refused as fast as it can ask: what
# is counted is exact, and nothing stays. Tells what a session costs. By ssh with --long, where the
# numbers are those of a busy day; else by a login program that costs less than the session does.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/calls.sh"

session_close=f91c731ea69845ae8bb374c46ad612bc
denied_network=495201f75ee04d52b48e983cb1a6ad0f
suppressed=d5f8e9a2a0f242508520d95bd50d16e1
bad=10.99.1.1:5001
at_once=200
in_a_row=500
flood_seconds=10
if [[ -n ${SANDLOCK_LONG:-} ]]; then
	in_a_row=10000
	flood_seconds=180
fi

plan 13
policy_students
programs_up
mkdir -p /run/load.pam
printf 'session required %s\n' pam_sandlock.so pam_permit.so >/run/load.pam/su
install "$SANDLOCK_BUILD/tests/attacks/attack-login" "$work/login"
chmod 755 "$work"

# login USER CMD: one session.
login() {
	if [[ -n ${SANDLOCK_LONG:-} ]]; then
		as "$1" "$2"
	else
		timeout 60 "$work/login" -d / -s su -c /run/load.pam "$1" sh -c "$2"
	fi
}

supervisors() { pgrep -c -f '^sandlock-supervisor' || [[ $? == 1 ]]; }
none_left() { [[ $(supervisors) == 0 ]]; }
ms() { echo $((${EPOCHREALTIME/./} / 1000)); }

# median, and 95th percentile, of the numbers on standard input.
spread() {
	sort -n | awk '{ v[NR] = $1 } END { print "median " v[int((NR + 1) / 2)] ", p95 " v[int(NR * 0.95)] }'
}

# timed USER: how long a login of that user takes, ms.
timed() {
	local start
	start=$(ms)
	login "$1" true
	echo $(($(ms) - start))
}

# --- all at once ---

echo "# login alone: $(for _ in {1..20}; do timed alice; done | spread) ms"
start=$(ms)
jobs=()
for ((i = 0; i < at_once; i++)); do
	login alice 'echo in; cat /home/bob/secret; exec sleep 1000' >"$work/at-once-$i" 2>&1 &
	jobs+=($!)
done
all_in() { (($(grep -lx in "$work"/at-once-* | wc -l) == at_once)); }
check "$at_once logins at once: all are let in" wait_until 120 all_in
echo "# $at_once logins at once: $(($(ms) - start)) ms"
is 'none read what is not its own' "$(grep -l 'secret of bob' "$work"/at-once-* | wc -l)" 0
is 'each has a keeper, a monitor and a worker' "$(supervisors)" $((3 * at_once))
echo "# memory of a session's three: $(
	for pid in $(pgrep -f '^sandlock-supervisor'); do
		awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup"
	done | awk -v n=$at_once '{ sum += $1 } END { printf "%d KiB PSS", sum / n }')"
echo "# login beside $at_once sessions: $(for _ in {1..20}; do timed alice; done | spread) ms"
pkill -KILL -u alice -x sleep
wait "${jobs[@]}" || :
check 'all end, and their supervisors' wait_until 20 none_left

# --- one after another ---

start=$(ms)
for ((i = 1; i <= in_a_row; i++)); do
	timed alice
	if ((i % 500 == 0)); then
		echo "# $i of $in_a_row logins, $((($(ms) - start) * (in_a_row - i) / i / 1000)) s to go" >&2
	fi
done >"$work/row"
is "$in_a_row logins in a row" "$(wc -l <"$work/row")" $in_a_row
echo "# in a row: $(spread <"$work/row") ms, $((in_a_row * 1000 / ($(ms) - start))) a second"
check 'no supervisor is left' wait_until 5 none_left

# --- a flood of refusals ---

policies_none
policy users/alice <<-INI
	[policy]
	include = base
	[network]
	connect = 10.20.0.53:443
INI
start=$(ms)
# shellcheck disable=SC2016
login alice 'echo $SANDLOCK_SESSION; exec '"$calls flood $bad 200 $flood_seconds" >"$work/flood"
seconds=$((($(ms) - start) / 1000 + 1))
id=$(head -n 1 "$work/flood")
read -r made refused < <(sed -n 's/^calls \([0-9]*\) refused \([0-9]*\) .*/\1 \2/p' "$work/flood")
of() { journal_get "$2" "MESSAGE_ID=$1" SANDLOCK_SESSION="$id"; }
closed() { [[ -n $(of $session_close MESSAGE) ]]; }
check 'the flood ends' wait_until 20 closed
denied=$(of $session_close SANDLOCK_DENIED)
recorded=$(of $denied_network MESSAGE | wc -l)
counted=$(of $suppressed SANDLOCK_SUPPRESSED | awk '{ sum += $1 } END { print sum + 0 }')
echo "# $made refusals in $seconds s: $recorded recorded, $counted counted"
is 'every call is refused' "$refused" "$made"
is 'each refusal is counted once' "$denied" "$refused"
is 'each is recorded, or in a count' $((recorded + counted)) "$denied"
check 'more than the budget' test "$made" -gt $((200 + 20 * seconds))
check 'the journal gets the budget and no more' test "$recorded" -le $((200 + 20 * seconds))

policies_none
no_leaks 'nothing is left'
