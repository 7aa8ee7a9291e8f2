#!/bin/bash
# Messages that are not what they seem: numbers without sense, descriptors and credentials of others.
. "$(dirname "$0")/lib.sh"

places=(10.20.0.53:5001 '[2001:db8:20::1]:5001' '[::ffff:10.20.0.53]:5001' /home/alice/odd)

# policy_good USER: may reach all the places.
policy_good() {
	policy_of "$1" net
	sed -i 's,^connect = ,&udp://[2001:db8:20::1]:5001 ,' "/etc/sandlock/users/$1.ini"
}

# Two results differ on purpose: a length of 0 in sendto(2) is no address to a supervisor, which
# sends without one as sendmsg(2) does; and what is no socket is told so before its address is read.
odd_results() {
	session alice odd "${places[@]}" | grep -v -e 'sendto length 0:' -e 'connect nowhere on'
}

# rights WANTED-STATUS WANTED-TEXT WORD...
rights() {
	local output status=0
	output=$(session alice rights "${@:3}" 2>&1) || status=$?
	has "rights: ${*:3}" "$status $output" "$1 result: $2"
}

plan 15
programs_up
witness_up good=dgram:10.20.0.53:5001 'good6=dgram:[2001:db8:20::1]:5001' good=dgram:/home/alice/odd
chown alice:alice /home/alice/odd

policies_none
free=$(odd_results)
rights 1 'stopped: sendmsg: Operation not permitted' uid
policy_good alice
confined=$(odd_results)
is 'odd numbers: as many results' "$(wc -l <<<"$confined")" "$(wc -l <<<"$free")"
is 'odd numbers: no result but the kernel'"'s own" "$(diff <(echo "$free") <(echo "$confined"))" ''
has 'odd numbers: some are fine' "$free" 'length 16: fine'
for what in EFAULT EINVAL EMSGSIZE ENOBUFS EDESTADDRREQ EAFNOSUPPORT; do
	has "odd numbers: some are not: $what" "$free" ": $what"
done
rights 1 'stopped: none that is not ours' foreign
rights 1 'stopped: ' swapped 20000
for what in pid uid gid; do
	rights 1 'stopped: sendmsg: Operation not permitted' "$what"
done
rm -f /home/alice/odd
