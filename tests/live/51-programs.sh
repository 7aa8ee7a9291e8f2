#!/bin/bash
# Programs that talk to others, under rules that name whom they may talk to. What has to arrive, does;
# what is refused is refused soon.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/calls.sh"

share=/usr/local/share/live
good=git.lab.test
bad=other.lab.test
https=8443

plan 40

servers_up() {
	programs_up
	mkdir -p $share /srv/www
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
		-subj "/CN=$good" -addext "subjectAltName=DNS:$good,DNS:$bad" \
		-keyout "$work/key" -out $share/certificate 2>/dev/null
	cat "$work/key" $share/certificate >"$work/pem"
	install -m 644 "$lib_folder/asyncio-both.py" $share/
	echo 'hello by https' >/srv/www/hello
	git init -q -b main "$work/seed"
	git -C "$work/seed" -c user.name=lab -c user.email=lab@lab commit -q --allow-empty -m first
	git clone -q --bare "$work/seed" /srv/www/repo.git
	git -C /srv/www/repo.git update-server-info
	chown -R bob:bob /srv/www/repo.git
	nsenter --net=/run/netns/far python3 "$lib_folder/https.py" "$work/pem" /srv/www 0.0.0.0 $https \
		2>/dev/null &
	servers+=($!)
	echo_up far stream:10.20.1.1:7000 stream:[2001:db8:20:1::1]:7000 dgram:10.20.1.1:7001 \
		dgram:[2001:db8:20:1::1]:7001 dgram:10.99.1.1:7001
	wait_until 5 curl -s --cacert $share/certificate https://$good:$https/hello
	sysctl -q -w net.ipv4.ping_group_range='0 2147483647'
}

policy_up() {
	policies_none
	# ping finds out its own address by a UDP socket that it connects to port 1025.
	policy users/alice <<-INI
		[policy]
		include = base
		[filesystem]
		write-execute = %h /tmp /var/tmp
		[network]
		connect     = $good:22,7000,$https udp://$good:7001 icmp://$good udp://$good:1025
		connect.dns = udp://10.20.0.53:53 10.20.0.53:53
		bind        = 7080
		[ipc]
		signal        = session
		abstract-unix = session
	INI
}

# soon_not TEXT CMD: fails in alice's session within five seconds.
soon_not() {
	local status=0 start=$SECONDS output
	output=$(as alice "$2" 2>&1) || status=$?
	if ((status != 0 && status != 124 && SECONDS - start <= 5)); then
		ok "$1"
	else
		not_ok "$1" "exit $status after $((SECONDS - start)) s: $output"
	fi
}

# echos: ping requests that the far host has got so far.
echos() {
	nsenter --net=/run/netns/far awk '$1 == "Icmp:" { v = $9 } END { print v }' /proc/net/snmp
}

web() {
	local fetch="curl -sS -m 20 --cacert $share/certificate"
	is 'curl fetches by https' "$(as alice "$fetch https://$good:$https/hello" 2>&1)" 'hello by https'
	is 'curl by IPv4 address and by twenty connections' \
		"$(as alice "$fetch -Z --no-progress-meter $(printf "https://$good:$https/hello %.0s" {1..20})" |
			sort | uniq -c | xargs)" '20 hello by https'
	soon_not 'curl: not from another host' "$fetch https://$bad:$https/hello"
	soon_not 'curl: not from another port' "$fetch http://$good:8080/"
	is 'curl: bob, unconfined, fetches from there' \
		"$(as bob "$fetch https://$bad:$https/hello" 2>&1)" 'hello by https'
	is 'python fetches by https' "$(as alice "python3 -c '
