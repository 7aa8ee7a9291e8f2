#!/bin/bash
# sandlock-admin terminate, on sessions that are made of shells: what a record may make it end.
. "$(dirname "$0")/machine.sh"

open=9e46d8d3308d45e0a0b5ac2c5024f9f8
close=f91c731ea69845ae8bb374c46ad612bc
start_of() { awk '{print $22}' "/proc/$1/stat"; }
namespace_of() { readlink "/proc/$1/ns/uts" | tr -dc 0-9; }

# opened ID FIELD=VALUE...: the record of a session of alice's.
opened() {
	local id=$1
	shift
	record MESSAGE_ID=$open "MESSAGE=$id opened" SANDLOCK_EVENT=session-open SANDLOCK_SESSION="$id" \
		SANDLOCK_SEQ=1 SANDLOCK_USER=alice SANDLOCK_UID=4711 SANDLOCK_SERVICE=sshd "$@"
}
by_supervisor() {
	printf 'SANDLOCK_SUPERVISOR_PID=%s\nSANDLOCK_SUPERVISOR_START=%s\n' "$1" "$(start_of "$1")"
}

# session_up NAME: a shell that stands for the supervisor, waiting for the word to end; its own
# child, as a worker; and beside them two processes of the session, one of which heeds nothing.
# Sets supervisor, members.
session_up() {
	# shellcheck disable=SC2016
	unshare --uts setsid bash -c '
		trap "echo told >\"$0.told\"; kill %1; exit" USR2
		trap "" TERM HUP
		sleep 300 &
		(setsid bash -c "trap \"\" TERM HUP; sleep 300 & echo \$! >\"$0.child\"; while :; do wait; done" & echo $! >"$0.deaf")
		(setsid sleep 300 & echo $! >"$0.member")
		echo $$ >"$0"
		while :; do wait; done' "$scratch/$1" &
	wait_for test -s "$scratch/$1"
	wait_for test -s "$scratch/$1.child"
	supervisor=$(cat "$scratch/$1")
	members=("$(cat "$scratch/$1.deaf")" "$(cat "$scratch/$1.member")" "$(cat "$scratch/$1.child")")
}
lives() { [[ -e /proc/$1 && $(awk '{print $3}' "/proc/$1/stat") != Z ]]; }
all_live() {
	local pid
	for pid in "$@"; do
		lives "$pid" || return 1
	done
}
none_lives() {
	local pid
	for pid in "$@"; do
		! lives "$pid" || return 1
	done
}
closed_by() { journalctl -q -o cat --output-fields=MESSAGE MESSAGE_ID=$close SANDLOCK_SESSION="$1" _UID=0; }

first=aaaaaaaa000000000000000000000001
second=bbbbbbbb000000000000000000000002
third=cccccccc000000000000000000000003
fourth=dddddddd000000000000000000000004
fifth=eeeeeeee000000000000000000000005
forged=ffffffff000000000000000000000006

exits 3 terminate aaaaaaaa
has 'no open session aaaaaaaa'
exits 3 terminate --user nobody-of-this-name
exits 0 terminate --user alice
install -m 755 "$SANDLOCK_ADMIN" /run/sandlock-admin
status=0
as_alice /run/sandlock-admin terminate aaaaaaaa >"$scratch/out" 2>"$scratch/err" || status=$?
((status == 4)) || fail "terminate by a user: exit $status"

# The neighbours, of which nothing may end: another session, and a namespace of nobody's.
session_up second
neighbours=("$supervisor" "${members[@]}")
mapfile -t fields < <(by_supervisor "$supervisor")
opened $second "${fields[@]}"
unshare --uts sleep 300 &
neighbours+=($!)
sleep 300 &
neighbours+=($!)

