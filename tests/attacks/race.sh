# shellcheck shell=bash
# Races against the decision. The control is a supervisor that checks and says CONTINUE (weak.c):
# the same race with a fifth of the tries must get through there, or it has not been run in earnest.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

good=10.20.0.53:5001
bad=10.99.0.1:5001
home=/home/alice/race
session_limit=${SANDLOCK_LONG:+1800}
session_limit=${session_limit:-240}

# tries N: so many, or a million in the long run.
tries() {
	if [[ -n ${SANDLOCK_LONG:-} ]]; then echo 1000000; else echo "$1"; fi
}

# race TEXT LABEL ALLOWED... -- PROGRAM ARG... TRIES
race() {
	local text=$1 label=$2 allowed=() before output status=0
	shift 2
	while [[ $1 != -- ]]; do
		allowed+=("$1")
		shift
	done
	shift
	local program=$1
	local -a words=("${@:2:$#-2}")
	policies_none
	before=$(saw "$label")
	output=$(session alice weak "${allowed[@]}" -- "$attacks/attack-$program" "${words[@]}" \
		$((${!#} / 5)) 2>&1) || status=$?
	settle
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
	settle
	is "$text: ${output#result: }" "exit $status, $(($(saw "$label") - before)) leaks" \
		"exit 1, 0 leaks"
}
