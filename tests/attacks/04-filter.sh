#!/bin/bash
# The kernel's other doors: foreign numbers, io_uring, own listeners, namespaces, mounts, terminals.
. "$(dirname "$0")/lib.sh"

bad=10.99.0.1:5001
stranger=''

call_rows() {
	local trick
	for trick in int80-connect int80-mixed int80-socketcall x32-connect; do
		row alice bad "foreign numbers: $trick" abi "$trick" "$bad"
	done
	row alice - 'io_uring at all' uring setup
	row alice bad 'connect by io_uring' uring connect "$bad"
	row alice bad 'own listener' listener plain "$bad"
	row alice bad 'own listener, junk in the flags' listener junk "$bad"
	row alice - 'TIOCSTI' terminal tiocsti
	row alice - 'TIOCSTI, junk in the command' terminal tiocsti-junk
	row alice - 'a set-uid file of her own' file setuid-mode /tmp/attack.setuid
}

namespace_rows() {
	local way flag
	for way in unshare clone clone-junk clone3; do
		for flag in user mnt net pid uts ipc cgroup; do
			row alice - "$way $flag" namespace "$way" "$flag"
		done
		for flag in mnt-alone net-alone; do
			row root - "$way $flag" namespace "$way" "$flag"
		done
	done
	row root - 'unshare time-alone' namespace unshare time-alone
	row root - 'setns' namespace setns "$stranger"
	for way in mount bind remount fsopen open-tree umount pivot; do
		row root - "$way" namespace "$way" /mnt
	done
}

programs_up
mount -t tmpfs attack /mnt
unshare --net sleep 600 &
stranger=$!
helpers+=("$stranger")
wait_until 5 test "/proc/$stranger/exe" -ef /bin/sleep
witness_up "bad=stream:$bad"
call_rows
namespace_rows
plan $((2 * ${#rows[@]} + 8))
rows_run net alice root
# Without [network] there is no supervisor, and no reason to let go of the rest.
for trick in 'uring setup' 'terminal tiocsti-junk' 'namespace clone user' 'namespace unshare net'; do
	# shellcheck disable=SC2086
	row alice - "no [network]: $trick" $trick
done
rows_run files alice
rm -f /tmp/attack.setuid
umount /mnt
