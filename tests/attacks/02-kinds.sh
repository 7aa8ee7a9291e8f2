#!/bin/bash
# Socket kinds that no rule speaks of, refused in every session. The control is root's: some kinds
# want a capability, and a confined root must not have them either.
. "$(dirname "$0")/lib.sh"

kinds=(
	mptcp mptcp-junk mptcp6 sctp sctp-seqpacket dccp udplite udplite-junk ping raw raw-junk raw-tcp
	raw6 packet packet-junk packet-dgram packet-old vsock vsock-dgram unix-raw
	netlink-diag netlink-audit netlink-netfilter netlink-uevent netlink-generic
	alg tipc bluetooth can key xdp smc rds
)

kind_rows() {
	local kind
	for kind in "$@"; do
		row root - "$text: $kind" kind "$kind"
	done
}

plan $((4 * ${#kinds[@]}))
programs_up
witness_up none=stream:127.0.0.1:5001
sysctl -q -w net.ipv4.ping_group_range='0 0'
text='no [network]'
kind_rows "${kinds[@]}"
rows_run files root
text='with [network]'
kind_rows "${kinds[@]}"
rows_run net root
