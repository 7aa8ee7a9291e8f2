#!/bin/bash
# A policy in complain mode beside one that enforces: whatever it says, and whichever of the two is
# whose, it loosens nothing. The rows are picked from the other files, some of each kind.
. "$(dirname "$0")/race.sh"

bad=10.99.0.1:5001
bus=/run/user/$(id -u alice)/bus

# What complains restricts nothing, or everything: the one must not lift, the other not let go.
complains_loose=$'[syscalls]\nallow = ptrace kcmp keyctl\n[ipc]\nsignal = any\nabstract-unix = any\nsysv = yes\n'
complains_tight=$'[filesystem]\nread = /usr\n[network]\nbind = none\n[ipc]\nsignal = session\n'

eval "enforced_$(declare -f policy_of)"
# policy_of USER NAME: enforced as ever in `beneath`, and with a policy that complains in `beside`.
policy_of() {
	local text
	enforced_policy_of "$1" "$2"
	text=$(<"/etc/sandlock/users/$1.ini")
	# The races go on between this address and another.
	text=${text/connect = /connect = $good udp://$good }
	printf '[policy]\nmode = complain\n%s' "$complains" | policy "$beside"
	policy "$beneath" <<<"$text"
}

network_rows() {
	local trick
	row alice bad 'connect to a forbidden address' local stream "$bad"
	row alice bad 'connect by an IPv4-mapped address' local stream "[::ffff:10.99.0.1]:5001"
	row alice bad 'fast open by sendto' fastopen sendto "$bad"
	row alice bad 'MPTCP to a forbidden address' kind mptcp-connect "$bad"
	for trick in socket unspecified own-table; do
		row alice udp "UDP by $trick" dgram "$trick" 10.99.0.1:5002
	done
	row alice udp 'UDP by connected' dgram connected 10.99.0.1:5002 10.20.0.53:5001
	row alice hop6 'a segment routing header' \
		source-route segments '[2001:db8:20::1]:443' '[2001:db8:99::9]'
	row alice bus 'the bus' local stream "$bus"
	row alice abstract 'an abstract socket outside' local stream @attack
}

file_rows() {
	row alice - 'read' file read "$outside/secret"
	row alice - 'list' file list "$outside"
	row alice - 'execute' file execute "$outside/program"
	row alice - 'write' file write "$outside/secret"
	row alice - 'create' file create "$outside/new"
	row alice - 'rename out of the grant' file rename "/home/alice/inside/file" "$outside/moved"
}

plan $((2 * 2 * 17 + 2 * 2 + 2 * 2 + 6))
programs_up
outside_up
install -d -m 755 /run/user
install -d -m 700 -o alice -g alice "${bus%/*}"
ip -6 address add 2001:db8:99::9/128 dev lo nodad
witness_up "bad=stream:$bad" udp=dgram:10.99.0.1:5002 "bus=stream:$bus" abstract=stream:@attack \
	'hop6=packet:[2001:db8:99::9]:0' "good=stream:$good" badport=stream:10.20.0.53:5002
chown alice:alice "$bus"

for case in 'users/alice mandatory.d/50-watch loose' 'mandatory.d/50-hold users/alice tight'; do
	read -r beneath beside which <<<"$case"
	complains=complains_$which
	complains=${!complains}
	network_rows
	file_rows
	rows_run net alice
	race "$which: address flipped by a thread" bad "$good" -- flip "$good" "$bad" "$(tries 20000)"
	race "$which: port flipped by a thread" badport "$good" -- \
		flip "$good" 10.20.0.53:5002 "$(tries 20000)"
	policy_of alice net
	is "$which: nothing gains privileges" "$(as alice 'grep -h NoNewPrivs /proc/self/status')" \
		$'NoNewPrivs:\t1'
	check_fails "$which: no key rings" as alice \
		"python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).syscall(250, 0, -3, 0) < 0)'"
	check_fails "$which: no System V memory" as alice \
		"python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).shmget(0, 4096, 0o1600) < 0)'"
	policies_none
done
ip -6 address del 2001:db8:99::9/128 dev lo
rm -rf "${bus%/*}"
