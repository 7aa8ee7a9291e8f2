#!/bin/bash
# Races against the decision. The control is a supervisor that checks and says CONTINUE (weak.c):
# the same race, as many tries, must get through there, or it has not been run in earnest.
. "$(dirname "$0")/lib.sh"

good=10.20.0.53:5001
bad=10.99.0.1:5001
home=/home/alice/race
tries=${SANDLOCK_LONG:+100000}

# races TEXT LABEL TRIES ALLOWED... -- PROGRAM ARG...
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
	sed -i "s/^connect = /&${good} /" /etc/sandlock/users/alice.ini
	before=$(saw "$label")
	status=0
	output=$(session alice "$@" 2>&1) || status=$?
	is "$text: ${output#result: }" "exit $status, $(($(saw "$label") - before)) leaks" \
		"exit 1, 0 leaks"
}

plan 10
programs_up
install -d -o alice -g alice "$home" "$home/real" /run/race
witness_up "good=stream:$good" "bad=stream:$bad" badport=stream:10.20.0.53:5002 \
	bus=stream:/run/race/bus allowed=stream:$home/allowed
chown alice:alice /run/race/bus "$home/allowed"
ln -s allowed "$home/bus"

race 'address flipped by a thread' bad "$good" -- flip "$good" "$bad" "${tries:-100000}"
race 'port flipped by a thread' badport "$good" -- \
	flip "$good" 10.20.0.53:5002 "${tries:-20000}"
race 'socket swapped by dup2' bad "$good" -- swap "$bad" "${tries:-20000}"
race 'symlink swapped on the way to a socket' bus "$home/allowed" -- \
	local link-race /run/race/bus "$home" "${tries:-5000}"
race 'folder swapped on the way to a socket' bus "$home/allowed" -- \
	local folder-race /run/race/bus "$home" "${tries:-5000}"
rm -rf "$home" /run/race
