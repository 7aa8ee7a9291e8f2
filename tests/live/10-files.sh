#!/bin/bash
# also: sanitizers
# Whatever way a confined user comes in, no byte of another user's file gets out, while their own
# files do; the control user gets both.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ways.sh"

plan $((3 * ${#command_ways[@]} + 3 * 3 + 3))
policy_students

for way in "${command_ways[@]}"; do
	has "$way: alice reads her own file" \
		"$("way_$way" alice 'cat /home/alice/secret')" 'secret of alice'
	lacks "$way: alice does not read bob's" \
		"$("way_$way" alice 'cat /home/bob/secret')" 'secret of bob'
	has "$way: bob, unconfined, reads alice's" \
		"$("way_$way" bob 'cat /home/alice/secret')" 'secret of alice'
done

# transfer NAME USER PATH: fetches PATH as USER by a file transfer, prints the bytes that came.
transfer() {
	local got=$work/got
	rm -f "$got"
	case $1 in
	sftp) echo "get $3 $got" | timeout 60 sftp -q -b - "$2@127.0.0.1" >/dev/null 2>&1 || : ;;
	scp) timeout 60 scp -q "$2@127.0.0.1:$3" "$got" >/dev/null 2>&1 || : ;;
	rcp) timeout 60 scp -O -q "$2@127.0.0.1:$3" "$got" >/dev/null 2>&1 || : ;;
	esac
	[[ ! -e $got ]] || cat "$got"
}

for way in sftp scp rcp; do
	has "$way: alice fetches her own file" "$(transfer $way alice /home/alice/secret)" \
		'secret of alice'
	is "$way: alice fetches nothing of bob's" "$(transfer $way alice /home/bob/secret)" ''
	has "$way: bob, unconfined, fetches alice's" "$(transfer $way bob /home/alice/secret)" \
		'secret of alice'
done

# Writing and listing are judged from outside as well.
chmod 777 /home/bob
as alice 'echo planted >/home/bob/planted' 2>/dev/null || :
check 'alice plants no file in a folder open to all' test ! -e /home/bob/planted
lacks 'alice does not list that folder' "$(as alice 'ls /home/bob' 2>&1 || :)" secret
chmod 755 /home/bob

no_leaks 'nothing is left'
