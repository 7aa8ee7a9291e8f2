#!/bin/bash
# The manual pages: well-formed, in step with the key table, and every policy in them valid; and
# the same of what is installed beside them.
. "$(dirname "$0")/lib.sh"
cd "$SANDLOCK_SOURCE/man"

for page in *.[58]; do
	LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l "$page" >"$scratch/page" 2>"$scratch/warnings" ||
		fail "man cannot show $page"
	[[ -s $scratch/page && ! -s $scratch/warnings ]] || fail "$page: $(cat "$scratch/warnings")"
done

python3 "$here/man-keys.py" "$SANDLOCK_ADMIN" sandlock-policy.5 sandlock.conf.5 ||
	fail "a page differs from the key table (man-keys.py --update)"

# Every command and option of the tool is in its page.
sed 's/\\-/-/g' sandlock-admin.8 >"$scratch/page"
for command in '' check show test run sessions status log why suggest terminate lock unlock keys sets filter doctor; do
	# shellcheck disable=SC2086
	for option in $("$SANDLOCK_ADMIN" $command --help | grep -oE -- '--[a-z-]+' | sort -u); do
		grep -q -- "$option" "$scratch/page" || fail "sandlock-admin(8) lacks $option"
	done
done

# So is every warning.
admin check --json=sarif "$SANDLOCK_SOURCE/etc/sandlock.conf"
for id in $(python3 -c 'import json, sys
for rule in json.load(sys.stdin)["runs"][0]["tool"]["driver"]["rules"]: print(rule["id"])' <"$scratch/out"); do
	grep -qxF ".B $id" "$scratch/page" || fail "sandlock-admin(8) lacks the warning $id"
done

# A policy stands between '.\" example: NAME' and '.\" example end'.
root=$scratch/root
mkdir -p "$root/etc"
ln -s /bin /dev /lib /lib64 /proc /sbin /tmp /usr /var "$root/"
ln -s /etc/* "$root/etc/"
rm -f "$root$SANDLOCK_CONFDIR"
mkdir -p "$root$SANDLOCK_CONFDIR/include"
cp "$SANDLOCK_SOURCE/etc/include/base.ini" "$root$SANDLOCK_CONFDIR/include/"
count=0
for page in *.[58]; do
	while read -r name; do
		example=$scratch/examples/$page/$name
		mkdir -p "${example%/*}"
		sed -n "\\,^\\.\\\\\" example: $name\$,,\\,^\\.\\\\\" example end,p" "$page" |
			sed -e '/^\./d' -e 's/\\-/-/g' -e 's/\\e/\\/g' >"$example"
		[[ -s $example ]] || fail "$page: $name is empty"
		exits 0 check --root "$root" --strict "$example"
		((status == 0)) || cat "$scratch/out"
		count=$((count + 1))
	done < <(sed -n 's/^\.\\" example: //p' "$page")
done
((count >= 4)) || fail "only $count examples were found"

# What is installed is valid too.
exits 0 check --root "$root" "$SANDLOCK_SOURCE"/etc/{sandlock.conf,include/base.ini,examples/*.ini}

# The catalog has an entry for each event, which names a command of the tool.
catalog=$SANDLOCK_SOURCE/etc/catalog/sandlock.catalog
for id in $(grep -oE '[0-9a-f]{32}' "$SANDLOCK_SOURCE/lib/event.c"); do
	entry=$(sed -n "/^-- $id/,/^-- /p" "$catalog")
	[[ $entry == *sandlock-admin* ]] || fail "the catalog has no entry for $id, or no command in it"
done
finish
