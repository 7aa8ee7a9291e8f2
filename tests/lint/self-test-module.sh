#!/bin/bash
# Links modules and programs that each break one rule of module.sh, and wants each one named.
#   self-test-module.sh ROOT CC [ARG...]
set -euo pipefail
. "$(dirname "$0")/lint.sh"

compiler=("${@:2}")
folder=$lint_scratch/objects
mkdir "$folder"
cd "$folder"

cat >module.c <<'C'
#include <security/pam_modules.h>
int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	const void *user;
	return pam_get_item(pamh, PAM_USER, &user);
}
int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return PAM_SUCCESS;
}
C
echo 'int main(void) { return 0; }' >program.c
echo '{ global: pam_sm_*; local: *; };' >module.map
echo '{ global: pam_sm_*; helper; local: *; };' >helper.map

hardened=(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
whole=("${hardened[@]}" -Wl,-z,nodelete -Wl,--version-script=module.map -lpam)

# link_module NAME CODE OPTION...: the module with CODE behind it.
link_module() {
	{ cat module.c && echo "$2"; } >"$1.c"
	"${compiler[@]}" -shared -fPIC -o "$1.so" "$1.c" -Wl,--no-as-needed "${@:3}" 2>/dev/null
}

# expect WANTED MODULE PROGRAM...: module.sh fails and says so, or passes where WANTED is empty.
expect() {
	local output status=0
	output=$("$lint_root/tests/lint/module.sh" "$lint_root" "${@:2}" 2>&1) || status=$?
	if [[ -z $1 ]]; then
		((status == 0)) || lint_fail "a whole module or program is refused: $output"
	else
		((status != 0)) || lint_fail "$2 passes: wanted '$1'"
		grep -q -- "$1" <<<"$output" || lint_fail "${*:2}: wanted '$1', got: $output"
	fi
}

link_module whole '' "${whole[@]}"
link_module library '' "${whole[@]}" -lm
link_module helper 'int helper(void) { return 0; }' "${whole[@]/module.map/helper.map}"
link_module unloadable '' "${whole[@]/nodelete/defs}"
link_module late '' "${whole[@]/now/lazy}"
link_module norelro '' "${whole[@]/relro/norelro}"
link_module execstack '' "${whole[@]/noexecstack/execstack}"
link_module runpath '' "${whole[@]}" -Wl,-rpath,/usr/lib
link_module prints '#include <stdio.h>
void f(int n) { printf("%d\n", n); } void (*g)(int) = f;' "${whole[@]}"
link_module exits '#include <stdlib.h>
void f(int n) { exit(n); } void (*g)(int) = f;' "${whole[@]}"
link_module signals '#include <signal.h>
void f(int n) { signal(n, SIG_IGN); } void (*g)(int) = f;' "${whole[@]}"

"${compiler[@]}" -fPIE -pie -o program program.c "${hardened[@]}"
"${compiler[@]}" -fno-PIE -no-pie -o nopie program.c "${hardened[@]}"
"${compiler[@]}" -fPIE -pie -o stack program.c "${hardened[@]/noexecstack/execstack}" 2>/dev/null

expect '' whole.so program
expect "libraries needed: .*libm" library.so program
expect 'symbols exported: .*helper' helper.so program
expect 'may be unloaded' unloadable.so program
expect 'resolves symbols late' late.so program
expect 'no relro' norelro.so program
expect 'executable stack' execstack.so program
expect 'a library path' runpath.so program
expect 'calls f\?printf\|calls __printf_chk' prints.so program
expect 'calls exit' exits.so program
expect 'calls signal' signals.so program
expect 'nopie: no PIE' whole.so nopie
expect 'stack: executable stack' whole.so stack
lint_end
