#!/bin/bash
# sandlock-admin check: findings as people and programs read them, and the exit code.
. "$(dirname "$0")/lib.sh"
cd "$here/data"

says check-many.txt 1 check many.ini
says check-many.json 1 check --json many.ini
is_json
json 'j["schema"] == "sandlock.check/1" and j["files"][0]["valid"] is False'
says check-long.txt 1 check long.ini
says check-several.txt 1 check good.ini warning.ini control.ini
says check-several.json 1 check good.ini warning.ini control.ini --json

# Nothing that a terminal would obey comes through, as text or as JSON, from texts and names.
weird=$'\033[31mweird.ini'
cp control.ini "$scratch/$weird"
for option in '' --json; do
	exits 1 check $option "$scratch/$weird" control.ini
	! LC_ALL=C grep -q $'[\001-\010\013-\037\177\377]' "$scratch/out" || fail "control bytes in the output"
done
exits 3 check "$scratch/no-such-$weird"
! grep -q $'\033' "$scratch/err" || fail "control bytes in the error"

# Exit codes: the gravest of several.
exits 0 check good.ini
exits 0 check warning.ini
exits 1 check --strict warning.ini
json_valid() { exits "$1" check --json --strict "$2" && json "j['files'][0]['valid'] is $3"; }
json_valid 0 good.ini True
json_valid 1 warning.ini False
exits 2 check
exits 2 check --all good.ini
exits 2 check --nonsense good.ini
exits 3 check missing.ini good.ini
exits 3 check many.ini missing.ini good.ini
exits 3 check --json missing.ini
json 'j["errors"] == ["missing.ini: No such file or directory"]'
exits 1 check .
exits 3 check many.ini/beneath.ini

# Standard input and other pipes.
exits 0 check - <good.ini
has '<stdin>: valid'
exits 1 check - <many.ini
has '<stdin>:3:1: error:'
exits 0 check --this-kernel - <good.ini
exits 0 check <(cat good.ini)
head -c 300000 /dev/zero | tr '\0' '#' >"$scratch/big.ini"
exits 1 check "$scratch/big.ini"
exits 1 check - <"$scratch/big.ini"

# Complain mode that was left on: by the age of the file, so never of standard input.
printf '[policy]\nmode = complain\n[ipc]\nsignal = session\n' >"$scratch/complain.ini"
exits 0 check --strict "$scratch/complain.ini"
touch -d '13 days ago' "$scratch/complain.ini"
exits 0 check --strict "$scratch/complain.ini"
touch -d '15 days ago' "$scratch/complain.ini"
exits 0 check "$scratch/complain.ini"
has 'complain.ini:2:8: warning: nothing has been denied for 15 days: the file was last changed then [complain-old]'
exits 1 check --strict "$scratch/complain.ini" --json
json '[d["id"] for d in j["files"][0]["diagnostics"]] == ["complain-old"]'
exits 0 check --strict - <"$scratch/complain.ini"
sed 's/complain/enforce/' "$scratch/complain.ini" >"$scratch/enforce.ini"
touch -d '15 days ago' "$scratch/enforce.ini"
exits 0 check --strict "$scratch/enforce.ini"
printf '[lint]\naccept.complain-old = it goes live in autumn\n' >>"$scratch/complain.ini"
touch -d '15 days ago' "$scratch/complain.ini"
exits 0 check --strict "$scratch/complain.ini"
lacks complain-old

# A file named sandlock.conf is one.
printf '[sandlock]\nno-policy = deny\n' >"$scratch/sandlock.conf"
exits 0 check "$scratch/sandlock.conf"
cp "$scratch/sandlock.conf" "$scratch/other.ini"
exits 1 check "$scratch/other.ini"

# Another root: its policies, users and groups; ownership does not count there.
root=$scratch/root
mkdir -p "$root"/{etc,usr,home/alice} "$root$SANDLOCK_CONFDIR"/{users,groups,include,mandatory.d}
printf 'alice:x:1000:1000::/home/alice:/bin/bash\n' >"$root/etc/passwd"
printf 'students:x:1000:\n' >"$root/etc/group"
exits 3 check --root "$scratch" --all
printf '[policy]\ninclude = base\n' >"$root$SANDLOCK_CONFDIR/users/alice.ini"
cp good.ini "$root$SANDLOCK_CONFDIR/include/base.ini"
exits 0 check --root "$root/" --all
has "$root$SANDLOCK_CONFDIR/users/alice.ini: valid"
chmod 666 "$root$SANDLOCK_CONFDIR/users/alice.ini"
exits 0 check --root "$root" --all --strict
exits 0 check --root "$root" --all --strict --this-kernel

