#!/bin/bash
# Races against the decision on connect(2). 09-send-races.sh does the same to datagrams.
. "$(dirname "$0")/race.sh"

plan 12
programs_up
install -d -o alice -g alice "$home" "$home/real" /run/race
witness_up "good=stream:$good" "bad=stream:$bad" badport=stream:10.20.0.53:5002 \
	bus=stream:/run/race/bus allowed=stream:$home/allowed allowed=stream:$home/bus \
	allowed=stream:$home/real/bus
chown alice:alice /run/race/* "$home"/{allowed,bus,real/bus}

race 'address flipped by a thread' bad "$good" -- flip "$good" "$bad" "$(tries 100000)"
race 'port flipped by a thread' badport "$good" -- \
	flip "$good" 10.20.0.53:5002 "$(tries 100000)"
race 'socket swapped by dup2' bad "$good" -- swap "$bad" "$(tries 100000)"
race 'symlink swapped on the way to a socket' bus "$home/allowed" -- \
	path-race link stream /run/race/bus "$home" "$(tries 20000)"
race 'folder swapped on the way to a socket' bus "$home/bus" -- \
	path-race folder stream /run/race/bus "$home" "$(tries 20000)"
race 'folders exchanged on the way to a socket' bus "$home/real/bus" -- \
	path-race exchange stream /run/race/bus "$home" "$(tries 20000)"
rm -rf "$home" /run/race
