#!/bin/bash
# also: sanitizers
# Complain mode: a login does everything an unconfined one does, and the journal has what the same
# policy would have denied, no more and no less. Judged by running the same attempts three times.
. "$(dirname "$0")/lib.sh"

would_deny=304b1598574940e49b871ad76ff061dd
session_open=9e46d8d3308d45e0a0b5ac2c5024f9f8
session_close=f91c731ea69845ae8bb374c46ad612bc
supervisor_failed=9efdd2c5483c459e916d4edb1deaf999
data=/srv/data

# What the attempts are about: name, right, object. A line of `denied` is one that enforcing denies.
attempts=(
	"cat $data/file|fs.read_file $data/file"
	"ls $data|fs.read_dir $data"
	"$data/program|fs.execute $data/program"
	"echo x >>$data/mine|fs.write_file $data/mine"
	"cat /home/alice/.ssh/known_hosts|fs.read_file /home/alice/.ssh/known_hosts"
	"cat $data/granted/file|fs.read_file $data/granted/file"
	"cat $data/single|fs.read_file $data/single"
	"echo x >/home/alice/note|fs.write_file /home/alice/note"
	"cat /home/alice/link|fs.read_file $data/file"
	"echo >/dev/tcp/10.20.0.53/8080|net.connect_tcp 10.20.0.53:8080"
	"echo >/dev/tcp/10.20.0.53/443|net.connect_tcp 10.20.0.53:443"
	"echo x >/dev/udp/10.99.0.1/5300|udp 10.99.0.1:5300"
	"python3 -c 'import socket; socket.create_server((\"\", 6001))'|net.bind_tcp *:6001"
	"python3 -c 'import socket; socket.create_server((\"\", 6000))'|net.bind_tcp *:6000"
	"python3 -c 'import socket as s; s.socket(s.AF_UNIX).connect(\"/run/outside.sock\")'|unix /run/outside.sock"
	"python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000) < 0)'|call unshare"
	"python3 -c 'import socket as s; s.socket(s.AF_INET, s.SOCK_STREAM, 262)'|call socket"
	"python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).shmget(0, 4096, 0o1600) < 0)'|call shmget"
)

complaining() {
	cat <<-INI
		[policy]
		mode = $1
		include = base
		[filesystem]
		write-execute = /tmp /var/tmp /home/alice/note /home/alice/work /run/live.out
		read.own = $data/granted $data/single /home/alice/.bashrc -/home/alice/.profile
		list = %h
		[network]
		connect = 10.20.0.53:443 udp://10.20.0.53:53
		bind = 6000
	INI
}

# outcomes: of every attempt, in one session: "0" or "1" a line, and what ran is left in the journal.
outcomes() {
	local attempt script='echo $SANDLOCK_SESSION;'
	for attempt in "${attempts[@]}"; do
		script+="( ${attempt%%|*} ) >/dev/null 2>&1; echo \$((\$? != 0));"
	done
	as alice "$script"
}

# expected UNCONFINED ENFORCED: what enforcing denies of what goes well without.
expected() {
	local i
	local -a free enforced
	mapfile -t free <<<"$1"
	mapfile -t enforced <<<"$2"
	for i in "${!attempts[@]}"; do
		if [[ ${free[i + 1]} == 0 && ${enforced[i + 1]} == 1 ]]; then
			echo "${attempts[i]#*|}"
		fi
	done | sort -u
}

closed() { [[ -n $(journal_get MESSAGE MESSAGE_ID=$session_close SANDLOCK_SESSION="$1") ]]; }

# counts ID: what was recorded one by one and what was not; then what session-close says.
counts() {
	local recorded suppressed
	recorded=$(journal_get SANDLOCK_OBJECT MESSAGE_ID=$would_deny SANDLOCK_SESSION="$1" | grep -c .)
	suppressed=$(journal_get SANDLOCK_SUPPRESSED SANDLOCK_EVENT=suppressed SANDLOCK_SESSION="$1" |
		awk '{ n += $1 } END { print n + 0 }')
	echo "$recorded $suppressed" \
		"$(journal_get SANDLOCK_WOULD_DENY MESSAGE_ID=$session_close SANDLOCK_SESSION="$1")"
}

