# shellcheck shell=bash
# Puts up a throw-away Debian host on this machine, runs commands in it, takes it down.
#
#   . tests/hosts/host.sh; trap host_down EXIT
#   host_up BUILD            # BUILD: a meson build folder to install there, or nothing
#   host_exec CMD ARG...     # as root, inside all of the host's namespaces
#   host_audit_on            # the machine's audit, for the journal of the host; host_audit_off
#   host_down
#
# The host lives in mount, PID, network, UTS, IPC and cgroup namespaces of its own. Its root is an overlay
# of the machine's root whose upper layer is a tmpfs, so it forgets all when its init is killed;
# the kernel then takes every process and mount of it away. init.sh is what happens inside.

host_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
host_source=$(cd "$host_folder/../.." && pwd)
. "$host_folder/debs.sh"

# What a test does in the host must not starve the machine: all of the host together may have so
# many processes and threads, and so may each of its users.
host_tasks=4096

host_state=''
host_unshare=''
host_init=''
host_fence=''
host_audit_was=''

# host_audit_on: there is one audit on a machine; who wants it on waits for the others.
host_audit_on() {
	exec {host_audit_lock}</run/lock
	flock "$host_audit_lock"
	host_audit_was=$(python3 "$host_folder/audit.py" on)
}

# host_audit_off: as it was before.
host_audit_off() {
	if [[ -n $host_audit_was ]]; then
		python3 "$host_folder/audit.py" "$host_audit_was" >/dev/null
		host_audit_was=''
		exec {host_audit_lock}<&-
	fi
}

# host_fence_up: sets host_fence to a fresh control group with that limit. A machine without the
# controller only bounds the users.
host_fence_up() {
	local hierarchy folder
	for hierarchy in /sys/fs/cgroup/pids /sys/fs/cgroup; do
		folder=$hierarchy/${host_state##*/}
		if [[ ! -e $hierarchy/cgroup.procs ]] || ! mkdir "$folder" 2>/dev/null; then
			continue
		fi
		if [[ -e $folder/pids.max ]]; then
			echo "$host_tasks" >"$folder/pids.max"
			host_fence=$folder
			return
		fi
		rmdir "$folder"
	done
	echo 'host: no control group for processes here; only the users are bounded' >&2
}

# host_fenced CMD...: in place of a subshell, so its PID is that of CMD.
host_fenced() {
	if [[ -n $host_fence ]]; then
		echo "$BASHPID" >"$host_fence/cgroup.procs"
	fi
	exec "$@"
}

host_fence_down() {
	local tries=0
	if [[ -z $host_fence ]]; then
		return
	fi
	# Whoever was just killed leaves the group when the kernel gets to it.
	until rmdir "$host_fence" 2>/dev/null || ((++tries > 50)); do
		sleep 0.1
	done
	host_fence=''
}

# host_up [BUILD]: returns when the host's sshd takes logins; prints the host's log and fails
# after two minutes.
host_up() {
	local build=${1:-} deadline=$((SECONDS + 120))
	if [[ -n $build ]]; then
		build=$(cd "$build" && pwd)
	fi
	debs_fetch "$host_folder/packages-host"
	host_state=$(mktemp -d "${TMPDIR:-/tmp}/sandlock-host.XXXXXX")
	host_fence_up
	# A background job of a script ignores SIGINT, and so would each login in the host. Should
	# this shell be killed, the host goes with it.
	(
		ulimit -u "$host_tasks"
		host_fenced env --default-signal=INT,QUIT setpriv --pdeathsig KILL \
			python3 "$host_folder/audit.py" listen \
			unshare --mount --propagation private --pid --fork --kill-child --net --uts --ipc \
			--cgroup bash "$host_folder/init.sh" "$host_state" "$host_source" "$build" \
			"$debs_folder/archives"
	) </dev/null >"$host_state/log" 2>&1 &
	host_unshare=$!
	until [[ -s $host_state/ready ]]; do
		if ! kill -0 "$host_unshare" 2>/dev/null || ((SECONDS > deadline)); then
			cat "$host_state/log" >&2
			echo "host: did not come up" >&2
			return 1
		fi
		sleep 0.1
	done
	host_init=$(cat "$host_state/ready")
}

# host_exec CMD ARG...: leading NAME=value words are its environment, which is otherwise bare.
host_exec() {
	(host_fenced nsenter --target "$host_init" --mount --pid --net --uts --ipc --cgroup -- \
		env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root LANG=C.UTF-8 TERM=xterm SANDLOCK_SOURCE="$host_source" "$@")
}

# host_down: may be called any number of times; leaves no process, mount or file.
host_down() {
	host_audit_off
	if [[ -n $host_unshare ]]; then
		if [[ -n $host_init ]]; then
			kill -KILL "$host_init" 2>/dev/null || [[ ! -e /proc/$host_init ]]
		else
			kill -KILL "$host_unshare" 2>/dev/null || [[ ! -e /proc/$host_unshare ]]
		fi
		wait "$host_unshare" 2>/dev/null || host_unshare=''
		host_unshare=''
		host_init=''
	fi
	host_fence_down
	if [[ -n $host_state ]]; then
		rm -rf --one-file-system "$host_state"
		host_state=''
	fi
}
