#!/bin/bash
# Races against the decision on a datagram's destination.
. "$(dirname "$0")/race.sh"

plan 28
programs_up
install -d -o alice -g alice "$home" "$home/real" /run/race
witness_up "good=dgram:$good" "bad=dgram:$bad" dgram=dgram:/run/race/dgram \
	allowed=dgram:$home/allowed allowed=dgram:$home/dgram allowed=dgram:$home/real/dgram
chown alice:alice /run/race/* "$home"/{allowed,dgram,real/dgram}

for way in sendto sendmsg header numbers sendmmsg second; do
	race "datagram's address flipped: $way" bad "$good" -- \
		flip-send "$way" "$good" "$bad" "$(tries 100000)"
done
race "UNIX datagram's address flipped" dgram "$home/allowed" -- \
	flip-send sendmsg "$home/allowed" /run/race/dgram "$(tries 100000)"
for who in thread process; do
	for other in unix tcp; do
		race "socket swapped with a $other one by a $who" bad "$good" -- \
			swap-send "$who" "$other" "$bad" "$(tries 100000)"
	done
done
race 'symlink swapped on the way of a datagram' dgram "$home/allowed" -- \
	path-race link dgram /run/race/dgram "$home" "$(tries 20000)"
race 'folder swapped on the way of a datagram' dgram "$home/dgram" -- \
	path-race folder dgram /run/race/dgram "$home" "$(tries 20000)"
race 'folders exchanged on the way of a datagram' dgram "$home/real/dgram" -- \
	path-race exchange dgram /run/race/dgram "$home" "$(tries 20000)"
rm -rf "$home" /run/race
