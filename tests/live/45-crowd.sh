#!/bin/bash
# also: threads
# Fifty logins at once: each works, each is confined, each gets a session of its own.
. "$(dirname "$0")/lib.sh"

logins=50
plan 6
policy_students

crowd() {
	local i
	local -a jobs=()
	for ((i = 0; i < logins; i++)); do
		# shellcheck disable=SC2016
		as "$1" 'echo "session $SANDLOCK_SESSION"; cat /home/alice/secret /home/bob/secret; sleep 3' \
			>"$work/crowd-$i" 2>&1 &
		jobs+=($!)
	done
	wait "${jobs[@]}" || :
}

crowd alice
is 'all were let in' "$(cat "$work"/crowd-* | grep -c 'secret of alice')" $logins
is 'none read another home' "$(cat "$work"/crowd-* | grep -c 'secret of bob' || :)" 0
is 'each has a session id' \
	"$(cat "$work"/crowd-* | grep -cxE 'session [0-9a-f]{32}' || :)" $logins
is 'no two have the same' "$(cat "$work"/crowd-* | grep '^session ' | sort -u | wc -l)" $logins
rm -f "$work"/crowd-*

crowd bob
is 'fifty control logins, unconfined, read it' \
	"$(cat "$work"/crowd-* | grep -c 'secret of alice' || :)" $logins

no_leaks 'nothing is left'
