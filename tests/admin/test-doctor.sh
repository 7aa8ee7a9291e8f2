#!/bin/bash
# sandlock-admin doctor over trees of files: stacks of pam.d judged as libpam walks them, and the
# ways round. What a machine has of its own is in tests/live.
. "$(dirname "$0")/lib.sh"

root=$scratch/root
clean() {
	rm -rf "$root"
	mkdir -p "$root"/etc/{pam.d,ssh,sudoers.d} "$root"/usr/lib/pam.d "$root/var/lib/systemd/linger"
	mkdir -p "$root$SANDLOCK_CONFDIR"/{users,groups}
	printf 'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n' >"$root/etc/passwd"
	printf 'alice:x:1000:\nbob:x:1001:\n' >"$root/etc/group"
	printf '[ipc]\nsignal = session\n' >"$root$SANDLOCK_CONFDIR/users/alice.ini"
}

# finds ID SUBJECT STATE, in the last JSON; finds_not ID.
finds() { json "any(f['id'] == '$1' and f['subject'] == $2 and f['state'] == '$3' for f in j['findings'])"; }
finds_not() { json "not any(f['id'] == '$1' for f in j['findings'])"; }

# stack ID: with the session lines of standard input, what is said of sshd; judged all at once.
stack() {
	sed '1s/^/session /' >"$root/etc/pam.d/sshd"
	admin doctor --pam --root "$root" --json
	{
		printf '%s %s ' "$1" "$status"
		cat "$scratch/out"
	} >>"$scratch/stacks"
}
judge_stacks() {
	python3 -c 'import json, sys
for line in sys.stdin:
    wanted, status, found = line.split(" ", 2)
    findings = json.loads(found)["findings"]
    if [f["id"] for f in findings] != [wanted] or (findings[0]["state"] == "open") != (status == "1"):
        print(wanted, status, findings)' <"$scratch/stacks" >"$scratch/wrong"
	[[ ! -s $scratch/wrong ]] || fail "stacks: $(cat "$scratch/wrong")"
	(($(wc -l <"$scratch/stacks") >= 20)) || fail 'not all stacks were judged'
}

clean
stack pam-absent <<<'required pam_unix.so'
stack pam-reached <<<'required pam_sandlock.so'
stack pam-reached <<<'required /lib/x/security/pam_sandlock.so debug'
stack pam-reached <<<'[success=ok ignore=ignore default=die] pam_sandlock.so'
stack pam-not-required <<<'optional pam_sandlock.so'
stack pam-not-required <<<'sufficient pam_sandlock.so'
stack pam-not-required <<<'[success=ok default=ignore] pam_sandlock.so'
stack pam-not-last <<<$'required pam_sandlock.so\nsession optional pam_exec.so'
stack pam-reached <<<$'required pam_sandlock.so\nsession optional pam_motd.so\nsession required pam_limits.so'
stack pam-option <<<'required pam_sandlock.so mode=bogus'
stack pam-option <<<'required pam_sandlock.so debug nonsense'
stack pam-option <<<'required pam_sandlock.so policy-dir=relative'
stack pam-policy-dir <<<'required pam_sandlock.so mode=fork policy-dir=/nowhere'
stack pam-reached <<<'required pam_sandlock.so mode=self debug policy-dir=/etc'
stack pam-absent <<<'required pam_unix.so # required pam_sandlock.so'
stack pam-reached <<<$'required \\\n pam_sandlock.so'
stack pam-broken <<<$'mandatory pam_unix.so\nsession required pam_sandlock.so'
printf -- '-session required pam_sandlock.so\n' >"$root/etc/pam.d/sshd"
exits 1 doctor --pam --root "$root" --json
finds pam-not-required "'sshd'" open
printf 'auth required pam_sandlock.so\nSESSION REQUIRED pam_sandlock.so\n' >"$root/etc/pam.d/sshd"
exits 0 doctor --pam --root "$root" --json
finds pam-reached "'sshd'" fine

