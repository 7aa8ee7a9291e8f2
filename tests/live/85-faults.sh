#!/bin/bash
# Each system call and each allocation of a login fails in turn: what comes of it is a confined
# session or none, in time, and nothing of it lives on. All of them with --long; else every so many.
. "$(dirname "$0")/lib.sh"

plan 8
policy_students
every=7
allocations=101
options=()
if [[ -n ${SANDLOCK_LONG:-} ]]; then
	every=1
	allocations=1
	options=(-a)
fi

# What runs in the session, and what only an unconfined one can bring out.
try=/usr/local/bin/try
cat >$try <<-'TRY'
	#!/bin/bash
	echo inside
	cat /home/bob/secret
	(exec 3<>/dev/tcp/10.99.0.1/8080 && head -n 1 <&3)
	(exec 3<>/dev/tcp/10.20.0.53/443 && head -n 1 <&3)
	logger -t faults inside
TRY
chmod 755 $try
proofs=(-o 'the secret of' -o 'hello from 10.99.0.1')
mkdir -p /run/faults.pam
printf 'session required %s\n' pam_sandlock.so pam_permit.so >/run/faults.pam/su
install "$SANDLOCK_BUILD/tests/attacks/attack-login" "$SANDLOCK_BUILD/tests/faults/faults" "$work"

# faults USER OPTION...
faults() {
	local user=$1
	shift
	"$work/faults" "$@" -i inside "${proofs[@]}" -- \
		"$work/attack-login" -s su -c /run/faults.pam "$user" $try
}

status=0
output=$(faults bob -n) || status=$?
has 'control: without a policy both proofs come out' "$status $output" '3 # UNCONFINED'
has 'control: the file' "$output" 'the secret of bob'
has 'control: the network' "$output" 'hello from 10.99.0.1:8080'
has 'no fault: a confined session' "$(faults alice -n)" '# confined'

# Its progress and counts are the file's output, too.
status=0
faults alice -e $every "${options[@]}" | tee "$work/calls" || status=$?
is 'calls: confined or no session' "$status" 0
tried=$(sed -n 's/^# \([0-9]*\) faults tried:.*/\1/p' "$work/calls")
check 'calls: many were tried' test "${tried:-0}" -gt 200

# allocations_of PROGRAM: counts outcomes until a login no longer gets as far as the number.
allocations_of() {
	local number status output
	for ((number = 1; ; number += allocations)); do
		rm -f /run/faults/failed
		echo "$1 $number" >/run/faults/allocation
		status=0
		output=$(faults alice -n) || status=$?
		if [[ ! -e /run/faults/failed ]]; then
			return
		fi
		echo "$1: exit $status $(grep -xE '# (confined|no session|[A-Z]+)' <<<"$output")"
		if ((status != 0)); then
			echo "# allocation $number of $1: $output" >&2
		fi
	done
}

mkdir -m 1777 /run/faults
install "$SANDLOCK_BUILD/tests/faults/allocation.so" /usr/local/lib/
echo /usr/local/lib/allocation.so >/etc/ld.so.preload
{
	allocations_of sandlock-supervisor
	allocations=$((allocations > 5 ? 5 : 1)) allocations_of attack-login
} >"$work/allocations"
rm /etc/ld.so.preload /run/faults/allocation
sort "$work/allocations" | uniq -c | sed 's/^ */# allocations: /'
is 'allocations: confined or no session' \
	"$(sed 's/^.*: //' "$work/allocations" | sort -u)" $'exit 0 # confined\nexit 0 # no session'

no_leaks 'nothing is left'
