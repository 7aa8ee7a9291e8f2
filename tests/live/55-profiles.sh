#!/bin/bash
# Each profile of [syscalls] runs what its name says and nothing of the next one, by ssh, su and cron;
# the same works without a profile. What happened is judged by files and servers outside.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ways.sh"

ways=(exec su cron)
plan 69

# confined LINE...: alice on base.ini, with these lines under [syscalls].
confined() {
	policies_none
	{
		printf '[policy]\ninclude = base\n[filesystem]\nwrite-execute = %%h /tmp /var/tmp\n[syscalls]\n'
		printf '%s\n' "$@"
	} | policy users/alice
}

# try WAY COMMAND: has a bash of alice read it, in her home where nothing is ~/made yet.
try() {
	rm -rf /home/alice/made
	echo "$2" >/home/alice/try
	"way_$1" alice 'cd; . ./try' | grep -v '^done$' || [[ $? == 1 ]]
}

# gives TEXT WAY COMMAND WANTED: the last line that comes back.
gives() {
	is "$1, by $2" "$(try "$2" "$3" | tail -n 1)" "$4"
}

# makes TEXT WAY COMMAND, makes_not TEXT WAY COMMAND: is ~/made there afterwards?
makes() {
	local output
	output=$(try "$2" "$3")
	if [[ -e /home/alice/made ]]; then ok "$1, by $2"; else not_ok "$1, by $2" "$output"; fi
}
makes_not() {
	local output
	output=$(try "$2" "$3")
	if [[ ! -e /home/alice/made && $output == *'ot permitted'* ]]; then
		ok "$1, by $2"
	else
		not_ok "$1, by $2" "$output"
	fi
}

secret='the secret of alice'
fetch='curl -sS -m 10 -o made http://10.20.0.1:8099/page'
list='ls /usr | wc -l >made && cat made && ps >/dev/null && echo listed'
commit='rm -rf r && git init -q r && cd r && echo x >x && git add x &&
	git -c user.name=a -c user.email=a@lab commit -q -m first && git gc -q && tar cf ../t.tar . && cd .. &&
	mkdir made && tar xf t.tar -C made && git -C made log --format=%s && rm -rf r t.tar'
place='taskset -c 0 python3 -c "
import threading
thread = threading.Thread(target=open, args=(\"made\", \"w\"))
thread.start(), thread.join()"'
trace='strace -f -o made sh -c "ls >/dev/null; ls >/dev/null"'
hop='ssh -o BatchMode=yes -o LogLevel=ERROR -p 443 bob@10.20.0.22 id -un'

server_up() {
	mkdir "$work/www"
	echo page >"$work/www/page"
	chmod -R a+rX "$work"
	python3 -m http.server -d "$work/www" -b 10.20.0.1 8099 >/dev/null 2>&1 &
	wait_until 10 curl -s -o /dev/null http://10.20.0.1:8099/page
}

# Everything that some profile forbids works without one.
control() {
	policies_none
	makes 'without a policy: mkdir' exec 'mkdir made'
	confined 'profile = unrestricted'
	for way in "${ways[@]}"; do
		gives 'unrestricted: ls and ps' "$way" "$list" listed
		gives 'unrestricted: git and tar' "$way" "$commit" first
		makes 'unrestricted: taskset and threads' "$way" "$place"
		makes 'unrestricted: curl' "$way" "$fetch"
		makes 'unrestricted: strace on own children' "$way" "$trace"
	done
	gives 'unrestricted: ssh' exec "$hop" bob
}

essential() {
	confined 'profile = essential'
	for way in "${ways[@]}"; do
		gives 'essential: a shell reads a file' "$way" 'read -r line <~/secret; echo "$line"' "$secret"
		makes_not 'essential: starts no second program' "$way" '/bin/touch made; :'
	done
	gives 'essential: another program in place of the shell' exec 'exec cat ~/secret' "$secret"
}

logged() {
	journalctl --sync
	journalctl -q -o cat -t CRON --since "@$since" -g "$1" | grep -q .
}

minimal() {
	local since
	since=$(date +%s.%N)
	confined 'profile = minimal'
	for way in "${ways[@]}"; do
		gives 'minimal: ls, a pipeline, ps' "$way" "$list" listed
		makes_not 'minimal: no mkdir' "$way" 'mkdir made'
	done
	check 'minimal: cron tells the log what it runs' wait_until 5 logged 'alice.*CMD'
	has 'minimal: an interactive bash on a terminal, by ssh' \
		"$(on_pty $'<[$]\s\n>ls /usr | head -n 3 & wait; echo f""ine\r\n<fine\n>exit\r' ssh -tt alice@127.0.0.1)" fine
	has 'minimal: and by su' \
		"$(on_pty $'<[$]\s\n>ls /usr | head -n 3 & wait; echo f""ine\r\n<fine\n>exit\r' su - alice)" fine
	has 'minimal: sshd itself goes on forwarding' \
		"$(timeout 20 ssh -W 10.20.0.22:443 alice@127.0.0.1 <<<'' 2>&1 | head -n 1)" SSH-2.0
}

io_heavy() {
	confined 'profile = io-heavy'
	for way in "${ways[@]}"; do
		gives 'io-heavy: git and tar' "$way" "$commit" first
		makes_not 'io-heavy: no taskset' "$way" 'taskset -c 0 touch made'
	done
}

compute() {
	confined 'profile = compute'
	for way in "${ways[@]}"; do
		makes 'compute: taskset and threads' "$way" "$place"
		makes_not 'compute: no sockets' "$way" 'exec 3<>/dev/tcp/10.20.0.1/8099 && touch made'
	done
}

network() {
	confined 'profile = network'
	for way in "${ways[@]}"; do
		makes 'network: curl' "$way" "$fetch"
		makes_not 'network: no strace' "$way" "$trace && echo traced; rm -f made"
	done
	gives 'network: ssh' exec "$hop" bob
	gives 'network: git and tar' exec "$commit" first
}

# What else [syscalls] says.
keys() {
	confined 'profile = minimal' 'error = kill'
	# Not by cron: between the filter and the shell it sets credentials, which may need a socket.
	for way in exec su; do
		gives 'error = kill: the process ends' "$way" '{ mkdir made; echo $?; } 2>/dev/null' $((128 + 31))
	done
	check_fails 'error = kill: and has made nothing' test -e /home/alice/made
	confined 'profile = minimal' 'error = ENOSPC'
	has 'error = ENOSPC' "$(try exec 'mkdir made')" 'No space left'
	confined 'profile = minimal' 'error = log'
	makes 'error = log lets it through' exec 'mkdir made'
	confined 'deny = mkdir mkdirat'
	for way in "${ways[@]}"; do
		makes_not 'deny = mkdir' "$way" 'mkdir made'
	done
	makes 'deny = mkdir: nothing else is denied' exec "$fetch"
	confined 'profile = minimal' 'allow = mkdir'
	makes 'allow = mkdir' exec 'mkdir made'
	makes_not 'allow = mkdir: nothing else is allowed' exec 'ln -s x made'
}

layers() {
	confined 'profile = network' 'deny = symlink symlinkat'
	policy mandatory.d/10-site <<-INI
		[syscalls]
		profile = io-heavy
	INI
	gives 'two policies: what both allow' exec "$commit" first
	makes_not 'two policies: not what only the first allows' exec 'exec 3<>/dev/tcp/10.20.0.1/8099 && touch made'
	makes_not 'two policies: not what only the second allows' su 'ln -s x made'
}

server_up
control
essential
minimal
io_heavy
compute
network
keys
layers
rm -rf /home/alice/{made,try}
policies_none
no_leaks 'nothing is left'
