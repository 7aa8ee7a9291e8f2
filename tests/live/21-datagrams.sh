#!/bin/bash
# also: sanitizers
# Every call that can send, on every kind of socket, has the result it has without confinement where
# it is allowed, and no effect where it is not. Servers on another host are the witness.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/calls.sh"

inside=/tmp/live
outside=/run/live-outside

# NAME KIND ALLOWED DENIED; the relative paths start in /tmp.
rows=(
	'tcp4 stream 10.20.1.1:7000 10.99.1.1:7000'
	'tcp6 stream [2001:db8:20:1::1]:7000 [2001:db8:99:1::1]:7000'
	'tcp-mapped stream [::ffff:10.20.1.1]:7000 [::ffff:10.99.1.1]:7000'
	'udp4 dgram 10.20.1.1:7001 10.20.1.1:7002'
	'udp6 dgram [2001:db8:20:1::1]:7001 [2001:db8:99:1::1]:7001'
	'udp-mapped dgram [::ffff:10.20.1.1]:7001 [::ffff:10.20.1.1]:7002'
	"stream-absolute stream $inside/stream $outside/stream"
	"stream-relative stream ./live/stream ../run/live-outside/stream"
	"stream-link stream $inside/stream-link $inside/stream-out"
	"dgram-absolute dgram $inside/dgram $outside/dgram"
	"dgram-relative dgram ./live/dgram ../run/live-outside/dgram"
	"dgram-link dgram $inside/dgram-link $inside/dgram-out"
)
modes=(blocking nonblocking)
ways=(connect sendto sendmsg sendmmsg)
# Word and arguments of what is compared line by line; @ stands for a label of the user's.
words=(
	'sizes @ 10.20.1.1:7001 [2001:db8:20:1::1]:7001 /tmp/live/dgram [::ffff:10.20.1.1]:7001'
	'vectors @ 10.20.1.1:7001'
	'pipe 10.20.1.1:7000'
	'again 10.20.1.1:7000 10.20.1.1:7001'
	'rights'
	'rights-by-path /tmp/rights'
	'credentials'
	'silent 10.20.9.1:7000'
	'silent [2001:db8:20:9::1]:7000'
	'timeout 10.20.9.1:7000 /tmp/live/deaf'
	'signal 10.20.9.1:7000'
	'full /tmp/live/full-@'
	'pairs'
	'nonblocking 10.20.1.1:7003 /tmp/live/deaf-stream'
)

plan $((3 * ${#rows[@]} * ${#modes[@]} * ${#ways[@]} + ${#words[@]} + 12 + 8 + 1))

network_up() {
	policies_none
	policy users/alice <<-INI
		[policy]
		include = base
		[filesystem]
		write-execute = %h /tmp
		[network]
		connect.tcp = 10.20.1.1:7000,7003 [2001:db8:20:1::1]:7000 10.20.9.0/24 [2001:db8:20:9::]/64
		connect.udp = udp://10.20.1.1:7001 udp://[2001:db8:20:1::1]:7001
		[ipc]
		signal = session
		abstract-unix = session
	INI
	programs_up
	# A queue of ten, the default, would be full now and then.
	sysctl -q -w net.unix.max_dgram_qlen=512
	mkdir -p -m 755 $inside $outside
	ln -sfn stream $inside/stream-link
	ln -sfn dgram $inside/dgram-link
	ln -sfn $outside/stream $inside/stream-out
	ln -sfn $outside/dgram $inside/dgram-out
	echo_up far stream:10.20.1.1:7000 stream:10.99.1.1:7000 deaf-stream:10.20.1.1:7003 \
		stream:[2001:db8:20:1::1]:7000 stream:[2001:db8:99:1::1]:7000 \
		dgram:10.20.1.1:7001 dgram:10.20.1.1:7002 \
		dgram:[2001:db8:20:1::1]:7001 dgram:[2001:db8:99:1::1]:7001
	echo_up here stream:$inside/stream dgram:$inside/dgram stream:$outside/stream \
		dgram:$outside/dgram deaf-dgram:$inside/deaf deaf-stream:$inside/deaf-stream \
		full:$inside/full-alice full:$inside/full-other
}

# try_matrix USER PREFIX COLUMN: all rows in one session; lines NAME:MODE:CALL: ...
try_matrix() {
	local row name kind allowed denied
	local -a args=()
	for row in "${rows[@]}"; do
		read -r name kind allowed denied <<<"$row"
		if [[ $3 == allowed ]]; then
			args+=("$name" "$kind" "$allowed")
		else
			args+=("$name" "$kind" "$denied")
		fi
	done
	call "$1" matrix "$2" "${args[@]}"
}

# line_of TEXT KEY: what became of one attempt.
line_of() {
	sed -n "s/^$2: //p" <<<"$1"
}

# received PREFIX KEY: how many messages with that label a server got, and from which uids.
received() {
	awk -v label="$1:$2" '$1 == "got" && $3 == label { n++; uid[$6] }
		END { printf "%d received", n; for (u in uid) printf " by %s", u }' "$seen"
}

# refused NAME CALL: what a confined program is told.
refused() {
	case $1:$2 in
	tcp*) echo 'socket=0 connect=ECONNREFUSED send=EPIPE' ;;
	udp*:connect) echo 'socket=0 connect=ECONNREFUSED send=EDESTADDRREQ' ;;
	udp*) echo 'socket=0 send=EPERM' ;;
	stream* | dgram*:connect) echo 'socket=0 connect=EACCES send=ENOTCONN' ;;
	dgram*) echo 'socket=0 send=EACCES' ;;
	esac
}

