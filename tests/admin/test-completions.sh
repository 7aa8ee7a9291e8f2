#!/bin/bash
# The completions: in step with the tables, and each shell completes by them.
. "$(dirname "$0")/lib.sh"
folder=$SANDLOCK_SOURCE/etc/completions

python3 "$here/completions.py" "$SANDLOCK_ADMIN" "$folder" ||
	fail 'a completion differs from the tables (completions.py --update)'

# Where the words are, so that each shell finds the tool and the words by their names.
mkdir "$scratch/bin" "$scratch/files"
ln -s "$SANDLOCK_ADMIN" "$scratch/bin/sandlock-admin"
touch "$scratch/files/students.ini"
mkdir "$scratch/files/studio"
export PATH=$scratch/bin:$PATH HOME=$scratch
cd "$scratch/files"

in_bash() {
	bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sandlock_admin; printf "%s\n" "${COMPREPLY[@]}"' \
		"$folder/sandlock-admin" "$@"
}
in_fish() {
	fish --no-config -c 'source $argv[1]; complete -C "$argv[2..-1]"' "$folder/sandlock-admin.fish" "$@" | cut -f1
}

lines=() wanted=()

# completes LINE EXPECTED: every shell completes the end of the line to these words.
completes() {
	local shell got
	local -a words
	read -ra words <<<"$1"
	[[ $1 != *' ' ]] || words+=('')
	for shell in bash fish; do
		got=$("in_$shell" "${words[@]}" | sed 's,/$,,' | LC_ALL=C sort -u | xargs)
		[[ $got == "$2" ]] || fail "$shell: \"$1\" is completed to \"$got\", not \"$2\""
	done
	lines+=("$1")
	wanted+=("$2")
}

# All that was asked of the others.
zsh_completes() {
	python3 "$here/complete-zsh.py" "$folder" "${lines[@]}" >"$scratch/zsh" || fail "zsh: no answer"
	diff -u <(printf '%s\n' "${wanted[@]}") <(sed 's,/\( \|$\),\1,g' "$scratch/zsh") ||
		fail 'zsh completes otherwise'
}
completes 'sandlock-admin che' check
completes 'sandlock-admin se' 'sessions sets'
completes 'sandlock-admin --root / keys net' network
completes 'sandlock-admin sets @sw' @swap
completes 'sandlock-admin check --str' --strict
completes 'sandlock-admin check stud' 'students.ini studio'
completes 'sandlock-admin show --service syst students.ini --di' --diff
completes 'sandlock-admin show --diff stude' students.ini
completes 'sandlock-admin check --root stud' studio
completes 'sandlock-admin test roo' root
completes 'sandlock-admin test root sys' syscall
completes 'sandlock-admin test --service su root re' read
completes 'sandlock-admin test root read stude' students.ini
completes 'sandlock-admin log --since y' yesterday
completes 'sandlock-admin log -S t' today
completes 'sandlock-admin sessions --user roo' root
# Nothing of another command, and no files where there are none.
completes 'sandlock-admin show --str' ''
completes 'sandlock-admin log stud' ''
zsh_completes

# What is completed is understood.
for action in $("$SANDLOCK_ADMIN" test --help --json | python3 -c 'import json, sys
print(*json.load(sys.stdin)["commands"][0]["actions"].split("|"))'); do
	admin test "$here/data/good.ini" "$action" /
	lacks 'unknown action'
done
finish
