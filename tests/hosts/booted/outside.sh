#!/bin/bash
# The first process outside a booted host: makes the outside's network and the host's root, boots
# the host, and waits. Runs in fresh namespaces of all kinds but user and time.
#   outside.sh STATE ROOT PACKAGES
set -euo pipefail
umask 022

booted=$(cd "$(dirname "$0")" && pwd)
state=$1 lower=$2 packages=$3
. "$booted/../debs.sh"
. "$booted/../debian.sh"

# One hierarchy of control groups, whatever the machine has: systemd 257 boots with no other.
cgroups_up() {
	umount -R /sys/fs/cgroup
	mount -t cgroup2 -o nosuid,nodev,noexec cgroup /sys/fs/cgroup
}

# The outside is 10.20.0.1 to the host; 10.20/16 and 10.99/16 are both at its end of the wire.
network_up() {
	mount -t tmpfs -o mode=755,nosuid,nodev run /run
	mkdir /run/netns
	ip link set lo up
	ip netns add host
	ip link add to-host type veth peer name host0 netns host
	ip address add 10.20.0.1/24 dev to-host
	ip address add 10.99.0.1/24 dev to-host
	ip link set to-host up
	ip -n host link set lo up
	ip -n host address add 10.20.0.22/24 dev host0
	ip -n host address add 10.99.0.22/24 dev host0
	ip -n host link set host0 up
}

root_up() {
	mount -t tmpfs -o mode=755 sandlock-booted "$state"
	mkdir "$state/home"
	debian_layers sandlock-booted "$lower" "$state"
	: >"$state/root/etc/machine-id"
	echo host >"$state/root/etc/hostname"
	printf '127.0.0.1 localhost\n10.20.0.22 host\n' >"$state/root/etc/hosts"
	rm -f "$state/root/etc/resolv.conf"
	local unit
	for unit in apt-daily{,-upgrade}.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
		systemd-{resolved,timesyncd,networkd,networkd-wait-online}.service getty-static.service; do
		ln -sf /dev/null "$state/root/etc/systemd/system/$unit"
	done
}

keys_up() {
	install -d -m 700 "$state/home/.ssh" "$state/root/root/.ssh"
	rm -f "$state"/root/etc/ssh/ssh_host_*
	ssh-keygen -q -t ed25519 -N '' -f "$state/root/etc/ssh/ssh_host_ed25519_key"
	ssh-keygen -q -t ed25519 -N '' -C test -f "$state/home/.ssh/id_ed25519"
	install -m 600 "$state/home/.ssh/id_ed25519.pub" "$state/root/root/.ssh/authorized_keys"
	printf '* %s\n' "$(cat "$state/root/etc/ssh/ssh_host_ed25519_key.pub")" \
		>"$state/home/.ssh/known_hosts"
	printf 'LogLevel ERROR\nConnectTimeout 20\nUser root\nUserKnownHostsFile %s\nIdentityFile %s\n' \
		"$state/home/.ssh/known_hosts" "$state/home/.ssh/id_ed25519" >"$state/home/.ssh/config"
}

# The host's PID 1 is the child of nspawn whose root is the host's.
init_of() {
	local pid
	for pid in $(pgrep -P "$1"); do
		if [[ $(readlink "/proc/$pid/exe") == */systemd ]]; then
			echo "$pid"
			return
		fi
	done
	return 1
}

# What nspawn forbids by itself would be taken for what is tested.
host_up() {
	local -a mounts=()
	if [[ -n $packages ]]; then
		mounts=(--bind-ro "$packages:/srv/packages")
	fi
	SYSTEMD_SECCOMP=0 systemd-nspawn --quiet --boot --directory "$state/root" --machine host \
		--register=no --keep-unit --network-namespace-path=/run/netns/host --capability=all \
		--drop-capability=CAP_SYS_MODULE \
		--resolv-conf=off --timezone=off --link-journal=no --console=pipe "${mounts[@]}" \
		systemd.log_target=console &
	nspawn=$!
}

host_is_up() {
	init_of "$nspawn" >"$state/init" || return
	BOOTED_STATE=$state bash "$booted/inside.sh" systemctl -q is-active multi-user.target ssh.service
}

booted_ready() {
	until host_is_up 2>/dev/null; do
		kill -0 "$nspawn"
		sleep 0.2
	done
}

cgroups_up
network_up
exec {place}<"$state"
root_up
keys_up
host_up
booted_ready
echo yes >"/proc/self/fd/$place/ready"
exec {place}<&-
wait "$nspawn"
