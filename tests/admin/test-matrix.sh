#!/bin/bash
# sandlock-admin test --matrix: tables of expectations; the nearest rule; asking has no effect.
. "$(dirname "$0")/lib.sh"

place=$(realpath "$scratch")
mkdir -p "$place"/{granted,other}
echo text | tee "$place"/{granted,other}/file >/dev/null
cat >"$place/policy.ini" <<END
[filesystem]
execute    = /usr -/bin -/lib
write.here = $place/granted
read.one   = $place/other/file
device     = /dev/null -/dev/ptmx
[network]
connect = 10.20.0.0/16:22 udp://10.20.0.53:53
bind    = 8080 9000-9010
unix    = /run/one.sock
END
policy=$place/policy.ini
table=$place/table
# matrix STATUS: the table is standard input.
matrix() {
	cat >"$table"
	exits "$1" test "$policy" --matrix "$table"
}
# refused PLACE TEXT: the table is standard input.
refused() {
	matrix 2
	has "$table:$1: $2"
	[[ ! -s $scratch/out ]] || fail "asked in spite of $1: $(cat "$scratch/out")"
}

matrix 0 <<END
# The network is the same everywhere.
allow connect 10.20.1.1:22 udp://10.20.0.53:53
deny  connect 10.21.0.1:22	udp://10.20.0.53:54

  allow bind 9005
deny bind 22
allow unix /run/one.sock /run/systemd/journal/socket
deny unix /run/two.sock @name
allow syscall read
deny syscall mount
END
[[ $(cat "$scratch/out") == "$table: 12 as expected, 0 not, 0 could not be asked" ]] || fail "$(cat "$scratch/out")"

matrix 1 <<'END'
allow connect 10.20.1.1:22
allow connect 10.20.1.1:23
deny bind 8080 22
END
has "$table:2: allow is expected, but"
has 'denied  connect 10.20.1.1:23 (ECONNREFUSED)'
has "$table:3: deny is expected, but"
has 'allowed bind 8080'
has ': 2 as expected, 2 not, 0 could'
exits 1 test "$policy" --matrix "$table" --json
json '[(a["matrix_line"], a["action"], a["object"], a["expected"], a["met"]) for a in j["answers"]] == [(1, "connect", "10.20.1.1:22", True, True), (2, "connect", "10.20.1.1:23", True, False), (3, "bind", "8080", False, False), (3, "bind", "22", False, True)]'
json 'j["met"] == 2 and j["unmet"] == 2'

refused 2:1 'a line begins with "allow" or "deny"; did you mean "allow"?' <<<$'allow bind 8080\nalow bind 8080'
refused 1:7 'unknown action; did you mean "read"?' <<<'allow raed /etc'
refused 1:6 'an action is missing' <<<'allow'
refused 1:11 'an object is missing' <<<'allow read'
refused 1:12 'a path begins with /' <<<'allow read etc'
refused 1:12 'a path may not have a component' <<<'allow read /etc/../root'
refused 1:12 'a path has no "-"' <<<'allow read -/etc'
refused 1:14 'unknown specifier' <<<'allow read /x%q'
refused 1:12 'a control character' <<<$'allow bind \r'
refused 1:13 'a control character' <<<$'allow bind 1\xff'
refused 1:13 'a control character' < <(printf 'allow bind 1\0')
# All that is wrong is said, and nothing but comments is no test.
printf 'x\ny\n' >"$table"
exits 2 test "$policy" --matrix "$table"
has "$table:1:1:"
has "$table:2:1:"
printf '# nothing\n' >"$table"
exits 2 test "$policy" --matrix "$table"
has 'no expectation'
exits 3 test "$policy" --matrix "$place/none"
exits 2 test "$policy" read /etc --matrix "$table"
exits 2 test --matrix "$table"
# An object that means nothing to the action is no answer, either way.
printf 'deny connect 10.0.0.0/8:22\ndeny connect 10.0.0.1:22\n' >"$table"
exits 2 test "$policy" --matrix "$table"
has "$table:1: could not be asked"
has ': 1 as expected, 0 not, 1 could not be asked'
printf 'deny syscall raed\n' >"$table"
exits 3 test "$policy" --matrix "$table"

# nearest ACTION OBJECT RULE: denied, and this rule comes nearest; "-" for none.
nearest() {
	exits 1 test --json "$policy" "$1" "$2"
	json "((j['answers'][0]['nearest'] or {}).get('rule') or '-').split(':')[-1] == '$3' and j['answers'][0]['rule'] is None"
}
nearest connect 10.20.1.1:23 network.connect
nearest connect udp://10.20.0.53:54 network.connect
nearest connect udp://10.20.7.7:22 network.connect
nearest connect udp://192.0.2.1:53 network.connect
nearest connect 192.0.2.1:999 -
nearest bind 9011 network.bind
nearest unix /run/two.sock network.unix
nearest unix /srv/two.sock -
exits 1 test "$policy" bind 9011
has "no rule of $policy allows it"
has "the nearest is $policy:network.bind, $policy:8"

if "$SANDLOCK_SOURCE/tests/live/probe.py" landlock-abi-3; then
	nearest write "$place/other/file" filesystem.read.one
	nearest read "$place/other/new" filesystem.read.one
	nearest execute "$place/granted/file" filesystem.write.here
	# A program that runs would be busy.
	nearest write /usr/bin/tsort filesystem.execute
	nearest read /proc -
	printf 'allow read %s/with\\x20blank\n' "$place/granted" >"$table"
	echo text >"$place/granted/with blank"
	exits 0 test "$policy" --matrix "$table"
	printf 'deny read %%h/.profile\nallow read /usr/bin/env\n' >"$table"
	exits 0 test "$policy" --matrix "$table"

	# Who waits on a pipe goes on waiting, what is there keeps its times, no terminal is made.
	mkfifo "$place/granted/"{reading,writing}
	cat "$place/granted/reading" >/dev/null &
	reader=$!
	echo text >"$place/granted/writing" &
	writer=$!
	before=$(stat -c '%n %a %s %X %Y %Z' "$place"/granted/* "$place"/other/*)
	terminals=$(find /dev/pts -maxdepth 1 | sort)
	for action in read write execute; do
		"$SANDLOCK_ADMIN" test "$policy" $action "$place"/granted/* "$place"/other/* /dev/ptmx \
			"$place/granted/new" >"$scratch/out" 2>"$scratch/err" || (($? == 1))
	done
	[[ $(stat -c '%n %a %s %X %Y %Z' "$place"/granted/* "$place"/other/*) == "$before" ]] ||
		fail 'asking has changed something'
	[[ $(find /dev/pts -maxdepth 1 | sort) == "$terminals" ]] || fail 'asking has made a terminal'
	kill -0 "$reader" || fail 'asking has woken the reader of a pipe'
	kill -0 "$writer" || fail 'asking has woken the writer of a pipe'
	# The pipe works still: this wakes them, so they were waiting.
	: >"$place/granted/reading"
	cat "$place/granted/writing" >"$scratch/out"
	wait "$reader" "$writer"
	[[ $(cat "$scratch/out") == text ]] || fail 'a pipe lost what was in it'
fi
finish