# as_anybody LINE USER: without the user's number, which differs.
as_anybody() {
	sed "s/ by $(id -u "$2")\$/ by the user/" <<<"$1"
}

compare_matrix() {
	local row name mode way key free confined
	local allowed_free allowed_confined denied_free denied_confined
	allowed_free=$(try_matrix bob other-good allowed)
	allowed_confined=$(try_matrix alice alice-good allowed)
	denied_free=$(try_matrix bob other-bad denied)
	denied_confined=$(try_matrix alice alice-bad denied)
	settle
	for row in "${rows[@]}"; do
		name=${row%% *}
		for mode in "${modes[@]}"; do
			for way in "${ways[@]}"; do
				key=$name:$mode:$way
				free="$(line_of "$allowed_free" "$key"), $(received other-good "$key")"
				confined="$(line_of "$allowed_confined" "$key"), $(received alice-good "$key")"
				is "$key, allowed: as without confinement" \
					"$(as_anybody "$confined" alice)" "$(as_anybody "$free" bob)"
				is "$key, denied" \
					"$(line_of "$denied_confined" "$key"), $(received alice-bad "$key")" \
					"$(refused "$name" "$way"), 0 received"
				confined="$(line_of "$denied_free" "$key"), $(received other-bad "$key")"
				is "$key, denied to others only" "$confined" "$free"
			done
		done
	done
}

compare_words() {
	local word free confined
	for word in "${words[@]}"; do
		# shellcheck disable=SC2086
		free=$(call bob ${word//@/other})
		# shellcheck disable=SC2086
		confined=$(call alice ${word//@/alice})
		is "$word" "$confined" "$free"
	done
}

# bytes_of LABEL: how many messages of what size and sum the servers got under that label.
bytes_of() {
	awk -v label="$1" '$1 == "got" && $3 == label { print $2, $4, $5 }' "$seen" | sort | uniq -c
}

compare_bytes() {
	local name
	settle
	for name in IPv4:1473 IPv4:65507 IPv6:65527 UNIX:200000 mapped:65507 vectors; do
		has "$name: all bytes of the control arrived" "$(bytes_of "other:$name")" ' '
		is "$name: the same arrived" "$(bytes_of "alice:$name")" "$(bytes_of "other:$name")"
	done
}

compare_several() {
	local free confined name
	free=$(call bob several other 10.20.1.1:7001 10.20.1.1:7002)
	confined=$(call alice several alice 10.20.1.1:7001 10.20.1.1:7002)
	for name in all many none; do
		is "sendmmsg, $name" "$(line_of "$confined" $name)" "$(line_of "$free" $name)"
	done
	is 'sendmmsg, second denied' "$(line_of "$confined" second)" '1, lengths 100 12345 12345'
	is 'sendmmsg, last denied' "$(line_of "$confined" last)" '2, lengths 100 99 12345'
	is 'sendmmsg, first denied' "$(line_of "$confined" first)" 'EPERM, lengths 12345 12345'
	settle
	is 'sendmmsg: as many arrived' \
		"$(received alice second), $(received alice last), $(received alice first)" \
		'1 received by -, 2 received by -, 0 received'
	is 'sendmmsg: all of the control' \
		"$(received other second), $(received other last), $(received other first)" \
		'3 received by -, 3 received by -, 2 received by -'
}

network_up
compare_matrix
compare_words
compare_bytes
compare_several
rm -rf $inside $outside
sysctl -q -w net.unix.max_dgram_qlen=10
no_leaks 'nothing is left'
