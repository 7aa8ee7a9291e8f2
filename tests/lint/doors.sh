#!/bin/bash
# Each outside power has one door: which files may name it. And which folder may include what.
#   doors.sh ROOT
set -euo pipefail
. "$(dirname "$0")/lint.sh"

# Pattern of what the code says (comments and strings do not count), files that may say it. A row
# without files is a power that nobody has. A door is moved by moving its row.
doors=(
	'iniparser|\bdictionary\b' 'lib/policy-ini.c'
	'<seccomp\.h>|\b(seccomp|scmp)_[a-z_]+ *\(|\bSCMP_' 'lib/filter*.c lib/syscalls.c supervisor/worker-filter.c'
	'systemd/|\bsd_[a-z]+_[a-z_]+' 'admin/journal.c'
	'\bdl(open|sym)\b' 'admin/journal.c'
	'security/' 'pam/*'
	'\bpam_[a-z_]+ *\(' 'pam/*'
	'\bpthread_atfork\b' 'pam/confine.c'

	'\bprocess_vm_readv\b' 'supervisor/target.c supervisor/worker-filter.c'
	'\b(SYS_)?pidfd_getfd\b' 'supervisor/target.c supervisor/child.c supervisor/members.c supervisor/worker-filter.c lib/filter*.c'
	'\b(SYS_)?kcmp\b' 'supervisor/target.c supervisor/worker-filter.c'
	'\bSECCOMP_IOCTL_NOTIF_(RECV|SEND)\b' 'supervisor/notify.c'
	'\bSECCOMP_IOCTL_NOTIF_ADDFD\b' ''
	'\b(SYS_)?process_vm_writev\b' 'supervisor/scribe.c supervisor/worker-filter.c lib/filter*.c'
	'\bfanotify_(init|mark) *\(' 'supervisor/watcher.c'
	'\bopen_by_handle_at *\(' 'supervisor/sight.c'
	'\bSYS_ptrace\b|\bptrace *\(' ''

	'\bSYS_landlock_restrict_self\b|\bNR_landlock_restrict_self\b' 'lib/arm.c lib/landlock-uapi.h'
	'\bSYS_landlock_(create_ruleset|add_rule)\b' 'lib/ruleset*.c lib/landlock-uapi.h'
	'\bSECCOMP_SET_MODE_(FILTER|STRICT)\b|\bPR_SET_SECCOMP\b' 'lib/arm.c supervisor/listener.c lib/filter*.c'
	'\bPR_SET_NO_NEW_PRIVS\b' 'lib/arm.c supervisor/credentials.c supervisor/listener.c'
	'\b(setns|unshare) *\(' 'lib/arm.c supervisor/keeper.c'

	'\b(SYS_)?(v?fork|clone3?) *\(|\bposix_spawnp? *\(' 'lib/supervisor-spawn.c supervisor/keeper.c supervisor/worker.c supervisor/servant.c admin/launch.c admin/pager.c'
	'\bexec(ve|v|vp|vpe|l|le|lp|veat) *\(|\bfexecve *\(' 'lib/supervisor-spawn.c supervisor/epitaph.c admin/launch.c admin/pager.c'
	'\b(system|popen) *\(' ''
	'\bset(res|re|e|fs)?[ug]id *\(|\bSYS_setres[ug]id\b|\bSYS_setgroups\b|\b(set|init)groups *\(' 'lib/supervisor-spawn.c lib/arm.c supervisor/credentials.c admin/launch.c'
	'\bget(pw|gr)(nam|uid|gid|ent)(_r)? *\(|\bgetgrouplist *\(' 'lib/policy-identity.c admin/subject.c admin/cmd-*.c'
)

# Folder, headers of lib/ that its files may include: all of them, or these.
module_headers='arm client cleanup fd module-options session sock supervisor-spawn wire'
folders=(
	lib '*'
	pam "$module_headers"
	supervisor '*'
	admin '*'
)

# The objects of lib/ that the module links bring nothing else in, either.
module_objects="$module_headers landlock-uapi"

# listed FILE GLOBS
listed() {
	local glob
	local -a globs
	read -ra globs <<<"$2"
	for glob in "${globs[@]}"; do
		# shellcheck disable=SC2053
		[[ $1 == $glob ]] && return
	done
	return 1
}

check_door() {
	local pattern=$1 allowed=$2 file line used=''
	while IFS=: read -r file line _; do
		if listed "$file" "$allowed"; then
			used=1
		else
			lint_fail "$file:$line: '$pattern' belongs to ${allowed:-nobody}"
		fi
	done < <(cd "$lint_scratch/code" && grep -rnE --include='*.[ch]' -- "$pattern" . | sed 's|^\./||')
	if [[ -n $allowed && -z $used ]]; then
		lint_fail "nothing matches '$pattern': a row that guards nothing"
	fi
}

# check_include FOLDER FILE LINE HEADER HEADERS
check_include() {
	local name=${4%.h}
	if [[ $4 == config.h ]]; then
		return
	fi
	if [[ $4 == */* ]]; then
		lint_fail "$2:$3: a path in #include \"$4\""
	elif [[ -e $lint_root/$1/$4 && $1 != lib ]]; then
		return
	elif [[ ! -e $lint_root/lib/$4 ]]; then
		lint_fail "$2:$3: \"$4\" is neither of this folder nor of lib/"
	elif [[ $5 != '*' && " $5 " != *" $name "* ]]; then
		lint_fail "$2:$3: \"$4\" is not for this file"
	fi
}

check_includes() {
	local folder=$1 headers=$2 file line text name header
	while IFS=: read -r file line text; do
		name=${file##*/}
		header=${text#*\"}
		header=${header%%\"*}
		if [[ $folder == lib && " $module_headers " == *" ${name%.*} "* ]]; then
			check_include lib "$file" "$line" "$header" "$module_objects"
		else
			check_include "$folder" "$file" "$line" "$header" "$headers"
		fi
	done < <(cd "$lint_scratch/code" && grep -rnE '^[ \t]*#[ \t]*include[ \t]*"' "$folder")
}

lint_code lib pam supervisor admin
for ((i = 0; i < ${#doors[@]}; i += 2)); do
	check_door "${doors[i]}" "${doors[i + 1]}"
done
for ((i = 0; i < ${#folders[@]}; i += 2)); do
	check_includes "${folders[i]}" "${folders[i + 1]}"
done
lint_end
