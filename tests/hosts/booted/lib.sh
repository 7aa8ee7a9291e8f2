# shellcheck shell=bash
# The words of the tests of booted hosts; sourced by each NN-name.sh there, which runs on the machine,
# in the outside's network, and writes TAP. The host is 10.20.0.22; the packages are in /srv/packages.

set -Eeuo pipefail

. "$BOOTED_FOLDER/../tap.sh"

host=10.20.0.22
examples=/usr/share/sandlock/examples
work=$BOOTED_STATE/test
mkdir -p "$work"

# inside CMD ARG...: as root in the host, without a login.
inside() {
	bash "$BOOTED_FOLDER/inside.sh" "$@"
}

# script_inside: standard input is a script for the host's bash.
script_inside() {
	inside bash -euo pipefail -s
}

# as USER [OPTION...] COMMAND: by ssh with a key; a session that hangs is cut.
as() {
	timeout 60 ssh -n -F "$BOOTED_STATE/home/.ssh/config" -l "$1" "${@:2:$#-2}" "$host" "${@: -1}"
}

# with_password USER COMMAND: by ssh with the password typed.
with_password() {
	printf '#!/bin/sh\necho %s-password\n' "$1" >"$work/askpass"
	chmod 700 "$work/askpass"
	SSH_ASKPASS=$work/askpass SSH_ASKPASS_REQUIRE=force as "$1" \
		-o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 "$2"
}

# on_console SCRIPT: at a terminal of the host with a getty; see live/terminal.py for the script.
on_console() {
	timeout 90 python3 -B "$BOOTED_FOLDER/console.py" "$(cat "$BOOTED_STATE/init")" \
		"$BOOTED_FOLDER/inside.sh" "$1" 2>&1
}

# users_up: alice is in students, bob is not; both have a secret that the file's mode hides from
# nobody, and let the outside in by key or password.
users_up() {
	script_inside <<-'USERS'
		groupadd students
		for name in alice bob; do
			useradd --create-home --user-group --shell /bin/bash $name
			echo $name:$name-password | chpasswd
			install -d -m 700 -o $name -g $name /home/$name/.ssh
			install -m 600 -o $name -g $name /root/.ssh/authorized_keys /home/$name/.ssh/
			echo "the secret of $name" >/home/$name/secret
			chown $name: /home/$name/secret
			chmod 755 /home/$name
		done
		usermod -a -G students alice
	USERS
}

# install_packages [FOLDER]: with apt, in the host; what they depend on has been downloaded.
install_packages() {
	script_inside <<-INSTALL
		cp /srv/packages/archives/*.deb /var/cache/apt/archives/
		apt-get -qq -y --no-install-recommends -o APT::Sandbox::User=root \
			-o DPkg::Options::=--force-unsafe-io install \
			${1:-/srv/packages}/{sandlock,libpam-sandlock}_*.deb 2>&1
	INSTALL
}

# policy NAME: standard input becomes /etc/sandlock/NAME.ini.
policy() {
	inside install -D -m 644 /dev/stdin "/etc/sandlock/$1.ini"
}

# confined TEXT OUTPUT: alice's own secret is in it, bob's is not. open TEXT OUTPUT: both are.
secrets='cat /home/alice/secret /home/bob/secret'
confined() {
	if [[ $2 == *'secret of alice'* && $2 != *'secret of bob'* ]]; then
		ok "$1"
	else
		not_ok "$1" "$2"
	fi
}
open() {
	if [[ $2 == *'secret of alice'* && $2 == *'secret of bob'* ]]; then
		ok "$1"
	else
		not_ok "$1" "$2"
	fi
}

# journal_get FIELD MATCH...: the values of FIELD in root's own records that match, one a line.
journal_get() {
	local field=$1
	shift
	inside journalctl --sync
	inside journalctl -q -o json --all SYSLOG_IDENTIFIER=sandlock _UID=0 "$@" |
		python3 -c 'import json, sys
for line in sys.stdin:
    print(json.loads(line).get(sys.argv[1], ""))' "$field"
}

ends_with "$work"
