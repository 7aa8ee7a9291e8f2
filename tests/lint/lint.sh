# shellcheck shell=bash
# What the lints share. Sourced with the tree's root as $1; a lint calls lint_fail for every finding
# and lint_end at its end.

lint_root=$(cd "$1" && pwd)
lint_name=$(basename "$0" .sh)
lint_findings=0
lint_scratch=$(mktemp -d)
trap 'rm -rf "$lint_scratch"' EXIT

lint_fail() {
	echo "$lint_name: $*" >&2
	lint_findings=$((lint_findings + 1))
}

lint_end() {
	((lint_findings == 0))
}

# lint_files GLOB...: the tree's files of these names, relative to its root; no build folders.
lint_files() {
	local glob
	local -a names=()
	for glob in "$@"; do
		names+=(-o -name "$glob")
	done
	(cd "$lint_root" && find . \( -path ./.git -o -path './build*' -o -name __pycache__ \) -prune -o \
		-type f \( "${names[@]:1}" \) -print) | sed 's|^\./||' | sort
}

# lint_code FOLDER...: the C files of these folders without comments and without what is in their
# strings, #include lines whole, at the same paths and lines below $lint_scratch/code.
lint_code() {
	(cd "$lint_root" && find "$@" -type d) | (cd "$lint_scratch" && sed 's|^|code/|' | xargs mkdir -p)
	(cd "$lint_root" && find "$@" -type f -name '*.[ch]' -print0 |
		xargs -0 awk -v out="$lint_scratch/code" -f "$lint_root/tests/lint/code.awk")
}
