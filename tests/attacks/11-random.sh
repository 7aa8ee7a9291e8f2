#!/bin/bash
# Every denial by itself, and a minute of random calls from eight processes: what is denied stays
# denied, the supervisor lives, and neither the host nor other sessions notice more than a busy
# machine. In the control run, where nothing confines the same program, some of it comes through and
# leaves traces.
. "$(dirname "$0")/lib.sh"

bad=10.99.0.1:5001
good=10.20.0.53:443
seconds=60 processes=8
if [[ -n ${SANDLOCK_LONG:-} ]]; then
	seconds=3600
fi
folder=/home/alice/inside/random
plan 17

# storm SECONDS: the attack in a session of alice's, in the background; its last line to $work/storm.
storm() {
	rm -rf "$folder"
	install -d -o alice -g alice "$folder"
	(session_limit=$(($1 + 60)) as alice \
		"cd $folder && exec $attacks/attack-random $1 $processes $bad" >"$work/storm" 2>&1 || :) &
	stormer=$!
}

# made m|q|s: the System V objects of this kind that alice has made, whosever a call has made them since.
made() {
	ipcs -"$1" -c | awk '$3 == "alice" { print $1 }'
}

# Objects that outlive their makers and that no session may make: System V IPC, set-id files.
traces() {
	{ made m && made q && made s; } | wc -l
	find /home/alice /tmp /dev/shm -user alice -perm /6000 | wc -l
}

remove_traces() {
	local kind id
	for kind in m q s; do
		for id in $(made $kind); do
			ipcrm -"$kind" "$id"
		done
	done
	[[ ! -d $folder ]] || chmod -R u+rwx "$folder"
	rm -rf "$folder"
}

failures() {
	journal_get MESSAGE MESSAGE_ID=9efdd2c5483c459e916d4edb1deaf999 --since "@$since" | wc -l
}

# Other sessions while the storm lasts: one without a policy, one that is supervised, root's.
others() {
	local turns=0 before
	before=$(accepted $good)
	while kill -0 "$stormer" 2>/dev/null; do
		[[ $(as bob 'echo well') == well ]] || echo 'bob had no session'
		[[ $(as root 'echo well') == well ]] || echo 'root had no session'
		as alice "$(dial $good)" >/dev/null || echo 'alice had no connection'
		turns=$((turns + 1))
		sleep 2
	done
	(($(accepted $good) == before + turns)) || echo "$turns connections, not all arrived"
	((turns > 2)) || echo "only $turns turns"
}

programs_up
outside_up
witness_up "bad=stream:$bad" "bad=dgram:$bad"
tainted=$(cat /proc/sys/kernel/tainted)

each() {
	session alice denials 2>&1 | tail -n 1 || :
}

policies_none
has 'control: without a policy the denials are not' "$(each)" 'result: succeeded'
remove_traces
storm 8
wait "$stormer"
has 'control: without a policy some of it comes through' "$(tail -n 1 "$work/storm")" 'result: succeeded'
check 'control: and leaves traces' test "$(traces | xargs)" != '0 0'
check 'control: connections and datagrams arrive' test "$(saw bad)" -gt 0
remove_traces
is 'the traces can be removed' "$(traces | xargs)" '0 0'
settle
sightings=$(saw bad)
names_before=$(uname -n) time_before=$(($(date +%s) - $(awk '{ print int($1) }' /proc/uptime)))

policy_of alice net
has 'each denial has its errno' "$(session alice denials 2>&1 || :)" 'each with its errno'
since=$(date +%s.%N)
outside_up
state=$(outside_state)
storm "$seconds"
is 'other sessions are well all the while' "$(others)" ''
wait "$stormer"
last=$(tail -n 1 "$work/storm")
echo "# $last"
has "$seconds s of random calls: none that is denied comes through" "$last" 'none came through'
check 'there were many' test "$(sed -n 's/.*: \([0-9]*\) calls.*/\1/p' <<<"$last")" -gt $((seconds * 1000))
is 'nothing was left behind that no session may make' "$(traces | xargs)" '0 0'
settle
is 'nothing arrived where nothing may' "$(saw bad)" "$sightings"
is 'the files outside are as they were' "$(outside_state)" "$state"
is 'no supervisor has failed' "$(failures)" 0
is "the host's name is as it was" "$(uname -n)" "$names_before"
check 'so is its clock' test $(($(date +%s) - $(awk '{ print int($1) }' /proc/uptime) - time_before)) -ge -2
is 'the kernel has not complained' "$(cat /proc/sys/kernel/tainted)" "$tainted"
remove_traces
policies_none
no_leaks 'nothing is left'