# What leads past it: on every login, or on some.
stack pam-passed <<<$'sufficient pam_permit.so\nsession required pam_sandlock.so'
stack pam-passed <<<$'[success=1 default=ignore] pam_permit.so\nsession required pam_sandlock.so\nsession required pam_unix.so'
stack pam-passed <<<$'[default=done] pam_permit.so\nsession required pam_sandlock.so'
stack pam-may-pass <<<$'[success=ok user_unknown=done default=bad] pam_x.so\nsession required pam_sandlock.so'
stack pam-may-pass <<<$'[success=ok default=1] pam_x.so\nsession required pam_sandlock.so\nsession optional pam_y.so'
stack pam-reached <<<$'[success=1 default=ignore] pam_x.so\nsession requisite pam_deny.so\nsession required pam_sandlock.so'
stack pam-reached <<<$'[success=2 default=ignore] pam_x.so\nsession required pam_sandlock.so'
stack pam-reached <<<$'requisite pam_nologin.so\nsession [success=ok default=bad] pam_x.so\nsession required pam_sandlock.so'

# Includes of all kinds: a jump counts a substack as one, and "done" ends only the substack.
printf 'session sufficient pam_x.so\nauth include nowhere\nsession required pam_unix.so\n' >"$root/etc/pam.d/common-session"
stack pam-passed <<<$'include common-session\nsession required pam_sandlock.so'
stack pam-reached <<<$'substack common-session\nsession required pam_sandlock.so'
printf 'session required pam_x.so\nsession required pam_sandlock.so\n' >"$root/etc/pam.d/common-last"
stack pam-passed <<<$'[success=1 default=ignore] pam_y.so\nsession substack common-last\nsession required pam_z.so'
stack pam-reached <<<$'[success=1 default=ignore] pam_y.so\nsession substack common-session\nsession include common-last'
printf '@include common-last\n' >"$root/etc/pam.d/sshd"
exits 0 doctor --pam --root "$root" --json
finds pam-reached "'sshd'" fine
stack pam-broken <<<$'include nowhere\nsession required pam_sandlock.so'
judge_stacks
printf 'session include sshd\n' >"$root/etc/pam.d/sshd"
exits 0 doctor --pam --root "$root" --json
finds pam-unreadable "'sshd'" note

# Each service after its kind; vendors' files where the administrator has none.
clean
printf 'docker:x:990:alice,bob\nsudo:x:27:alice,bob\n' >>"$root/etc/group"
for service in cron runuser passwd common-auth somebody systemd-user; do
	echo 'session required pam_unix.so' >"$root/etc/pam.d/$service"
done
echo 'session required pam_unix.so' >"$root/usr/lib/pam.d/cron"
echo 'session required pam_unix.so' >"$root/usr/lib/pam.d/atd"
touch "$root/var/lib/systemd/linger/"{alice,bob}
cat >"$root/etc/ssh/sshd_config" <<<$'Include sshd_config.d/*.conf\nUsePAM yes\nMatch User x\nUsePAM no'
mkdir "$root/etc/ssh/sshd_config.d"
cat >"$root/etc/sudoers" <<<$'Defaults env_reset\nalice ALL=(ALL) ALL # all\nbob ALL = ALL\nroot ALL=(ALL) ALL\n@includedir /etc/sudoers.d'
says doctor-pam.txt 1 doctor --pam --root "$root"
says doctor-pam.json 1 doctor --pam --root "$root" --json
finds group "'alice'" open
json 'not any(f["subject"] == "bob" for f in j["findings"])'
finds sshd None fine
echo 'session required pam_sandlock.so mode=self' >"$root/etc/pam.d/systemd-user"
exits 1 doctor --pam --root "$root" --json
finds pam-reached "'systemd-user'" fine
finds linger "'alice'" note
echo '  usepam=no' >"$root/etc/ssh/sshd_config.d/10-site.conf"
printf 'Defaults:alice \\\n  !pam_session\n' >"$root/etc/sudoers.d/site"
echo 'Defaults !pam_session' >"$root/etc/sudoers.d/old.bak"
exits 1 doctor --pam --root "$root" --json
finds sshd None open
finds sudo-session "'/etc/sudoers.d/site'" open
json '[f["id"] for f in j["findings"]].count("sudo-session") == 1'
# One that is not there hides nothing, and one without a folder lies beside the file.
rm "$root/etc/sudoers.d/site"
cp "$root/etc/sudoers" "$scratch/sudoers"
sed -i '1i @include /etc/sudoers.gone\n@include sudoers.site' "$root/etc/sudoers"
echo 'Defaults !pam_session' >"$root/etc/sudoers.site"
exits 1 doctor --pam --root "$root" --json
finds sudo-session "'/etc/sudoers.site'" open
mv "$scratch/sudoers" "$root/etc/sudoers"
rm "$root/etc/ssh/sshd_config.d/10-site.conf"
sed -i /UsePAM/d "$root/etc/ssh/sshd_config"
exits 1 doctor --pam --root "$root" --json
finds sshd None open

