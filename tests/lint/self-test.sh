#!/bin/bash
# A lint that cannot fail guards nothing: plants a violation of every kind in a copy of the tree and
# wants each lint to find it, and the copy to be clean without it.
#   self-test.sh ROOT
set -euo pipefail
. "$(dirname "$0")/lint.sh"

copy=$lint_scratch/tree
mkdir "$copy"
tar -C "$lint_root" --exclude=.git --exclude='./build*' -cf - . | tar -C "$copy" -xf -

# Lint, file of the copy, what is added to it (printf's %b), what the lint must then say.
plants=(
	doors lib/policy.c '#include <iniparser/iniparser.h>' 'policy.c:[0-9]*: .*iniparser'
	doors lib/verdict.c 'int f(void) { return seccomp_load(0); }' 'verdict.c:.*seccomp'
	doors admin/admin.c '#include <systemd/sd-journal.h>' 'admin.c:.*systemd'
	doors lib/fd.c '#include <security/pam_ext.h>' 'fd.c:.*security'
	doors supervisor/loop.c 'int f(void) { return process_vm_readv(0, 0, 0, 0, 0, 0); }' 'loop.c:.*readv'
	doors supervisor/worker.c 'int f(void) { return syscall(SYS_pidfd_getfd, 0, 0, 0); }' 'worker.c:.*getfd'
	doors supervisor/main.c 'int f(void) { return syscall(SYS_landlock_restrict_self, 0, 0); }' 'main.c:.*restrict'
	doors supervisor/main.c 'int f(void) { return syscall(SYS_landlock_add_rule, 0, 0); }' 'main.c:.*add_rule'
	doors supervisor/main.c 'int f = SECCOMP_SET_MODE_FILTER;' 'main.c:.*SET_MODE'
	doors supervisor/main.c 'int f = SECCOMP_IOCTL_NOTIF_SEND;' 'main.c:.*NOTIF_'
	doors supervisor/target.c 'int f(void) { return ptrace(0, 0, 0, 0); }' 'target.c:.*ptrace.*nobody'
	doors supervisor/worker.c 'int f(void) { return syscall(SYS_process_vm_writev); }' 'worker.c:.*writev'
	doors pam/report.c 'int f(void) { /* why not */ return fork(); }' 'report.c:.*fork'
	doors pam/report.c '#include "policy.h"' 'report.c:.*"policy.h" is not for this file'
	doors pam/report.c '#include "journal.h"' 'report.c:.*"journal.h" is neither'
	doors admin/admin.c '#include "monitor.h"' 'admin.c:.*"monitor.h" is neither'
	doors supervisor/main.c '#include "../admin/json.h"' 'main.c:.*a path in'
	doors lib/policy.c '#include "supervisor.h"' 'policy.c:.*"supervisor.h" is neither'
	doors lib/sock.c '#include "str.h"' 'sock.c:.*"str.h" is not for this file'
	continue supervisor/notify.c 'int f = SECCOMP_USER_NOTIF_FLAG_CONTINUE;' 'notify.c:'
	continue supervisor/pass.c 'int f = SECCOMP_USER_NOTIF_FLAG_CONTINUE;' 'pass.c: .* is not there once'
	continue lib/filter.c '/* SECCOMP_USER_NOTIF_FLAG_CONTINUE */' 'filter.c:'
	format lib/policy.c 'int  f;' 'lib/policy.c: '
	size lib/fd.c "$(printf '\\n%.0s' {1..400})" 'lib/fd.c: [0-9]* lines'
	size tests/hosts/host.sh "$(printf '\\n%.0s' {1..400})" 'tests/hosts/host.sh: '
	words lib/policy.c '/* TODO: more */' 'policy.c:[0-9]*: unfinished'
	words tests/unit/test-access.c '/* only a stub */' 'test-access.c:[0-9]*: unfinished'
	words etc/meson.build '# FIXME' 'etc/meson.build:[0-9]*: unfinished'
	words tests/run 'meson test || true' 'tests/run:[0-9]*: a failure'
	words .ci/run '(false ||true)' '.ci/run:[0-9]*: a failure'
	words tests/unit/test-access.c '#if 0' 'test-access.c:[0-9]*: a test that is switched off'
	words lib/policy.c "/* $copy/lib */" 'policy.c:[0-9]*: a path'
)

# What must not be taken for a violation.
harmless=(
	doors lib/policy.c '/* iniparser, ptrace(2) */ static const char f[] = "sd_journal_send";'
	doors lib/policy.c '/*\n * fork() and\n * seccomp_load()\n */'
	words lib/policy.c 'char f[] = "/tmp/x-XXXXXX";'
	words tests/run 'kill -0 1 || echo gone'
)

run_lint() {
	"$copy/tests/lint/$1.sh" "$copy" 2>&1
}

# plant FILE TEXT; unplant FILE
plant() {
	cp -p "$copy/$1" "$lint_scratch/saved"
	printf '%b\n' "$2" >>"$copy/$1"
}

unplant() {
	cp -p "$lint_scratch/saved" "$copy/$1"
}

# What an unclean tree says anyway is the other lints' business, not this one's.
said_before() {
	local status=0
	run_lint "$1" >"$lint_scratch/before.$1" || status=$?
	if ((status == 77)); then
		echo "without $1: $(cat "$lint_scratch/before.$1")" >&2
	fi
	echo "$status" >"$lint_scratch/before.$1.status"
}

news() {
	{ run_lint "$1" || echo "status $?"; } | grep -vxF -f "$lint_scratch/before.$1"
}

check_plant() {
	local lint=$1 file=$2 text=$3 wanted=$4 output
	if [[ $(<"$lint_scratch/before.$lint.status") == 77 ]]; then
		return
	fi
	plant "$file" "$text"
	output=$(news "$lint") || output=''
	unplant "$file"
	grep -q '^status 1$' <<<"$output" || lint_fail "$lint passes '${text:0:60}' in $file"
	grep -q "^$lint: .*$wanted" <<<"$output" || lint_fail "$lint does not name '${text:0:60}' in $file"
}

check_harmless() {
	local output
	plant "$2" "$3"
	output=$(news "$1" | grep -v '^status ') || output=''
	unplant "$2"
	[[ -z $output ]] || lint_fail "$1 takes '$3' for a violation: $output"
}

for lint in doors continue format size words; do
	said_before "$lint"
done
for ((i = 0; i < ${#plants[@]}; i += 4)); do
	check_plant "${plants[@]:i:4}"
done
for ((i = 0; i < ${#harmless[@]}; i += 3)); do
	check_harmless "${harmless[@]:i:3}"
done
lint_end
