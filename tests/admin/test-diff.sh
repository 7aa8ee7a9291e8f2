#!/bin/bash
# sandlock-admin show --diff: what widens is always found, and what is covered is none of it.
. "$(dirname "$0")/lib.sh"
cd "$scratch"
place=$(realpath "$scratch")
mkdir -p "$place"/tree/{sub/deep,other} "$place"/{elsewhere,mounted}
echo text >"$place/tree/file"
echo text >"$place/tree/twin"
ln "$place/tree/twin" "$place/elsewhere/twin"
ln -s "$place/elsewhere" "$place/tree/link"

# compare STATUS OLD NEW: the lines of a policy are one argument, with ';' for a newline.
compare() {
	tr ';' '\n' <<<"$2" >old.ini
	tr ';' '\n' <<<"$3" >new.ini
	exits "$1" show ./old.ini --diff ./new.ini --json
}
what='[(i["rule"] or "-").split(":")[-1] + " " + i["says"] for i in j'

# widens OLD NEW WHAT...: these rules, and no others.
widens() {
	local old=$1 new=$2
	shift 2
	compare 1 "$old" "$new"
	json "$what[\"widens\"]] == [$(printf '"%s", ' "$@")]"
}
# covered OLD NEW: nothing widens.
covered() {
	compare 0 "$1" "$2"
	json 'j["widens"] == []'
}
# narrows OLD NEW WHAT...: only that.
narrows() {
	covered "$1" "$2"
	shift 2
	json "$what[\"narrows\"]] == [$(printf '"%s", ' "$@")]"
}
fs='[filesystem]' net='[network]' calls='[syscalls]'

# Files.
covered "$fs;read = /usr" "$fs;read = /usr"
json 'j["narrows"] == [] and j["replaces"] == ["./old.ini"]'
narrows "$fs;read = $place/tree" "$fs;read = $place/tree/sub" "filesystem.read $place/tree"
widens "$fs;read = $place/tree/sub" "$fs;read = $place/tree" "filesystem.read $place/tree"
widens "$fs;read = $place/tree" "$fs;write = $place/tree/sub" "filesystem.write $place/tree/sub"
covered "$fs;write = $place/tree" "$fs;read = $place/tree/sub"
covered "$fs;write = $place/tree;execute = $place" "$fs;write-execute = $place/tree/sub"
widens "$fs;read = $place/tree" "$fs;read = $place/treetop" "filesystem.read $place/treetop"
covered "$fs;read = $place/tree" "$fs;read = -$place/tree/none/yet"
widens "$fs;read = /usr" "$net;connect = none" "- files are not restricted"
narrows "$net;connect = none" "$fs;read = /usr;$net;connect = none" '- files are not restricted' \
	"- UNIX sockets beneath $(python3 -c 'import os, pwd; print(pwd.getpwuid(os.geteuid()).pw_dir)') may be reached" \
	'- UNIX sockets beneath /tmp may be reached' '- UNIX sockets beneath /var/tmp may be reached'
# A link leads to where it leads, and another name of a file is another way to it.
widens "$fs;read = $place/tree" "$fs;read = $place/tree/link" "filesystem.read $place/tree/link"
covered "$fs;read = $place/elsewhere" "$fs;read = $place/tree/link"
covered "$fs;read = $place/tree" "$fs;read = $place/tree/file"
widens "$fs;read = $place/tree" "$fs;read = $place/tree/twin" "filesystem.read $place/tree/twin"
covered "$fs;read = $place/elsewhere/twin" "$fs;read = $place/tree/twin"
# The rights of folders mean nothing on a file.
covered "$fs;rights.one = read_file:$place/tree/file" "$fs;read = $place/tree/file"
widens "$fs;rights.one = read_file:$place/tree" "$fs;read = $place/tree" "filesystem.read $place/tree"
if ((EUID == 0)); then
	# A folder mounted a second time is reached by both ways, whichever the rule names.
	unshare --mount --propagation private bash -euc 'mount --bind "$1/elsewhere" "$1/tree/other"
		printf "[filesystem]\nread = %s\n" "$1/tree" >old.ini
		printf "[filesystem]\nread = %s\n" "$1/tree/other" >new.ini
		printf "[filesystem]\nread = %s %s\n" "$1/tree" "$1/elsewhere" >both.ini
		"$2" show ./both.ini --diff ./new.ini >&2
		"$2" show ./old.ini --diff ./new.ini || exit $?' bash "$place" "$SANDLOCK_ADMIN" \
		>"$scratch/out" 2>"$scratch/err" || [[ $? == 1 ]]
	has 'Widens'
	has "$place/tree/other"
