#!/bin/bash
# One user keeps the namespaces of sessions that have ended until there are no more to be had.
# In a user namespace of its own, whose limit can be lowered while the machine's stays.
. "$(dirname "$0")/lib.sh"

limit=12
socket=/home/alice/hoard
mapped=''

has_own_users() {
	[[ ! /proc/self/ns/user -ef /proc/$mapped/ns/user ]]
}

is_in() {
	[[ $(enters "$1") == well ]]
}

# hoard_up: from here on `inside COMMAND...` is root of a user namespace with few UTS namespaces.
hoard_up() {
	unshare --user sleep 600 &
	mapped=$!
	helpers=("$mapped")
	wait_until 10 has_own_users
	echo '0 0 65536' >/proc/$mapped/uid_map
	echo '0 0 65536' >/proc/$mapped/gid_map
	inside sh -c "echo $limit >/proc/sys/user/max_uts_namespaces"
}

inside() {
	nsenter -t "$mapped" --user -- "$@"
}

# enters USER: what comes of a login of hers.
enters() {
	inside timeout 30 su "$1" -c 'echo well' 2>/dev/null || echo refused
}

# gives: sessions of alice's that leave their namespace behind, until one is refused.
gives() {
	while inside timeout 30 su alice -c "python3 $hoard give $socket uts" 2>/dev/null; do
		sleep 0.1
	done
}

hoard=/usr/local/libexec/attacks/hoard.py
plan 9
programs_up
install -m 755 "$(dirname "$0")/hoard.py" "$hoard"
hoard_up
for user in alice bob; do policy_of $user net; done
is 'control: alice is in' "$(enters alice)" well
is 'control: bob is in' "$(enters bob)" well
since=@$(date +%s.%N)
inside su alice -c "exec python3 $hoard collect $socket" >"$work/held" &
wait_until 10 test -S "$socket"
gives
check "control: what is left of ended sessions is held" test "$(tail -n 1 "$work/held")" -ge $((limit - 2))
is 'alice has used up what is hers' "$(enters alice)" refused
has 'and the record says so' \
	"$(journal_get MESSAGE MESSAGE_ID=80d3f9acfba94f63ba74e7ea78d5e14b --since "$since")" \
	user.max_uts_namespaces
is 'bob is in as before' "$(enters bob)" well
pkill -f "hoard.py collect" -u alice
check 'alice is in again when she lets go' wait_until 10 is_in alice

# Where nothing is enforced nobody is refused, only not watched.
policy users/alice <<-INI
	[policy]
	mode = complain
	[filesystem]
	write = %h
INI
inside sh -c "echo $limit >/proc/sys/user/max_mnt_namespaces"
rm "$socket"
inside su alice -c "exec python3 $hoard collect $socket" >"$work/held" &
wait_until 10 test -S "$socket"
for ((i = 0; i < limit + 2; i++)); do
	inside timeout 30 su alice -c "python3 $hoard give $socket mnt"
done
check "control: mounts of ended sessions are held" \
	test "$(tail -n 1 "$work/held")" -ge $((limit - 2))
check 'root can have its own all the same' inside unshare --mount true
pkill -f "hoard.py collect" -u alice
kill "$mapped"
policies_none
