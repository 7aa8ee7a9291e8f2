#!/bin/bash
# The jump host of etc/examples/jump.ini: whatever sshd forwards for its user goes where `connect`
# allows and nowhere else, listens where `bind` and the grants allow, and what is refused is refused
# at once and in ssh's own words. The far host's sshd is the witness.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/calls.sh"
. "$(dirname "$0")/forwards.sh"

target=10.20.1.1
target6=2001:db8:20:1::1
other=10.99.1.1
granted=/run/live-granted
outside=/run/live-outside
held=''

plan 53

# taken ADDRESS PORT: connections the far sshd has taken there.
taken() {
	grep -c " on $1 port $2 " /run/sshd-far.log || [[ $? == 1 ]]
}

# via USER ARG...: ssh with USER's host in between; messages of both clients are shown.
via() {
	local user=$1
	shift
	timeout 20 ssh -n -F "$work/config" -J "$user@127.0.0.1" "$@" 2>&1
}

# straight USER ARG...: ssh to the jump host itself.
straight() {
	local user=$1
	shift
	timeout 20 ssh -n -F "$work/config" "$@" "$user@127.0.0.1" 2>&1
}

# refused TEXT PART CMD...: says no within ten seconds, in words that hold PART.
refused() {
	local text=$1 part=$2 output status=0 start=$SECONDS
	shift 2
	output=$("$@" 2>&1) || status=$?
	if ((status == 0 || status == 124 || SECONDS - start > 10)); then
		not_ok "$text" "exit $status after $((SECONDS - start)) s: $output"
	else
		has "$text" "$output" "$part"
	fi
}

# nobody TEXT ADDRESS PORT BEFORE: the far sshd has taken no more connections.
nobody() {
	is "$1" "$(taken "$2" "$3")" "$4"
}

# hold USER OPTION...: a connection with forwards, until let_go.
hold() {
	local user=$1
	shift
	forwards_begin
	ssh -n -F "$work/config" -N -v "${forwards_options[@]}" "$@" "$user@127.0.0.1" 2>"$work/forwards" &
	held=$!
	wait_until 20 forwards_are "$@" || cat "$work/forwards"
}

let_go() {
	kill "$held"
	wait "$held" || :
}

# line_of PORT [WORD]: the first line that comes out of a forwarded port, after WORD was sent there;
# "closed" when none comes, "hang" when the port is not closed either.
line_of() {
	local line status=0
	line=$(timeout 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/$1; [[ -z \$1 ]] || echo \$1 >&3; head -n 1 <&3" \
		bash "${2:-}" 2>/dev/null) || status=$?
	case $status:$line in
	124:*) echo hang ;;
	*:) echo closed ;;
	*) echo "$line" ;;
	esac
}

listening() {
	if [[ -n $(ss -Hltn "sport = :$1") ]]; then echo open; else echo closed; fi
}

# socks PORT HOST:PORT: asks a SOCKS5 server for a name or address; the first line from there.
socks() {
	timeout 10 python3 - "$1" "${2%:*}" "${2##*:}" <<-'PYTHON' || echo hang
		import socket, sys
		port, host, number = int(sys.argv[1]), sys.argv[2].encode(), int(sys.argv[3])
		s = socket.create_connection(("127.0.0.1", port), 8)
		s.sendall(b"\5\1\0")
		s.recv(2)
		s.sendall(b"\5\1\0\3" + bytes([len(host)]) + host + number.to_bytes(2, "big"))
		reply = s.recv(10)
		print(s.recv(99).decode() if reply[1:2] == b"\0" else "refused")
	PYTHON
}

jumps() {
	local before before443
	has '-J: alice reaches the target' "$(via alice "bob@$target" 'echo $SSH_CONNECTION')" "$target 22"
	has '-J: by IPv6' "$(via alice "bob@$target6" 'echo $SSH_CONNECTION')" "$target6 22"
	has '-J: by a name of /etc/hosts' "$(via alice bob@far 'echo $SSH_CONNECTION')" "$target 22"
	is '-J: and is herself there, unconfined' \
		"$(via alice "alice@$target" 'id -un; cat ~bob/secret')" $'alice\nthe secret of bob'
	before=$(taken $other 22) before443=$(taken $target 443)
	refused '-J: not another host' 'open failed: connect failed' via alice "bob@$other" true
	refused '-J: not another port' 'open failed: connect failed' via alice -p 443 "bob@$target" true
	refused '-J: not the jump host itself' 'open failed: connect failed' \
		via alice bob@127.0.0.2 true
	refused '-J: not a name that nobody may ask for' 'open failed' via alice bob@git.lab.test true
	nobody '-J: the other host has seen nobody' $other 22 "$before"
	nobody '-J: nor has the other port' $target 443 "$before443"
	has '-J: bob, unconfined, reaches the other host' \
		"$(via bob "alice@$other" 'echo $SSH_CONNECTION')" "$other 22"
	has 'a shell on the jump host: ssh goes on to the target' \
		"$(as alice "ssh -o BatchMode=yes bob@$target id -un" 2>&1)" bob
	refused 'a shell on the jump host: but not to another host' 'Connection refused' \
		as alice "ssh -o BatchMode=yes bob@$other id -un"
}