fi

# Addresses.
covered "$net;connect = 10.0.0.0/8:22" "$net;connect = 10.20.0.0/16:22 10.9.8.7:22"
widens "$net;connect = 10.20.0.0/16:22" "$net;connect = 10.0.0.0/8:22" 'network.connect 10.0.0.0/8:22'
widens "$net;connect = 10.0.0.0/8:22" "$net;connect = 10.0.0.0/8:22,23" 'network.connect 10.0.0.0/8:22-23'
covered "$net;connect = 10.0.0.0/8:22 10.0.0.0/16:23" "$net;connect = 10.0.0.0/16:22,23"
widens "$net;connect = 10.0.0.0/8:22" "$net;connect = 10.0.0.1" 'network.connect 10.0.0.1'
widens "$net;connect = 10.0.0.0/8:53" "$net;connect = udp://10.0.0.1:53" 'network.connect udp://10.0.0.1:53'
covered "$net;connect = *:443" "$net;connect = 10.0.0.1:443 [2001:db8::1]:443 www.example.org:443"
widens "$net;connect = udp://*:53" "$net;connect = udp://dns.example.org:53" 'network.connect udp://dns.example.org:53'
covered "$net;connect = any" "$net;connect = udp://dns.example.org:53 *"
widens "$net;connect = *" "$net;connect = any" 'network.connect any' \
	'- system calls: setsockopt'
covered "$net;connect = www.example.org" "$net;connect = WWW.example.org:80"
widens "$net;connect = www.example.org" "$net;connect = example.org" 'network.connect example.org'
widens "$net;connect = udp://*" "$net;connect = udp://224.0.0.251:5353" 'network.connect udp://224.0.0.251:5353' \
	'- system calls: setsockopt'
covered "$net;connect = udp://224.0.0.0/4" "$net;connect = udp://224.0.0.251:5353"
widens "$net;connect = udp://0.0.0.0/0" "$net;connect = udp://255.255.255.255:9" 'network.connect udp://255.255.255.255:9'
widens "$net;connect = udp://[::]/0" "$net;connect = udp://[ff02::fb]:5353" 'network.connect udp://[ff02::fb]:5353' \
	'- system calls: setsockopt'
widens "$net;connect = none" "$net;connect = 10.0.0.1:1" 'network.connect 10.0.0.1:1'
widens "$net;connect = none" "$fs;read = /" '- the network is not restricted' '- system calls: ioctl setsockopt seccomp'
covered "$net;connect = 10.0.0.1:1" "$net;connect = none"
widens "$net;connect = any" "$net;connect = icmp://10.0.0.1" '- sockets for ICMP echo requests'
widens "$net;connect = icmp://10.0.0.1" "$net;connect = icmp://10.0.0.0/24" 'network.connect icmp://10.0.0.0/24'

# Deny.
widens "$net;connect = any;deny = 10.9.0.0/16" "$net;connect = any" 'network.deny 10.9.0.0/16'
json 'j["widens"][0]["denied_before"] and j["widens"][0]["line"] == 3'
widens "$net;connect = any;deny = 10.9.0.0/16" "$net;connect = any;deny = 10.9.0.0/17" 'network.deny 10.9.0.0/16'
covered "$net;connect = any;deny = 10.9.0.0/16" "$net;connect = any;deny = 10.0.0.0/8"
covered "$net;connect = any;deny = 10.9.0.0/16" "$net;connect = 10.8.0.0/16 10.9.0.0/16:22;deny = 10.9.0.0/16:22"
widens "$net;connect = any;deny = 10.9.0.0/16" "$net;connect = 10.9.0.0/16:22;deny = 10.9.0.0/16:23" 'network.deny 10.9.0.0/16'
widens "$net;connect = any;deny = 10.9.0.0/16" "$net;connect = www.example.org:80" 'network.deny 10.9.0.0/16'
covered "$net;connect = any;deny = 10.9.0.0/16:22" "$net;connect = www.example.org:80"
# Of a network without some of its addresses it is not told that the rest is covered.
widens "$net;connect = 10.0.0.1:22" "$net;connect = 10.0.0.0/31:22;deny = 10.0.0.0" 'network.connect 10.0.0.0/31:22'
covered "$net;connect = none" "$net;connect = 10.0.0.1;deny = 10.0.0.0/8"

