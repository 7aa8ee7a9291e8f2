#!/bin/bash
# sandlock-admin why and suggest: what is proposed can be added, and what cannot silences nothing else.
. "$(dirname "$0")/machine.sh"
denied_network=495201f75ee04d52b48e983cb1a6ad0f
denied_filesystem=44fc3fc5b72c47d8b6fe0077bfb94eda
session=22222222000000000000000000000001
seq=0

# denied OBJECT ACTION RIGHT
denied() {
	local id=$denied_network event=denied-network
	if [[ $3 == fs.* ]]; then
		id=$denied_filesystem event=denied-filesystem
	fi
	seq=$((seq + 1))
	record MESSAGE_ID=$id "MESSAGE=Denied $2 of $1 for alice" SANDLOCK_EVENT=$event \
		SANDLOCK_SESSION=$session SANDLOCK_SEQ=$seq SANDLOCK_USER=alice SANDLOCK_SERVICE=sshd \
		"SANDLOCK_ACTION=$2" "SANDLOCK_OBJECT=$1" "SANDLOCK_RIGHT=$3" SANDLOCK_RULE=- SANDLOCK_ERRNO=13
	wait_for journal_has SANDLOCK_SESSION=$session SANDLOCK_SEQ=$seq
}
# suggested WORDS...: those lines, and a patch that makes a valid policy of each file.
suggested() {
	exits 0 suggest --user alice --json
	json "sorted(s['line'] for s in j['suggestions']) == sorted('''$1'''.splitlines())"
	rm -rf /run/patched
	mkdir -p "/run/patched${SANDLOCK_CONFDIR%/*}"
	cp -r "$SANDLOCK_CONFDIR" "/run/patched$SANDLOCK_CONFDIR"
	if [[ $1 ]]; then
		exits 0 suggest --user alice
		patch -s -p1 -d /run/patched -i "$scratch/out" || fail 'the patch does not apply'
	fi
	exits 0 check --root /run/patched --all
}

mkdir -p "$SANDLOCK_CONFDIR"/{users,groups,include,mandatory.d}
alice=$SANDLOCK_CONFDIR/users/alice.ini
printf '[network]\nconnect = 10.20.0.53:443\nbind = 8100\n' >"$alice"
denied '*:0' listen net.bind_tcp
denied 10.20.0.53:8080 connect net.connect_tcp
denied 127.0.0.1:8088 bind net.bind_tcp

# Nothing but any would allow a port that the kernel picks; the rest is proposed all the same.
suggested $'connect = 10.20.0.53:8080\nbind = 8088'
exits 0 suggest --user alice
has '# Not proposed: 0 (1x in 1 session): only bind = any allows a port that the kernel picks'
for bind in none any 8100; do
	printf '[network]\nconnect = 10.20.0.53\nbind = %s\n' "$bind" >"$alice"
	exits 0 suggest --user alice
	lacks 'bind.suggested = any'
done

# why says what goes, and proposes nothing that check refuses.
printf '# A note.\n[network]\nconnect = none\nbind = 8100\n' >"$alice"
exits 0 why 2222:2
has "$alice, in place of line 3:"
has 'connect.allowed = 10.20.0.53:8080'
exits 0 why 2222:2 --json
json '[(l["line"], l["replaces"]) for l in j["lines"]] == [("connect.allowed = 10.20.0.53:8080", 3)]'
exits 0 why 2222:1
has 'No line is proposed: only bind = any allows a port that the kernel picks'
printf '[network]\nconnect.allowed = 10.20.0.53:443\n' >"$alice"
exits 0 why 2222:2 --json
json '[(l["line"], l["replaces"]) for l in j["lines"]] == [("connect.allowed-2 = 10.20.0.53:8080", None)]'

# What an include says can not be taken back where it is included: the others are proposed, alone.
printf '[network]\nconnect = none\n' >"$SANDLOCK_CONFDIR/include/closed.ini"
printf '[policy]\ninclude = closed\n[network]\nbind = 8100\n' >"$alice"
suggested 'bind = 8088'
exits 0 suggest --user alice
has '# Not proposed: 10.20.0.53:8080 (1x in 1 session): "none" stands alone'
exits 0 why 2222:2
has 'No line is proposed: "none" stands alone'
exits 0 why 2222:2 --json
json 'j["lines"] == [] and "[not-alone]" in j["objection"]'
# Where one policy cannot allow it, no other is changed for it.
printf '[network]\nconnect = 10.20.0.53:443\nbind = 8088\n' >"$SANDLOCK_CONFDIR/mandatory.d/10-site.ini"
suggested 'bind = 8088'
rm "$SANDLOCK_CONFDIR/mandatory.d/10-site.ini"

# Where the permissions of the file deny it, too, no line would help.
mkdir -p /run/shared/data
touch /run/shared/data/{a,b,c,d,open}
chmod 600 /run/shared/data/?
chmod 666 /run/shared/data/open
printf '[filesystem]\nread = /usr\n' >"$alice"
denied /run/shared make fs.make_reg
for file in a b c d open; do
	denied "/run/shared/data/$file" open fs.write_file
done
suggested 'write = /run/shared/data/open'
exits 0 suggest --user alice
has '# Not proposed: /run/shared (1x in 1 session): the permissions of the file deny it, too'
has '# Not proposed: /run/shared/data/a (1x in 1 session): the permissions of the file deny it, too'
chmod 666 /run/shared/data/?
suggested 'write = /run/shared/data'
finish
