# SPDX-License-Identifier: LGPL-2.1-or-later
# For the tests of sandlock-admin: what a command prints and how it exits. Sourced by bash.
#
# SANDLOCK_ADMIN is the program, SANDLOCK_SOURCE the tree, SANDLOCK_CONFDIR the folder of policies it
# was built for. SANDLOCK_GOLDEN=update writes the expected output anew.
set -euo pipefail
umask 022

here=$SANDLOCK_SOURCE/tests/admin
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C.UTF-8 TZ=UTC
unset NO_COLOR SANDLOCK_SESSION
failed=0

fail() {
	printf 'FAIL: %s\n' "$*"
	failed=$((failed + 1))
}

# admin ARGUMENT...: runs the program; $status, $scratch/out and $scratch/err are what came of it.
admin() {
	status=0
	"$SANDLOCK_ADMIN" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	# Those that print nothing have failed before they had anything to say, or run a command.
	if [[ " $* " == *' --json '* ]]; then
		cat "$scratch/out" >>"$scratch/json"
	fi
}

# exits STATUS ARGUMENT...
exits() {
	local expected=$1
	shift
	admin "$@"
	((status == expected)) ||
		fail "sandlock-admin $*: exit $status, not $expected: $(head -3 "$scratch/err")"
}

# says FILE STATUS ARGUMENT...: output, standard error and status as in golden/FILE.
says() {
	local golden=$here/golden/$1
	shift
	exits "$@"
	{
		cat "$scratch/out"
		if [[ -s $scratch/err ]]; then
			echo '--- standard error'
			cat "$scratch/err"
		fi
	} >"$scratch/said"
	if [[ ${SANDLOCK_GOLDEN:-} == update ]]; then
		cp "$scratch/said" "$golden"
	fi
	diff -u "$golden" "$scratch/said" || fail "sandlock-admin ${*:2}: not as in $golden"
}

# is_json: the last output is JSON, one object a line.
is_json() {
	python3 -c 'import json, sys
for line in sys.stdin: assert isinstance(json.loads(line), dict)' <"$scratch/out" ||
		fail "no JSON: $(head -c 200 "$scratch/out")"
}

# json EXPRESSION: of the last output as `j`, true?
json() {
	python3 -c 'import json, sys
j = json.load(sys.stdin)
sys.exit(not eval(sys.argv[1]))' "$1" <"$scratch/out" || fail "not so: $1 in $(head -c 400 "$scratch/out")"
}

has() {
	grep -qF -- "$1" "$scratch/out" "$scratch/err" || fail "\"$1\" is missing in: $(cat "$scratch/out" "$scratch/err")"
}

lacks() {
	! grep -qF -- "$1" "$scratch/out" "$scratch/err" || fail "\"$1\" is in: $(cat "$scratch/out" "$scratch/err")"
}

# All that was printed as JSON is as its schema says.
finish() {
	if [[ -s $scratch/json ]]; then
		python3 "$here/schemas.py" "$SANDLOCK_SOURCE/etc/schemas" "$scratch/json" || fail 'JSON is not as its schema'
	fi
	((failed == 0)) || exit 1
}
