#!/bin/bash
# A lab machine: students are confined whatever program lets them in, those of systemd included.
# The host has Debian's own PAM stacks, with the package's profile enabled.
. "$(dirname "$0")/lib.sh"

session_open=9e46d8d3308d45e0a0b5ac2c5024f9f8
session_close=f91c731ea69845ae8bb374c46ad612bc

users_up
install_packages >"$work/install" || { cat "$work/install"; exit 1; }
inside cp "$examples/students.ini" /etc/sandlock/groups/students.ini
inside pam-auth-update --enable sandlock

# Each way_NAME USER COMMAND logs in by one of the ways and prints what came of it.
way_publickey() { as "$1" "$2" 2>&1 || :; }
way_password() { with_password "$1" "$2" 2>&1 || :; }
way_shell() {
	timeout 60 ssh -T -F "$BOOTED_STATE/home/.ssh/config" -l "$1" "$host" <<<"$2" 2>&1 || :
}
way_terminal() {
	timeout 90 python3 -B "$BOOTED_FOLDER/../../live/terminal.py" '<[$]\s'$'\n'">$2; exit\\r" \
		ssh -tt -F "$BOOTED_STATE/home/.ssh/config" -l "$1" "$host" 2>&1 || :
}
way_sftp() {
	rm -f "$work"/got-*
	printf -- '-get %s\n' "/home/alice/secret $work/got-a" "/home/bob/secret $work/got-b" |
		timeout 60 sftp -q -b - -F "$BOOTED_STATE/home/.ssh/config" "$1@$host" >/dev/null 2>&1 || :
	cat "$work"/got-* 2>&1 || :
}
way_login() {
	on_console '<login: '$'\n'">$1\\r"$'\n''<Password: '$'\n'">$1-password\\r"$'\n''<[$]\s'$'\n'">$2; exit\\r"$'\n''<login: ' || :
}
way_su() { inside su - "$1" -c "$2" </dev/null 2>&1 || :; }
way_sudo() { inside sudo -i -u "$1" bash -c "$2" </dev/null 2>&1 || :; }
# The stack of runuser in Debian has no common-session: the line is put there.
way_runuser() { inside runuser -u "$1" -- bash -c "$2" </dev/null 2>&1 || :; }

# job_over FILE: what a daemon was told to run says so at its end.
job_over() { inside grep -qx 'done' "$1"; }
job_output() {
	wait_until 20 job_over "/tmp/$1" || echo "the job of $1 does not end"
	inside cat "/tmp/$1" 2>&1 || :
	inside rm -f "/tmp/$1"
}
way_cron() {
	script_inside <<-CRON
		echo '@reboot { $2; } >/tmp/cron-$1 2>&1; echo done >>/tmp/cron-$1' | crontab -u $1 -
		rm -f /run/crond.reboot
		systemctl restart cron
	CRON
	job_output "cron-$1"
	inside crontab -u "$1" -r
}
way_at() {
	script_inside <<-AT
		cd /
		echo '{ $2; } >/tmp/at-$1 2>&1; echo done >>/tmp/at-$1' |
			setpriv --reuid $1 --regid $1 --init-groups at now 2>/dev/null
	AT
	job_output "at-$1"
}
way_unit() {
	script_inside <<-UNIT
		cat >/run/systemd/system/lab-$1.service <<-FILE
			[Service]
			Type=oneshot
			User=$1
			PAMName=lab
			ExecStart=-/bin/bash -c '$2'
		FILE
		systemctl daemon-reload
		systemctl start lab-$1.service || :
		journalctl --sync
		journalctl -q -o cat -u lab-$1.service
	UNIT
}
way_systemd_run() {
	inside systemd-run --quiet --pipe --wait --collect -p User="$1" -p PAMName=lab \
		bash -c "$2" </dev/null 2>&1 || :
}

inside sh -c "echo 'session required pam_sandlock.so' | tee -a /etc/pam.d/runuser >/dev/null"
inside sh -c "printf 'session required pam_unix.so\nsession required pam_sandlock.so mode=self\n' >/etc/pam.d/lab"

