#!/bin/bash
# Reports of group membership (IGMP, MLD) carry what the session chooses to whoever is on the link.
. "$(dirname "$0")/lib.sh"

# Of the older versions a report goes to the group itself, and the witness knows it from others.
link_up() {
	ip link add group0 type veth peer name group1
	sysctl -q -w net.ipv4.conf.group0.force_igmp_version=2 \
		net.ipv6.conf.group0.force_mld_version=1 net.ipv6.conf.group0.accept_dad=0
	ip address add 192.0.2.77/24 dev group0
	ip link set group0 up
	ip link set group1 up
	wait_until 10 is_ready
	index=$(cat /sys/class/net/group0/ifindex)
}
is_ready() {
	[[ $(ip -6 address show dev group0 scope link -tentative) == *fe80:* ]]
}

group=232.101.115.99
group6=ff1e::6573:6361:7065:6421
group_rows() {
	local trick
	for trick in membership junk source mcast mcast-source; do
		row alice group "IGMP by $trick" group "$trick" "$group:0" "$index" 192.0.2.77
	done
	for trick in membership junk mcast mcast-source; do
		row alice group6 "MLD by $trick" group "$trick" "[$group6]:0" "$index" 192.0.2.77
	done
}

plan 22
programs_up
link_up
witness_up "group=packet:$group:0" "group6=packet:[$group6]:0"
group_rows
rows_run net alice

# Who may send to groups may join them.
policy users/alice <<-INI
	[policy]
	include = base
	[filesystem]
	write-execute = %h /tmp
	[network]
	connect = udp://224.0.0.251:5353
INI
join() { session alice group "$1" "$2" "$index" 192.0.2.77; }
joined=$(saw group)
check 'with a rule that names a group' join membership "$group:0"
check 'its report is sent' test "$(saw group)" -gt "$joined"
check 'IPv6, too' join mcast "[$group6]:0"
policy mandatory.d/10-site <<<$'[network]\nconnect = *'
check_fails 'not beside a policy that names none' join membership "$group:0"
policies_none
ip link del group0
