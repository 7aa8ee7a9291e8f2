#!/bin/bash
# On a terminal: colours and the pager, and where neither is wanted.
. "$(dirname "$0")/lib.sh"
unset PAGER SYSTEMD_PAGER SYSTEMD_PAGERSECURE SYSTEMD_LESS SYSTEMD_LESSCHARSET LESS LESSSECURE

# The exit code is in $status.
on_terminal() {
	status=0
	TERM=xterm timeout 60 script -qec "$*" /dev/null </dev/null >"$scratch/out" || status=$?
}
colored() { grep -q $'\033\[' "$scratch/out"; }
quiet="$SANDLOCK_ADMIN keys --no-pager"
on_terminal "$quiet"
colored || fail "no colours on a terminal"
on_terminal "$quiet" --no-color
! colored || fail "colours with --no-color"
on_terminal NO_COLOR=1 "$quiet"
! colored || fail "colours with NO_COLOR"
on_terminal TERM=dumb "$quiet"
! colored || fail "colours on a dumb terminal"
admin keys
! colored || fail "colours in a file"

# What is wider than the terminal is broken between words, and nothing of it is lost; in a file not.
wide() { tr -d "\r" <"$scratch/out" | grep -qE ".{81}"; }
for arguments in "check $here/data/many.ini $here/data/long.ini" "test $here/data/network.ini connect 10.20.1.1:23"; do
	on_terminal "stty cols 80; SYSTEMD_PAGER= $SANDLOCK_ADMIN $arguments" --no-color
	! wide || fail "$arguments: wider than 80 columns"
	tr -d ' \r\n' <"$scratch/out" >"$scratch/narrow"
	# shellcheck disable=SC2086
	admin $arguments
	cmp -s "$scratch/narrow" <(tr -d ' \n' <"$scratch/out") || fail "$arguments: not the same on a terminal"
done
# Rules and their ids are whole while there is any other way; in a file they are always.
words() { tr -s ' \r' '\n' | sort; }
on_terminal "stty cols 80; SYSTEMD_PAGER= $SANDLOCK_ADMIN show $here/data/network.ini" --no-color
! wide || fail 'show: wider than 80 columns'
words <"$scratch/out" >"$scratch/narrow"
admin show "$here/data/network.ini"
diff "$scratch/narrow" <(words <"$scratch/out") || fail 'show: not the same words on a terminal'
for columns in 60 120; do
	on_terminal "stty cols 100; COLUMNS=$columns SYSTEMD_PAGER= $SANDLOCK_ADMIN keys" --no-color
	((columns - 10 < $(tr -d '\r' <"$scratch/out" | wc -L) && $(tr -d '\r' <"$scratch/out" | wc -L) <= columns)) ||
		fail "COLUMNS=$columns: $(tr -d '\r' <"$scratch/out" | wc -L) columns"
done
COLUMNS=60 admin show "$here/data/network.ini"
grep -qE '^network\.connect +10\.20\.0\.0/16:22,8000-8100 \[2001:db8:20::\]/48:22 +line 11 +landlock, supervisor$' \
	"$scratch/out" || fail 'a rule in a file is no line'
admin test "$here/data/network.ini" connect 10.20.1.1:23
wide || fail 'a line of a file is broken'
on_terminal "stty cols 200; SYSTEMD_PAGER= $SANDLOCK_ADMIN test $here/data/network.ini connect 10.20.1.1:23"
wide || fail 'a line is broken that would fit'

# Pagers that say how they were started and pass on what they get.
mkdir "$scratch/bin"
for name in less pager more mine; do
	cat >"$scratch/bin/$name" <<-'END'
		#!/bin/sh
		echo "pager ${0##*/} less=$LESS secure=${LESSSECURE:-no} charset=${LESSCHARSET:-no}"
		exec cat
	END
	chmod 755 "$scratch/bin/$name"
done
export PATH=$scratch/bin:$PATH

# paged PAGER VARIABLES ARGUMENT...: by this one, or "" by none; what is printed is all there.
paged() {
	local expected=$1 variables=$2 found
	shift 2
	on_terminal "$variables $SANDLOCK_ADMIN $*"
	((status <= 1)) || fail "with \"$variables\" $*: exit $status"
	found=$(sed -n 's/^pager \([^\r]*\)\r*$/\1/p' "$scratch/out")
	[[ $found == "$expected" ]] || fail "with \"$variables\" $* by \"$found\", not \"$expected\""
	grep -q 'error:\|filesystem\|RULE\|@mount\|WHEN\|TIME\|sandlock' "$scratch/out" || fail "$*: nothing came through"
}
default='less=FRSXMK'
# Nobody logged in here, or somebody else: less alone is started, and kept from starting others.
if [[ $(cat /proc/self/loginuid) != "$EUID" ]]; then
	paged "less $default secure=1 charset=no" '' keys
	paged "less $default secure=1 charset=no" 'PAGER=mine' keys
	paged "less $default secure=1 charset=no" 'SYSTEMD_PAGER=mine' keys
fi
paged "pager $default secure=no charset=no" 'SYSTEMD_PAGERSECURE=0' keys
paged "mine $default secure=no charset=no" 'SYSTEMD_PAGERSECURE=no PAGER=mine' keys
paged "mine $default secure=1 charset=no" 'SYSTEMD_PAGERSECURE=1 SYSTEMD_PAGER=mine PAGER=less' keys
paged "less $default secure=1 charset=no" 'SYSTEMD_PAGERSECURE=perhaps PAGER=mine' keys
paged 'less less=FR secure=1 charset=utf-8' 'SYSTEMD_PAGERSECURE=1 SYSTEMD_LESS=FR SYSTEMD_LESSCHARSET=utf-8' keys
for arguments in sets "show $here/data/good.ini" "filter $here/data/good.ini"; do
	paged "less $default secure=1 charset=no" 'SYSTEMD_PAGERSECURE=1' "$arguments"
done
# None where none is wanted.
paged '' 'PAGER=' keys
paged '' 'SYSTEMD_PAGER=cat' keys
paged '' 'SYSTEMD_PAGER= PAGER=mine' keys
paged '' 'TERM=dumb' keys
paged '' '' keys --no-pager
paged '' '' keys --json
paged '' '' check "$here/data/many.ini"
paged '' '' keys '|' cat
exits 0 keys
lacks 'pager '

# The exit code is the command's own; a pager that is left early ends it.
on_terminal "PAGER=mine SYSTEMD_PAGERSECURE=0 $SANDLOCK_ADMIN sets @none"
has 'pager mine'
((status == 3)) || fail "exit $status through a pager"
printf '#!/bin/sh\nexit 0\n' >"$scratch/bin/less"
on_terminal "SYSTEMD_PAGERSECURE=1 $SANDLOCK_ADMIN keys"
((status == 0 || status == 141)) || fail "with a pager that is left: exit $status"
finish
