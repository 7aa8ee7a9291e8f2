#!/bin/bash
# sandlock-admin show, filter and test of a user, against what happens in that user's sessions.
. "$(dirname "$0")/machine.sh"

own_folder "${SANDLOCK_SUPERVISOR%/*}"
install -m 755 "$SANDLOCK_SUPERVISOR_BUILT" "$SANDLOCK_SUPERVISOR"
install -m 755 "$SANDLOCK_ADMIN" /run/sandlock-admin
SANDLOCK_ADMIN=/run/sandlock-admin

# Without a policy.
exits 0 show alice
has 'alice: no policy applies: not confined'
exits 0 show alice --json
json 'not j["confined"] and j["policies"] == [] and j["filter"] is None'
exits 0 filter alice
has 'no filter'
exits 1 filter alice --bpf
exits 0 test alice read /etc/shadow
exits 0 test alice connect 10.0.0.1:22
exits 0 show root
has 'exempt'
printf '[sandlock]\nno-policy = deny\n' >"$SANDLOCK_CONFDIR/sandlock.conf"
exits 0 show alice
has 'no-policy = deny'
exits 1 test alice read /etc/passwd
rm "$SANDLOCK_CONFDIR/sandlock.conf"

# Two layers: each has its say.
mkdir -p "$SANDLOCK_CONFDIR"/{users,mandatory.d} /run/shared
cat >"$SANDLOCK_CONFDIR/users/alice.ini" <<'END'
[filesystem]
execute = /usr -/bin -/lib -/lib32 -/lib64
read    = /etc /proc
write   = %h /run/shared
device  = /dev/null -/dev/tty
[network]
connect = 127.0.0.0/8:9-11
resolve = 10min
[log]
rate-limit = 200/min
END
cat >"$SANDLOCK_CONFDIR/mandatory.d/10-site.ini" <<'END'
[filesystem]
execute     = /usr -/bin -/lib -/lib32 -/lib64
read        = /etc/passwd /etc/hosts /etc/ld.so.cache
write.homes = /run/home
device      = /dev/null -/dev/tty
[network]
connect = 127.0.0.1:10-12
resolve = 20min
[syscalls]
deny = mkdir
[log]
denials    = no
rate-limit = 5/s
END
echo text | tee /run/home/alice/file /run/shared/file >/run/secret
install -m 600 /run/secret /run/home/alice/root-only
chown alice /run/home/alice/file /run/shared/file
exits 0 show alice
has '2 policies apply'
has 'mandatory/10-site'
has '/run/home/alice'
exits 0 show alice --json
json '[p["name"] for p in j["policies"]] == ["user/alice", "mandatory/10-site"] and j["user"] == "alice"'
json 'j["filter"]["second"] is not None'
# What is one for the session: what is written, and what it comes to.
json '[(r["says"], r["enforced_by"]) for p in j["policies"] for r in p["rules"] if ":log." in (r["rule"] or "") or (r["rule"] or "").endswith("resolve")] == [(says, ["supervisor"]) for says in ("600s", "200/min", "1200s", "no", "5/s")]'
json 'j["together"] == {"log_denials": True, "log_rate_limit": "200/min", "network_resolve": "600s"}'
exits 0 show alice
has 'Together: log.denials = yes, log.rate-limit = 200/min, network.resolve = 600s'
sed -i '/^\[network\]/i [policy]\nservices = sshd login' "$SANDLOCK_CONFDIR/users/alice.ini"
exits 0 show alice --json
json '[r["says"] for r in j["policies"][0]["rules"] if (r["rule"] or "").endswith("policy.services")] == ["sshd login"]'
sed -i '/^\[policy\]/d; /^services/d' "$SANDLOCK_CONFDIR/users/alice.ini"

