#!/bin/bash
# Abstract UNIX sockets of others, by way of what the session has of the same name; and the session's
# own, in spite of what others have of it.
. "$(dirname "$0")/lib.sh"

flag=/home/alice/inside/flag
loan=/tmp/attack-loan
tries=40
types=(stream seqpacket dgram)

lender_up() {
	unshare --net "$attacks/attack-abstract" lend @attack-stream "$loan" &
	helpers+=($!)
	wait_until 5 test -S "$loan"
}

# own_beside HOW TEXT TYPE...: bob has the name in some way, and alice's own is hers all the same.
own_beside() {
	local how=$1 text=$2 type squatter
	shift 2
	as bob "cd && exec $attacks/attack-abstract-own squat $how" >"$work/squat" &
	squatter=$!
	wait_until 5 grep -q ready "$work/squat"
	for type in "$@"; do
		check "$text: an own $type socket is reached" \
			session alice abstract-own reach "$type" @mine
	done
	pkill -x -u bob attack-abstract
	wait "$squatter" || [[ $? -gt 128 ]]
}

programs_up
outside_up
rm -f "$loan"
witness_up stream=stream:@attack-stream seqpacket=seqpacket:@attack-seqpacket \
	dgram=dgram:@attack-dgram
"$attacks/attack-abstract" claim @attack-claimed "$flag" "$seen" claimed &
helpers+=($!)
lender_up

for type in "${types[@]}"; do
	for twin in "${types[@]}"; do
		[[ $twin == "$type" ]] || row alice "$type" "a $type socket beside an own $twin socket" \
			abstract twin "$type" "$twin" "@attack-$type" $tries
	done
done
row alice claimed 'a socket that has the name of an own connection' \
	abstract accepted @attack-claimed "$flag"
row alice stream 'a socket that has the name of one in another network' \
	abstract borrowed @attack-stream "$loan"
plan $((2 * ${#rows[@]} + 2 + 2 + 3 + 4))
rows_run net alice

policy_of alice net
policy_of bob net
own_beside 'dgram @mine' 'bob has a datagram socket of the name' stream seqpacket
own_beside 'stream @mine' 'bob has a stream socket of the name' seqpacket dgram
own_beside 'dgram ./@mine' 'bob has a file called @mine' "${types[@]}"
check 'a name of any characters' session alice abstract-own reach stream '@mine and (yours)'
check 'a name as long as can be' session alice abstract-own reach stream \
	"@$(printf '%0106d' 0)"
check 'who waits for a place in the queue gets it' session alice abstract-own served @mine
check 'who waits for a server that is killed is told' session alice abstract-own deserted @mine
rm -f "$loan"
policies_none
