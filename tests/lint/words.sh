#!/bin/bash
# Words that mean unfinished work, tests that cannot fail, paths of one machine.
#   words.sh ROOT
set -euo pipefail
. "$(dirname "$0")/lint.sh"

# search WHAT PATTERN FILE-PATTERN: grep -E in the files whose path matches.
search() {
	local file line
	while IFS=: read -r file line _; do
		lint_fail "$file:$line: $1"
	done < <(lint_files '*' | grep -E -- "$3" | grep -vxE 'LICENSE|tests/lint/(words|self-test)\.sh' |
		(cd "$lint_root" && xargs -d '\n' grep -HnIE -- "$2"))
}

# quoted TEXT: as a basic building block of an extended regular expression.
quoted() {
	sed 's/[][\.*^$+?(){}|/]/\\&/g' <<<"$1"
}

search 'unfinished' '\b(TODO|FIXME|XXX|HACK)\b|\b[Ss]tub(s|bed)?\b' .
# "|| :" is left for commands that are expected to fail and whose effect is judged afterwards.
search 'a failure that is swallowed' '\|\| *(/bin/)?true\b' '^(tests|\.ci)/'
search 'a test that is switched off' '^[ \t]*#if 0\b' '\.[ch]$'
search 'a path of this machine' "$(quoted "$lint_root")\b|/tmp/build\b" .
if [[ -n ${HOME:-} && $HOME != /root && $HOME != / ]]; then
	search 'a path of this machine' "$(quoted "$HOME")\b" .
fi
lint_end
