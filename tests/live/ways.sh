# shellcheck shell=bash disable=SC2034,SC2154
# The ways into a session: each way_NAME USER COMMAND logs USER in by one of them, has a shell run
# COMMAND there, and writes what came back to standard output. Whether COMMAND succeeded is judged
# by its effect, so the ways themselves never fail. Sourced after lib.sh.

command_ways=(
	exec shell terminal multiplexed forced
	su su_login runuser runuser_login login
	sudo sudo_login sudo_terminal cron at
)

way_exec() {
	as "$1" "$2" 2>&1 || :
}

way_shell() {
	timeout 60 ssh -T "$1@127.0.0.1" <<<"$2" 2>&1 || :
}

# The prompt is awaited first; the shell's exit ends the talk.
way_terminal() {
	on_pty '<[$]\s'$'\n'">$(typed "$2"); exit\\r" ssh -tt "$1@127.0.0.1" || :
}

# The second channel of a connection whose first is in use.
way_multiplexed() {
	local socket=$work/mux-$1 held
	rm -f "$work/mux-in"
	mkfifo "$work/mux-in"
	exec {held}<>"$work/mux-in"
	ssh -M -S "$socket" -o ControlPersist=no "$1@127.0.0.1" 'echo up; cat' \
		<&"$held" >"$work/mux-out" 2>&1 &
	wait_until 10 grep -q up "$work/mux-out" || cat "$work/mux-out"
	timeout 60 ssh -n -S "$socket" "$1@127.0.0.1" "$2" 2>&1 || :
	ssh -S "$socket" -O exit "$1@127.0.0.1" 2>/dev/null || :
	wait $! || :
	exec {held}>&-
}

# sshd_up LINE...: a second sshd, on port 2222, that says so of itself; sshd_down takes it down.
sshd_up() {
	{
		grep -vE '^(Port|ListenAddress|PasswordAuthentication) ' /etc/ssh/sshd_config
		printf '%s\n' 'Port 2222' 'ListenAddress 127.0.0.1' 'PidFile none' "$@"
	} >"$work/sshd_config"
	/usr/sbin/sshd -D -f "$work/sshd_config" &
	sshd_second=$!
	wait_until 10 ssh -n -p 2222 127.0.0.1 true || echo 'sshd does not come up'
}

sshd_down() {
	kill "$sshd_second"
	wait "$sshd_second" || :
}

# ssh_second USER COMMAND OPTION...: by that one.
ssh_second() {
	local user=$1 command=$2
	shift 2
	timeout 60 ssh -n "$@" -p 2222 "$user@127.0.0.1" "$command" 2>&1 || :
}

way_forced() {
	sshd_up "Match user $1" "ForceCommand $2"
	ssh_second "$1" 'echo not this'
	sshd_down
}

way_su() {
	timeout 60 su "$1" -c "$2" 2>&1 </dev/null || :
}

way_su_login() {
	on_pty '<[$]\s'$'\n'">$(typed "$2"); exit\\r" su - "$1" || :
}

way_runuser() {
	timeout 60 runuser "$1" -s /bin/bash -c "$2" 2>&1 </dev/null || :
}

way_runuser_login() {
	on_pty '<[$]\s'$'\n'">$(typed "$2"); exit\\r" runuser - "$1" || :
}

way_login() {
	on_pty '<[$]\s'$'\n'">$(typed "$2"); exit\\r" login -f "$1" || :
}

way_sudo() {
	timeout 60 sudo -u "$1" bash -c "$2" 2>&1 </dev/null || :
}

way_sudo_login() {
	timeout 60 sudo -i -u "$1" bash -c "$2" 2>&1 </dev/null || :
}

way_sudo_terminal() {
	on_pty '<[$]\s'$'\n'">$(typed "$2"); exit\\r" sudo -i -u "$1" || :
}

# cron_over OUT DAEMON: the job has run to its end, or its session was refused.
cron_over() {
	sleep 0.3
	grep -qx 'done' "$1" || { [[ -e /run/crond.reboot ]] && ! pgrep -P "$2"; }
}

# cron runs @reboot jobs once when it starts for the first time since /run was fresh.
way_cron() {
	local out=/tmp/cron-$1 daemon
	rm -f "$out" /run/crond.reboot
	crontab -u "$1" - <<-TAB
		SHELL=/bin/bash
		@reboot { $2; } >$out 2>&1; echo done >>$out
	TAB
	cron -f &
	daemon=$!
	wait_until 15 cron_over "$out" "$daemon" || echo "the job does not end"
	kill "$daemon"
	wait "$daemon" || :
	crontab -u "$1" -r
	[[ ! -e $out ]] || cat "$out"
	rm -f "$out" /run/crond.reboot
}

# at_over OUT DAEMON: the same for a job of at, which leaves the queue when it is over.
at_over() {
	sleep 0.3
	grep -qx 'done' "$1" || { [[ -z $(atq) ]] && ! pgrep -P "$2"; }
}

# at is for the user to call, and of no use in a session: it has the set-group-ID bit.
way_at() {
	local out=/tmp/at-$1 daemon
	rm -f "$out"
	atd -f &
	daemon=$!
	wait_until 10 test -s /run/atd.pid || echo 'atd does not come up'
	setpriv --reuid "$1" --regid "$1" --init-groups at now 2>/dev/null <<-JOB
		cd /
		bash >$out 2>&1 <<'COMMANDS'
		$2
		COMMANDS
		echo done >>$out
	JOB
	wait_until 15 at_over "$out" "$daemon" || echo "the job does not end"
	kill "$daemon"
	wait "$daemon" || :
	[[ ! -e $out ]] || cat "$out"
	rm -f "$out"
}

# marks WAY USER: does a command run by that way have an effect?
marks() {
	rm -f /tmp/mark
	"way_$1" "$2" 'touch /tmp/mark' >/dev/null
	if [[ -e /tmp/mark ]]; then echo ran; else echo refused; fi
	rm -f /tmp/mark
}

# typed COMMAND: the command as terminal.py's backslash escapes want it.
typed() {
	printf '%s' "${1//\\/\\\\}"
}