forwards() {
	local before
	before=$(taken $other 22)
	has '-W: the target' "$(straight alice -W $target:22 || :)" SSH-2.0
	refused '-W: not another host' 'open failed' straight alice -W $other:22
	hold alice -L "7101:$target:22" -L "7102:$other:22" -L 7103:far:22 -L "7104:$target:443" -D 7105
	has '-L: the target' "$(line_of 7101)" SSH-2.0
	has '-L: by name' "$(line_of 7103)" SSH-2.0
	is '-L: not another host: closed at once' "$(line_of 7102)" closed
	is '-L: not another port' "$(line_of 7104)" closed
	has '-L: ssh says why' "$(cat "$work/forwards")" 'open failed: connect failed'
	has '-D: the target' "$(socks 7105 $target:22)" SSH-2.0
	is '-D: not another host' "$(socks 7105 $other:22)" refused
	is '-D: nor by a name' "$(socks 7105 other.lab.test:22)" refused
	let_go
	nobody 'the other host has seen nobody' $other 22 "$before"
	hold bob -L "7102:$other:22" -D 7105
	has '-L: bob, unconfined, reaches it' "$(line_of 7102)" SSH-2.0
	has '-D: bob, unconfined, reaches it' "$(socks 7105 $other:22)" SSH-2.0
	let_go
}

# What sshd listens on for the user, by jump.ini: nothing.
listeners_refused() {
	refused '-R: no port' 'remote port forwarding failed' \
		straight alice -N -o ExitOnForwardFailure=yes -R 7110:127.0.0.1:8080
	refused '-R: not any port either' 'remote port forwarding failed' \
		straight alice -N -o ExitOnForwardFailure=yes -R 0:127.0.0.1:8080
	refused '-R: no socket' 'remote port forwarding failed' \
		straight alice -N -o ExitOnForwardFailure=yes -R /home/alice/forward:127.0.0.1:8080
	check '-R: there is none' test ! -e /home/alice/forward
	has '-X: no display, but a session' \
		"$(DISPLAY=:0 straight alice -X -o RemoteCommand='echo "display <$DISPLAY>"')" 'display <>'
	has '-X: ssh says so' "$(DISPLAY=:0 straight alice -X -o RemoteCommand=true)" \
		'X11 forwarding request failed'
	has '-A: no agent, but a session' \
		"$(straight alice -A -o RemoteCommand='ssh-add -l; echo in')" in
	lacks '-A: no key is at hand' "$(straight alice -A -o RemoteCommand='ssh-add -l; echo in')" ED25519
	hold alice -L "7120:$outside/stream"
	is '-L to a socket outside: closed at once' "$(line_of 7120 word)" closed
	let_go
	is '-L to a socket outside: its server has seen nobody' "$(seen_count "^accept $outside")" 0
}

# The same with a policy that grants some of it.
policy_wider() {
	policy groups/students <<-INI
		[policy]
		include = base
		[filesystem]
		read.ssh = -%h/.ssh
		write.sockets = /tmp %h
		[network]
		connect = $target:22 127.0.0.1:6010-6019
		bind    = 6010-6019 7110
		unix    = $granted/stream
	INI
}

listeners_granted() {
	hold alice -R 7110:127.0.0.1:8080 -L "7120:$granted/stream" -L "7121:$outside/stream" \
		-R /home/alice/forward:127.0.0.1:8080 -R 7111:127.0.0.1:8080
	is '-R: a port that bind names' "$(listening 7110)" open
	has '-R: it leads to the client side' "$(line_of 7110)" 'hello from 127.0.0.1:8080'
	is '-R: not another one' "$(listening 7111)" closed
	check '-R: a socket beneath a write grant' test -S /home/alice/forward
	is '-L to a socket that unix names' "$(line_of 7120 word)" word
	is '-L to another one: closed at once' "$(line_of 7121 word)" closed
	let_go
	rm -f /home/alice/forward
	has '-X: a display on a port that bind names' \
		"$(DISPLAY=:0 straight alice -X -o RemoteCommand='echo "display <$DISPLAY>"')" \
		'display <localhost:10.0>'
	has '-A: the agent beneath /tmp' "$(straight alice -A -o RemoteCommand='ssh-add -l; echo in')" ED25519
	has '-A: and it opens the target' \
		"$(straight alice -A -o RemoteCommand="ssh -o BatchMode=yes -o IdentityFile=none bob@$target id -un")" bob
}

files() {
	echo 'get .ssh/authorized_keys' "$work/got" | sftp -q -b - alice@127.0.0.1 >/dev/null 2>&1 || :
	check 'sftp: reads what is granted' cmp "$work/got" /home/alice/.ssh/authorized_keys
	echo "put $work/got planted" | sftp -q -b - alice@127.0.0.1 >/dev/null 2>&1 || :
	check 'sftp: writes nothing' test ! -e /home/alice/planted
	check_fails 'scp: reads nothing else' scp -q alice@127.0.0.1:secret "$work/secret"
	scp -q "$work/got" alice@127.0.0.1:planted 2>/dev/null || :
	check 'scp: writes nothing' test ! -e /home/alice/planted
	check 'scp: bob, unconfined, reads it' scp -q bob@127.0.0.1:secret "$work/secret"
}

setup() {
	policies_none
	policy groups/students <"$examples/jump.ini"
	cat >"$work/config" <<-CONFIG
		Host *
		BatchMode yes
		LogLevel INFO
		ConnectTimeout 15
	CONFIG
	programs_up
	mkdir -p -m 755 $granted $outside
	echo_up here stream:$granted/stream stream:$outside/stream
	eval "$(ssh-agent -s)" >/dev/null
	ssh-add -q /root/.ssh/id_ed25519
}

setup
jumps
forwards
listeners_refused
files
policy_wider
listeners_granted
hold bob -L "7121:$outside/stream"
is '-L to that socket: bob, unconfined, reaches it' "$(line_of 7121 word)" word
let_go
has '-X: bob, unconfined, has a display' \
	"$(DISPLAY=:0 straight bob -X -o RemoteCommand='echo "display <$DISPLAY>"')" 'display <localhost:10.0>'
kill "$SSH_AGENT_PID"
rm -rf $granted $outside
policies_none
no_leaks 'nothing is left'
