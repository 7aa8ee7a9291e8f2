#!/bin/bash
# sandlock-admin show: each rule, its place and who enforces it.
. "$(dirname "$0")/lib.sh"
cd "$here/data"

# The filters, which follow, depend on the machine; from ABI 9 on Landlock has a say in UNIX sockets,
# from 10 on in UDP, too.
newer='/^network.unix|^network.connect.dns|UNIX sockets:/s/landlock, //'
rules_say() {
	exits 0 show "$2"
	sed -i '/^Base filter/,$d' "$scratch/out"
	if [[ ${SANDLOCK_GOLDEN:-} == update ]]; then
		cp "$scratch/out" "$here/golden/$1"
	fi
	diff -u <(sed -E "$newer" "$here/golden/$1") <(sed -E "$newer" "$scratch/out") || fail "show $2: not as in golden/$1"
}
says help-show.txt 0 show --help
exits 0 show network.ini
has 'Base filter'
has 'No second filter'

rules='[(r["rule"], r["says"], r["line"], r["enforced_by"]) for r in j["policies"][0]["rules"]]'
exits 0 show network.ini --json
is_json
# Its rules whole; which of them Landlock enforces beside the supervisor depends on the kernel.
python3 -c 'import json, sys
j = json.load(sys.stdin)
for r in j["policies"][0]["rules"]:
    if "supervisor" in r["enforced_by"]: r["enforced_by"] = ["supervisor"]
    print(json.dumps(r, sort_keys=True))' <"$scratch/out" >"$scratch/rules"
if [[ ${SANDLOCK_GOLDEN:-} == update ]]; then
	cp "$scratch/rules" "$here/golden/show-network-rules.json"
fi
diff -u "$here/golden/show-network-rules.json" "$scratch/rules" || fail 'show --json: not as in golden/show-network-rules.json'
json 'j["confined"] and len(j["policies"]) == 1 and j["policies"][0]["description"] == "For the tests: one of each"'
json "('network.ini:network.deny', '10.20.9.0/24', 13, ['supervisor']) in $rules"
json "[r[1] for r in $rules if r[0] == 'network.ini:network.connect'] == ['10.20.0.0/16:22,8000-8100', '[2001:db8:20::]/48:22']"
json "[r[1] for r in $rules if r[0] == 'network.ini:network.connect.dns'] == ['udp://10.20.0.53:53', 'icmp://10.20.0.1']"
json "[r[2] for r in $rules if r[1] == 'udp://10.20.0.53:53' and 'supervisor' in r[3]] == [12]"
json "('network.ini:filesystem.rights.sock', 'read_dir,make_sock:/srv/sock') in [r[:2] for r in $rules]"
json 'j["filter"]["base"]["supervised"]'
if "$SANDLOCK_SOURCE/tests/live/probe.py" landlock-abi-6; then
	rules_say show-network.txt network.ini
	rules_say show-syscalls.txt syscalls.ini
	exits 0 show network.ini --json
	json "('network.ini:filesystem.device', '/dev/null', 7, ['landlock']) in $rules"
	json "('network.ini:network.bind', '8080', 14, ['landlock', 'supervisor']) in $rules"
	json "('network.ini:ipc.signal', 'session', 18, ['landlock']) in $rules"
	json 'j["policies"][0]["not_enforced"] == []'
fi
exits 0 show syscalls.ini --json
json "[r for r in $rules if 'syscalls.' in (r[0] or '')[13:]] == [('syscalls.ini:syscalls.' + k, s, n, ['filter']) for k, s, n in (('profile', 'network', 6), ('allow', 'keyctl', 7), ('deny', 'mkdir', 8), ('deny', '@chown', 8), ('error', 'ENOTTY', 9))]"
json "(None, 'the network is not restricted', None, []) in $rules"

program=$SANDLOCK_ADMIN
without_landlock() { python3 "$here/no-landlock.py" "$program" "$@"; }
SANDLOCK_ADMIN=without_landlock
exits 0 show demands.ini
has 'This kernel cannot enforce'
exits 0 show demands.ini --json
json 'j["policies"][0]["not_enforced"] != [] and all("landlock" not in r["enforced_by"] for r in j["policies"][0]["rules"])'
SANDLOCK_ADMIN=$program

exits 2 show
exits 2 show a b
exits 3 show missing.ini
exits 3 show no-such-user
exits 1 show many.ini
has 'many.ini:9:1:'

# In complain mode.
exits 0 show "$here/data/complain.ini"
has 'In complain mode: what it denies is only recorded.'
exits 0 show "$here/data/complain.ini" --json
json '[p["mode"] for p in j["policies"]] == ["complain"]'
exits 0 show "$here/data/network.ini"
lacks "In complain mode"
exits 0 filter "$here/data/complain.ini"
has 'In complain mode'
finish
