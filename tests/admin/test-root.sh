#!/bin/bash
# sandlock-admin --root: users, groups and policies of another file-system root.
. "$(dirname "$0")/lib.sh"

root=$scratch/root
mkdir -p "$root/etc" "$root$SANDLOCK_CONFDIR"/{users,groups,include}
cat >"$root/etc/passwd" <<-'PASSWD'
	root:x:0:0:root:/root:/bin/bash
	carla:x:5001:5001::/srv/home/carla:/bin/zsh
	dora:x:5002:5002::/srv/home/dora:/bin/zsh
	emil:x:5003:5003::/srv/home/emil:/bin/zsh
PASSWD
cat >"$root/etc/group" <<-'GROUP'
	carla:x:5001:
	dora:x:5002:
	lab:x:6000:nobody-here,dora
	dora-too:x:5002:
GROUP
cat >"$root$SANDLOCK_CONFDIR/users/carla.ini" <<-'INI'
	[policy]
	include = site
	[network]
	connect = 10.20.0.1:443
	[syscalls]
	deny = mkdir
INI
printf '[policy]\ndescription = of the include\n[filesystem]\nwrite = -%%h/site\n' >"$root$SANDLOCK_CONFDIR/include/site.ini"
printf '[ipc]\nsignal = session\n' >"$root$SANDLOCK_CONFDIR/groups/lab.ini"
printf '[ipc]\nsysv = yes\n' >"$root$SANDLOCK_CONFDIR/groups/dora-too.ini"

if [[ -z $("$SANDLOCK_ADMIN" show carla 2>&1 | grep -F 'no such user') ]]; then
	echo 'SKIP: this machine has a user carla'
	exit 77
fi
exits 3 show carla
for command in show filter; do
	exits 0 "$command" --root "$root" carla
	exits 0 "$command" --root "$root/" carla --json
	is_json
	json 'j["confined"]'
	exits 3 "$command" --root "$root" frida
	has 'no such user'
	exits 3 "$command" --root "$scratch/nowhere" carla
	exits 0 "$command" --root "$root" root
	has 'exempt'
done
exits 0 show --root "$root" carla --json
json '[r["says"] for r in j["policies"][0]["rules"] if r["rule"] == "user/carla+site:filesystem.write"] == ["-/srv/home/carla/site"]'
json 'j["policies"][0]["description"] is None'
exits 0 show --root "$root" dora --json
json '[p["name"] for p in j["policies"]] == ["group/dora-too", "group/lab"]'
exits 0 show --root "$root" emil
has 'no policy applies'
exits 1 test --root "$root" carla syscall mkdir mkdirat
has 'carla:syscalls.deny'
exits 0 test --root "$root" carla connect 10.20.0.1:443
exits 1 test --root "$root" carla connect 10.20.0.1:80
exits 2 test --root "$root" carla read /etc/passwd
has 'does not go with "read"'
exits 2 test --root "$root" carla unix /run/socket
exits 1 test --root "$root" carla unix @name
# A file is for who runs this; what it includes comes from the other root.
printf '[policy]\ninclude = site\n' >"$scratch/one.ini"
exits 1 show "$scratch/one.ini"
exits 0 show --root "$root" "$scratch/one.ini" --json
json 'any("+site:" in (r["rule"] or "") for r in j["policies"][0]["rules"])'
finish
