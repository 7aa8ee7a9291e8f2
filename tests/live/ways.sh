# shellcheck shell=bash disable=SC2034,SC2154
# The ways into a session: each way_NAME USER COMMAND logs USER in by one of them, has a shell run
# COMMAND there, and writes what came back to standard output. Whether COMMAND succeeded is judged
# by its effect, so the ways themselves never fail. Sourced after lib.sh.

command_ways=(exec shell terminal multiplexed su su_login login sudo cron)

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

way_su() {
	timeout 60 su "$1" -c "$2" 2>&1 </dev/null || :
}

way_su_login() {
	on_pty '<[$]\s'$'\n'">$(typed "$2"); exit\\r" su - "$1" || :
}

way_login() {
	on_pty '<[$]\s'$'\n'">$(typed "$2"); exit\\r" login -f "$1" || :
}

way_sudo() {
	timeout 60 sudo -u "$1" bash -c "$2" 2>&1 </dev/null || :
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

# typed COMMAND: the command as terminal.py's backslash escapes want it.
typed() {
	printf '%s' "${1//\\/\\\\}"
}
