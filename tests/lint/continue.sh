#!/bin/bash
# A supervised call is never let go on after its arguments were looked at: they can be rewritten in
# between. The flag that would do it is nowhere outside the tests, in code or in words.
#   continue.sh ROOT
set -euo pipefail
. "$(dirname "$0")/lint.sh"

flag='SECCOMP_USER_NOTIF_FLAG_CONTINUE'

while read -r file; do
	while IFS=: read -r line _; do
		lint_fail "$file:$line: $flag"
	done < <(grep -n "$flag" "$lint_root/$file")
done < <(lint_files '*.[ch]' 'meson.build' '*.in' | grep -v '^tests/')
lint_end