failures() { journal_get MESSAGE MESSAGE_ID=$supervisor_failed; }

# told ID: what the journal has of a session that is closed, in the attempts' words. The paths of
# others than the attempts are the session's own start, which enforcing denies as well.
told() {
	wait_until 10 closed "$1"
	journalctl --sync
	journalctl -q -o json --all SYSLOG_IDENTIFIER=sandlock _UID=0 MESSAGE_ID=$would_deny \
		SANDLOCK_SESSION="$1" | python3 -c 'import json, sys
for line in sys.stdin:
    j = json.loads(line)
    kind = j.get("SANDLOCK_RIGHT")
    if not kind:
        kind = "call" if j["SANDLOCK_ACTION"] == "syscall" else \
            "unix" if j["SANDLOCK_OBJECT"].startswith("/") else "udp"
    print(kind, j["SANDLOCK_OBJECT"])' | sort -u
}

both() { comm -12 <(echo "$1") <(echo "$2"); }
only_first() { comm -23 <(echo "$1") <(echo "$2"); }

plan 45
failures=$(failures)
policies_none
mkdir -p $data/granted /home/alice/work
install -m 755 /bin/true $data/program
echo secret | tee $data/file $data/granted/file $data/single >/dev/null
install -o alice -m 644 /dev/null $data/mine
ln -sfn $data/file /home/alice/link
touch /home/alice/note
chown -R alice:alice /home/alice/work /home/alice/note
chmod 777 /run/outside.sock
chmod -R a+rX $data

free=$(outcomes)
is 'control: unconfined all of it goes well' "$(tail -n +2 <<<"$free" | sort -u)" 0
complaining enforce | policy users/alice
enforced=$(outcomes)
wanted=$(expected "$free" "$enforced")
complaining complain | policy users/alice
watched=$(outcomes)
id=$(head -n 1 <<<"$watched")
is 'in complain mode, too' "$(tail -n +2 <<<"$watched" | sort -u)" 0
found=$(told "$id")
is 'enforcing denies twelve of them' "$(grep -c . <<<"$wanted")" 12
is 'each of them is told' "$(only_first "$wanted" "$found")" ''
# Of the attempts that enforcing lets through none may be told.
all=$(printf '%s\n' "${attempts[@]#*|}" | sort -u)
is 'and no other' "$(both "$(only_first "$all" "$wanted")" "$found")" ''
field() { journal_get "$1" MESSAGE_ID=$would_deny SANDLOCK_SESSION="$id" SANDLOCK_OBJECT="$2"; }
is 'its event' "$(field SANDLOCK_EVENT $data | sort -u)" would-deny
is 'its errno' "$(field SANDLOCK_ERRNO $data | sort -u)" 13
is 'its action' "$(field SANDLOCK_ACTION $data | sort -u)" open
is 'its rule: none' "$(field SANDLOCK_RULE $data | sort -u)" -
is 'its mode' "$(field SANDLOCK_MODE $data | sort -u)" complain
is 'its priority is notice' "$(field PRIORITY $data | sort -u)" 5
is 'the errno of a connection' "$(field SANDLOCK_ERRNO 10.20.0.53:8080)" 111
is 'no denial is recorded' "$(journal_get MESSAGE SANDLOCK_SESSION="$id" SANDLOCK_EVENT=denied-network)" ''
is 'session-close: nothing denied' \
	"$(journal_get SANDLOCK_DENIED MESSAGE_ID=$session_close SANDLOCK_SESSION="$id")" 0
check 'session-close counts what would be' test \
	"$(journal_get SANDLOCK_WOULD_DENY MESSAGE_ID=$session_close SANDLOCK_SESSION="$id")" -ge 12
read -r recorded suppressed counted <<<"$(counts "$id")"
is 'each of them once' "$((recorded + suppressed))" "$counted"