# One that lives: the supervisor hears of it first, stopped or not, and has the last word.
session_up first
mapfile -t fields < <(by_supervisor "$supervisor")
opened $first "${fields[@]}"
wait_for journal_has SANDLOCK_SESSION=$first
kill -STOP "$supervisor"
all_live "$supervisor" "${members[@]}" || fail 'the session does not live'
exits 0 terminate aaaaaaaa
grep -qxF 'Session aaaaaaaa of alice has ended.' "$scratch/out" || fail "no line of its own: $(cat "$scratch/out")"
none_lives "$supervisor" "${members[@]}" || fail 'something of the session lives'
[[ -e $scratch/first.told ]] || fail 'the supervisor was not told'
journalctl --sync
[[ -z $(closed_by $first) ]] || fail 'the record is the supervisor'\''s to write'
all_live "${neighbours[@]}" || fail 'a neighbour has ended'

# By the record alone: its supervisor is gone, its pid another process's now.
session_up third
kill -KILL "$supervisor"
wait_for none_lives "$supervisor"
opened $third "SANDLOCK_SUPERVISOR_PID=${neighbours[-1]}" SANDLOCK_SUPERVISOR_START=1 \
	"SANDLOCK_NAMESPACE=$(namespace_of "${members[0]}")"
wait_for journal_has SANDLOCK_SESSION=$third
exits 3 terminate $third
has 'nothing of session cccccccc is left'
all_live "${members[@]}" || fail 'ended without a proof'
# A process of the user's that says so is one; another user's is none.
nsenter --uts="/proc/${members[0]}/ns/uts" env SANDLOCK_SESSION=$third sleep 300 &
wait_for test "/proc/$!/exe" -ef "$(command -v sleep)"
exits 3 terminate $third
kill $!
nsenter --uts="/proc/${members[0]}/ns/uts" setpriv --reuid 4711 --regid 4711 --clear-groups \
	env SANDLOCK_SESSION=$third sleep 300 &
claimant=$!
wait_for test "/proc/$claimant/exe" -ef "$(command -v sleep)"
exits 0 terminate $third --json
json 'j["sessions"] == [{"session": "'$third'", "user": "alice"}]'
none_lives "${members[@]}" $claimant || fail 'something of the lost session lives'
wait_for journal_has MESSAGE_ID=$close SANDLOCK_SESSION=$third SANDLOCK_REASON=terminated _UID=0
exits 3 terminate $third
has 'no open session'

# What a forged or foolish record could name: the whole system's namespace, another's number.
opened $fourth "SANDLOCK_SUPERVISOR_PID=${neighbours[-1]}" \
	"SANDLOCK_SUPERVISOR_START=$(start_of "${neighbours[-1]}")"
opened $fifth SANDLOCK_SUPERVISOR_PID=1 SANDLOCK_SUPERVISOR_START=1 \
	"SANDLOCK_NAMESPACE=$(namespace_of "${neighbours[4]}"):1"
wait_for journal_has SANDLOCK_SESSION=$fifth
exits 1 terminate $fourth
has 'not marked'
exits 3 terminate $fifth
as_alice bash -c "printf '%s\n' MESSAGE_ID=$open MESSAGE=forged SANDLOCK_EVENT=session-open \
	SANDLOCK_SESSION=$forged SANDLOCK_USER=alice SANDLOCK_SUPERVISOR_PID=${neighbours[0]} \
	SANDLOCK_SUPERVISOR_START=$(start_of "${neighbours[0]}") SYSLOG_IDENTIFIER=sandlock |
	logger --journald"
wait_for journal_has SANDLOCK_SESSION=$forged _UID=4711
exits 3 terminate $forged
all_live "${neighbours[@]}" || fail 'a neighbour has ended'

# Two that begin alike are not told apart by it; all of a user's end, and what is left is said.
session_up fourth
mapfile -t fields < <(by_supervisor "$supervisor")
opened aaaaaaaa000000000000000000000009 "${fields[@]}"
opened aaaaaaaa00000000000000000000000a "${fields[@]}"
wait_for journal_has SANDLOCK_SESSION=aaaaaaaa00000000000000000000000a
exits 2 terminate aaaaaaaa0
has 'several sessions'
all_live "${members[@]}" || fail 'ended by half an id'
exits 1 terminate --user alice
none_lives "${members[@]}" "${neighbours[@]:0:4}" || fail 'something of the user lives'
all_live "${neighbours[@]:4}" || fail 'somebody else has ended'
finish
