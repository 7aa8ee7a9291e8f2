#!/bin/bash
# Every command of an example in sandlock-admin(8), as it stands there; those of the other pages are
# policies, which test-man.sh checks, and lines for PAM.
. "$(dirname "$0")/machine.sh"

own_folder "${SANDLOCK_SUPERVISOR%/*}"
install -m 755 "$SANDLOCK_SUPERVISOR_BUILT" "$SANDLOCK_SUPERVISOR"
mkdir -p /run/bin /run/place "$SANDLOCK_CONFDIR"/{include,users}
install -m 755 "$SANDLOCK_ADMIN" /run/bin/sandlock-admin
export PATH=/run/bin:$PATH
cp "$SANDLOCK_SOURCE/etc/include/base.ini" "$SANDLOCK_CONFDIR/include/"
cp "$SANDLOCK_SOURCE/etc/examples/students.ini" "$SANDLOCK_CONFDIR/users/alice.ini"
cp "$SANDLOCK_SOURCE/etc/examples/students.ini" /run/place/
cd /run/place

# What stands between .nf and .fi in the section, without its roff.
sed -n '/^\.SH EXAMPLES/,/^\.SH SEE/p' "$SANDLOCK_SOURCE/man/sandlock-admin.8" |
	sed -n '/^\.nf/,/^\.fi/p' | sed -e '/^\./d' -e 's/\\-/-/g' -e 's/\\e/\\/g' >"$scratch/commands"
(($(wc -l <"$scratch/commands") >= 7)) || fail "only $(wc -l <"$scratch/commands") commands were found"
[[ $(grep -c '^sandlock-admin' "$scratch/commands") -ge 6 ]] || fail 'the examples are of something else'

# Those that go on until they are told to end are told so.
while IFS= read -r command; do
	status=0 expected=0
	case $command in
	*' -f '*) expected=124 ;;
	esac
	timeout 20 bash -c "$command" </dev/null >"$scratch/out" 2>"$scratch/err" || status=$?
	((status == expected)) || fail "$command: exit $status: $(head -5 "$scratch/out" "$scratch/err")"
done < <(sed 's/^\(sandlock-admin log -f.*\)/timeout 2 \1/' "$scratch/commands")
[[ -s filter.bpf ]] || fail 'no filter was written'

# No line of PAM in the pages has an argument that the module would not take.
while read -r line; do
	for argument in ${line#*pam_sandlock.so}; do
		grep -qE "\"($argument|${argument%%=*}=?)\"" "$SANDLOCK_SOURCE/lib/module-options.c" || fail "pam_sandlock(8): $argument"
	done
done < <(sed 's/\\-/-/g' "$SANDLOCK_SOURCE/man/pam_sandlock.8" | grep '^session .*pam_sandlock.so')
finish
