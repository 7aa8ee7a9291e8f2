#!/bin/bash
# Port forwards of sshd are made by the user's sshd process, which is confined like the shell.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/forwards.sh"

allowed=10.20.0.53:443
denied=10.20.0.53:8080

plan 14
policy_students

# stdio_forward USER ENDPOINT: what comes back through ssh -W, whose other end stays open until then.
stdio_forward() {
	local open client
	rm -f "$work/open"
	mkfifo "$work/open"
	exec {open}<>"$work/open"
	: >"$work/said"
	ssh -W "$2" "$1@127.0.0.1" <&"$open" >"$work/said" 2>&1 &
	client=$!
	wait_until 20 answered "$client"
	kill "$client" 2>/dev/null || [[ ! -e /proc/$client ]]
	wait "$client" || :
	exec {open}>&-
	cat "$work/said"
}
answered() { [[ -s $work/said || ! -e /proc/$1 ]]; }

# forwarded OPTION USER SPEC CMD...: runs CMD while ssh holds a forward.
forwarded() {
	local option=$1 user=$2 spec=$3 status=0
	shift 3
	forwards_begin
	ssh -n -N -v "${forwards_options[@]}" -o ExitOnForwardFailure=no "$option" "$spec" \
		"$user@127.0.0.1" 2>"$work/forwards" &
	wait_until 20 forwards_are "$option" || echo "no session of $user"
	"$@" 2>&1 || status=$?
	kill $!
	wait $! || :
	return "$status"
}

# greeting PORT: the first line a server forwarded to a port here sends.
greeting() {
	timeout 10 bash -c "$(dial "127.0.0.1:$1")" || :
}

# witness TEXT ENDPOINT WANTED BEFORE: connections taken since BEFORE.
witness() {
	is "$1" "$(($(accepted "$2") - $4))" "$3"
}

has '-W: alice reaches an allowed server' "$(stdio_forward alice $allowed)" "hello from $allowed"
before=$(accepted $denied)
lacks '-W: alice gets nothing from a denied one' "$(stdio_forward alice $denied)" hello
witness '-W: and it has taken nobody' $denied 0 "$before"
has '-W: bob, unconfined, reaches it' "$(stdio_forward bob $denied)" "hello from $denied"

has '-L: alice reaches an allowed server' \
	"$(forwarded -L alice 7001:$allowed greeting 7001)" "hello from $allowed"
before=$(accepted $denied)
lacks '-L: alice gets nothing from a denied one' \
	"$(forwarded -L alice 7002:$denied greeting 7002)" hello
witness '-L: and it has taken nobody' $denied 0 "$before"
has '-L: bob, unconfined, reaches it' \
	"$(forwarded -L bob 7003:$denied greeting 7003)" "hello from $denied"

# -R listens in the session, to which students.ini gives no port at all.
listening() {
	if [[ -n $(ss -Hltn "sport = :$1") ]]; then echo open; else echo closed; fi
}
is '-R: alice opens no port' "$(forwarded -R alice 7004:$allowed listening 7004)" closed
is '-R: bob, unconfined, does' "$(forwarded -R bob 7005:$allowed listening 7005)" open
has '-R: and it leads to the client side' \
	"$(forwarded -R bob 7006:$allowed greeting 7006)" "hello from $allowed"

# -D: the SOCKS client asks for the denied server.
socks() {
	timeout 10 python3 - "$1" "$2" <<-'PYTHON' || :
		import socket, sys
		host, port = sys.argv[2].rsplit(":", 1)
		s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
		s.sendall(b"\5\1\0")
		s.recv(2)
		s.sendall(b"\5\1\0\1" + socket.inet_aton(host) + int(port).to_bytes(2, "big"))
		reply = s.recv(10)
		print("socks status", reply[1] if len(reply) > 1 else "none", s.recv(99) if reply[1:2] == b"\0" else "")
	PYTHON
}
has '-D: alice reaches an allowed server' \
	"$(forwarded -D alice 7007 socks 7007 $allowed)" "hello from $allowed"
lacks '-D: but not a denied one' "$(forwarded -D alice 7008 socks 7008 $denied)" hello

no_leaks 'nothing is left'