# The rest of another root: its policies, and the package.
exits 1 doctor --root "$root" --json
finds policies "'$SANDLOCK_CONFDIR'" fine
finds module None open
finds_not landlock
echo nonsense >"$root$SANDLOCK_CONFDIR/users/alice.ini"
mkdir -p "$root/usr/lib/x/security" "$root${SANDLOCK_SUPERVISOR%/*}"
touch "$root/usr/lib/x/security/pam_sandlock.so" "$root$SANDLOCK_SUPERVISOR"
exits 1 doctor --root "$root" --json
finds policy-broken "'$root$SANDLOCK_CONFDIR/users/alice.ini'" open
finds module "'/usr/lib/x/security/pam_sandlock.so'" fine
finds supervisor "'$SANDLOCK_SUPERVISOR'" fine

# journald's rate limit: main file, then drop-ins by name, of one name the first folder's.
# journald STATE: after that.
journald() {
	exits 1 doctor --root "$root" --json
	finds journal-rate-limit None "$1"
}
# conf FOLDER NAME LINE...: a drop-in.
conf() {
	mkdir -p "$root/$1/systemd/journald.conf.d"
	printf '%s\n' "${@:3}" >"$root/$1/systemd/journald.conf.d/$2"
}
clean
journald open
mkdir -p "$root/etc/systemd"
printf '[Journal]\n#RateLimitBurst=0\nStorage=auto\n' >"$root/etc/systemd/journald.conf"
journald open
printf '[Journal]\n RateLimitBurst = 0\n' >"$root/etc/systemd/journald.conf"
journald fine
conf usr/lib 50-vendor.conf '[Journal]' 'RateLimitBurst=20000'
journald open
conf run 60-later.conf '[Other]' RateLimitIntervalSec=0
journald open
conf run 60-later.conf '[Journal]' RateLimitIntervalSec=0s
journald fine
conf usr/local/lib 70-last.conf '[Journal]' RateLimitIntervalSec=30s
journald open
conf etc 70-last.conf '[Journal]' RateLimitInterval=0
journald fine
conf etc 70-last.conf '[Journal]' RateLimitIntervalSec=10min
journald open
ln -sf /dev/null "$root/etc/systemd/journald.conf.d/70-last.conf"
journald fine
conf etc 80-reset.conf '[Journal]' RateLimitIntervalSec= RateLimitBurst=
journald open
conf etc 80-reset.other '[Journal]' RateLimitBurst=0
journald open

# Nothing that a terminal would obey, from names and files.
clean
echo 'session required pam_unix.so' >"$root/etc/pam.d/"$'gdm-\033[31m'
printf 'session [\033 pam_x.so\n' >"$root/etc/pam.d/sshd"
for option in '' --json; do
	# shellcheck disable=SC2086
	exits 1 doctor --pam $option --root "$root"
	! grep -q $'\033' "$scratch/out" || fail 'control bytes in the output'
done
exits 2 doctor everything
finish
