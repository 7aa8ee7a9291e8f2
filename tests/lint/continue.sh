#!/bin/bash
# A supervised call is never let go on after its arguments were looked at: they can be rewritten in
# between. The flag that would do it is nowhere outside the tests, in code or in words, but in the
# one file that answers where nothing is enforced, and which asks the policies for that itself.
#   continue.sh ROOT
set -euo pipefail
. "$(dirname "$0")/lint.sh"

flag='SECCOMP_USER_NOTIF_FLAG_CONTINUE'
only='supervisor/pass.c'

while read -r file; do
	while IFS=: read -r line _; do
		lint_fail "$file:$line: $flag"
	done < <(grep -n "$flag" "$lint_root/$file")
done < <(lint_files '*.[ch]' 'meson.build' '*.in' | grep -v "^tests/\|^$only\$")
if [[ $(grep -c "$flag" "$lint_root/$only") != 1 ]]; then
	lint_fail "$only: $flag is not there once"
fi
if ! grep -q 'if (!pass_applies(job->supervisor->set))' "$lint_root/$only"; then
	lint_fail "$only: does not ask whether anything is enforced"
fi
lint_end
