#!/bin/bash
# PID 1 of a throw-away host. Builds the host's root in the fresh mount namespace it is started in,
# enters it, starts the services, says so in STATE/ready, then only reaps.
#   init.sh STATE SOURCE BUILD DEBS       (outside, by host.sh)
#   init.sh --inside PID SOURCE BUILD READY      (the second half, in the new root; READY is
#   a descriptor)
set -euo pipefail
umask 022

# The machine's folders of people and mounts stay out of the host.
emptied=(home media mnt root srv opt)

dev_up() {
	mount -t tmpfs -o mode=755,nosuid dev dev
	mkdir dev/pts dev/shm dev/mqueue
	mount -t devpts -o newinstance,gid=5,mode=620,ptmxmode=666,nosuid,noexec devpts dev/pts
	mount -t tmpfs -o mode=1777,nosuid,nodev shm dev/shm
	mount -t mqueue -o nosuid,nodev,noexec mqueue dev/mqueue
	local name major minor
	while read -r name major minor; do
		mknod -m 666 "dev/$name" c "$major" "$minor"
	done <<-NODES
		null 1 3
		zero 1 5
		full 1 7
		random 1 8
		urandom 1 9
		tty 5 0
	NODES
	chgrp tty dev/tty
	ln -s pts/ptmx dev/ptmx
	ln -s /proc/self/fd dev/fd
	ln -s /proc/self/fd/0 dev/stdin
	ln -s /proc/self/fd/1 dev/stdout
	ln -s /proc/self/fd/2 dev/stderr
	ln -s /run/systemd/journal/dev-log dev/log
}

root_up() {
	local name
	mount -t tmpfs -o mode=755 sandlock-host "$state"
	mkdir "$state"/{upper,work,root,build-upper,build-work}
	cd "$state"
	mount -t overlay -o "lowerdir=/,upperdir=upper,workdir=work" sandlock-host root
	cd root
	mount -t proc -o nosuid,nodev,noexec proc proc
	mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
	# journald will not run without a cgroup root; ours is a cgroup namespace's.
	mount -t cgroup2 -o nosuid,nodev,noexec cgroup sys/fs/cgroup
	mount -o remount,bind,ro,nosuid,nodev,noexec sys/fs/cgroup
	dev_up
	mount -t tmpfs -o mode=755,nosuid,nodev run run
	mount -t tmpfs -o mode=1777,nosuid,nodev tmp tmp
	for name in "${emptied[@]}"; do
		mkdir -p "$name"
		mount -t tmpfs -o mode=755,nosuid,nodev empty "$name"
	done
	chmod 700 root
	mkdir -p ".$source" run/debs
	mount --bind "$source" ".$source"
	mount -o remount,bind,ro ".$source"
	mount --bind "$debs" run/debs
	mount -o remount,bind,ro run/debs
	if [[ -n $build ]]; then
		# Installing writes a log into the build folder: let it write into a layer.
		mkdir -p ".$build"
		mount -t overlay -o "lowerdir=$build,upperdir=../build-upper,workdir=../build-work" \
			sandlock-build ".$build"
	fi
}

