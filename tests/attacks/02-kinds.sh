#!/bin/bash
# Socket kinds that no rule speaks of. The control is root's: some kinds want a capability, and a
# confined root must not have them either.
. "$(dirname "$0")/lib.sh"

# Refused in every session.
never=(
	mptcp mptcp-junk mptcp6 sctp sctp-seqpacket dccp udplite raw raw-junk raw-tcp raw6
	packet packet-junk packet-dgram packet-old vsock vsock-dgram
	netlink-diag netlink-audit netlink-netfilter netlink-uevent netlink-generic
	alg tipc bluetooth can key xdp smc rds
)
# Refused where [network] is there and sending to an address is not supervised.
supervised=(udp udp-junk udp6 ping unix-dgram unix-raw)

kind_rows() {
	local kind
	for kind in "$@"; do
		row root - "$text: $kind" kind "$kind"
	done
}

plan $((2 * (2 * ${#never[@]} + ${#supervised[@]})))
programs_up
witness_up none=stream:127.0.0.1:5001
sysctl -q -w net.ipv4.ping_group_range='0 0'
text='no [network]'
kind_rows "${never[@]}"
rows_run files root
text='with [network]'
kind_rows "${never[@]}" "${supervised[@]}"
rows_run net root
