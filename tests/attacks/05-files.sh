#!/bin/bash
# Files outside the grants. The user owns them and their folder: only the confinement is in the way.
. "$(dirname "$0")/lib.sh"

secret=$outside/secret
inside=/home/alice/inside

read_rows() {
	local trick
	for trick in read openat2 self-root self-cwd thread-root o-path dev-fd; do
		row alice - "read: $trick" file "$trick" "$secret"
	done
	row alice - 'read: pid-root' file pid-root "$secret" "$victim"
	row alice - 'read: pid-cwd' file pid-cwd secret "$victim"
	row alice - 'read: symlink' file symlink "$secret" "$inside/symlink"
	row alice - 'read: hard link' file link "$secret" "$inside/link"
	row alice - 'read: hard link of a descriptor' file link-fd "$secret" "$inside/link"
	row alice - 'list' file list "$outside"
	row alice - 'execute' file execute "$outside/program"
}

change_rows() {
	row alice - 'rename into the grant' file rename "$outside/removable" "$inside/moved"
	row alice - 'rename out of the grant' file rename "$inside/file" "$outside/moved"
	row alice - 'rename a folder into the grant' file rename "$outside/folder" "$inside/moved"
	row alice - 'exchange across the border' file exchange "$secret" "$inside/file"
	row alice - 'write' file write "$secret"
	row alice - 'truncate' file truncate "$secret"
	row alice - 'truncate by opening' file open-truncate "$secret"
	row alice - 'rewrite' file rewrite "$secret"
	row alice - 'create' file create "$outside/new"
	row alice - 'nameless file' file tmpfile "$outside"
	row alice - 'remove' file unlink "$outside/removable"
	row alice - 'mkdir' file mkdir "$outside/new"
	row alice - 'mkfifo' file mkfifo "$outside/new"
	row alice - 'socket' file bind "$outside/new"
}


programs_up
outside_up
witness_up none=stream:127.0.0.1:5001
victim_up
read_rows
change_rows
plan $((2 * ${#rows[@]} + 4))
rows_run files alice

outside_up
for way in 'cwd' 'folder-fd'; do
	options=(-9 "$outside")
	[[ $way == cwd ]] && options=(-d "$outside")
	policies_none
	check "control: read: $way" "$attacks/attack-login" "${options[@]}" alice \
		"$attacks/attack-file" "$way" secret
	policy_of alice files
	is "read: $way" "$("$attacks/attack-login" -s su -c /run/attacks.pam "${options[@]}" alice \
		"$attacks/attack-file" "$way" secret 2>&1 | sed 's/:.*//;s/$/ stopped/')" \
		'result stopped'
done
