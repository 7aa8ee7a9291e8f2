# shellcheck shell=bash
# The vocabulary of the live tests; sourced by each tests/live/NN-name.sh, which runs as root in a
# throw-away host (tests/hosts). Writes TAP. README.md in tests/ tells how to add a file.

set -Eeuo pipefail

lib_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
examples=$SANDLOCK_SOURCE/etc/examples
work=$(mktemp -d /run/live.XXXXXX)
baseline=''

. "$lib_folder/../hosts/tap.sh"

# --- results ---

# need FEATURE N TEXT: true where the kernel has it; else counts N results as skipped, which is
# possible in no other way: a skip where the kernel has the feature cannot be written.
need() {
	local i status=0
	"$lib_folder/probe.py" "$1" || status=$?
	case $status in
	0) return 0 ;;
	3) ;;
	*) exit "$status" ;;
	esac
	for ((i = 0; i < $2; i++)); do
		count=$((count + 1))
		echo "ok $count - $3 # SKIP kernel lacks $1"
	done
	return 1
}

# --- logging in ---

# as USER CMD: one command by ssh; a session that hangs is cut after a minute.
as() {
	local user=$1
	shift
	timeout "${session_limit:-60}" ssh -n "$user@127.0.0.1" "$@"
}

# on_pty SCRIPT CMD...: CMD on a terminal of its own, driven by the lines of SCRIPT (see terminal.py).
on_pty() {
	local script=$1
	shift
	timeout 90 python3 "$lib_folder/terminal.py" "$script" "$@"
}

# --- policies ---

# policy NAME: standard input becomes /etc/sandlock/NAME.ini.
policy() {
	mkdir -p "/etc/sandlock/${1%/*}"
	cat >"/etc/sandlock/$1.ini"
}

policies_none() {
	rm -rf /etc/sandlock/users /etc/sandlock/groups /etc/sandlock/mandatory.d
	rm -f /etc/sandlock/default.ini /etc/sandlock/sandlock.conf
}

# policy_students: alice is confined by the example; bob is in no group with a policy.
policy_students() {
	policies_none
	policy groups/students <"$examples/students.ini"
}

# --- what the world outside saw ---

# accepted ENDPOINT: connections the server at ENDPOINT has taken so far.
accepted() {
	grep -cFx "accept $1" /run/servers.log || [[ $? == 1 ]]
}

# dial ENDPOINT: the shell command by which a session tries to connect there.
dial() {
	local host=${1%:*} port=${1##*:}
	host=${host#[}
	echo "exec 3<>/dev/tcp/${host%]}/$port && head -n 1 <&3"
}

# journal_get FIELD MATCH...: the values of FIELD in root's own records that match, one a line.
journal_get() {
	local field=$1
	shift
	journalctl --sync
	journalctl -q -o json --all SYSLOG_IDENTIFIER=sandlock _UID=0 "$@" |
		python3 -c 'import json, sys
for line in sys.stdin:
    print(json.loads(line).get(sys.argv[1], ""))' "$field"
}

# --- leaks ---

# Everything a session could leave behind, one a line: processes but this script's own, mounts,
# files of /run/sandlock, System V objects, and how many descriptors each daemon holds.
snapshot() {
	local daemon
	ps -e -o pid=,ppid=,user=,args= | awk -v self=$$ '
		{ parent[$1] = $2; line[$1] = $0 }
		END {
			for (pid in parent) {
				for (p = pid; p != self && p > 1; p = parent[p]);
				if (p != self) { sub(/^ *[0-9]+ +[0-9]+ +/, "process ", line[pid]); print line[pid] }
			}
		}' | sort
	sed 's/^[0-9]* [0-9]* [^ ]* /mount /' /proc/self/mountinfo | sort
	if [[ -d /run/sandlock ]]; then
		find /run/sandlock | sed 's/^/file /' | sort
	fi
	ipcs -m -q -s | grep '^0x' || [[ $? == 1 ]]
	for daemon in sshd systemd-journal; do
		echo "descriptors of $daemon: $(find "/proc/$(pgrep -o -x "$daemon")/fd" -type l | wc -l)"
	done
}

snapshot_unchanged() {
	[[ $(snapshot) == "$baseline" ]]
}

# no_leaks TEXT: within five seconds all is as it was when the file began.
no_leaks() {
	if wait_until 5 snapshot_unchanged; then
		ok "$1"
	else
		not_ok "$1" "$(diff <(echo "$baseline") <(snapshot) || [[ $? == 1 ]])"
	fi
}

ends_with "$work"
policies_none
# The first login of a user starts things that stay (journald's files); not a leak.
as alice true
as bob true
nobody_in() { [[ $(pgrep -c -x sshd) == 1 ]]; }
wait_until 5 nobody_in
baseline=$(snapshot)
