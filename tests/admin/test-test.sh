#!/bin/bash
# sandlock-admin test: answers, the rule that gives them, exit codes; nothing is changed by asking.
. "$(dirname "$0")/lib.sh"

# As the policies see it, so without what /tmp may be a link to.
place=$(realpath "$scratch")
mkdir "$place"/{granted,other}
echo text >"$place/granted/file"
echo text >"$place/other/file"
mkfifo "$place/granted/fifo"
ln -s ../other/file "$place/granted/link"
cat >"$place/files.ini" <<END
[filesystem]
execute    = /usr -/bin -/lib
write.here = $place/granted
read.one   = $place/other/file
device     = /dev/null
END
says help-test.txt 0 test --help

# answers STATUS ALLOWED RULE ACTION OBJECT: with files.ini, or $policy
answers() {
	exits "$1" test --json "${policy:-$place/files.ini}" "$4" "$5"
	json "[(a['allowed'], (a['rule'] or '-').split(':')[-1]) for a in j['answers']] == [($2, '$3')]"
}
if "$SANDLOCK_SOURCE/tests/live/probe.py" landlock-abi-3; then
	before=$(cd "$place" && find . -printf '%p %T@ %C@ %s\n' | grep -v '^\./[a-z]* \|^\. ')
	answers 0 True filesystem.write.here read "$place/granted/file"
	answers 0 True filesystem.write.here write "$place/granted/file"
	answers 0 True filesystem.write.here write "$place/granted"
	answers 0 True filesystem.write.here write "$place/granted/new"
	answers 0 True filesystem.write.here write "$place/granted/fifo"
	answers 0 True filesystem.write.here read "$place/granted/fifo"
	answers 0 True filesystem.read.one read "$place/granted/link"
	answers 1 False - write "$place/granted/link"
	answers 1 False - execute "$place/granted/file"
	answers 0 True filesystem.read.one read "$place/other/file"
	answers 1 False - read "$place/other"
	answers 1 False - read "$place/other/new"
	answers 1 False - write "$place/other/new"
	answers 1 False - read "$place/none/new"
	json 'j["answers"][0]["errno"] == "ENOENT"'
	answers 0 True filesystem.execute execute /usr/bin/env
	# A program that runs would be busy.
	answers 1 False - write /usr/bin/tsort
	answers 1 False - execute /usr
	answers 0 True filesystem.device write /dev/null
	answers 1 False - read /dev/zero
	cd "$place/granted"
	answers 0 True filesystem.write.here read ./file
	cd - >/dev/null
	[[ $(cd "$place" && find . -printf '%p %T@ %C@ %s\n' | grep -v '^\./[a-z]* \|^\. ') == "$before" ]] ||
		fail 'asking has changed something'
	[[ ! -e $place/granted/new ]] || fail 'asking has made a file'
	exits 1 test "$place/files.ini" read "$place/granted/file" "$place/other"
	has "allowed $place/granted/file"
	has "denied  $place/other (EACCES)"
	has "files.ini:filesystem.write.here, $place/files.ini:3 [landlock]"
	has "grants read [landlock]"
fi
policy=$here/data/network.ini
answers 0 True network.connect connect 10.20.1.1:22
answers 0 True network.connect connect 10.20.1.1:8050
answers 1 False network.deny connect 10.20.9.1:22
answers 1 False - connect 10.20.1.1:23
json 'j["answers"][0]["errno"] == "ECONNREFUSED" and j["answers"][0]["enforced_by"] == "supervisor"'
answers 1 False - connect udp://10.20.1.1:22
answers 0 True network.connect.dns connect udp://10.20.0.53:53
answers 0 True network.connect.dns connect icmp://10.20.0.1
answers 1 False - connect icmp://10.20.0.2
answers 0 True network.connect connect '[2001:db8:20::1]:22'
answers 0 True network.connect connect '[::ffff:10.20.1.1]:22'
answers 1 False - connect '[2001:db8:21::1]:22'
answers 0 True network.bind bind 9005
answers 1 False - bind 22
answers 1 False - bind 0
answers 0 True network.unix unix /run/db.sock
answers 1 False - unix /run/other.sock
answers 0 True - unix /run/systemd/journal/socket
answers 1 False - unix @name
answers 0 True - syscall shmget

printf '[network]\nconnect = localhost:80\n' >"$place/name.ini"
policy=$place/name.ini
answers 0 True network.connect connect 127.0.0.1:80
answers 0 True network.connect connect 0.0.0.0:80
answers 0 True network.connect connect localhost:80
answers 1 False - connect localhost:81
answers 0 True - read /etc/passwd

policy=$here/data/syscalls.ini
answers 0 True - connect 10.0.0.1:1
answers 0 True - bind 80
answers 0 True - unix /run/any.sock
answers 0 True syscalls.allow syscall keyctl
answers 0 True syscalls.profile syscall read
answers 1 False syscalls.deny syscall mkdir
json 'j["answers"][0]["errno"] == "ENOTTY" and j["answers"][0]["line"] == 8'
answers 1 False syscalls.deny syscall chown
answers 1 False syscalls.profile syscall ptrace
# Both filters deny it: the kernel gives the error of the newer one.
answers 1 False syscalls.profile syscall mount
json 'j["answers"][0]["errno"] == "ENOTTY" and "which files the rules" in j["answers"][0]["why"]'
answers 1 False - syscall io_uring_setup
answers 1 False syscalls.profile syscall shmget
has 'sysv = yes lifts it'
answers 0 True syscalls.profile syscall ioctl
has 'but not'
printf '[syscalls]\nprofile = minimal\nerror = kill\n' >"$place/kill.ini"
policy=$place/kill.ini
answers 1 False syscalls.profile syscall mkdir
has 'killed'
answers 1 False syscalls.profile connect 10.0.0.1:1
has 'socket is denied'
answers 1 False syscalls.profile bind 8080
answers 1 False syscalls.profile syscall mount
has 'killed'
printf '[syscalls]\ndeny = mkdir\nerror = log\n' >"$place/log.ini"
policy=$place/log.ini
answers 0 True syscalls.deny syscall mkdir
has 'audit'

exits 3 test "$policy" syscall sokcet
has 'did you mean "socket"'
exits 3 test "$policy" syscall mount sokcet
exits 2 test "$policy" connect 10.0.0.1
exits 2 test "$policy" connect 10.0.0.0/8:22
exits 2 test "$policy" connect 10.0.0.1:22,23
exits 2 test "$policy" bind http
exits 2 test "$policy" unix relative
exits 2 test "$policy" raed /etc
has 'did you mean "read"'
exits 2 test "$policy" read
exits 3 test "$place/missing.ini" read /etc
exits 1 test "$here/data/many.ini" read /etc
exits 3 test "$place/name.ini" connect no-such-host.invalid:80

# A policy in complain mode is judged by what it says, and it is said that it only says so.
exits 1 test "$here/data/complain.ini" connect 11.0.0.1:22
has 'In complain mode'
exits 0 test "$here/data/complain.ini" connect 10.0.0.1:22
# A command line that is wrong in part has no answer.
exits 2 test "$here/data/network.ini" connect 10.20.1.1:22 10.20.1.1
[[ ! -s $scratch/out ]] || fail "answered all the same: $(cat "$scratch/out")"
exits 2 test "$here/data/network.ini" bind 22 70000 --json
json '"answers" not in j'
finish
