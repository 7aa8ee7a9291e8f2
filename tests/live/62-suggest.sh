#!/bin/bash
# with: audit
# From a denial to a policy that allows it: why, suggest, patch, check, and a login that works.
. "$(dirname "$0")/lib.sh"

plan 40
need audit 40 'suggestions for files' || exit 0
need landlock-abi-7 40 'suggestions for files' || exit 0

policies_none
students=/etc/sandlock/groups/students.ini
policy groups/students <<'POLICY'
# What students may do.
[policy]
include = base

[filesystem]
read  = %h
write-execute = %h/work /tmp

[network]
connect = 10.20.0.53:443
deny    = 10.99.0.0/16
bind    = none
POLICY
policy mandatory.d/10-site <<'POLICY'
[filesystem]
execute = /
write   = %h /tmp
device  = /dev
POLICY
sleep 1
start=@$(date +%s.%N) # other files have sessions of alice, too
install -d -m 755 /srv/data '/srv/odd name'
install -d -m 777 /srv/out
for file in a b c d; do
	echo "content of $file" >/srv/data/$file
done
echo odd >'/srv/odd name/100%'

# shellcheck disable=SC2016
tries='cat /srv/data/{a,b,c,d} "/srv/odd name/100%"; echo x >/srv/out/new; echo x >>.bashrc; echo x >.ssh/new
	echo >/dev/tcp/10.20.0.53/8080; echo >/dev/tcp/10.99.0.1/443
	python3 -c "import socket; socket.create_server((\"127.0.0.1\", 8088))"'
session() {
	as alice "exec 2>/dev/null; echo \$SANDLOCK_SESSION; $tries; sleep 0.3" || :
}
install -d -o alice -g alice /home/alice/work
first=$(session | head -n 1)
second=$(session | head -n 1)
# json COMMAND EXPRESSION ARGUMENT...: of its JSON, as `j`.
json() {
	local command=$1 expression=$2
	shift 2
	sandlock-admin "$command" --json "$@" 2>/dev/null |
		python3 -c 'import json, sys
j = json.load(sys.stdin)
print(eval(sys.argv[1]))' "$expression"
}
# number_of SESSION EXPRESSION: what log calls the first of its denials for which that holds, as `e`.
number_of() {
	sandlock-admin log --denials --json --session "$1" 2>/dev/null | python3 -c 'import json, sys
found = [e for e in map(json.loads, sys.stdin) if eval(sys.argv[1])]
if found:
    e = found[0]
    print("%s:%s" % (e["session"][:8], e.get("seq") or "a%d" % e["audit_id"]))' "$2"
}
arrived() { [[ -n $(number_of "$second" 'e.get("object") == "/srv/out"') ]]; }
check 'the denials are known' wait_until 10 arrived

a=$(number_of "$first" 'e.get("object") == "/srv/data/a"')
is 'why: one policy grants the file, another does not' "$(json why 'j["cause"]' "$a")" other-layer
is 'the line for it, and where' \
	"$(json why '[(l["file"], l["section"], l["line"]) for l in j["lines"]]' "$a")" \
	"[('$students', 'filesystem', 'read.allowed = /srv/data/a')]"
has 'as text' "$(sandlock-admin why "$a")" 'read.allowed = /srv/data/a'
out=$(number_of "$first" 'e.get("object") == "/srv/out"')
is 'why: two policies, and neither grants it' \
	"$(json why 'j["cause"], sorted((l["policy"], l["line"]) for l in j["lines"])' "$out")" \
	"('no-rule', [('group/students', 'write.allowed = /srv/out'), ('mandatory/10-site', 'write.allowed = /srv/out')])"
port=$(number_of "$first" 'e.get("object") == "10.20.0.53:8080"')
is 'why: another port than that of the rule' "$(json why 'j["cause"], j["nearest"]["id"]' "$port")" \
	"('port', 'group/students:network.connect')"
is 'the line for that' "$(json why '[l["line"] for l in j["lines"]]' "$port")" \
	"['connect.allowed = 10.20.0.53:8080']"
denied=$(number_of "$first" 'e.get("object") == "10.99.0.1:443"')
is 'why: a rule that denies' "$(json why 'j["cause"], j["rule"]["line"], j["lines"]' "$denied")" \
	"('deny-rule', 11, [])"
rc=$(number_of "$first" 'e.get("object") == "/home/alice/.bashrc"')
has 'why: nothing is proposed for .bashrc' "$(sandlock-admin why "$rc")" 'No line is proposed'
is '--last is the last one' "$(json why 'j["events"][0]["session"]' --last --user alice)" "$second"
chmod 600 /srv/data/b
b=$(number_of "$first" 'e.get("object") == "/srv/data/b"')
has 'why: the permissions deny it, too' "$(sandlock-admin why "$b")" 'permissions of the file deny it'
chmod 644 /srv/data/b

sandlock-admin suggest --user alice --since "$start" >"$work/patch" 2>"$work/err"
has 'suggest: four files of a folder are the folder' "$(cat "$work/patch")" '= /srv/data'
lacks 'not each of them' "$(cat "$work/patch")" /srv/data/a
has 'what a policy must escape is escaped' "$(cat "$work/patch")" '= /srv/odd\x20name/100%%'
has 'a port to listen on' "$(cat "$work/patch")" 'bind.suggested = 8088'
has 'how often, and in how many sessions' "$(cat "$work/patch")" 'in 2 sessions, last on 2'
lacks 'never .bashrc or .ssh' "$(grep '^+' "$work/patch")" '%h/.'
has 'but it says so' "$(cat "$work/patch")" '# Not proposed: /home/alice/.bashrc'
has 'nor against a rule that denies' "$(grep '^# Not' "$work/patch")" '10.99.0.1:443'
is 'what only one session had is left out on request' \
	"$(json suggest '[s["object"] for s in j["suggestions"]]' --user alice --since "$start" --min-sessions 3)" '[]'
