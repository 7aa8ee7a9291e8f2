#!/bin/bash
# also: sanitizers
# Host names of rules: resolved when the session opens, or again and again; what they became is in
# the journal; one that does not resolve grants nothing; a name server that hangs costs two seconds.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/calls.sh"

degraded=c885b038ba9f4872808348092029a22a
old=10.20.1.1
new=10.99.1.1
old6=2001:db8:20:1::1
socket=$work/session

plan 32

# names ADDRESS...: what git.lab.test is from now on.
names() {
	: >"$work/zone"
	printf '%s git.lab.test\n' "$@" >>"$work/zone"
	mv "$work/zone" /run/dns.zone
}

# names_policy [LINE]: alice may go to the name, wherever that is, and to one literal address.
names_policy() {
	policy users/alice <<-INI
		[policy]
		include = base
		[filesystem]
		write-execute = %h /tmp
		[network]
		connect         = git.lab.test:7000 udp://git.lab.test:7001 nowhere.lab.test:7000
		connect.literal = 10.20.1.1:7002
		connect.dns     = udp://10.20.0.53:53
		${1:-}
	INI
}

# reached CMD HOST PORT: connections that a server takes when CMD runs a shell's attempt.
reached() {
	local before
	before=$(seen_count '^accept ')
	"$1" "exec 3<>/dev/tcp/$2/$3" 2>/dev/null || :
	settle
	echo $(($(seen_count '^accept ') - before))
}

once() {
	as alice "$1"
}

free() {
	as bob "$1"
}

# open_session: one that stays, for commands by `within`; sets id.
open_session() {
	ssh -M -S "$socket" -N alice@127.0.0.1 &
	wait_until 15 test -S "$socket"
	# shellcheck disable=SC2016
	id=$(within 'echo $SANDLOCK_SESSION')
}

within() {
	timeout 60 ssh -n -S "$socket" alice@127.0.0.1 "$1"
}

close_session() {
	ssh -S "$socket" -O exit alice@127.0.0.1 2>/dev/null
	wait %% || :
}

within_reaches() {
	[[ $(reached within "$1" 7000) == 1 ]]
}

# names_of SESSION: the record of what names became, the newest last.
names_of() {
	journal_get SANDLOCK_NAMES SANDLOCK_SESSION="$1" | grep . || [[ $? == 1 ]]
}

# unresolved SESSION: the names that grant nothing.
unresolved() {
	journal_get SANDLOCK_OBJECT MESSAGE_ID=$degraded SANDLOCK_SESSION="$1" | sort -u | xargs
}

# login_ms: how long a login and a command take: the quickest of three.
login_ms() {
	local start i
	for i in 1 2 3; do
		start=${EPOCHREALTIME/[.,]/}
		as alice true
		echo $(((${EPOCHREALTIME/[.,]/} - start) / 1000))
	done | sort -n | head -n 1
}

at_login() {
	names $old $old6
	names_policy
	is 'the address of the name' "$(reached once $old 7000)" 1
	is 'its IPv6 address' "$(reached once $old6 7000)" 1
	is 'by the name, looked up in the session' "$(reached once git.lab.test 7000)" 1
	is 'not another port of it' "$(reached once $old 7003)" 0
	is 'bob, unconfined, does' "$(reached free $old 7003)" 1
	is 'not another address' "$(reached once $new 7000)" 0
	is 'bob, unconfined, does, too' "$(reached free $new 7000)" 1
	call alice matrix names udp dgram $old:7001 >/dev/null
	call alice matrix names other dgram $new:7001 >/dev/null
	settle
	is 'datagrams to the name arrive' "$(seen_count '^got [^ ]* names:udp:')" 10
	is 'and none elsewhere' "$(seen_count '^got [^ ]* names:other:')" 0
	open_session
	is 'the journal has the addresses' "$(names_of "$id" | xargs -n 1 | grep ^git)" "git.lab.test=$old6,$old"
	is 'a name that does not exist is a degraded event' "$(unresolved "$id")" nowhere.lab.test
	names $new
	is 'resolve = login: the old address stays' "$(reached within $old 7000)" 1
	is 'the new one does not come' "$(reached within $new 7000)" 0
	close_session
	is 'with the next login it does' "$(reached once $new 7000)" 1
	is 'and the old one is gone' "$(reached once $old 7000)" 0
}

again_and_again() {
	names $old $old6
	names_policy 'resolve = 10s'
	open_session
	is 'resolve = 10s: the address' "$(reached within $old 7000)" 1
	is 'not the one to come' "$(reached within $new 7000)" 0
	names $new
	check 'within 15 s the new address counts' wait_until 15 within_reaches $new
	is 'the old one does not any more' "$(reached within $old 7000)" 0
	is 'nor its IPv6 address' "$(reached within $old6 7000)" 0
	has 'the journal has the old ones first' "$(names_of "$id" | head -n 1)" "git.lab.test=$old6,$old"
	has 'and the new one last' "$(names_of "$id" | tail -n 1)" "git.lab.test=$new"
	rm /run/dns.zone
	: >/run/dns.zone
	check 'within 15 s of its end the name grants nothing' wait_until 15 not_within $new
	has 'and the journal says so' "$(unresolved "$id")" git.lab.test
	close_session
}

not_within() {
	! within_reaches "$1"
}

# What a hanging server costs is measured against a login with one that answers.
hanging() {
	local quick slow
	names $old
	names_policy 'resolve = 10s'
	quick=$(login_ms)
	touch /run/dns.zone.hang
	slow=$(login_ms)
	echo "# a login: $quick ms; with a name server that hangs: $slow ms"
	check 'a hanging name server costs a login no more than 2.3 s' test $((slow - quick)) -lt 2300
	check 'but it was asked, and waited for' test $((slow - quick)) -gt 1000
	open_session
	is 'the name grants nothing' "$(reached within $old 7000)" 0
	is 'an address does' "$(reached within $old 7002)" 1
	is 'the journal says which names do not' "$(unresolved "$id")" 'git.lab.test nowhere.lab.test'
	rm /run/dns.zone.hang
	check 'when the server is back, the name is, within 15 s' wait_until 15 within_reaches $old
	close_session
}

policies_none
programs_up
cp /run/dns.zone "$work/zone.before"
echo_up far stream:$old:7000 stream:[$old6]:7000 stream:$new:7000 stream:$old:7002 stream:$old:7003 \
	dgram:$old:7001 dgram:$new:7001
at_login
again_and_again
hanging

no_supervisor() {
	! pgrep -f sandlock-supervisor
}
check 'no process that resolves is left' wait_until 5 no_supervisor
cp "$work/zone.before" /run/dns.zone
policies_none
no_leaks 'nothing is left'
