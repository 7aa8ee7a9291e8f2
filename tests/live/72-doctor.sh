#!/bin/bash
# What doctor says of a login program, and what then happens to a login through it: they are the
# same thing, for each way in which a session stack can be wrong.
. "$(dirname "$0")/lib.sh"

# The session is confined where no_new_privs is set: nothing else sets it here.
confined() {
	case $(timeout 30 su alice -c 'grep NoNewPrivs /proc/self/status' 2>/dev/null) in
	*1) echo confined ;;
	*0) echo free ;;
	*) echo refused ;;
	esac
}

# doctor SUBJECT: the ids of what it says of it.
doctor() {
	{ sandlock-admin doctor --pam --json || (($? == 1)); } | python3 -c 'import json, sys
print(" ".join(f["id"] for f in json.load(sys.stdin)["findings"] if f["subject"] == sys.argv[1]))' "$1"
}
finding() {
	{ sandlock-admin doctor --json || (($? == 1)); } | python3 -c 'import json, sys
print(" ".join(f["state"] for f in json.load(sys.stdin)["findings"] if f["id"] == sys.argv[1]))' "$1"
}

# stack TEXT ID OUTCOME: su's session lines are those of standard input.
stack() {
	{
		grep -v session "$work/su"
		cat
	} >/etc/pam.d/su
	is "$1: doctor" "$(doctor su)" "$2"
	is "$1: a login" "$(confined)" "$3"
}

plan 41
policy_students
sed '/^@include/d' /etc/pam.d/su >"$work/su"
grep -q '^auth' "$work/su" || exit 1
printf 'account required pam_permit.so\n' >>"$work/su"
cp /etc/pam.d/su "$work/su.before"
trap 'cp "$work/su.before" /etc/pam.d/su; finish' EXIT

stack 'required' pam-reached confined <<<'session required pam_sandlock.so'
stack 'no line' pam-absent free <<<'session required pam_permit.so'
stack 'sufficient before it' pam-passed free <<<$'session sufficient pam_permit.so\nsession required pam_sandlock.so'
stack 'done before it' pam-passed free <<<$'session [success=done default=ignore] pam_permit.so\nsession required pam_sandlock.so'
stack 'a jump over it' pam-passed free <<<$'session [success=1 default=ignore] pam_permit.so\nsession required pam_sandlock.so\nsession required pam_permit.so'
stack 'a jump before it' pam-reached confined <<<$'session [success=1 default=ignore] pam_permit.so\nsession requisite pam_deny.so\nsession required pam_sandlock.so'
stack 'a jump too far' pam-reached refused <<<$'session [success=2 default=ignore] pam_permit.so\nsession required pam_sandlock.so'
stack 'a jump on failure' pam-may-pass confined <<<$'session [success=ok default=1] pam_permit.so\nsession required pam_sandlock.so\nsession required pam_permit.so'
stack 'that jump taken' pam-may-pass free <<<$'session [success=ok default=1] pam_debug.so open_session=session_err\nsession required pam_sandlock.so\nsession required pam_permit.so'
stack 'a sufficient that fails' pam-passed confined <<<$'session sufficient pam_deny.so\nsession required pam_sandlock.so'
printf 'session sufficient pam_permit.so\n' >/etc/pam.d/doctor-part
stack 'done in an include' pam-passed free <<<$'session include doctor-part\nsession required pam_sandlock.so'
stack 'done in a substack' pam-reached confined <<<$'session substack doctor-part\nsession required pam_sandlock.so'
printf 'session required pam_permit.so\nsession required pam_sandlock.so\n' >/etc/pam.d/doctor-part
stack 'in a substack' pam-reached confined <<<'session substack doctor-part'
stack 'a jump over a substack' pam-passed free <<<$'session [success=1 default=ignore] pam_permit.so\nsession substack doctor-part\nsession required pam_permit.so'
rm /etc/pam.d/doctor-part
stack 'a missing include' pam-broken refused <<<$'session include doctor-part\nsession required pam_sandlock.so'

# A refusal that does not count.
policy groups/students <<<'nonsense'
stack 'optional, and a broken policy' pam-not-required free <<<$'session required pam_permit.so\nsession optional pam_sandlock.so'
stack 'required, and a broken policy' pam-reached refused <<<'session required pam_sandlock.so'
cp "$work/su.before" /etc/pam.d/su
policy_students

# sshd by its own account, and this host as it is.
is 'sshd uses PAM' "$(finding sshd)" fine
printf 'UsePAM no\n' >/run/sshd_config
cp /etc/ssh/sshd_config /run/sshd_config.before
cat /run/sshd_config.before >>/run/sshd_config
cp /run/sshd_config /etc/ssh/sshd_config
is 'sshd does not use PAM' "$(finding sshd)" open
cp /run/sshd_config.before /etc/ssh/sshd_config
is 'journald keeps all' "$(finding journal-rate-limit)" fine
sed -i /RateLimit/d /etc/systemd/journald.conf.d/test.conf
is 'journald drops what is many' "$(finding journal-rate-limit)" open
echo RateLimitIntervalSec=0 >>/etc/systemd/journald.conf.d/test.conf
is 'the supervisor' "$(finding supervisor)" fine
chmod 775 /usr/libexec/sandlock
is 'its folder can be written' "$(finding supervisor)" open
chmod 755 /usr/libexec/sandlock
no_leaks 'nothing is left'
