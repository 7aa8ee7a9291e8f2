#!/bin/bash
# sandlock-admin filter: the filters in words and as the programs that the kernel gets.
. "$(dirname "$0")/lib.sh"
cd "$here/data"

says help-filter.txt 0 filter --help
exits 0 filter syscalls.ini
has 'Base filter'
has 'changes which files the'
has 'Second filter'
has 'ENOTTY'
exits 0 filter network.ini
has 'No second filter'

# What a policy changes about the base filter.
rules='{c: r for r in j["base"]["rules"] for c in r["calls"]}'
exits 0 filter syscalls.ini --json
is_json
json 'j["confined"] and not j["base"]["supervised"]'
json "$rules['mount']['answer'] == 'EPERM' and $rules['mount']['when'] is None"
json "$rules['unshare']['when'] == 'a0 has a bit of 0x7e020080'"
json "'keyctl' not in $rules and 'add_key' in $rules and 'connect' not in $rules and 'shmget' in $rules"
json '"inet/dgram/icmp" not in j["base"]["sockets"] and "inet/stream/tcp" in j["base"]["sockets"]'
actions='{a["answer"]: a["calls"] for a in j["second"]["actions"]}'
json "list($actions) == ['ENOTTY', 'allowed']"
json "{'mkdir', 'chown', 'ptrace'} <= set($actions['ENOTTY']) and 'keyctl' in $actions['allowed']"
exits 0 filter network.ini --json
json 'j["base"]["supervised"] and j["second"] is None and "inet/dgram/icmp" in j["base"]["sockets"]'
json "$rules['connect']['answer'] == 'supervisor' and 'keyctl' in $rules and 'shmget' not in $rules"
exits 0 filter --json warning.ini
json "'connect' not in $rules"

# The exported programs are what is counted, and the kernel takes them.
exits 0 filter syscalls.ini --bpf
cp "$scratch/out" "$scratch/base"
exits 0 filter --bpf --second syscalls.ini
cp "$scratch/out" "$scratch/second"
exits 0 filter syscalls.ini --json
json "j['base']['instructions'] * 8 == $(stat -c %s "$scratch/base")"
json "j['second']['instructions'] * 8 == $(stat -c %s "$scratch/second")"
attempt() { python3 "$here/load-filter.py" "$@" || fail "load-filter.py $*"; }
if [[ $(uname -m) == x86_64 ]]; then
	[[ $(attempt "$scratch/base" -- getppid swapoff mkdir) == 'OK EPERM EFAULT' ]] || fail 'the base filter'
	[[ $(attempt "$scratch/base" "$scratch/second" -- getppid swapoff mkdir) == 'OK ENOTTY ENOTTY' ]] ||
		fail 'both filters'
	[[ $(attempt -- mkdir) == EFAULT ]] || fail 'mkdir without a filter'
fi

exits 1 filter network.ini --bpf --second
has 'there is no second filter'
exits 2 filter syscalls.ini --second
exits 2 filter syscalls.ini --bpf --json
exits 2 filter
exits 2 filter syscalls.ini network.ini
exits 3 filter missing.ini
exits 3 filter no-such-user
exits 1 filter many.ini
has 'many.ini:9:1: key "write" is already in line 8'
exits 1 filter many.ini --json
json 'j["schema"] == "sandlock.filter/1" and len(j["errors"]) == 3'
finish