# What the mandatory policy holds back stays back, whatever the user's own says.
sed 's/^connect = .*/connect = 127.0.0.1:12/' "$SANDLOCK_CONFDIR/users/alice.ini" >"$scratch/alice.ini"
exits 1 show alice --diff "$scratch/alice.ini" --json
json 'j["replaces"] == ["user/alice"] and [i["says"] for i in j["widens"]] == ["127.0.0.1:12"]'
json '[i["rule"] for i in j["narrows"]] == ["user/alice:network.connect"]'
cp "$SANDLOCK_CONFDIR/mandatory.d/10-site.ini" "$scratch/other.ini"
exits 1 show alice --diff "$scratch/other.ini"
has 'in place of user/alice, for alice'
exits 0 show alice --diff "$SANDLOCK_CONFDIR/users/alice.ini"
has 'nothing widens, nothing narrows'

# agrees STATUS ACTION OBJECT COMMAND...: the answer, and what the command comes to in a session.
agrees() {
	local expected=$1 action=$2 object=$3
	shift 3
	exits "$expected" test alice "$action" "$object"
	"$SANDLOCK_ADMIN" run alice -- "$@" >"$scratch/ran" 2>&1 && status=0 || status=1
	((status == expected)) || fail "$action $object: said $expected, but: $(cat "$scratch/ran")"
}
agrees 0 read /etc/passwd cat /etc/passwd
agrees 1 read /etc/group cat /etc/group
has 'no rule of mandatory/10-site'
agrees 1 read /run/secret cat /run/secret
agrees 0 read /run/home/alice ls /run/home/alice
agrees 1 read /run/home/alice/root-only cat /run/home/alice/root-only
has 'not by the policy'
agrees 0 write /run/home/alice/file sh -c 'echo more >>/run/home/alice/file'
agrees 0 write /run/home/alice/new sh -c 'echo >/run/home/alice/new'
rm /run/home/alice/new
agrees 1 write /run/shared/file sh -c 'echo more >>/run/shared/file'
agrees 1 write /etc/passwd sh -c 'echo more >>/etc/passwd'
agrees 0 execute /usr/bin/env /usr/bin/env
agrees 1 syscall mkdir mkdir /run/home/alice/folder
agrees 0 syscall rmdir sh -c 'true'
has 'allowed'
python3 -c 'import socket
servers = [socket.create_server(("127.0.0.1", port)) for port in (9, 10, 12)]
while True: servers[1].accept()' &
server=$!
wait_for bash -c 'exec 3<>/dev/tcp/127.0.0.1/10' 2>/dev/null
agrees 0 connect 127.0.0.1:10 bash -c 'exec 3<>/dev/tcp/127.0.0.1/10'
agrees 1 connect 127.0.0.1:9 bash -c 'exec 3<>/dev/tcp/127.0.0.1/9'
agrees 1 connect 127.0.0.1:12 bash -c 'exec 3<>/dev/tcp/127.0.0.1/12'
kill $server

# By service; and by who asks.
printf '[policy]\nservices = cron\n[filesystem]\nread = /etc\n' >"$SANDLOCK_CONFDIR/users/alice.ini"
rm "$SANDLOCK_CONFDIR/mandatory.d/10-site.ini"
exits 0 show alice --service sshd
has 'no policy applies'
exits 0 show alice --service cron
has 'user/alice'
exits 1 test alice --service cron read /run/secret
status=0
as_alice "$SANDLOCK_ADMIN" test alice read /run/secret >"$scratch/out" 2>"$scratch/err" || status=$?
((status == 1)) || fail "as alice herself: exit $status"
cp "$SANDLOCK_CONFDIR/users/alice.ini" "$SANDLOCK_CONFDIR/users/root.ini"
status=0
as_alice "$SANDLOCK_ADMIN" test root read /run/secret >"$scratch/out" 2>"$scratch/err" || status=$?
((status == 4)) || fail "as somebody else: exit $status"
echo broken >"$SANDLOCK_CONFDIR/users/alice.ini"
exits 1 show alice
has 'alice.ini:1:1:'
# A folder of locks that others could write to locks everybody out, and doctor says so.
mkdir -p /run/sandlock/locks
exits 1 doctor --json
json 'not any(f["id"] == "locks" for f in j["findings"])'
chmod o+w /run/sandlock/locks
exits 1 doctor --json
json '[(f["state"], f["subject"]) for f in j["findings"] if f["id"] == "locks"] == [("open", "/run/sandlock/locks")]'
chmod o-w /run/sandlock/locks
finish
