#!/bin/bash
# A locked user gets in by no way, with or without a policy; nobody else is concerned, least of all
# root; and the lock ends by itself.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ways.sh"

session_refused=80d3f9acfba94f63ba74e7ea78d5e14b
locks=/run/sandlock/locks

ways=(exec shell multiplexed su login sudo cron)
plan $((3 * ${#ways[@]} + 26))

policy_students
for way in "${ways[@]}"; do
	is "$way: alice, before" "$(marks "$way" alice)" ran
done
start=$(date +@%s)
ssh -n alice@127.0.0.1 'sleep 613' &
in_session() { pgrep -u alice -x -f 'sleep 613'; }
wait_until 10 in_session
said=$(sandlock-admin lock alice --reason 'case 4711; ask the helpdesk')
has 'lock says how long' "$said" 'alice is locked, until unlocked'
has 'it says that a session goes on' "$said" '1 session goes on'
has 'and how to end it' "$said" 'sandlock-admin terminate --user alice'
check 'it does go on' in_session
check 'the lock is for root alone' test "$(stat -c '%a %U' $locks/alice)" = '600 root'
for way in "${ways[@]}"; do
	is "$way: alice, with a policy" "$(marks "$way" alice)" refused
done
has 'the log says why' "$(journal_get MESSAGE MESSAGE_ID=$session_refused SANDLOCK_USER=alice \
	--since="$start" | tail -n 1)" 'alice is locked: case 4711; ask the helpdesk'
lacks 'alice is not told why' "$(as alice true 2>&1 || :)" 4711
is 'bob gets in' "$(marks exec bob)" ran
is 'root gets in' "$(marks exec root)" ran
check 'terminate ends what went on' sandlock-admin terminate --user alice
wait
policies_none
for way in "${ways[@]}"; do
	is "$way: alice, without a policy" "$(marks "$way" alice)" refused
done
check 'unlock' sandlock-admin unlock alice
is 'she gets in' "$(marks exec alice)" ran
is 'unlock again says no' "$(sandlock-admin unlock alice 2>&1 || echo $?)" \
	$'sandlock-admin: alice was not locked\n1'

# By themselves.
sandlock-admin lock bob --for 8s >/dev/null
is 'bob is locked for a while' "$(marks su bob)" refused
sleep 8
is 'and not any longer' "$(marks su bob)" ran
check 'a lock that has ended is none' test "$(sandlock-admin unlock bob 2>&1 || echo $?)" = \
	$'sandlock-admin: bob was not locked\n1'
check 'its file is gone' test ! -e $locks/bob

# What is not understood or not to be trusted locks the one it is about.
echo nonsense >$locks/alice
is 'a broken lock: alice' "$(marks exec alice)" refused
is 'a broken lock: bob' "$(marks exec bob)" ran
sandlock-admin lock alice --for 1s >/dev/null
chown bob $locks/alice
sleep 1
is 'a lock that is not of root: alice' "$(marks exec alice)" refused
check 'unlock removes it' sandlock-admin unlock alice
is 'she gets in' "$(marks exec alice)" ran

is 'root cannot be locked out' "$(sandlock-admin lock root >/dev/null 2>&1 || echo $?)" 1
sed "s/^boot.*/boot $(cat /proc/sys/kernel/random/boot_id)/" <<<$'sandlock lock 1\nboot\nuntil never\nreason ' \
	>$locks/root
chmod 600 $locks/root
policy users/root <"$examples/students.ini"
is 'not even by hand, and with a policy' "$(marks exec root)" ran
rm $locks/root
chmod 777 $locks
is 'a folder that anybody may write in locks alice' "$(marks exec alice)" refused
chmod 755 $locks

policies_none
no_leaks 'nothing is left'
