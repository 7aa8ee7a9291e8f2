#!/bin/bash
# also: sanitizers
# What root reads in the journal: each event with its MESSAGE_ID and fields, written by root's
# monitor, and never a user's forgery.
. "$(dirname "$0")/lib.sh"

session_open=9e46d8d3308d45e0a0b5ac2c5024f9f8
session_close=f91c731ea69845ae8bb374c46ad612bc
session_refused=80d3f9acfba94f63ba74e7ea78d5e14b
denied_network=495201f75ee04d52b48e983cb1a6ad0f

plan 27
policy_students

# shellcheck disable=SC2016
id=$(as alice 'echo $SANDLOCK_SESSION; exec 2>/dev/null
	echo >/dev/tcp/10.20.0.53/8080; echo >/dev/tcp/10.20.0.53/53; sleep 0.3' || :)
check 'the session has an id of 128 bits' grep -qxE '[0-9a-f]{32}' <<<"$id"
closed() { [[ -n $(journal_get MESSAGE MESSAGE_ID=$session_close SANDLOCK_SESSION="$id") ]]; }
check 'its end is recorded' wait_until 5 closed

# field EVENT FIELD: of this session's only record of that event.
field() {
	journal_get "$2" MESSAGE_ID="$1" SANDLOCK_SESSION="$id"
}
is 'one session-open' "$(field $session_open SANDLOCK_EVENT)" session-open
is 'its user' "$(field $session_open SANDLOCK_USER)" alice
is 'its uid' "$(field $session_open SANDLOCK_UID)" "$(id -u alice)"
is 'its service' "$(field $session_open SANDLOCK_SERVICE)" sshd
is 'its remote host' "$(field $session_open SANDLOCK_RHOST)" 127.0.0.1
has 'its policies' "$(field $session_open SANDLOCK_POLICIES)" students
is 'its mode' "$(field $session_open SANDLOCK_MODE)" enforce
check 'its policy hash' grep -qxE '[0-9a-f]{64}' <<<"$(field $session_open SANDLOCK_POLICY_HASH)"
check 'its ABI' grep -qxE '[0-9]+' <<<"$(field $session_open SANDLOCK_ABI)"
is 'its facility is authpriv' "$(field $session_open SYSLOG_FACILITY)" 10
is 'its priority is info' "$(field $session_open PRIORITY)" 6

is 'one denied-network, for the denied connect alone' \
	"$(field $denied_network SANDLOCK_OBJECT)" 10.20.0.53:8080
is 'its action' "$(field $denied_network SANDLOCK_ACTION)" connect
is 'its rule: none matched' "$(field $denied_network SANDLOCK_RULE)" -
is 'its errno is ECONNREFUSED' "$(field $denied_network SANDLOCK_ERRNO)" 111
is 'its command' "$(field $denied_network SANDLOCK_COMM)" bash
is 'its program' "$(field $denied_network SANDLOCK_EXE)" /usr/bin/bash
is 'its priority is notice' "$(field $denied_network PRIORITY)" 5

is 'session-close counts the denial' "$(field $session_close SANDLOCK_DENIED)" 1
check 'session-close counts the seconds' \
	grep -qxE '[0-9]+' <<<"$(field $session_close SANDLOCK_SECONDS)"

# A forged record, as any user can send one: there, but not with root's uid.
as bob "printf 'MESSAGE_ID=%s\nSANDLOCK_SESSION=f0f0\nSANDLOCK_USER=forged\nSYSLOG_IDENTIFIER=sandlock\nMESSAGE=forged\n' $session_open |
	logger --journald"
journalctl --sync
is 'a forged record carries the uid of who forged it' \
	"$(journalctl -q -o cat --output-fields=_UID SANDLOCK_SESSION=f0f0)" "$(id -u bob)"
lacks 'sandlock-admin does not believe it' "$(sandlock-admin sessions --all --json)" forged

policy groups/students <<<'this is no policy'
start=$(date +@%s.%N)
check_fails 'a broken policy refuses' as alice true
refused() { [[ $(journal_get SANDLOCK_USER MESSAGE_ID=$session_refused --since="$start") == alice ]]; }
check 'and session-refused says whom' wait_until 5 refused

policies_none
no_leaks 'nothing is left'
