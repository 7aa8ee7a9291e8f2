#!/bin/bash
# Logins by a program that is itself in a sandbox: what can be confined is, the rest is refused in
# words that say why and what to change; and a sandbox of the user's own inside a session.
. "$(dirname "$0")/lib.sh"

outer=/usr/local/share/live/outer.py
plan 16

# logs_in MARK CMD...: whether CMD, which logs alice in, makes MARK.
logs_in() {
	local mark=$1
	shift
	rm -f "$mark"
	timeout 30 "$@" >"$work/output" 2>&1 || :
	if [[ -e $mark ]]; then echo confined; else echo refused; fi
	rm -f "$mark"
}

su_alice=(su - alice -c 'touch mark; cat secret-of-bob || touch mark.hidden')

su_result() {
	local result
	rm -f /home/alice/mark.hidden
	result=$(logs_in /home/alice/mark "$@" "${su_alice[@]}")
	[[ $result == refused || -e /home/alice/mark.hidden ]] || result='let in unconfined'
	echo "$result"
}

# refusal SINCE: the record may come a moment after the refusal.
refusal() {
	wait_until 10 refused_since "$1" || echo '# no session-refused' >&2
	refused_since "$1"
}
refused_since() {
	journal_get MESSAGE MESSAGE_ID=80d3f9acfba94f63ba74e7ea78d5e14b --since "@$1" | grep . | tail -n 1
}

kernel_only() {
	policies_none
	policy users/alice <<-INI
		[policy]
		include = base
		[filesystem]
		write-execute = %h /tmp
	INI
}

supervised() {
	kernel_only
	printf '[network]\nconnect = 10.20.0.53:443\n' >>/etc/sandlock/users/alice.ini
}

install -D -m 755 "$lib_folder/outer.py" "$outer"
# Out of the policy's reach, in reach of everybody else.
echo 'the secret of bob' >/srv/secret-of-bob
chmod 644 /srv/secret-of-bob
ln -s /srv/secret-of-bob /home/alice/secret-of-bob

is 'control: without a policy she reads the file' "$(as alice 'cat secret-of-bob')" 'the secret of bob'
policies_none
is 'control: beneath a listener, no policy' "$(logs_in /home/alice/mark "$outer" listener "${su_alice[@]}")" confined

supervised
since=$(date +%s.%N)
is 'supervised policy: confined' "$(su_result)" confined
is 'supervised policy beneath a listener: refused' "$(su_result "$outer" listener)" refused
has 'she is told one line' "$(cat "$work/output")" 'this login could not be confined'
has 'the journal says why' "$(refusal "$since")" \
	'seccomp listener: a sandbox around the login program supervises system calls already'
has 'and what to do' "$(refusal "$since")" 'give a policy without [network]'
has 'so does sandlock-admin run' \
	"$("$outer" listener sandlock-admin run alice -- true 2>&1 || [[ $? == 125 ]])" 'supervises system calls already'
install -m 644 /etc/sandlock/users/alice.ini "${outer%/*}"
has 'a session of ours is such a sandbox, too' \
	"$(as alice "/usr/sbin/sandlock-admin run ${outer%/*}/alice.ini -- true" 2>&1 || [[ $? == 125 ]])" \
	'supervises system calls already'

kernel_only
is 'kernel-only policy beneath a listener: confined' "$(su_result "$outer" listener)" confined
has 'her own sandbox with a listener works inside' \
	"$(as alice "$outer listener mkdir made" 2>&1 || :)" 'Invalid cross-device link'
check_fails 'and has decided: there is no folder' test -e /home/alice/made

is 'beneath 15 Landlock layers: confined' "$(su_result "$outer" layers 15)" confined
since=$(date +%s.%N)
is 'beneath 16: refused' "$(su_result "$outer" layers 16)" refused
has 'the journal says why' "$(refusal "$since")" "exceed the kernel's 16"

rm -rf /srv/secret-of-bob /home/alice/secret-of-bob "${outer%/*}"
policies_none
no_leaks 'nothing is left'