# What an unconfined login has besides.
is 'no_new_privs is not set' "$(as alice 'grep NoNewPrivs /proc/self/status')" $'NoNewPrivs:\t0'
echo 'alice ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/alice
grep -v pam_sandlock /etc/pam.d/sudo >/run/sudo.pam
cp /etc/pam.d/sudo /run/sudo.pam.kept
cp /run/sudo.pam /etc/pam.d/sudo
is 'set-id programs work' "$(as alice 'sudo id -u')" 0
cp /run/sudo.pam.kept /etc/pam.d/sudo
rm /etc/sudoers.d/alice /run/sudo.pam /run/sudo.pam.kept
is 'a pipe through su stays what it is' "$(cd /srv && su alice -c 'pwd; echo >&2' 2>/dev/null)" /srv
is 'so does that of a command by ssh' "$(as alice 'echo just this')" 'just this'
rm /home/alice/.hushlogin
has 'on a terminal it says so' "$(on_pty '<[$]\s'$'\n''>exit\r' ssh -tt alice@127.0.0.1)" \
	'sandlock: complain mode'
is 'in one line' "$(on_pty '<[$]\s'$'\n''>exit\r' su - alice | grep -c sandlock)" 1
is 'enforcing says nothing' "$(complaining enforce | policy users/alice
	on_pty '<[$]\s'$'\n''>exit\r' ssh -tt alice@127.0.0.1 | grep -c sandlock || :)" 0
complaining complain | policy users/alice
as alice 'echo $SANDLOCK_SESSION; sleep 60' >"$work/id" &
wait_until 5 test -s "$work/id"
id=$(cat "$work/id")
opened() { [[ -n $(journal_get MESSAGE MESSAGE_ID=$session_open SANDLOCK_SESSION="$id") ]]; }
check 'session-open comes' wait_until 5 opened
has 'sessions says complain' "$(sandlock-admin sessions)" complain
touch /home/alice/.hushlogin
# Others on the same file system are nobody's business.
as bob "cat $data/file; ls $data" >/dev/null
cat $data/mine
pkill -KILL -u alice -x sleep
wait
is 'of others nothing is told' "$(told "$id" | grep "$data" || [[ $? == 1 ]])" ''

# Something is mounted in a folder of hers, and the folder changes places with a symlink all the
# while: what is watched is never the mount that others see.
install -d -o alice /home/alice/{here,here/mounted} $data/mounted
mount -t tmpfs none /home/alice/here/mounted
ln -s $data /home/alice/there
chown -h alice /home/alice/there
setpriv --reuid alice --regid alice --clear-groups python3 - <<-'PY' &
	import ctypes
	libc = ctypes.CDLL(None)
	while libc.renameat2(-100, b"/home/alice/here", -100, b"/home/alice/there", 2) == 0:
	    pass
PY
swapping=$!
others=''
for i in {1..8}; do
	: >"$work/swapped"
	as alice 'echo $SANDLOCK_SESSION; exec sleep 0.5' >"$work/swapped" &
	login=$!
	wait_until 10 test -s "$work/swapped"
	cat $data/file >/dev/null
	wait $login
	others+=$(told "$(cat "$work/swapped")" | grep -F $data/file || [[ $? == 1 ]])
done
check 'a symlink on the way to a mount: it was there to the end' kill $swapping
is 'a symlink on the way to a mount: of others nothing is told' "$others" ''
wait || :
umount "$(findmnt -n -l -t tmpfs -o TARGET | grep ^/home/alice/)"
rm -rf /home/alice/{here,there}

# More than the rate limit allows is counted, and waited for by nobody.
id=$(as alice "echo \$SANDLOCK_SESSION; for i in {1..600}; do read -r x <$data/file; done; echo \$x")
is 'six hundred reads go well' "$(tail -n 1 <<<"$id")" secret
id=$(head -n 1 <<<"$id")
wait_until 10 closed "$id"
read -r recorded suppressed counted <<<"$(counts "$id")"
check "at most 300 are told ($recorded)" test "$recorded" -le 300
is 'the others are counted' "$((recorded + suppressed))" "$counted"

