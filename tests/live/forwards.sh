# shellcheck shell=bash disable=SC2034,SC2154
# When the forwards of an `ssh -v` are what they will be, and not before. Sourced after lib.sh.

# ssh runs the command when it listens itself; of what it has asked the other side to listen to it
# says later, in $work/forwards, what became of it.
forwards_options=(-o PermitLocalCommand=yes -o LocalCommand="echo in >>$work/forwards.in")

forwards_begin() {
	: >"$work/forwards.in"
}

# forwards_are OPTION...: those of ssh.
forwards_are() {
	local option asked=0
	for option in "$@"; do
		[[ $option != -R ]] || asked=$((asked + 1))
	done
	grep -q in "$work/forwards.in" &&
		[[ $(grep -cE 'remote forward success|remote port forwarding failed' "$work/forwards") == "$asked" ]]
}
