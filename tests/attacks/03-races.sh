#!/bin/bash
# Races against the decision. The control is a supervisor that checks and says CONTINUE (weak.c):
# the same race, as many tries, must get through there, or it has not been run in earnest.
. "$(dirname "$0")/lib.sh"

good=10.20.0.53:5001
bad=10.99.0.1:5001
home=/home/alice/race
tries=${SANDLOCK_LONG:+100000}

# race TEXT LABEL TRIES ALLOWED... -- PROGRAM ARG...
race() {
	local text=$1 label=$2 allowed=() before output status=0
	shift 2
	while [[ $1 != -- ]]; do
		allowed+=("$1")
		shift
	done
	shift
	policies_none
	before=$(saw "$label")
	output=$(session alice weak "${allowed[@]}" -- "$attacks/attack-$1" "${@:2}" 2>&1) || status=$?
	if (($(saw "$label") > before)); then
		ok "control: $text: a weak supervisor lets $(($(saw "$label") - before)) through"
	else
		not_ok "control: $text: a weak supervisor leaks" "exit $status: $output"
	fi
	policy_of alice net
	sed -i "s,^connect = ,&$good udp://$good ," /etc/sandlock/users/alice.ini
	before=$(saw "$label")
	status=0
	output=$(session alice "$@" 2>&1) || status=$?
	is "$text: ${output#result: }" "exit $status, $(($(saw "$label") - before)) leaks" \
		"exit 1, 0 leaks"
}

plan 20
programs_up
install -d -o alice -g alice "$home" "$home/real" /run/race
witness_up "good=stream:$good" "bad=stream:$bad" badport=stream:10.20.0.53:5002 \
	bus=stream:/run/race/bus allowed=stream:$home/allowed \
	"udpgood=dgram:$good" "udpbad=dgram:$bad" \
	dgram=dgram:/run/race/dgram allowed=dgram:$home/dgram
chown alice:alice /run/race/* "$home"/{allowed,dgram}
ln -s allowed "$home/bus"

race 'address flipped by a thread' bad "$good" -- flip "$good" "$bad" "${tries:-100000}"
race 'port flipped by a thread' badport "$good" -- \
	flip "$good" 10.20.0.53:5002 "${tries:-20000}"
race 'socket swapped by dup2' bad "$good" -- swap "$bad" "${tries:-20000}"
race 'symlink swapped on the way to a socket' bus "$home/allowed" -- \
	local link-race /run/race/bus "$home" "${tries:-5000}"
race 'folder swapped on the way to a socket' bus "$home/allowed" -- \
	local folder-race /run/race/bus "$home" "${tries:-5000}"
for way in sendto sendmsg header sendmmsg; do
	race "datagram's address flipped: $way" udpbad "$good" -- \
		flip-send "$way" "$good" "$bad" "${tries:-20000}"
done
race "UNIX datagram's address flipped" dgram "$home/dgram" -- \
	flip-send sendmsg "$home/dgram" /run/race/dgram "${tries:-20000}"
rm -rf "$home" /run/race
