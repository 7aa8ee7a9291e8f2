#!/bin/bash
# What the linker made: the module brings nothing into a login program but itself, and everything is
# hardened. Not for sanitizer builds, which link their run time.
#   module.sh ROOT MODULE PROGRAM...
set -euo pipefail
. "$(dirname "$0")/lint.sh"

module=$2
programs=("${@:3}")

needed='libc.so.6 libpam.so.0'
exported='pam_sm_close_session pam_sm_open_session'

# What a guest does not call: it does not end its host, print, run programs but the supervisor's
# execve, change signals, environment or user ids, read the user database behind PAM's back, or log
# but through PAM.
forbidden=(
	abort exit _Exit quick_exit atexit on_exit raise __assert_fail
	'__(f|v|vf|d|vd)?printf_chk' '(f|v|vf|d|vd)?printf' 'f?puts' 'f?putc' putchar perror
	'f(open|dopen|reopen|close|read|write|flush)(64)?' 'f?gets' 'getline' stdin stdout stderr
	system popen fork vfork _Fork 'posix_spawnp?' 'exec(l|le|lp|v|vp|vpe)' wait
	signal sigaction sigsuspend alarm setitimer sleep usleep
	setenv putenv unsetenv clearenv setlocale umask
	'(set|init)groups' 'set(res|re|e|fs)?[ug]id'
	'get(pw|gr)(nam|uid|gid|ent)(_r)?' getgrouplist
	'(v|open|close)?syslog' '__v?syslog_chk'
	'dl(open|sym|close)' pthread_create rand srand random
)

# set_of WHAT WANTED GOT: both sorted, one blank between words.
set_of() {
	if [[ $2 != "$3" ]]; then
		lint_fail "${module##*/}: $1: '$3' instead of '$2'"
	fi
}

words() {
	sort -u | paste -sd' '
}

check_module() {
	local pattern
	set_of 'libraries needed' "$needed" \
		"$(readelf -dW "$module" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | words)"
	set_of 'symbols exported' "$exported" \
		"$(nm -D --defined-only "$module" | awk '{ print $NF }' | words)"
	readelf -dW "$module" | grep -qE '\(FLAGS_1\).*\bNODELETE\b' ||
		lint_fail "${module##*/}: may be unloaded (-z nodelete)"
	pattern=$(IFS='|' && echo "${forbidden[*]}")
	while read -r symbol; do
		lint_fail "${module##*/}: calls $symbol"
	done < <(nm -D --undefined-only "$module" | awk '{ sub(/@.*/, "", $NF); print $NF }' |
		grep -xE "$pattern")
}

# check_hardened FILE
check_hardened() {
	local name=${1##*/} segments
	segments=$(readelf -lW "$1")
	readelf -dW "$1" | grep -qE '\(FLAGS\).*\bBIND_NOW\b|\(FLAGS_1\).*\bNOW\b' ||
		lint_fail "$name: resolves symbols late (-z now)"
	grep -q 'GNU_RELRO' <<<"$segments" || lint_fail "$name: no relro"
	grep -qE 'GNU_STACK +0x0+ .* RW +0x' <<<"$segments" || lint_fail "$name: executable stack"
	readelf -dW "$1" | grep -q '(TEXTREL)' && lint_fail "$name: text relocations"
	readelf -dW "$1" | grep -qE '\((RPATH|RUNPATH)\)' && lint_fail "$name: a library path"
	return 0
}

check_program() {
	readelf -dW "$1" | grep -qE '\(FLAGS_1\).*\bPIE\b' || lint_fail "${1##*/}: no PIE"
}

check_module
for file in "$module" "${programs[@]}"; do
	check_hardened "$file"
done
for file in "${programs[@]}"; do
	check_program "$file"
done
lint_end