packages_up() {
	local -a files=(/run/debs/*.deb)
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
	chmod 755 /usr/sbin/policy-rc.d
	rm -f /var/lib/man-db/auto-update
	if [[ -e ${files[0]} ]]; then
		# apt rather than dpkg: it knows the order that pre-dependencies want.
		mkdir -p /run/lists/partial
		DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
			-o Dir::State::lists=/run/lists -o Dpkg::Options::=--force-unsafe-io \
			-o APT::Sandbox::User=root install "${files[@]}"
	fi
}

network_up() {
	local address
	hostname lab
	printf '%s\n' '127.0.0.1 localhost' '::1 localhost' '10.20.0.1 lab' '10.20.1.1 far' >/etc/hosts
	echo lab >/etc/hostname
	rm -f /etc/resolv.conf
	echo 'nameserver 10.20.0.53' >/etc/resolv.conf
	ip link set lo up
	for address in 10.20.0.{1,22,53}/32 10.99.0.1/32; do
		ip address add "$address" dev lo
	done
	for address in 2001:db8:20::1/128 2001:db8:99::1/128; do
		ip -6 address add "$address" dev lo nodad
	done
}

# The host at the other end of a wire: a network of its own, in which `in_far` runs servers. It
# forwards nothing, so what is sent to the 9 networks by way of it gets lost in silence.
far_up() {
	ip netns add far
	ip link add to-far type veth peer name to-lab netns far
	ip address add 10.20.1.254/24 dev to-far
	ip address add 10.99.1.254/24 dev to-far
	ip -6 address add 2001:db8:20:1::fe/64 dev to-far nodad
	ip -6 address add 2001:db8:99:1::fe/64 dev to-far nodad
	ip link set to-far up
	ip -n far address add 10.20.1.1/24 dev to-lab
	ip -n far address add 10.99.1.1/24 dev to-lab
	ip -n far -6 address add 2001:db8:20:1::1/64 dev to-lab nodad
	ip -n far -6 address add 2001:db8:99:1::1/64 dev to-lab nodad
	ip -n far link set lo up
	ip -n far link set to-lab up
	ip route add 10.20.9.0/24 via 10.20.1.1
	ip route add 10.99.9.0/24 via 10.99.1.1
	ip -6 route add 2001:db8:20:9::/64 via 2001:db8:20:1::1
	ip -6 route add 2001:db8:99:9::/64 via 2001:db8:99:1::1
}

in_far() {
	nsenter --net=/run/netns/far "$@"
}

# user_up NAME GROUP: a user who is let in with root's key and may log in as the others.
user_up() {
	local name=$1 group=$2 home=/home/$1
	if id "$name" >/dev/null 2>&1; then
		userdel "$name"
	fi
	groupadd -f "$group"
	useradd --create-home --user-group --groups "$group" --shell /bin/bash "$name"
	echo "$name:$name-password" | chpasswd
	install -d -m 700 -o "$name" -g "$name" "$home/.ssh"
	install -m 600 -o "$name" -g "$name" /root/.ssh/authorized_keys "$home/.ssh/"
	install -m 600 -o "$name" -g "$name" /root/.ssh/id_ed25519 "$home/.ssh/"
	install -m 644 -o "$name" -g "$name" /root/.ssh/known_hosts "$home/.ssh/"
	touch "$home/.hushlogin"
	printf 'the secret of %s\n' "$name" >"$home/secret"
	chown "$name:$name" "$home/secret"
	chmod 644 "$home/secret"
	chmod 755 "$home"
}

users_up() {
	install -d -m 700 /root/.ssh
	rm -f /etc/ssh/ssh_host_*
	ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
	ssh-keygen -q -t ed25519 -N '' -C test -f /root/.ssh/id_ed25519
	cp /root/.ssh/id_ed25519.pub /root/.ssh/authorized_keys
	printf '* %s\n' "$(cat /etc/ssh/ssh_host_ed25519_key.pub)" >/root/.ssh/known_hosts
	printf 'BatchMode yes\nLogLevel ERROR\nConnectTimeout 20\n' >/root/.ssh/config
	user_up alice students
	user_up bob staff
}

journal_up() {
	rm -f /etc/machine-id
	systemd-machine-id-setup >/dev/null
	mkdir -p /run/systemd/journal /run/log/journal /etc/systemd/journald.conf.d
	cat >/etc/systemd/journald.conf.d/test.conf <<-CONF
		[Journal]
		Storage=volatile
		RateLimitBurst=0
		ReadKMsg=no
	CONF
	# Handed over as systemd does, sd_listen_fds(3); nobody else is to hold it.
	if [[ -n ${SANDLOCK_HOST_AUDIT:-} ]]; then
		bash -c 'LISTEN_FDS=1 LISTEN_PID=$$ exec /lib/systemd/systemd-journald' &
		exec 3<&-
	else
		/lib/systemd/systemd-journald &
	fi
	wait_for test -S /run/systemd/journal/dev-log
}

# What listens where: 10.20/16 and 2001:db8:20::/48 are the addresses that policies of tests allow,
# 10.99/16 and 2001:db8:99::/48 those they do not.
servers=(
	10.20.0.53:{22,80,443,8080} 10.99.0.1:{53,443,8080}
	'[2001:db8:20::1]':{443,8080} '[2001:db8:99::1]:443' 127.0.0.1:8080
	unix:/run/outside.sock
)

servers_up() {
	python3 "$source/tests/hosts/server.py" /run/servers.log "${servers[@]}" &
	wait_for test -s /run/servers.log
}

names_up() {
	cat >/run/dns.zone <<-ZONE
		10.20.0.53 gitlab.example.org
		10.20.1.1 git.lab.test
		2001:db8:20:1::1 git.lab.test
		10.99.1.1 other.lab.test
	ZONE
	python3 "$source/tests/hosts/dns.py" /run/servers.log /run/dns.zone 10.20.0.53:53 &
	wait_for grep -qx 'dns ready' /run/servers.log
}

sshd_up() {
	mkdir -p /run/sshd
	install -m 664 -g utmp /dev/null /run/utmp
	cat >/etc/ssh/sshd_config <<-CONF
		Port 22
		ListenAddress 127.0.0.1:22
		ListenAddress 10.20.0.22:443
		HostKey /etc/ssh/ssh_host_ed25519_key
		UsePAM yes
		PasswordAuthentication no
		PermitRootLogin prohibit-password
		UseDNS no
		MaxStartups 200
		MaxSessions 50
		PrintMotd no
		X11Forwarding yes
		XAuthLocation /usr/bin/true
		Subsystem sftp internal-sftp
	CONF
	/usr/sbin/sshd
	wait_for ssh -n 127.0.0.1 true
}

# Its own name makes the far host's daemon another PAM service, which nobody confines.
sshd_far_up() {
	ln -s sshd /usr/sbin/sshd-far
	grep -v pam_sandlock /etc/pam.d/sshd >/etc/pam.d/sshd-far
	sed -e 's/^Port .*/PidFile none/' -e '/^ListenAddress/d' /etc/ssh/sshd_config >/etc/ssh/sshd_far_config
	printf 'LogLevel VERBOSE\nPort 22\nPort 443\n' >>/etc/ssh/sshd_far_config
	in_far /usr/sbin/sshd-far -f /etc/ssh/sshd_far_config -E /run/sshd-far.log
	wait_for ssh -n 10.99.1.1 true
}

# wait_for CMD...: until it succeeds, ten seconds at most.
wait_for() {
	local tries=0
	until "$@" 2>/dev/null; do
		if ((++tries > 100)); then
			echo "init: waited in vain for: $*" >&2
			return 1
		fi
		sleep 0.1
	done
}

install_up() {
	local service
	if [[ -z ${SANDLOCK_INSTALLED:-} ]]; then
		meson install -C "$build" --no-rebuild --quiet
		ldconfig
	fi
	for service in sshd su su-l login sudo sudo-i cron atd runuser runuser-l; do
		echo 'session required pam_sandlock.so' >>"/etc/pam.d/$service"
	done
	systemd-tmpfiles --create --prefix=/run/sandlock
}

if [[ $1 == --inside ]]; then
	outer_pid=$2 source=$3 build=$4 ready=$5
	export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
	export HOME=/root
	packages_up
	network_up
	far_up
	users_up
	journal_up
	servers_up
	names_up
	if [[ -n $build ]]; then
		install_up
	fi
	sshd_up
	sshd_far_up
	echo "$outer_pid" >&"$ready"
	exec {ready}>&-
	mkfifo /run/init
	exec {forever}<>/run/init
	while true; do
		read -r _ <&"$forever"
	done
fi

state=$1 source=$2 build=$3 debs=$4
# /proc is still the machine's, so this is our PID as the machine sees it.
read -r outer_pid _ </proc/self/stat
exec {ready}>"$state/ready"
root_up
pivot_root . .
umount -l .
cd /
exec /bin/bash "$source/tests/hosts/init.sh" \
	--inside "$outer_pid" "$source" "$build" "$ready"
