# SPDX-License-Identifier: LGPL-2.1-or-later
# For tests that need a machine: namespaces with a journal of their own, a user and a supervisor
# where it is looked for; nothing of it is seen outside or left behind. Sourced by bash, before
# lib.sh. Needs root and systemd-journald.

skip() {
	echo "SKIP: $*"
	exit 77
}

if [[ -z ${SANDLOCK_MACHINE:-} ]]; then
	((EUID == 0)) || skip 'needs root for namespaces'
	[[ -x /lib/systemd/systemd-journald ]] || skip 'needs systemd-journald'
	SANDLOCK_MACHINE=1 exec unshare --mount --pid --net --uts --fork --kill-child --mount-proc \
		--propagation private bash "$0"
fi

. "$(dirname "$0")/lib.sh"

# own_folder FOLDER: makes it, and changes in it, in /run; what of it is there lies beneath.
own_folder() {
	local lower=$1
	while [[ ! -d $lower ]]; do
		lower=$(dirname "$lower")
	done
	mkdir -p "/run/overlay$lower/upper" "/run/overlay$lower/work"
	mount -t overlay -o "lowerdir=$lower,upperdir=/run/overlay$lower/upper,workdir=/run/overlay$lower/work" \
		overlay "$lower"
	mkdir -p "$1"
}

mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/log
mkdir -p /run/systemd/journal /run/home/alice
own_folder /etc
if [[ $SANDLOCK_CONFDIR == /etc/* ]]; then
	mkdir -p "$SANDLOCK_CONFDIR"
else
	own_folder "$SANDLOCK_CONFDIR"
fi
rm -rf "${SANDLOCK_CONFDIR:?}"/*
sed -i '/^alice:/d' /etc/passwd /etc/group
echo 'alice:x:4711:4711::/run/home/alice:/bin/bash' >>/etc/passwd
echo 'alice:x:4711:' >>/etc/group
chown 4711:4711 /run/home/alice
[[ -s /etc/machine-id ]] || tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
ip link set lo up

/lib/systemd/systemd-journald &
journald=$!
wait_for() {
	local n
	for ((n = 0; n < 100; n++)); do
		if "$@"; then
			return 0
		fi
		sleep 0.1
	done
	fail "waited in vain: $*"
}
wait_for test -S /run/systemd/journal/socket

as_alice() {
	setpriv --reuid 4711 --regid 4711 --clear-groups "$@"
}

# record FIELD=VALUE...: into the journal, as who runs it.
record() {
	printf '%s\n' "$@" SYSLOG_IDENTIFIER=sandlock PRIORITY=6 | logger --journald
}
journal_has() {
	journalctl -q --sync
	[[ -n $(journalctl -q -o cat --output-fields=MESSAGE "$@") ]]
}
