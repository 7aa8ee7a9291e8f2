#!/bin/bash
# The warnings that take a machine: a user's file beside those of the groups it replaces; and SARIF.
. "$(dirname "$0")/machine.sh"

groupadd -f students
gpasswd -a alice students >/dev/null
mkdir -p "$SANDLOCK_CONFDIR"/{users,groups}
group() { printf '[filesystem]\nread = /usr\n[network]\nconnect = %s\n[lint]\naccept.shell-cannot-start = a test\n' "$1" >"$SANDLOCK_CONFDIR/groups/students.ini"; }
own() { printf '[filesystem]\nread = /usr\n[network]\nconnect = %s\n[lint]\naccept.shell-cannot-start = a test\n%s' "$1" "${2:-}" >"$SANDLOCK_CONFDIR/users/alice.ini"; }

group '10.0.0.0/8:22'
own '10.1.0.0/16:22'
exits 0 check --strict "$SANDLOCK_CONFDIR/users/alice.ini"
own '10.1.0.0/16:22-23'
exits 1 check --strict "$SANDLOCK_CONFDIR/users/alice.ini"
has 'allows more than what it replaces (group/students): user/alice:network.connect 10.1.0.0/16:22-23 [wider-than-groups]'
exits 1 check --strict --all
has '[wider-than-groups]'
exits 1 check --strict --all --this-kernel
has '[wider-than-groups]'
own '10.1.0.0/16:22-23' 'accept.wider-than-groups = alice teaches'
exits 0 check --strict --all
lacks wider
# Elsewhere it is a text, and replaces nothing.
own '10.1.0.0/16:22-23'
cp "$SANDLOCK_CONFDIR/users/alice.ini" "$scratch/alice.ini"
exits 0 check --strict "$scratch/alice.ini"
rm "$SANDLOCK_CONFDIR/groups/students.ini"
exits 0 check --strict --all

# A file that nobody reads, and the reason why that is meant so.
cp "$scratch/alice.ini" "$SANDLOCK_CONFDIR/users/carol.ini"
exits 1 check --strict --all
has 'nobody will ever read this: there is no user of this name [never-read]'
printf 'accept.never-read = she comes in autumn\n' >>"$SANDLOCK_CONFDIR/users/carol.ini"
exits 0 check --strict --all

# SARIF: places, columns in characters, what is accepted, what could not be read.
cat >"$scratch/a b.ini" <<'END'
[policy]
description = ü ü
incl = ü
[network]
connect = any
[lint]
accept.network-any = a \x22proxy\x22 decides
END
exits 1 check --json=sarif "$scratch/a b.ini"
json 'j["version"] == "2.1.0" and len(j["runs"]) == 1'
json 'j["runs"][0]["results"][0]["ruleId"] == "unknown-key" and j["runs"][0]["results"][0]["level"] == "error"'
json 'j["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("/a%20b.ini")'
sed -i 's/^incl = .*/include = ü/' "$scratch/a b.ini"
exits 3 check --json=sarif "$scratch/a b.ini" /nowhere.ini
json 'j["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 11, "endColumn": 12}'
json 'j["runs"][0]["invocations"][0]["executionSuccessful"] is False'
json 'j["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].startswith("/nowhere.ini")'
sed -i 's/^include = .*//' "$scratch/a b.ini"
exits 0 check --strict --json=sarif "$scratch/a b.ini"
json '[r["suppressions"] for r in j["runs"][0]["results"]] == [[{"kind": "inSource", "justification": "a \"proxy\" decides"}]]'
exits 2 check --json=xml "$scratch/a b.ini"
exits 2 keys --json=sarif
finish
