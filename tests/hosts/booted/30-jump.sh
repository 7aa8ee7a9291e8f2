#!/bin/bash
# A jump host played through from outside: a policy, hops that are allowed and that are not, what the
# administrator sees of it, and the end of the policy.
. "$(dirname "$0")/lib.sh"

plan 22
users_up
install_packages >"$work/install" || { cat "$work/install"; exit 1; }
python3 -B "$BOOTED_FOLDER/../server.py" "$work/servers.log" 10.20.0.1:{22,80} 10.99.0.1:22 &
wait_until 10 grep -qx ready "$work/servers.log"

accepted() {
	grep -cFx "accept $1" "$work/servers.log" || [[ $? == 1 ]]
}
# hop USER ENDPOINT: through the host by a forward of ssh; what the server there says.
hop() {
	timeout 60 ssh -n -F "$BOOTED_STATE/home/.ssh/config" -l "$1" -W "$2" "$host" 2>/dev/null |
		head -n 1 || :
}

has 'before: alice hops anywhere' "$(hop alice 10.99.0.1:22)" 'hello from 10.99.0.1:22'

inside cp "$examples/jump.ini" /etc/sandlock/users/alice.ini
check 'the policy is valid, and this kernel can enforce it' \
	inside sandlock-admin check --all --this-kernel
is 'what it will do is told before it does' "$(inside sandlock-admin test alice connect \
	10.20.0.1:22 10.20.0.1:80 10.99.0.1:22 --json 2>/dev/null |
	python3 -c 'import json, sys
print([r["allowed"] for r in json.load(sys.stdin)["answers"]])' 2>&1)" '[True, False, False]'
has 'no login is confined yet' "$(hop alice 10.99.0.1:22)" 'hello from 10.99.0.1:22'
inside pam-auth-update --enable sandlock

has 'alice hops to a server' "$(hop alice 10.20.0.1:22)" 'hello from 10.20.0.1:22'
before=$(accepted 10.20.0.1:80),$(accepted 10.99.0.1:22)
is 'not to another port' "$(hop alice 10.20.0.1:80)" ''
is 'nor elsewhere' "$(hop alice 10.99.0.1:22)" ''
is 'nor by a program she starts' "$(as alice 'head -n 1 </dev/tcp/10.99.0.1/22' 2>/dev/null || :)" ''
is 'and no server there saw her' "$(accepted 10.20.0.1:80),$(accepted 10.99.0.1:22)" "$before"
has 'bob hops anywhere' "$(hop bob 10.99.0.1:22)" 'hello from 10.99.0.1:22'
is 'alice listens to nobody' "$(timeout 20 ssh -n -F "$BOOTED_STATE/home/.ssh/config" -l alice \
	-o ExitOnForwardFailure=yes -R 7000:10.20.0.1:22 "$host" 'echo in' 2>/dev/null || :)" ''

# --- what the administrator sees

has 'the log has the denial' "$(inside sandlock-admin log --denials --user alice --no-color)" \
	'10.99.0.1:22'
has 'it names the address it came from' "$(journal_get SANDLOCK_RHOST \
	MESSAGE_ID=9e46d8d3308d45e0a0b5ac2c5024f9f8 SANDLOCK_USER=alice)" 10.20.0.1
mkfifo "$work/in"
exec {held}<>"$work/in"
ssh -F "$BOOTED_STATE/home/.ssh/config" -l alice -W 10.20.0.1:22 "$host" <&"$held" \
	>"$work/held" 2>&1 &
wait_until 20 test -s "$work/held"
sessions=$(inside sandlock-admin sessions --no-color)
has 'a hop that is open is a session of alice' "$sessions" alice
has 'by sshd' "$sessions" sshd
is 'and of nobody else' "$(inside sandlock-admin sessions --json |
	python3 -c 'import json, sys
print([s["user"] for s in json.load(sys.stdin)["sessions"]])')" "['alice']"
kill $!
wait $! || :
exec {held}>&-
no_session() {
	[[ $(inside sandlock-admin sessions --json) == *'"sessions": []'* ]]
}
check 'it ends with the connection' wait_until 20 no_session

# --- a mistake, and the end of the policy

echo 'conect = 10.20.0.0/16:22' | policy users/alice
output=$(as alice 'echo in' 2>/dev/null || :)
is 'a broken policy refuses her' "$(grep -cx in <<<"$output" || :)" 0
has 'and tells her whom to ask' "$output" 'ask the administrator'
is 'and nobody else' "$(as bob 'echo in'; as root 'echo in')" $'in\nin'
inside rm /etc/sandlock/users/alice.ini
has 'without the policy she hops anywhere' "$(hop alice 10.99.0.1:22)" 'hello from 10.99.0.1:22'
is 'no supervisor is left' "$(inside pgrep -c sandlock-superv || :)" 0