# Which service each way is for PAM.
declare -A service_of=(
	[publickey]=sshd [password]=sshd [shell]=sshd [terminal]=sshd [sftp]=sshd [login]=login
	[su]=su-l [sudo]=sudo-i [runuser]=runuser [cron]=cron [at]=atd [unit]=lab [systemd_run]=lab
)
plan $((4 * ${#service_of[@]} + 15))

services_since() {
	journal_get SANDLOCK_SERVICE MESSAGE_ID=$session_open SANDLOCK_USER=alice --since="$1" | sort -u
}
for way in "${!service_of[@]}"; do
	since=$(inside date +@%s.%6N)
	confined "$way: alice is confined" "$("way_$way" alice "$secrets")"
	is "$way: her session is one of" "$(services_since "$since")" "${service_of[$way]}"
	open "$way: bob is not" "$("way_$way" bob "$secrets")"
	is "$way: and has no session" "$(journal_get MESSAGE SANDLOCK_USER=bob --since="$since")" ''
done

# --- another module that does its work in a child: what it does is not the session's

script_inside <<-'CAROL'
	useradd --no-create-home --user-group --groups students --shell /bin/bash carol
	pam-auth-update --enable mkhomedir
CAROL
is 'the line stays behind that of another profile' "$(inside sed -n \
	's/^session.*\(pam_[a-z_]*\.so\).*/\1/p' /etc/pam.d/common-session | tail -n 1)" pam_sandlock.so
has 'a home is made at the first login' "$(inside su - carol -c pwd </dev/null 2>&1 || :)" /home/carol
lacks 'and its owner is confined' "$(inside su - carol -c "$secrets" </dev/null 2>&1 || :)" \
	'secret of bob'

# --- programs that nobody has said anything about

inside sh -c "printf 'session required pam_unix.so\nsession required pam_sandlock.so\n' >/etc/pam.d/unheard-of"
since=$(inside date +@%s.%6N)
is 'a unit whose PAMName= nobody knows does not start for alice' "$(inside systemd-run --quiet --pipe \
	--wait --collect -p User=alice -p PAMName=unheard-of echo in </dev/null 2>/dev/null || :)" ''
has 'and the log has the remedy' "$(inside journalctl -q -o cat --since="$since" | grep sandlock)" \
	'mode=self'
is 'it starts for bob' "$(inside systemd-run --quiet --pipe --wait --collect -p User=bob \
	-p PAMName=unheard-of echo in </dev/null 2>&1 || :)" in

# The user's own systemd would be a way round: logind starts it for whoever logs in.
since=$(inside date +@%s.%6N)
: >"$work/held"
for name in alice bob; do
	as "$name" 'echo in; sleep 60' >>"$work/held" &
done
both_in() { [[ $(grep -c in "$work/held") == 2 ]]; }
check 'both are in' wait_until 30 both_in
manager_of() { inside pgrep -u "$1" -f 'systemd --user'; }
check 'bob has a systemd of his own' wait_until 20 manager_of bob
is 'alice has none' "$(manager_of alice || :)" ''
is 'because it is refused' "$(inside systemctl is-active "user@$(inside id -u alice).service" || :)" failed
sessions=$(inside sandlock-admin sessions --json)
is 'one session is live' "$(python3 -c 'import json, sys
print([(s["user"], s["service"]) for s in json.loads(sys.argv[1])["sessions"]])' "$sessions")" \
	"[('alice', 'sshd')]"
inside loginctl terminate-user alice
inside loginctl terminate-user bob
wait
no_session() { [[ $(inside sandlock-admin sessions --json) == *'"sessions": []'* ]]; }
check 'logind ends it' wait_until 20 no_session

is 'every session that was opened has been closed' \
	"$(journal_get SANDLOCK_SESSION MESSAGE_ID=$session_close | sort)" \
	"$(journal_get SANDLOCK_SESSION MESSAGE_ID=$session_open | sort)"
is 'no supervisor is left' "$(inside pgrep -c sandlock-superv || :)" 0
is 'none failed' "$(journal_get MESSAGE MESSAGE_ID=9efdd2c5483c459e916d4edb1deaf999)" ''
