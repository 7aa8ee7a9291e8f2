#!/bin/bash
# User names that no administrator would give, and policy files that are not what they should be:
# confined or refused, never anything else.
. "$(dirname "$0")/lib.sh"

mkdir -p /run/names.pam
printf 'session required %s\n' pam_sandlock.so pam_permit.so >/run/names.pam/su
install "$SANDLOCK_BUILD/tests/attacks/attack-login" "$work/login"
chmod 755 "$work"
secret='the secret of bob'

# comes_of USER: what a login of that name comes to.
comes_of() {
	local output
	output=$(timeout 30 "$work/login" -d / -s su -c /run/names.pam -- "$1" \
		sh -c 'echo inside; cat /home/bob/secret' 2>&1) || [[ $? != 124 ]] ||
		output='hangs'
	case $output in
	*"$secret"*) echo unconfined ;;
	*inside*) echo confined ;;
	hangs) echo hangs ;;
	*) echo refused ;;
	esac
}

# A policy that lets a shell start and no more.
confining() {
	cat <<-'INI'
		[policy]
		include = base
	INI
}

long=$(printf 'n%.0s' {1..256})
uid=4000
# NAME=WANTED: all of them have lines in passwd(5); libc reads none that begins with -.
names=(
	'a/b=refused' '../alice=refused' '..=refused' '.hidden=refused' '-x=refused' '--=refused'
	'a%h=confined' '%=confined' "$long=refused" '1234=confined' '0=confined' 'UPPER=confined'
	'a b=confined' 'é=confined' $'tab\there=refused' 'dollar$=confined' 'alice.ini=confined'
)
kinds=(symlink hard-link fifo device socket folder all-may-write huge empty-name group-folder)
plan $((${#names[@]} + ${#kinds[@]} + 15))
cp /etc/passwd /run/passwd.before
cp /etc/group /run/group.before

for row in "${names[@]}"; do
	uid=$((uid + 1))
	printf '%s:x:%s:%s::/home/alice:/bin/bash\n' "${row%=*}" $uid $uid >>/etc/passwd
done

policies_none
is 'control: without a policy the secret comes out' "$(comes_of 1234)" unconfined
confining | policy default
for row in "${names[@]}"; do
	name=${row%=*}
	is "name ${name:0:20}" "$(comes_of "$name")" "${row##*=}"
done
journalctl --sync
has 'a control character of a name is not one in the log' "$(journalctl -q -o cat -t login -g 'tab.*here')" \
	'tab\x09here'
is 'a name that nobody has' "$(comes_of $'alice\n')" refused
is 'root has other names' "$(comes_of root)" unconfined

# A file is for the name as it is written, and two names of one uid are two users.
policies_none
alice_uid=$(id -u alice)
printf 'other:x:%s:%s::/home/alice:/bin/bash\n' "$alice_uid" "$alice_uid" >>/etc/passwd
printf 'toor:x:0:0::/root:/bin/bash\n' >>/etc/passwd
confining | policy users/other
is 'two names: the one with a policy' "$(comes_of other)" confined
is 'two names: the one without' "$(comes_of alice)" unconfined
confining | policy users/upper
is 'a policy for upper is none for UPPER' "$(comes_of UPPER)" unconfined
confining | policy users/UPPER
is 'a policy for UPPER' "$(comes_of UPPER)" confined
confining | policy default
is 'any name of uid 0 is root' "$(comes_of toor)" unconfined

# Groups by the hundreds, the one that counts last.
policies_none
for n in {1..300}; do
	printf 'many%d:x:%d:bob\n' $n $((5000 + n)) >>/etc/group
done
confining | policy groups/many300
is '300 groups, a policy for the last' "$(comes_of bob)" confined
policies_none
for n in {1..7}; do
	confining | policy "groups/many$n"
done
is '7 policies for one user are more than can be' "$(comes_of bob)" refused

# A policy's file that is no file of root's own.
policies_none
file=/etc/sandlock/users/alice.ini
fine() {
	rm -rf "$file" /etc/sandlock/other.ini
	confining | policy users/alice
}
for kind in "${kinds[@]}"; do
	fine
	case $kind in
	symlink) mv "$file" /etc/sandlock/other.ini && ln -s ../other.ini "$file" ;;
	hard-link) ln "$file" /etc/sandlock/other.ini ;;
	fifo) rm "$file" && mkfifo -m 644 "$file" ;;
	device) rm "$file" && mknod -m 644 "$file" c 1 3 ;;
	socket) rm "$file" && python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$file" ;;
	folder) rm "$file" && mkdir "$file" ;;
	all-may-write) chmod 666 "$file" ;;
	huge) truncate -s 1G "$file" ;;
	empty-name) mv "$file" /etc/sandlock/users/.ini ;;
	group-folder) chmod 775 /etc/sandlock/users ;;
	esac
	wanted=refused
	[[ $kind != empty-name ]] || wanted=unconfined
	is "alice's policy: $kind" "$(comes_of alice)" "$wanted"
	chmod 755 /etc/sandlock/users
done
rm -f /etc/sandlock/users/.ini
fine
is 'all mended' "$(comes_of alice)" confined

# Replaced over and over: each login has one or the other, whole.
policies_none
mkdir -p /home/one /home/two /etc/sandlock/users
echo 'word one' >/home/one/word
echo 'word two' >/home/two/word
for which in one two; do
	{
		confining
		printf '[filesystem]\nread.a = /home/%s\n' $which
		# Long enough that a half of it would be seen.
		printf '# %s\n' {1..500}
		printf '[network]\nconnect = none\n'
	} >"$work/$which.ini"
done
(
	trap 'exit 0' TERM
	while true; do
		for which in one two; do
			cp "$work/$which.ini" /etc/sandlock/users/.alice.new
			mv /etc/sandlock/users/.alice.new "$file"
		done
	done
) &
replacer=$!
wait_until 5 test -e "$file"
for n in {1..500}; do
	"$work/login" -d / -s su -c /run/names.pam alice \
		sh -c 'cat /home/one/word /home/two/word; exit 0' 2>"$work/errors" |
		paste -sd' ' || cat "$work/errors"
	((n % 100 != 0)) || echo "# $n logins" >&2
done >"$work/words"
kill $replacer
wait $replacer
is '500 logins under a policy that is being replaced: one or the other' \
	"$(sort -u "$work/words")" $'word one\nword two'
is 'all of them' "$(wc -l <"$work/words")" 500

cp /run/passwd.before /etc/passwd
cp /run/group.before /etc/group
policies_none
rm -rf /home/one /home/two
no_leaks 'nothing is left'