is 'of one session the same lines' \
	"$(json suggest 'sorted({s["line"] for s in j["suggestions"]})' --session "$second")" \
	"$(json suggest 'sorted({s["line"] for s in j["suggestions"]})' --user alice --since "$start")"
check 'the patch applies' patch -p1 -d / -i "$work/patch"
check 'check accepts it' sandlock-admin check "$students" /etc/sandlock/mandatory.d/10-site.ini
is 'a login works with it' "$(as alice 'cat /srv/data/a "/srv/odd name/100%"; echo x >/srv/out/new && echo out
	exec 3<>/dev/tcp/10.20.0.53/8080 && echo connected
	python3 -c "import socket; socket.create_server((\"127.0.0.1\", 8088)); print(\"listens\")"' 2>&1)" \
	$'content of a\nodd\nout\nconnected\nlistens'
is 'then there is nothing to suggest' \
	"$(json suggest 'j["suggestions"], j["patch"]' --user alice --since "$start")" "([], '')"
is 'why: it is allowed now' "$(json why 'j["cause"], j["policy_changed"]' "$a")" "('allowed', True)"

# What a policy in complain mode would deny leads to the same kind of patch.
policies_none
policy users/alice <<'POLICY'
[policy]
mode = complain
include = base

[filesystem]
write-execute = %h /tmp

[network]
connect = 10.20.0.53:443
POLICY
alice=/etc/sandlock/users/alice.ini
watched=$(as alice 'exec 2>/dev/null; echo $SANDLOCK_SESSION; cat /srv/data/a >/dev/null; echo >/dev/tcp/10.20.0.53/8080
	python3 -c "import socket; socket.create_server((\"127.0.0.1\", 8088))"')
ended() { sandlock-admin log --json --session "$watched" | grep -q '"event": *"session-close"'; }
check 'a session in complain mode ends' wait_until 10 ended
port=$(number_of "$watched" 'e.get("object") == "10.20.0.53:8080"')
is 'why: by what the policy says, the port' \
	"$(json why '[(l["file"], l["line"]) for l in j["lines"]]' "$port")" \
	"[('$alice', 'connect.allowed = 10.20.0.53:8080')]"
has 'and that it was only recorded' "$(sandlock-admin why "$port")" 'In complain mode'
sandlock-admin suggest --session "$watched" >"$work/patch" 2>"$work/err"
is 'suggest: a file, a port, a port to listen on' "$(grep '^+[a-z]' "$work/patch" | sort)" \
	$'+bind.suggested = 8088\n+connect.suggested = 10.20.0.53:8080\n+read.suggested = /srv/data/a'
check 'the patch applies to it' patch -p1 -d / -i "$work/patch"
check 'check accepts that' sandlock-admin check "$alice"
is 'enforced, it allows what was tried' "$(sed -i '/^mode/d' "$alice"
	as alice 'cat /srv/data/a; exec 3<>/dev/tcp/10.20.0.53/8080 && echo connected
	python3 -c "import socket; socket.create_server((\"127.0.0.1\", 8088)); print(\"listens\")"' 2>&1)" \
	$'content of a\nconnected\nlistens'

# A socket takes nothing else along, nor does a port.
policies_none
policy users/alice <<'POLICY'
[policy]
include = base

[filesystem]
write-execute = %h /tmp

[network]
connect = none
POLICY
sleep 1
start=@$(date +%s.%N)
dial='import socket, sys
for place in sys.argv[1:]:
    s = socket.socket(socket.AF_UNIX)
    s.connect(place) if place[0] == "/" else socket.create_connection((place, 8080))
    print("reached", place)'
knock() {
	local place
	for place; do
		{ as alice "python3 -c '$dial' $place" 2>&1 || (($? == 1)); } | tail -n 1
	done
}
knock /run/outside.sock 10.20.0.53 >"$work/knock"
lacks 'neither is reached' "$(cat "$work/knock")" reached
known() { [[ $(sandlock-admin log --denials --json --since "$start" | grep -c -e outside.sock -e 10.20.0.53:8080) == 2 ]]; }
check 'both denials are known' wait_until 10 known
sandlock-admin suggest --user alice --since "$start" >"$work/patch" 2>"$work/err"
is 'suggest: both' "$(grep '^+[a-z]' "$work/patch" | sort)" \
	$'+connect.suggested = 10.20.0.53:8080\n+unix.suggested = /run/outside.sock'
check 'the patch applies' patch -p1 -d / -i "$work/patch"
is 'both are reached' "$(knock /run/outside.sock 10.20.0.53)" \
	$'reached /run/outside.sock\nreached 10.20.0.53'
is 'nothing more to suggest' \
	"$(json suggest '[s["object"] for s in j["suggestions"]]' --user alice --since "$start")" '[]'
rm -rf /srv/data /srv/out '/srv/odd name' /home/alice/work
policies_none
no_leaks 'nothing is left'
