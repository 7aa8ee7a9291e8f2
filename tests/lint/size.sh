#!/bin/bash
# No source file above 400 lines.
#   size.sh ROOT
set -euo pipefail
. "$(dirname "$0")/lint.sh"

limit=400

while read -r file; do
	lines=$(wc -l <"$lint_root/$file")
	if ((lines > limit)); then
		lint_fail "$file: $lines lines, at most $limit"
	fi
done < <(lint_files '*.[ch]' '*.sh' '*.py' '*.awk' 'meson.build')
lint_end
