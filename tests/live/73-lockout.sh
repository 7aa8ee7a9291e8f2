#!/bin/bash
# Whatever is broken around us, the outcome is decided: confined as always, or refused, never
# unconfined; and root gets in.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ways.sh"

session_refused=80d3f9acfba94f63ba74e7ea78d5e14b
supervisor_failed=9efdd2c5483c459e916d4edb1deaf999
secrets='cat /home/alice/secret /home/bob/secret'

plan 42

# outcome USER COMMAND...: what comes of it: confined, unconfined or refused.
outcome() {
	local user=$1 output
	shift
	output=$(timeout 30 "$@" 2>&1 </dev/null || :)
	case $output in
	*"secret of alice"*"secret of bob"*) echo unconfined ;;
	*"secret of alice"*) echo confined ;;
	*) echo refused ;;
	esac
}
by_ssh() { outcome "$1" ssh -n "$1@127.0.0.1" "$secrets"; }
by_su() { outcome "$1" "${@:2}" su "$1" -c "$secrets"; }

# everybody TEXT ALICE BOB: alice has a policy, bob has none, root is exempt.
everybody() {
	is "$1: alice" "$(by_ssh alice)" "$2"
	is "$1: bob" "$(by_ssh bob)" "$3"
	is "$1: root" "$(by_ssh root)" unconfined
}

policy_students
everybody 'all is well' confined unconfined

mv /usr/libexec/sandlock/sandlock-supervisor{,.away}
everybody 'no supervisor' refused refused
printf '#!/bin/sh\nexec sleep 30\n' >/usr/libexec/sandlock/sandlock-supervisor
chmod 755 /usr/libexec/sandlock/sandlock-supervisor
everybody 'a supervisor that says nothing' refused refused
mv /usr/libexec/sandlock/sandlock-supervisor{.away,}
pkill -KILL -f '^sleep 30'

# --- the name service

cp /etc/nsswitch.conf "$work/nsswitch.conf"
install "$SANDLOCK_BUILD"/tests/live/libnss_live.so.2 /usr/lib/
ldconfig
sed -i -e 's/^passwd:.*/passwd: live [UNAVAIL=return] files/' \
	-e '/^initgroups:/d' -e '$ainitgroups: live [UNAVAIL=return] files' /etc/nsswitch.conf
everybody 'another name service' confined unconfined

# refused_by TEXT WORD: alice is, within the time that is allowed, and the record has the word.
refused_by() {
	local since start=$SECONDS
	since=$(date +@%s.%N)
	is "$1: alice" "$(by_su alice)" refused
	check "$1: within five seconds (and some)" test $((SECONDS - start)) -le 8
	check "$1: the record says why" wait_until 5 \
		recorded "$since" "$session_refused" "$2"
}
recorded() { [[ $(journal_get MESSAGE MESSAGE_ID="$2" --since="$1") == *"$3"* ]]; }

touch /run/nss.hang
refused_by 'a name service that hangs' 'did not answer in time'
is 'a name service that hangs: root' "$(by_ssh root)" unconfined
printf '[sandlock]\nlookup-timeout = 1s\n' >/etc/sandlock/sandlock.conf
refused_by 'lookup-timeout = 1s' 'did not answer in time'
rm /etc/sandlock/sandlock.conf

# died_by TEXT WORD: alice is refused, and who asked the name service has left a record with the word.
died_by() {
	local since
	since=$(date +@%s.%N)
	is "$1: alice" "$(by_su alice)" refused
	check "$1: the record says why" wait_until 15 recorded "$since" "$supervisor_failed" "$2"
}

touch /run/nss.deaf
died_by 'a name service that hangs and ignores alarms' 'killed by signal 6'
rm /run/nss.hang /run/nss.deaf
touch /run/nss.crash
died_by 'a name service that crashes' 'killed by signal 11'
rm /run/nss.crash
touch /run/nss.fail
refused_by 'a name service that fails' 'user alice'
is 'a name service that fails: root' "$(by_ssh root)" unconfined
rm /run/nss.fail
cp "$work/nsswitch.conf" /etc/nsswitch.conf
rm /usr/lib/libnss_live.so.2
ldconfig

# --- what a system has; taken away in a mount namespace of the login program's own

# everybody_without TEXT COMMAND ALICE BOB
everybody_without() {
	local -a words=(unshare --mount --propagation private bash -c "$2; exec \"\$@\"" --)
	is "$1: alice" "$(by_su alice "${words[@]}")" "$3"
	is "$1: bob" "$(by_su bob "${words[@]}")" "$4"
	is "$1: root" "$(by_su root "${words[@]}")" unconfined
}

everybody_without 'no /proc' 'umount -l /proc' refused unconfined
everybody_without 'no /run' 'mount -t tmpfs -o mode=755 none /run' confined unconfined
everybody_without 'full disks' \
	'for d in /run /tmp /var/tmp; do mount -t tmpfs -o size=4k,mode=755 none $d; cat /dev/zero >$d/full 2>&-; done' \
	confined unconfined

# --- a kernel without Landlock

words=(python3 "$SANDLOCK_SOURCE/tests/admin/no-landlock.py")
is 'no Landlock: alice' "$(by_su alice "${words[@]}")" refused
is 'no Landlock: bob' "$(by_su bob "${words[@]}")" unconfined
is 'no Landlock: root' "$(by_su root "${words[@]}")" unconfined

# --- no journal

pkill -KILL -x systemd-journal
rm -f /run/systemd/journal/{socket,stdout,dev-log}
is 'no journal: alice' "$(by_su alice)" confined
is 'no journal: root' "$(by_su root)" unconfined
/lib/systemd/systemd-journald >/dev/null 2>&1 &
wait_until 10 test -S /run/systemd/journal/dev-log
disown

policies_none
unsupervised() { ! pgrep -f '^sandlock-supervisor'; }
check 'nothing is left' wait_until 10 unsupervised