# Ports to listen on, sockets.
covered "$net;connect = none;bind = 8000-9000" "$net;connect = none;bind = 8080 8443"
widens "$net;connect = none;bind = 8080" "$net;connect = none;bind = 8080-8081" 'network.bind 8080-8081'
widens "$net;connect = none;bind = 1-65535" "$net;connect = none;bind = any" 'network.bind any'
widens "$net;connect = none" "$net;connect = none;unix = /run/db.sock" 'network.unix /run/db.sock'
covered "$net;connect = none;unix = /run" "$net;connect = none;unix = /run/db.sock"

# Between processes.
if "$SANDLOCK_SOURCE/tests/live/probe.py" landlock-abi-6; then
	widens "$fs;read = /" "$fs;read = /;[ipc];signal = any" 'ipc.signal signals may leave the session'
	covered "$fs;read = /" "$fs;read = /;[ipc];signal = session"
	covered "$fs;read = /;[ipc];signal = any" "$fs;read = /"
	widens "$fs;read = /" "$fs;read = /;[ipc];abstract-unix = any" 'ipc.abstract-unix abstract UNIX sockets of others may be reached'
fi
compare 1 "$fs;read = /" "$fs;read = /;[ipc];sysv = yes"
json '"shmget" in j["widens"][0]["says"].split()'

# System calls.
widens "$calls;deny = mkdir mkdirat" "$calls;deny = mkdir" '- system calls: mkdirat'
covered "$calls;deny = mkdir" "$calls;deny = @file-system"
compare 1 "$calls;profile = minimal" "$calls;profile = network"
json '"socket" in j["widens"][0]["says"].split() and "mount" not in j["widens"][0]["says"].split()'
covered "$calls;profile = network" "$calls;profile = minimal"
compare 1 "$calls;profile = network" "$calls;profile = unrestricted"
json '"ptrace" in j["widens"][0]["says"].split()'
widens "$calls;profile = network" "$calls;profile = network;allow = keyctl" '- system calls: keyctl'
widens "$calls;deny = mkdir" "$calls;deny = mkdir;error = log" '- system calls: mkdir'
covered "$calls;deny = mkdir;error = log" "$calls;deny = mkdir;error = kill"

# As text; and what cannot be compared.
printf '[filesystem]\nread = /usr\n' >old.ini
printf '[filesystem]\nread = /usr /etc\n[network]\nconnect = none\n' >new.ini
exits 1 show ./old.ini --diff ./new.ini
has './new.ini in place of ./old.ini'
has 'Widens'
has './new.ini:filesystem.read  /etc'
has 'Narrows'
has 'the network is not restricted'
exits 0 show ./old.ini --diff ./old.ini
has 'nothing widens, nothing narrows'
exits 3 show ./old.ini --diff ./none.ini
# Of another root the links are not known, so the names count.
mkdir "$place/root"
printf '[filesystem]\nread = %s\n' "$place/tree" >old.ini
printf '[filesystem]\nread = %s\n' "$place/tree/link" >new.ini
exits 0 show --root "$place/root" ./old.ini --diff ./new.ini
exits 1 show ./old.ini --diff ./new.ini
printf '[filesystem]\nread = /usr /etc\n[network]\nconnect = none\n' >new.ini
exits 1 show ./old.ini --diff "$here/data/many.ini"
exits 0 show daemon --diff ./new.ini
has 'not confined now'

# What complains enforces nothing, whatever it says.
exits 1 show "$here/data/network.ini" --diff "$here/data/complain.ini"
has 'nothing is denied (mode = complain)'
finish
