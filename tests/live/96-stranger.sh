#!/bin/bash
# Somebody who meets the tool for the first time: an example becomes a policy, a mistake in it is
# found, a login is denied something, and the tool says what to write so that it is not. On a
# terminal of 80 columns, in which everything that is shown fits.
. "$(dirname "$0")/lib.sh"

plan 21

shown=''

# on_terminal WORDS: what the administrator types, with what is shown then in $shown and the exit
# code in $status.
on_terminal() {
	status=0
	shown=$(TERM=xterm SYSTEMD_PAGER=cat timeout 60 script -qec "stty cols 80 rows 24; $1" /dev/null </dev/null |
		tr -d '\r' | sed 's/\x1b\[[0-9;]*m//g') || status=$?
	if grep -qE '.{81}' <<<"$shown"; then
		wide+="$1: $(grep -E '.{81}' <<<"$shown")"$'\n'
	fi
}
wide=''

policies_none
mkdir -p /etc/sandlock/groups
install -m 644 /usr/share/sandlock/examples/students.ini /etc/sandlock/groups/

# A slip of the pen.
sed -i 's/^connect\.lab/conect.lab/' /etc/sandlock/groups/students.ini
on_terminal 'sandlock-admin check --all'
is "check fails" "$status" 1
line=$(grep -n '^conect' /etc/sandlock/groups/students.ini | cut -d: -f1)
has "and says where" "$shown" "/etc/sandlock/groups/students.ini:$line:1: error:"
has "and what was meant" "$shown" 'did you mean "connect"?'
check_fails "until then nobody of the group gets in" as alice true
sed -i 's/^conect/connect/' /etc/sandlock/groups/students.ini
on_terminal 'sandlock-admin check --all'
is "check is content" "$status" 0

on_terminal 'sandlock-admin show alice'
has "show tells the rules" "$shown" '10.20.0.0/16:22'
on_terminal 'sandlock-admin test alice connect 10.20.0.53:22 10.99.0.1:8080'
has "test tells what will be" "$shown" 'denied  10.99.0.1:8080'

# A login, with what it may do and what it may not. What files before this one did is not told of.
sleep 1
began=@$(date +%s)
check "the first login" as alice true
check_fails "a server outside the rules" as alice "$(dial 10.99.0.1:8080)"
denied_told() {
	journalctl --sync
	[[ $(sandlock-admin log --denials --user alice --since "$began") == *10.99.0.1:8080* ]]
}
check "the denial is in the log" wait_until 10 denied_told
on_terminal 'sandlock-admin sessions --all'
has "sessions has the login" "$shown" alice
on_terminal "sandlock-admin log --denials --since $began"
has "log tells of the denial" "$shown" 10.99.0.1:8080

on_terminal 'sandlock-admin why --last'
is "why has an answer" "$status" 0
has "it names the policy" "$shown" students
has "and a line that allows it" "$shown" 'connect'

on_terminal "sandlock-admin suggest --user alice --since $began"
has "suggest has a patch" "$shown" '+connect'
sandlock-admin suggest --user alice --since "$began" >"$work/patch"
check "which applies" patch -p1 -d / --quiet -i "$work/patch"
on_terminal 'sandlock-admin check --all'
is "and which check accepts" "$status" 0
check "the next login gets through" as alice "$(dial 10.99.0.1:8080)"

is "nothing is wider than the terminal" "$wide" ''
policies_none
no_leaks "nothing is left behind"