# One that complains beside one that enforces.
policy mandatory.d/10-hold <<-INI
	[policy]
	include = base
	[filesystem]
	write-execute = %h /tmp $data
INI
id=$(as alice "echo \$SANDLOCK_SESSION; grep NoNewPrivs /proc/self/status; cat $data/file
	cat /home/bob/secret; exec 2>/dev/null; echo >/dev/tcp/10.20.0.53/8080 && echo connected" 2>&1 || :)
has 'mixed: the one that enforces holds' "$id" 'Permission denied'
has 'mixed: what it allows goes well' "$id" secret
lacks 'mixed: what it denies does not' "$id" 'the secret of bob'
has 'mixed: nobody enforces addresses' "$id" connected
has 'mixed: no_new_privs is set' "$id" $'NoNewPrivs:\t1'
id=$(head -n 1 <<<"$id")
found=$(told "$id")
has 'mixed: what the other would deny is told' "$found" "fs.read_file $data/file"
has 'mixed: of connections, too' "$found" 'net.connect_tcp 10.20.0.53:8080'
is 'mixed: its mode' "$(journal_get SANDLOCK_MODE MESSAGE_ID=$session_open SANDLOCK_SESSION="$id")" mixed
rm /etc/sandlock/mandatory.d/10-hold.ini

is 'whoever watched lived to the end' "$(failures)" "$failures"

# Without the watcher nothing is told of files any more; what was told is counted.
as alice "echo \$SANDLOCK_SESSION; cat $data/file; sleep 60" >"$work/killed" &
wait_until 5 grep -q secret "$work/killed"
id=$(head -n 1 "$work/killed")
seen() { [[ -n $(field MESSAGE $data/file) ]]; }
wait_until 5 seen
monitor=$(journal_get SANDLOCK_SUPERVISOR_PID MESSAGE_ID=$session_open SANDLOCK_SESSION="$id")
kill -KILL "$(pgrep -n -P "$monitor")"
unwatched() { [[ -n $(journal_get MESSAGE MESSAGE_ID=$supervisor_failed SANDLOCK_SESSION="$id") ]]; }
check 'watcher killed: it is recorded' wait_until 5 unwatched
pkill -KILL -u alice -x sleep
wait
wait_until 10 closed "$id"
read -r recorded suppressed counted <<<"$(counts "$id")"
is 'watcher killed: what was recorded is counted' "$counted" "$recorded"

# It ends like any other.
as alice 'echo $SANDLOCK_SESSION; sleep 60' >"$work/last" &
wait_until 5 test -s "$work/last"
id=$(cat "$work/last")
wait_until 5 opened
check 'terminate ends it' sandlock-admin terminate "$id"
wait || :

# Whoever got hold of a folder of the session's, and of its mounts, may open files there for ever,
# and faster than they are judged: the session's end does not wait for that.
mkdir $data/many
touch $data/many/{1..200}
as alice 'echo $SANDLOCK_SESSION; exec sleep 60' >"$work/held" &
wait_until 5 test -s "$work/held"
id=$(cat "$work/held")
wait_until 5 pgrep -u alice -x sleep
setsid python3 - "/proc/$(pgrep -u alice -x sleep)" $data/many >"$work/flood" <<-'PY' &
	import os, sys
	mounts = os.open(sys.argv[1] + "/ns/mnt", os.O_RDONLY)
	folder = os.open(sys.argv[1] + "/root" + sys.argv[2], os.O_RDONLY | os.O_DIRECTORY)
	names = os.listdir(folder)
	print("begun", flush=True)
	os.fork(), os.fork(), os.fork()
	while True:
	    for name in names:
	        os.close(os.open(name, os.O_RDONLY, dir_fd=folder))
PY
flood=$!
wait_until 5 grep -q begun "$work/flood"
pkill -KILL -u alice -x sleep
check 'files opened without end: the session ends' wait_until 15 closed "$id"
kill -KILL -- -$flood
wait || :

ipcrm --all=shm
rm -rf $data /home/alice/{note,work,link}
policies_none
no_leaks 'nothing is left'
