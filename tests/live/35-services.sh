#!/bin/bash
# Programs that open sessions: what each is called, sshd in all its ways, and how a service that
# nobody has heard of is refused. (That each way is confined: 10-files, 20-network.)
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ways.sh"

session_open=9e46d8d3308d45e0a0b5ac2c5024f9f8
secrets='cat /home/alice/secret /home/bob/secret'

# Which service each way is for PAM.
declare -A service_of=(
	[exec]=sshd [shell]=sshd [multiplexed]=sshd [forced]=sshd
	[su]=su [su_login]=su-l [runuser]=runuser [runuser_login]=runuser-l [login]=login
	[sudo]=sudo [sudo_login]=sudo-i [sudo_terminal]=sudo-i [cron]=cron [at]=atd
)
known=(atd cockpit cron crond gdm-password greetd lightdm login remote runuser runuser-l sshd su su-l sudo sudo-i)

plan $((${#service_of[@]} + 4 + 10 + 2 * ${#known[@]} + 9 + 4 + 1))
policy_students

services_since() {
	journal_get SANDLOCK_SERVICE MESSAGE_ID=$session_open --since="$1" | sort -u
}
recorded() { [[ -n $(services_since "$1") ]]; }

for way in "${!service_of[@]}"; do
	since=$(date +@%s.%N)
	"way_$way" alice true >/dev/null
	wait_until 5 recorded "$since" || echo "# $way: no session-open"
	is "$way opens a session as" "$(services_since "$since")" "${service_of[$way]}"
done

# --- sudo, with its command as its own child and beneath a monitor of its own

# confined TEXT OUTPUT: alice's own file is in it, bob's is not.
confined() {
	if [[ $2 == *'secret of alice'* && $2 != *'secret of bob'* ]]; then
		ok "$1: confined"
	else
		not_ok "$1: confined" "$2"
	fi
}

for setting in use_pty '!use_pty'; do
	echo "Defaults $setting" >/etc/sudoers.d/pty
	chmod 440 /etc/sudoers.d/pty
	confined "sudo, $setting" "$(way_sudo alice "$secrets")"
	confined "sudo on a terminal, $setting" "$(way_sudo_terminal alice "$secrets")"
done
rm /etc/sudoers.d/pty

# --- sshd: how one proves who one is, and what is run

# answer TEXT: ssh asks nobody but a program that says TEXT.
answer() {
	printf '#!/bin/sh\necho %q\n' "$1" >"$work/answer"
	chmod 755 "$work/answer" "$work"
	export SSH_ASKPASS=$work/answer SSH_ASKPASS_REQUIRE=force
}

sshd_up 'PasswordAuthentication yes' 'KbdInteractiveAuthentication yes' \
	'Subsystem report cat /home/alice/secret /home/bob/secret'
for method in password keyboard-interactive; do
	answer alice-password
	confined "sshd, $method" "$(ssh_second alice "$secrets" -o BatchMode=no \
		-o PreferredAuthentications=$method -o PubkeyAuthentication=no)"
	answer wrong
	lacks "sshd, $method, a wrong answer" "$(ssh_second alice "$secrets" -o BatchMode=no \
		-o PreferredAuthentications=$method -o PubkeyAuthentication=no)" secret
done
unset SSH_ASKPASS SSH_ASKPASS_REQUIRE
confined 'sshd, a subsystem' "$(ssh_second alice report -s)"
sshd_down

confined 'sshd, ForceCommand' "$(way_forced alice "$secrets")"

# A root folder with a shell and two files in it, of which the policy grants one.
jail=/srv/jail
mkdir -p $jail/{bin,granted,other} $jail/dev
cp /bin/bash $jail/bin/bash
cp /bin/cat $jail/bin/cat
ldd /bin/bash /bin/cat | grep -o '/[^ )]*' | grep -v : | sort -u | xargs cp --parents -t $jail
mknod -m 666 $jail/dev/null c 1 3
echo 'granted' >$jail/granted/file
echo 'the other' >$jail/other/file
policies_none
policy users/alice <<-INI
	[policy]
	include = base
	[filesystem]
	execute.jail = $jail/bin $jail/lib $jail/lib64
	read.jail = $jail/granted
	device.jail = $jail/dev/null
INI
sshd_up 'Match user alice,bob' "ChrootDirectory $jail"
files='cat /granted/file /other/file'
has 'sshd, ChrootDirectory: what is granted' "$(ssh_second alice "$files")" granted
lacks 'sshd, ChrootDirectory: and nothing else' "$(ssh_second alice "$files")" other$'\n'
has 'sshd, ChrootDirectory: bob, unconfined' "$(ssh_second bob "$files")" 'the other'
printf 'get /granted/file %s/sftp-1\n-get /other/file %s/sftp-2\n' "$work" "$work" >"$work/batch"
sftp -q -b "$work/batch" -P 2222 alice@127.0.0.1 >/dev/null 2>&1 || :
is 'sshd, ChrootDirectory, internal-sftp' "$(cat "$work"/sftp-*)" granted
sshd_down
rm -rf $jail

# --- services by name

policy_students

# opened SERVICE USER: what pamtester says of a session whose stack has our line with $options.
options=''
opened() {
	printf 'session required pam_permit.so\nsession required pam_sandlock.so %s\n' "$options" \
		>"$work/pam"
	install -m 644 "$work/pam" "/etc/pam.d/$1"
	pamtester "$1" "$2" open_session close_session 2>&1 || :
}

cp -a /etc/pam.d "$work/pam.d"
for service in "${known[@]}"; do
	output=$(opened "$service" alice)
	has "$service is known" "$output" 'session has successfully been closed'
	lacks "$service: nobody is told a thing" "$output" sandlock
done

since=$(date +@%s.%N)
output=$(opened unheard-of alice)
has 'a service unheard of is refused' "$output" 'this login could not be confined'
lacks 'and has no session' "$output" 'opened a session'
why=$(journalctl --sync && journalctl -q -o cat --since="$since" -t pamtester -t sandlock)
has 'the log has the remedy' "$why" 'mode=fork'
has 'and where it goes' "$why" /etc/pam.d/unheard-of
has 'nobody without a policy is refused' "$(opened unheard-of bob)" 'successfully opened a session'
has 'nor is root' "$(opened unheard-of root)" 'successfully opened a session'
options=mode=fork
has 'mode=fork allows it' "$(opened unheard-of alice)" 'session has successfully been closed'
options=mode=self
has 'mode=self overrides the table' "$(opened sshd alice)" 'successfully opened a session'
options=mode=none
has 'an option that is none is refused' "$(opened sshd alice)" 'this login could not be confined'
cp -a "$work/pam.d/." /etc/pam.d/
rm -f /etc/pam.d/{unheard-of,cockpit,crond,gdm-password,greetd,lightdm,remote}

# --- [policy] services

policies_none
{
	printf '[policy]\nservices = sshd cron\ninclude = base\n'
	printf '[filesystem]\nwrite-execute = %%h /tmp\n'
} | policy users/alice
confined 'services = sshd cron: ssh' "$(way_exec alice "$secrets")"
confined 'services = sshd cron: cron' "$(way_cron alice "$secrets")"
has 'services = sshd cron: not su' "$(way_su alice "$secrets")" 'secret of bob'
has 'services = sshd cron: not runuser' "$(way_runuser alice "$secrets")" 'secret of bob'

policies_none
no_leaks 'nothing is left'
