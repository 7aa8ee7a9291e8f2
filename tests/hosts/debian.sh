# shellcheck shell=bash
# Owns work in the root of another Debian: changes in a layer above it, and commands inside. How one
# is made: mirror.sh.

declare -A debian_codename=([12]=bookworm [13]=trixie)

# debian_layers NAME LOWER[:LOWER...] FOLDER: FOLDER/root becomes an overlay whose changes are in
# FOLDER/upper. Where this is called must be a mount namespace of one's own.
debian_layers() {
	mkdir -p "$3/upper" "$3/work" "$3/root"
	mount -t overlay -o "lowerdir=$2,upperdir=$3/upper,workdir=$3/work" "$1" "$3/root"
}

# debian_mounts ROOT: what commands in a root expect, and name resolution as on the machine.
debian_mounts() {
	mount -t proc -o nosuid,nodev,noexec proc "$1/proc"
	mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$1/sys"
	mount --rbind /dev "$1/dev"
	mount -t tmpfs -o mode=1777,nosuid,nodev tmp "$1/tmp"
	cat /etc/resolv.conf >"$1/etc/resolv.conf"
}

# debian_exec ROOT CMD...: leading NAME=value words are its environment, which is otherwise bare.
debian_exec() {
	local root=$1
	shift
	chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# debian_apt ROOT ARG...: apt-get there, as little as possible and without syncing.
debian_apt() {
	local root=$1
	shift
	debian_exec "$root" apt-get -qq -y --no-install-recommends -o Acquire::Languages=none \
		-o APT::Sandbox::User=root -o DPkg::Options::=--force-unsafe-io "$@"
}
