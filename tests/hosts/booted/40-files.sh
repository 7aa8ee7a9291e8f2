#!/bin/bash
# What the packages ship beside programs is what the host's own tools take: units, run-time folders,
# users, completions.
. "$(dirname "$0")/lib.sh"

plan 9
users_up
install_packages >"$work/install" || { cat "$work/install"; exit 1; }

# shipped PATTERN: the paths in the packages that match.
paths=$(inside dpkg -L sandlock libpam-sandlock)
shipped() {
	grep -E "$1" <<<"$paths" || [[ $? == 1 ]]
}

# There is no service: whoever opens a session starts its supervisor. One that comes is to be verified
# and its exposure looked at, here.
is 'no unit of systemd is shipped' "$(shipped '\.(service|socket|timer|path|slice|mount|target)$')" ''
is 'and no user of its own' "$(shipped '/sysusers\.d/')" ''
is 'one list of run-time folders is' "$(shipped '/tmpfiles\.d/.')" /usr/lib/tmpfiles.d/sandlock.conf
has 'systemd reads it' "$(inside systemd-tmpfiles --cat-config)" 'd /run/sandlock/locks'
inside rm -r /run/sandlock
is 'and has no complaint' "$(inside systemd-tmpfiles --create /usr/lib/tmpfiles.d/sandlock.conf 2>&1)" ''
is 'what it makes' "$(inside stat -c '%a %U:%G %n' /run/sandlock /run/sandlock/locks)" \
	$'755 root:root /run/sandlock\n755 root:root /run/sandlock/locks'

mapfile -t owned < <(shipped '^/.*sandlock')
is 'everything is root'\''s, not set-id, not writable by others' "$(inside find -P "${owned[@]}" \
	-maxdepth 0 ! -type l \( ! -user root -o ! -group root -o -perm /6022 \))" ''
check 'bash takes the completions' \
	inside bash -n /usr/share/bash-completion/completions/sandlock-admin
is 'no unit of the host fails for it' "$(inside systemctl --failed --no-legend --plain)" ''
