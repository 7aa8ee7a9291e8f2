#!/bin/bash
# PID 1 of a guest: what an init does at the least, then the tests, then off. The console is the
# first serial port, the results go to the second.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
umask 022
. /usr/local/libexec/guest/lib.sh

mounts_up() {
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mount -t devtmpfs devtmpfs /dev
	mkdir -p /dev/pts /dev/shm
	mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
	mount -t tmpfs -o mode=1777 shm /dev/shm
	mount -t tmpfs -o mode=755 run /run
	mount -t cgroup2 cgroup /sys/fs/cgroup
	ln -sfT /proc/self/fd /dev/fd
	ln -sfT /run/systemd/journal/dev-log /dev/log
	chmod 1777 /tmp
	# The first root of a kernel may be written by everybody.
	chmod 755 /
}

network_up() {
	local address
	ip link set lo up
	for address in 10.20.0.{9,10,11,12,53}/32 10.99.0.1/32; do
		ip address add "$address" dev lo
	done
	ip -6 address add 2001:db8:99::1/128 dev lo nodad
	printf '%s\n' '127.0.0.1 localhost' '10.20.0.53 gitlab.example.org' >/etc/hosts
	rm -f /etc/resolv.conf
	sysctl_set net/ipv4/tcp_fastopen 3
	sysctl_set kernel/yama/ptrace_scope 0
}

journal_up() {
	mkdir -p /run/systemd/journal /run/log/journal /etc/systemd/journald.conf.d
	printf '[Journal]\n%s\n' Storage=volatile RateLimitBurst=0 Audit=no ReadKMsg=no \
		>/etc/systemd/journald.conf.d/test.conf
	/lib/systemd/systemd-journald &
	wait_for test -S /run/systemd/journal/dev-log
}

# What listens, by the row that goes there. The paths of UNIX sockets are for all.
declare -A posts=(
	[tcp-web]=stream:10.99.0.1:80
	[tcp-lab]=stream:10.20.0.9:22
	[tcp-other]=stream:10.99.0.1:8080
	[tcp6-other]=stream:[2001:db8:99::1]:8080
	[thread-shared]=stream:10.20.0.10:22
	[thread-own]=stream:10.20.0.11:22
	[thread-orphan]=stream:10.20.0.12:22
	[thread-other]=stream:10.99.0.1:8084
	[thread-own-other]=stream:10.99.0.1:8085
	[tcp-fastopen]=stream:10.99.0.1:8081
	[tcp-int80]=stream:10.99.0.1:8082
	[tcp-own-listener]=stream:10.99.0.1:8083
	[udp-dns]=dgram:10.20.0.53:53
	[udp-other]=dgram:10.99.0.1:53
	[udp-port]=dgram:10.99.0.1:54
	[unix-outside]=stream:/run/outside.sock
	[unix-abstract]=stream:@outside
)

witness_up() {
	local label
	local -a words=()
	for label in "${!posts[@]}"; do
		words+=("$label=${posts[$label]}")
	done
	/usr/local/libexec/attacks/attack-witness "$seen" "${words[@]}" &
	wait_for grep -q '^witness ready' "$seen"
	chmod 666 /run/outside.sock
}

# Comes in wherever a session listens: see attack-listen.
visitor() {
	local file port
	while pause 0.1; do
		for file in /tmp/visit-*; do
			if [[ -s $file && $file != *.new ]]; then
				read -r port <"$file"
				rm -f "$file"
				: <>"/dev/tcp/127.0.0.1/$port"
			fi
		done
	done 2>/dev/null
}

sshd_greets() {
	local line
	read -r line <>/dev/tcp/127.0.0.1/22
}

sshd_up() {
	mkdir -p /run/sshd
	/usr/sbin/sshd
	wait_for sshd_greets
}

sandlock_up() {
	local service
	for service in sshd su su-l; do
		echo 'session required pam_sandlock.so' >>"/etc/pam.d/$service"
	done
	systemd-tmpfiles --create --prefix=/run/sandlock
}

mounts_up
mkfifo /run/never
exec 4>/dev/ttyS1
stty -F /dev/ttyS1 raw
network_up
journal_up
witness_up
visitor &
sandlock_up
sshd_up
. "$guest/tests.sh"
SYSTEMD_COLORS=0 journalctl -q --no-hostname SYSLOG_IDENTIFIER=sandlock >/dev/console
echo "1..$count" >&4
echo '# end' >&4
exec 4>&-
sync
echo o >/proc/sysrq-trigger
sleep 60