import ssl, urllib.request
context = ssl.create_default_context(cafile=\"$share/certificate\")
print(urllib.request.urlopen(\"https://$good:$https/hello\", context=context).read().decode(), end=\"\")'" 2>&1)" \
		'hello by https'
}

git_all() {
	check 'git clones by https' as alice \
		"git -c http.sslCAInfo=$share/certificate clone -q https://$good:$https/repo.git by-https &&
		git -C by-https log --oneline | grep -q first"
	check 'git clones by ssh' as alice "git clone -q ssh://bob@$good/srv/www/repo.git by-ssh"
	check 'git pushes by ssh' as alice "cd by-ssh && git config user.email a@lab && git config user.name a &&
		git commit -q --allow-empty -m second && git push -q"
	is 'git: it has arrived' "$(git -c safe.directory='*' -C /srv/www/repo.git log -1 --format=%s)" second
	check 'git fetches again' as alice 'cd by-ssh && git fetch -q && git pull -q'
	soon_not 'git: not from another host' \
		"git -c http.sslCAInfo=$share/certificate clone -q https://$bad:$https/repo.git by-bad"
	is 'git keeps credentials in its cache' "$(as alice '
		description="protocol=https\nhost=lab\nusername=alice\n"
		printf "${description}password=sesame\n\n" | git credential-cache store
		printf "$description\n" | git credential-cache get
		git credential-cache exit' 2>&1 | grep password)" password=sesame
	rm -rf /home/alice/by-*
}

names() {
	is 'dig by UDP' "$(as alice "dig +short $good" 2>&1)" 10.20.1.1
	is 'dig for an IPv6 address' "$(as alice "dig +short -t AAAA $good" 2>&1)" 2001:db8:20:1::1
	soon_not 'dig: not by another server' "dig +tries=1 +time=2 @10.99.0.1 $good"
	has 'getent' "$(as alice "getent ahosts $good" 2>&1)" '10.20.1.1 '
	has 'getent by TCP' "$(as alice "RES_OPTIONS=use-vc getent ahosts $good" 2>&1)" '10.20.1.1 '
	has 'host, of a name that is not' "$(as alice 'host nowhere.lab.test' 2>&1 || :)" NXDOMAIN
}

datagrams() {
	local before
	is 'nc -u: there and back' "$(as alice "echo word | nc -u -W 1 -w 20 $good 7001" 2>&1)" word
	is 'nc -u by IPv6' "$(as alice "echo word | nc -6 -u -W 1 -w 20 $good 7001" 2>&1)" word
	before=$(seen_count '^got 10.99.1.1:7001')
	as alice "echo word | nc -u -W 1 -w 5 $bad 7001" >/dev/null 2>&1 || :
	is 'nc -u: nothing to another host' "$(seen_count '^got 10.99.1.1:7001')" "$before"
	is 'nc -u: bob, unconfined, there and back' "$(as bob "echo word | nc -u -W 1 -w 20 $bad 7001" 2>&1)" word
	has 'ping' "$(as alice "ping -4 -n -c 2 -i 0.2 -W 20 $good" 2>&1 || :)" '2 received'
	has 'ping by IPv6' "$(as alice "ping -6 -n -c 2 -i 0.2 -W 2 $good" 2>&1 || :)" '2 received'
	before=$(echos)
	soon_not 'ping: not another host' "ping -4 -n -c 1 -W 2 $bad"
	is 'ping: nothing has arrived there' "$(echos)" "$before"
	has 'ping: bob, unconfined, is answered' "$(as bob "ping -4 -n -c 1 -W 2 $bad" 2>&1 || :)" '1 received'
}

asyncio() {
	is 'an asyncio client' "$(as alice "python3 $share/asyncio-both.py $good 7000" 2>&1 | sort | uniq -c | xargs)" \
		'1 datagram from asyncio 20 word from asyncio'
	as alice "python3 $share/asyncio-both.py 7080" >"$work/asyncio" 2>&1 &
	wait_until 10 bash -c '[[ -n $(ss -Hltn "sport = :7080") ]]' || cat "$work/asyncio"
	is 'an asyncio server on a port that bind names' \
		"$(timeout 10 bash -c 'exec 3<>/dev/tcp/127.0.0.1/7080; echo word >&3; head -n 1 <&3')" 'served word'
	wait %% || :
	soon_not 'but not on another' "python3 $share/asyncio-both.py 7081"
}

secrets() {
	is 'ssh to the host that is named' "$(as alice "ssh -o BatchMode=yes bob@$good id -un" 2>&1)" bob
	soon_not 'ssh: not to another' "ssh -o BatchMode=yes bob@$bad id -un"
	is 'an ssh-agent of the session opens it' "$(as alice "eval \$(ssh-agent -s) >/dev/null && ssh-add -q .ssh/id_ed25519 &&
		ssh -o BatchMode=yes -o IdentityFile=none bob@$good id -un; ssh-agent -k >/dev/null" 2>&1)" bob
	has 'gpg makes a key and signs, by its agent' "$(as alice '
		export GNUPGHOME=$HOME/gnupg LC_ALL=C; mkdir -m 700 $GNUPGHOME
		gpg --batch -q --passphrase "" --quick-gen-key alice@lab ed25519 sign never &&
		echo text | gpg --batch -q --clear-sign | gpg --batch --verify
		gpgconf --kill gpg-agent; rm -rf $GNUPGHOME' 2>&1)" 'Good signature'
}

# The talk goes by a UNIX socket, over which tmux gets the terminal's descriptors.
multiplexers() {
	on_pty $'<[$]\\s\n>tmux -f /dev/null -L live\\r\n<\\[0\\]\n>echo from-tmux >tmux.txt; tmux -L live kill-server\\r\n<exited\n>exit\\r' \
		ssh -tt alice@127.0.0.1 >/dev/null || :
	is 'tmux gives a shell on a terminal' "$(cat /home/alice/tmux.txt)" from-tmux
	rm -f /home/alice/tmux.txt
}

logged() {
	journalctl --sync
	journalctl -q -o cat -g "$1" _UID="$(id -u alice)" | grep -q .
}

logs() {
	as alice 'logger from-logger; echo from-cat | systemd-cat; python3 -c "
import syslog
syslog.syslog(\"from-syslog\")"' || :
	check 'logger reaches the journal' wait_until 5 logged from-logger
	check 'systemd-cat does' wait_until 5 logged from-cat
	check 'syslog(3) does' wait_until 5 logged from-syslog
}

servers_up
policy_up
web
git_all
names
datagrams
asyncio
secrets
multiplexers
logs
sysctl -q -w net.ipv4.ping_group_range='1 0'
rm -rf $share /srv/www
policies_none
no_leaks 'nothing is left'