# What the kernel is asked besides changes nothing of what is said of the files.
cp good.ini "$root$SANDLOCK_CONFDIR/include/unused.ini"
echo 'no policy' >"$root$SANDLOCK_CONFDIR/README"
exits 0 check --root "$root" --all
cp "$scratch/out" "$scratch/all"
has 'no policy includes it'
exits 0 check --root "$root" --all --this-kernel
diff -u "$scratch/all" "$scratch/out" || fail "--this-kernel says other things of all files"
exits 1 check --root "$root" --all --this-kernel --strict
rm "$root$SANDLOCK_CONFDIR/include/unused.ini" "$root$SANDLOCK_CONFDIR/README"
printf '[policy]\nmode = complain\n[ipc]\nsignal = session\n' >"$root$SANDLOCK_CONFDIR/groups/students.ini"
touch -d '20 days ago' "$root$SANDLOCK_CONFDIR/groups/students.ini"
exits 1 check --root "$root" --all --strict
has 'nothing has been denied for 20 days'
cp many.ini "$root$SANDLOCK_CONFDIR/groups/students.ini"
cp good.ini "$root$SANDLOCK_CONFDIR/users/nobody-knows.ini"
cp good.ini "$root$SANDLOCK_CONFDIR/default.txt"
exits 1 check --root "$root" --all --json
is_json
json 'any(f["file"].endswith("groups/students.ini") and not f["valid"] for f in j["files"])'
json '{"nobody-knows.ini", "default.txt"} <= {d["file"].split("/")[-1] for f in j["files"] for d in f["diagnostics"]}'

# What is no file is refused among the policies as a login refuses it, and not opened: a fifo that
# nobody writes to would be waited for. Elsewhere a fifo is read as everything reads one.
kinds=$root$SANDLOCK_CONFDIR/mandatory.d
mkfifo "$kinds/fifo.ini" "$scratch/fifo.ini"
ln -s "$here/data/many.ini" "$kinds/link.ini"
ln -s fifo.ini "$kinds/link-to-fifo.ini"
ln -s /dev/zero "$kinds/link-to-zero.ini"
program=$SANDLOCK_ADMIN
in_time() { timeout 20 "$program" "$@"; }
SANDLOCK_ADMIN=in_time
for option in '' --this-kernel; do
	exits 1 check $option --root "$root" "$kinds/fifo.ini"
	has 'is no regular file [untrusted-kind]'
	for link in link link-to-fifo link-to-zero; do
		exits 1 check $option --root "$root" "$kinds/$link.ini"
		has 'is a symbolic link; policies are not read through one [untrusted-symlink]'
		lacks ':1:'
	done
	exits 1 check $option /dev/zero
	has '[file-too-big]'
	cat good.ini >"$scratch/fifo.ini" &
	exits 0 check $option "$scratch/fifo.ini"
	wait "$!" || fail 'the fifo was not read to its end'
done
exits 1 check --root "$root" --all
has 'fifo.ini: error: is no regular file [untrusted-kind]'
for command in show filter; do
	exits 1 "$command" --root "$root" "$kinds/fifo.ini"
	has '[untrusted-kind]'
	exits 1 "$command" --root "$root" "$kinds/link-to-fifo.ini"
	has '[untrusted-symlink]'
	exits 1 "$command" /dev/zero
	has '[file-too-big]'
done
exits 0 show <(cat good.ini)
exits 1 test --root "$root" "$kinds/fifo.ini" bind 80
has '[untrusted-kind]'
rm "$kinds"/{fifo,link,link-to-fifo,link-to-zero}.ini
# Nor are the databases of another root.
mkdir -p "$scratch/fifos/etc"
mkfifo "$scratch/fifos/etc/passwd"
exits 70 show --root "$scratch/fifos" alice
has 'looking up alice'
SANDLOCK_ADMIN=$program

