#!/bin/bash
# A login that cannot be confined is refused, as narrowly as the fault is: never root, never those
# the broken file does not concern.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ways.sh"

ways=(exec shell multiplexed su login sudo cron)
plan $((3 * ${#ways[@]} + 15))

policies_none
policy groups/students <<<'[filesystem'
for way in "${ways[@]}"; do
	is "$way: broken file, alice" "$(marks "$way" alice)" refused
	is "$way: broken file, bob" "$(marks "$way" bob)" ran
done
is 'broken file: root' "$(marks exec root)" ran
has 'alice is told one line' "$(as alice true 2>&1 || :)" \
	'this login could not be confined; ask the administrator'

policy_students
for way in "${ways[@]}"; do
	is "$way: the file is mended, alice" "$(marks "$way" alice)" ran
done

chmod 666 /etc/sandlock/groups/students.ini
is 'a file writable by all' "$(marks exec alice)" refused
chmod 644 /etc/sandlock/groups/students.ini
chown alice /etc/sandlock/groups/students.ini
is 'a file of hers' "$(marks exec alice)" refused
chown root /etc/sandlock/groups/students.ini
ln /etc/sandlock/groups/students.ini /etc/sandlock/second
is 'a file with two links' "$(marks exec alice)" refused
rm /etc/sandlock/second
is 'all undone' "$(marks exec alice)" ran

echo nonsense >/etc/sandlock/sandlock.conf
is 'a broken sandlock.conf: alice' "$(marks exec alice)" refused
is 'a broken sandlock.conf: bob' "$(marks exec bob)" refused
is 'a broken sandlock.conf: root' "$(marks exec root)" ran
printf '[sandlock]\nno-policy = deny\n' >/etc/sandlock/sandlock.conf
is 'no-policy = deny: bob' "$(marks exec bob)" refused
is 'no-policy = deny: alice has one' "$(marks exec alice)" ran
install -d /etc/sandlock/mandatory.d
printf '[ipc]\nsignal = session\n' >/etc/sandlock/mandatory.d/10-site.ini
is 'no-policy = deny: bob, though something is mandatory' "$(marks exec bob)" refused
is 'no-policy = deny: root' "$(marks exec root)" ran
rm -r /etc/sandlock/mandatory.d
rm /etc/sandlock/sandlock.conf

mv /usr/libexec/sandlock/sandlock-supervisor{,.away}
is 'no supervisor program' "$(marks exec alice)" refused
mv /usr/libexec/sandlock/sandlock-supervisor{.away,}

policies_none
no_leaks 'nothing is left'
