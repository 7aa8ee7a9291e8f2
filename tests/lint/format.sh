#!/bin/bash
# Every C file is as clang-format leaves it. Skipped (77) where there is no clang-format.
#   format.sh ROOT
set -euo pipefail
. "$(dirname "$0")/lint.sh"

if ! command -v clang-format >/dev/null; then
	echo "skipped: no clang-format" >&2
	exit 77
fi
mapfile -t files < <(lint_files '*.[ch]')
if ! (cd "$lint_root" && clang-format --style=file --dry-run -Werror "${files[@]}") \
	2>"$lint_scratch/report"; then
	while read -r count file; do
		lint_fail "$file: $count places"
	done < <(sed -n 's/^\([^:]*\):.* error: .*/\1/p' "$lint_scratch/report" | sort | uniq -c)
	# Whatever else it complained of fails, too.
	((lint_findings > 0)) || lint_fail "$(cat "$lint_scratch/report")"
fi
lint_end