# What is wrong with the folder of all of them is told once.
mkdir -p "$scratch/linked${SANDLOCK_CONFDIR%/*}"
ln -s "$root$SANDLOCK_CONFDIR" "$scratch/linked$SANDLOCK_CONFDIR"
exits 1 check --root "$scratch/linked" --all --json
json '[(f["file"], [d["id"] for d in f["diagnostics"]]) for f in j["files"]] == [("'"$scratch/linked$SANDLOCK_CONFDIR"'", ["untrusted-folder"])]'

# Where the kernel has no Landlock, a text is checked all the same, and --this-kernel says what is
# missing; that is not the text's fault.
program=$SANDLOCK_ADMIN
without_landlock() { python3 "$here/no-landlock.py" "$program" "$@"; }
SANDLOCK_ADMIN=without_landlock
exits 0 check demands.ini
exits 0 check --strict demands.ini
exits 1 check --this-kernel many.ini
says check-no-landlock.txt 5 check --this-kernel demands.ini
exits 5 check --this-kernel --json demands.ini
json 'not j["files"][0]["valid"] and {d["id"] for d in j["files"][0]["diagnostics"]} == {"kernel"}'
exits 1 check --this-kernel demands.ini many.ini
exits 5 check --this-kernel - <demands.ini
exits 0 check --this-kernel warning.ini
# A right that is named is demanded as any other key is.
printf '[filesystem]\nread = /usr\nrights.a = read_file,resolve_unix:/usr\n' >"$scratch/rights.ini"
exits 0 check "$scratch/rights.ini"
exits 5 check --this-kernel "$scratch/rights.ini"
has 'rights.ini:3:12: error: filesystem.rights needs Landlock ABI 9 (Linux 7.1), for resolve_unix'
exits 0 show "$scratch/rights.ini" --json
json '"filesystem.rights" in [g["key"] for g in j["policies"][0]["not_enforced"]]'
SANDLOCK_ADMIN=$program
printf '[filesystem]\nread = /usr\nrights.a = resolve_unix:/usr\n' >"$scratch/rights.ini"
exits 0 show "$scratch/rights.ini" --json
json '[r["enforced_by"] for r in j["policies"][0]["rules"] if (r["rule"] or "").endswith("rights.a")] == [[]]'

# Without any privilege, in a folder that is not one's own.
if ((EUID == 0)); then
	install -m 755 "$SANDLOCK_ADMIN" "$scratch/sandlock-admin"
	chmod 755 "$scratch"
	cp good.ini many.ini "$scratch/"
	nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --inh-caps=-all "$@"; }
	nobody "$scratch/sandlock-admin" check "$scratch/good.ini" >"$scratch/out" || fail "unprivileged check"
	status=0
	nobody "$scratch/sandlock-admin" check "$scratch/many.ini" >"$scratch/out" || status=$?
	((status == 1)) || fail "unprivileged check of a wrong file: $status"
	chmod 600 "$scratch/good.ini"
	status=0
	nobody "$scratch/sandlock-admin" check "$scratch/good.ini" "$scratch/missing.ini" "$scratch/many.ini" \
		>"$scratch/out" 2>"$scratch/err" || status=$?
	((status == 4)) || fail "a file one may not read: $status"
	# Nor is one of the live files that one may not read a file that is wrong.
	rm -rf "${root:?}$SANDLOCK_CONFDIR"
	mkdir -p "$root$SANDLOCK_CONFDIR/users"
	printf '[ipc]\nsignal = session\n' >"$root$SANDLOCK_CONFDIR/users/alice.ini"
	chmod 600 "$root$SANDLOCK_CONFDIR/users/alice.ini"
	SANDLOCK_ADMIN=unprivileged
	unprivileged() { nobody "$scratch/sandlock-admin" "$@"; }
	for command in 'check --all' 'check --all --json' "check $root$SANDLOCK_CONFDIR/users/alice.ini" 'show alice' \
		'test alice bind 80' 'filter alice'; do
		# shellcheck disable=SC2086
		exits 4 $command --root "$root"
	done
	SANDLOCK_ADMIN=$program
fi
finish
