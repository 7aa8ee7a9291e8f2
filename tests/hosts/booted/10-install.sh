#!/bin/bash
# The life of the packages on a host: installed, enabled, upgraded, removed, purged. At each step
# people can log in, and who is confined is who should be.
. "$(dirname "$0")/lib.sh"

plan 42
users_up

# logins TEXT confined|open: alice's login, and two that are never confined.
logins() {
	"$2" "$1: alice" "$(as alice "$secrets" 2>&1 || :)"
	open "$1: bob" "$(as bob "$secrets" 2>&1 || :)"
	open "$1: root" "$(as root "$secrets" 2>&1 || :)"
}

stacks() {
	inside sh -c 'cd /etc/pam.d && sha256sum *'
}
session_lines() {
	inside sed -n 's/^session.*\(pam_[a-z_]*\.so\).*/\1/p' "/etc/pam.d/$1"
}
quiet() {
	lacks "$1: dpkg warns of nothing" "$(grep -v 'directory .* not empty' <<<"$2")" warning
}

logins 'before' open
before=$(stacks)

check 'the packages are installed' install_packages
is 'installed: the PAM stacks are as they were' "$(stacks)" "$before"
check 'installed: the example is a policy' script_inside <<-'CHECK'
	install -D -m 644 /usr/share/sandlock/examples/students.ini /etc/sandlock/groups/students.ini
	sandlock-admin check --all
CHECK
logins 'installed, with a policy' open
has 'installed: the catalog explains its records' \
	"$(inside journalctl --dump-catalog 9e46d8d3308d45e0a0b5ac2c5024f9f8)" 'is confined'
is 'installed: the folder of locks is there' "$(inside stat -c '%a %U' /run/sandlock/locks)" '755 root'
is 'installed: no path is without an owner or leads out' \
	"$(inside dpkg --verify sandlock libpam-sandlock)" ''

inside pam-auth-update --enable sandlock
is 'enabled: last where people come in' "$(session_lines common-session | tail -n 1)" pam_sandlock.so
is 'enabled: last where programs do' \
	"$(session_lines common-session-noninteractive | tail -n 1)" pam_sandlock.so
has 'enabled: required' "$(inside grep pam_sandlock /etc/pam.d/common-session)" required
logins 'enabled' confined

# A session that is open while the packages change.
mkfifo "$work/in"
ssh -F "$BOOTED_STATE/home/.ssh/config" -l alice "$host" bash <"$work/in" >>"$work/out" 2>&1 &
exec {held}>"$work/in"
ask() {
	: >"$work/out"
	printf '%s; echo asked\n' "$1" >&"$held"
	wait_until 10 grep -q asked "$work/out" || echo 'no answer'
	cat "$work/out"
}
confined 'enabled: a session that stays open' "$(ask "$secrets")"

# The same files as a later version.
script_inside <<-'LATER'
	mkdir -p /srv/later
	for package in /srv/packages/sandlock_*.deb /srv/packages/libpam-sandlock_*.deb; do
		dpkg-deb -R "$package" /srv/later/root
		sed -i -e 's/^Version: .*/&+later/' -e 's/(= \([^)]*\))/(= \1+later)/' /srv/later/root/DEBIAN/control
		dpkg-deb -b /srv/later/root /srv/later/ >/dev/null
		rm -r /srv/later/root
	done
LATER
enabled=$(stacks)
upgrade=$(install_packages /srv/later)
quiet 'upgraded' "$upgrade"
is 'upgraded: to the later version' \
	"$(inside dpkg-query -W -f '${Version}\n' sandlock libpam-sandlock | grep -c 'later$')" 2
is 'upgraded: the PAM stacks are as they were' "$(stacks)" "$enabled"
logins 'upgraded' confined
confined 'upgraded: the session that stays open' "$(ask "$secrets")"

inside apt-get -qq -y remove sandlock >"$work/remove" 2>&1
quiet 'removed' "$(cat "$work/remove")"
is 'removed: the PAM stacks are as before all this' "$(stacks)" "$before"
logins 'removed' open
confined 'removed: the session that stays open' "$(ask "$secrets")"
exec {held}>&-
wait $! || :

check 'installed again' install_packages
is 'installed again: it stays off' "$(stacks)" "$before"
inside pam-auth-update --enable sandlock
confined 'installed again, enabled: alice' "$(as alice "$secrets" 2>&1 || :)"

# The module's package alone cannot be had, nor the other alone break the stacks.
inside apt-get -qq -y purge sandlock libpam-sandlock >"$work/purge" 2>&1
quiet 'purged' "$(cat "$work/purge")"
is 'purged: the PAM stacks are as before all this' "$(stacks)" "$before"
logins 'purged' open
is 'purged: what the administrator wrote is there' \
	"$(inside find /etc/sandlock -type f)" /etc/sandlock/groups/students.ini
is 'purged: nothing else' "$(inside find / -xdev -iname '*sandlock*' -not -path '/proc/*' \
	-not -path '/etc/sandlock*' -not -path '/srv/*' -not -path '/var/cache/apt/*' \
	-not -path '/run/*' -not -path '/var/lib/systemd/*')" ''
inside rm -r /etc/sandlock
