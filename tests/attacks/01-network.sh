#!/bin/bash
# Ways to a forbidden address that are not a plain connect(2), and doors into the session.
. "$(dirname "$0")/lib.sh"

bad=10.99.0.1:5001
bad6='[2001:db8:99::1]:5001'

# The driver's part of the `listen` rows: comes in at whatever port the session names.
visitor() {
	local file=/tmp/attack.port
	while true; do
		if [[ -s $file ]]; then
			timeout 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$(<"$file")" 2>/dev/null || sleep 0.1
			rm -f "$file"
		fi
		sleep 0.05
	done
}

plain_rows() {
	local trick
	row alice bad 'connect to a forbidden address' local stream "$bad"
	row alice bad6 'connect to a forbidden IPv6 address' local stream "$bad6"
	row alice bad 'connect by an IPv4-mapped address' local stream "[::ffff:10.99.0.1]:5001"
	row alice loop 'connect to 0.0.0.0, which is loopback' local stream 0.0.0.0:5001
	row alice loop 'connect to ::, which is loopback' local stream '[::]:5001'
	for trick in sendto sendto-junk sendmsg sendmmsg option; do
		row alice bad "fast open by $trick" fastopen "$trick" "$bad"
	done
	row alice bad 'connect from a thread' thread shared "$bad"
	row alice bad 'connect from a thread with descriptors of its own' thread own "$bad"
	row alice bad 'connect from a thread whose leader has ended' thread orphan "$bad"
	row alice bad 'MPTCP to a forbidden address' kind mptcp-connect "$bad"
}

door_rows() {
	row alice - 'listen without bind' listen unbound /tmp/attack.port
	row alice - 'listen without bind, IPv6' listen unbound6 /tmp/attack.port
	row alice - 'listen on a port outside the rules' listen port /tmp/attack.port 6001
	row alice - 'the same, IPv6' listen port6 /tmp/attack.port 6002
	row alice - 'listen on port 0' listen zero /tmp/attack.port
	row alice - 'listen with the port of an undone connection' \
		listen after-connect /tmp/attack.port 10.20.0.53:443
	row alice - 'listen by MPTCP' listen mptcp /tmp/attack.port 6003
}

# IPv4 source routes want a capability since Linux 6.18, so root tries them, too.
route_rows() {
	row root hop 'a loose source route' source-route loose 10.20.0.53:443 10.99.0.9
	row root hop 'a strict source route' source-route strict 10.20.0.53:443 10.99.0.9
	row root hop 'a source route in control data' source-route control 10.20.0.53:5001 10.99.0.9
	row alice hop6 'a segment routing header in control data' \
		source-route control6 '[2001:db8:20::1]:443' '[2001:db8:99::9]'
	row alice hop6 'a segment routing header' \
		source-route segments '[2001:db8:20::1]:443' '[2001:db8:99::9]'
}

datagram_rows() {
	local trick
	for trick in socket unspecified inet-by-inet6 flags zerocopy device connected-write \
		own-table; do
		row alice udp "UDP by $trick" dgram "$trick" 10.99.0.1:5002
	done
	row alice udp 'UDP, IPv4-mapped' dgram socket '[::ffff:10.99.0.1]:5002'
	for trick in connected second more cork dissolved; do
		row alice udp "UDP by $trick" dgram "$trick" 10.99.0.1:5002 10.20.0.53:5001
	done
	row alice udp6 'UDP, IPv6' dgram socket '[2001:db8:99::1]:5002'
	for trick in socket raw pair-sendmsg pair-raw-sendmsg pair-sendto pair-sendmmsg pair-connect; do
		row alice dgram "UNIX datagram by $trick" dgram "$trick" /run/attack.dgram
	done
}

plain_rows
door_rows
route_rows
datagram_rows
plan $((2 * ${#rows[@]}))
programs_up
ip address add 10.99.0.9/32 dev lo
ip -6 address add 2001:db8:99::9/128 dev lo nodad
witness_up "bad=stream:$bad" "bad6=stream:$bad6" loop=stream:127.0.0.1:5001 \
	'loop=stream:[::1]:5001' udp=dgram:10.99.0.1:5002 'udp6=dgram:[2001:db8:99::1]:5002' \
	dgram=dgram:/run/attack.dgram \
	hop=packet:10.99.0.9:0 'hop6=packet:[2001:db8:99::9]:0'
chmod 666 /run/attack.dgram
visitor &
helpers+=($!)
rows_run net alice root
rm -f /run/attack.dgram /tmp/attack.port
ip address del 10.99.0.9/32 dev lo
ip -6 address del 2001:db8:99::9/128 dev lo
