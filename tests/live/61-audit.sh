#!/bin/bash
# with: audit
# What the tool tells of denials that only the kernel sees, compared with what happened: two users,
# three sessions, each kind of denial, and somebody who forges. tests/run turns the machine's audit
# on for this file.
. "$(dirname "$0")/lib.sh"

plan 31
need audit 31 'what only the kernel sees' || exit 0
need landlock-abi-7 31 'what only the kernel sees' || exit 0

# as_fed USER FILE CMD: with the file as standard input.
as_fed() {
	timeout 60 ssh "$1@127.0.0.1" "${@:3}" <"$2"
}


policies_none
policy groups/students <<'POLICY'
[policy]
include = base
[filesystem]
write-execute = %h /tmp
[network]
connect = 10.20.0.53:443
POLICY
policy users/bob <<'POLICY'
[policy]
include = base
[filesystem]
write-execute = %h /tmp
[syscalls]
deny = sync
error = kill
POLICY
install -d -m 777 /srv/data /opt/shared
echo outside >/srv/data/file
chmod 644 /srv/data/file

# Of each session: its id.
# shellcheck disable=SC2016
first=$(as alice 'echo $SANDLOCK_SESSION; exec 2>/dev/null
	cat /srv/data/file; echo x >/opt/shared/new; ls "/srv/data"; sleep 1
	echo >/dev/tcp/10.20.0.53/8080; sleep 0.2' || :)
# shellcheck disable=SC2016
second=$(as alice 'echo $SANDLOCK_SESSION; exec 2>/dev/null; mkdir "/opt/shared/a b"; sleep 0.2' || :)
# shellcheck disable=SC2016
third=$(as bob 'echo $SANDLOCK_SESSION; exec 2>/dev/null; sync; cat /srv/data/file; sleep 0.2' || :)
# What is not allowed is logged, and goes on.
sed -i 's/^error = kill$/error = log/' /etc/sandlock/users/bob.ini
# shellcheck disable=SC2016
fourth=$(as bob 'echo $SANDLOCK_SESSION; exec 2>/dev/null; sync && echo done; sleep 0.2' || :)

# said SESSION EXPRESSION: of the denials of a session, as `d`.
said() {
	sandlock-admin log --denials --json --session "$1" 2>/dev/null | python3 -c 'import json, sys
d = [json.loads(line) for line in sys.stdin]
d = [e for e in d if e.get("comm") not in ("sshd",)]
print(eval(sys.argv[1]))' "$2"
}
arrived() { [[ $(said "$third" '[e["event"] for e in d].count("denied-filesystem")') == 1 ]]; }
check 'the kernel tells of file denials' wait_until 10 arrived

is 'the first session: what happened, in its order' \
	"$(said "$first" '[(e["event"], e["action"], e["object"]) for e in d]')" \
	"[('denied-filesystem', 'read', '/srv/data/file'), ('denied-filesystem', 'create', '/opt/shared'), ('denied-filesystem', 'list', '/srv/data'), ('denied-network', 'connect', '10.20.0.53:8080')]"
is 'its rights, as the kernel spells them' "$(said "$first" '[e["right"] for e in d[:3]]')" \
	"['fs.read_file', 'fs.make_reg', 'fs.read_dir']"
is 'its programs' "$(said "$first" '[e["comm"] for e in d]')" "['cat', 'bash', 'ls', 'bash']"
is 'their paths' "$(said "$first" '[e["exe"] for e in d]')" \
	"['/usr/bin/cat', '/usr/bin/bash', '/usr/bin/ls', '/usr/bin/bash']"
is 'its calls' "$(said "$first" '[e["syscall"] for e in d]')" "['openat', 'openat', 'openat', 'connect']"
is 'its errors' "$(said "$first" '[e["errno"] for e in d]')" '[13, 13, 13, 111]'
is 'its user' "$(said "$first" '{(e["user"], e["uid"]) for e in d}')" "{('alice', $(id -u alice))}"
is 'its id on all of them' "$(said "$first" '{e["session"] for e in d}')" "{'$first'}"
is 'no rule granted it' "$(said "$first" '{e["rule"] for e in d}')" "{'-'}"
is 'the second session, and a name with a blank in it' \
	"$(said "$second" '[(e["event"], e["action"], e["object"], e["right"]) for e in d]')" \
	"[('denied-filesystem', 'create', '/opt/shared', 'fs.make_dir')]"
is 'the third: the call that killed, and a file' \
	"$(said "$third" '[(e["event"], e["action"], e["object"]) for e in d]')" \
	"[('denied-syscall', 'kill', 'sync'), ('denied-filesystem', 'read', '/srv/data/file')]"
is 'a call that is only logged is made' "${fourth#*$'\n'}" done
fourth=${fourth%%$'\n'*}
is 'the fourth: the call that was logged' \
	"$(said "$fourth" '[(e["event"], e["action"], e["object"], e["comm"]) for e in d]')" \
	"[('denied-syscall', 'log', 'sync', 'sync')]"
has 'as text it is logged, not denied' "$(sandlock-admin log --denials --session "$fourth")" \
	'Logged system call sync for bob (pid '
has 'as text it has its number in audit' \
	"$(sandlock-admin log --denials --session "$second")" "${second:0:8}:a"
has 'and says who and what' "$(sandlock-admin log --denials --session "$second")" \
	'Denied create in /opt/shared for alice (pid '
# What of it is a denial by sshd's own process, before the shell, is counted too.
is 'sessions counts what log shows' \
	"$(sandlock-admin sessions --all --json | python3 -c 'import json, sys
print({s["session"]: s["denied"] for s in json.load(sys.stdin)["sessions"]}[sys.argv[1]])' "$first")" \
	"$(sandlock-admin log --denials --json --session "$first" 2>/dev/null | wc -l)"
is 'only one user' "$(sandlock-admin log --denials --json --user bob 2>/dev/null |
	python3 -c 'import json, sys
print(" ".join(dict.fromkeys(json.loads(line)["session"] for line in sys.stdin)))')" "$third $fourth"
is 'with audit on there is no hint' "$(sandlock-admin log -n 1 2>&1 >/dev/null)" ''

# Following: on the screen within a second of the denial.
sandlock-admin log -f --denials --user alice >"$work/followed" 2>&1 &
follower=$!
check 'log -f begins with what was' wait_until 10 grep -q Denied "$work/followed"
as alice 'cat /srv/data/file 2>/dev/null; cut -d" " -f1 /proc/uptime; sleep 2' >"$work/when" || :
followed() { [[ $(tail -n 1 "$work/followed") == *'Denied read /srv/data/file for alice'* ]]; }
check 'log -f shows it' wait_until 5 followed
kill $follower

# Who forges: bob's records say what they like, and his own sandbox denies him things.
own=$(as_fed bob "$lib_folder/own-domain.py" python3 - 2>&1 || :)
has 'bob is denied a file by a domain of his own' "$own" PermissionError
told_of() { journalctl --sync && journalctl -q -o cat _AUDIT_TYPE=1423 | grep -q "$1"; }
check 'the kernel tells of that' wait_until 10 told_of /usr/share/common-licenses
lacks 'it is no denial of ours' "$(sandlock-admin log --json 2>/dev/null)" common-licenses
for field in SANDLOCK_ACTION=confine _TRANSPORT=audit; do
	as bob "printf '%s\n' $field SANDLOCK_SESSION=$first SANDLOCK_PID=1 SANDLOCK_EXE=/usr/sbin/sshd \
		_AUDIT_TYPE=1423 _AUDIT_ID=77 SYSLOG_IDENTIFIER=sandlock SANDLOCK_USER=alice SANDLOCK_EVENT=denied-filesystem \
		'MESSAGE=AUDIT1423 domain=1 blockers=fs.read_file path=\"/usr/share/forged\"' | logger --journald"
done
journalctl --sync
check 'the forged records are in the journal' grep -q forged <<<"$(journalctl -q -o cat)"
lacks 'but not in the log' "$(sandlock-admin log --json 2>/dev/null)" forged
is 'nor do they count' "$(sandlock-admin sessions --all --json | grep -c forged || :)" 0

# An escape sequence in a name stays where it is.
as alice 'cd /opt/shared; cp /usr/bin/cat "$HOME/c$(printf "\033")[31mat"; "$HOME"/c*at /srv/data/file' 2>/dev/null || :
escaped() { [[ $(sandlock-admin log) == *'c\x1b[31mat'* ]]; }
check 'an escape sequence is escaped' wait_until 10 escaped
lacks 'no control character comes through' "$(sandlock-admin log)$(sandlock-admin log --json)" $'\033'
rm -rf /srv/data /opt/shared /home/alice/c*at
policies_none
no_leaks 'nothing is left'
