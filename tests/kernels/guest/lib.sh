# shellcheck shell=bash
# The words of the guest's tests. Results are TAP on descriptor 4.

guest=/usr/local/libexec/guest
seen=/run/witness
count=0
abi=0
# One per phase: a port that was listened on stays taken for a while.
port=8100

ok() {
	count=$((count + 1))
	echo "ok $count - $1" >&4
}

# not_ok TEXT [DETAIL]
not_ok() {
	count=$((count + 1))
	echo "not ok $count - $1" >&4
	if [[ -n ${2:-} ]]; then
		head -c 2000 <<<"$2" | sed 's/^/#   /' >&4
	fi
}

is() {
	if [[ $2 == "$3" ]]; then ok "$1"; else not_ok "$1" "got: $2"$'\n'"wanted: $3"; fi
}

has() {
	if [[ $2 == *"$3"* ]]; then ok "$1"; else not_ok "$1" "no \"$3\" in: $2"; fi
}

# pause SECONDS: without a process, which is what costs most here.
pause() {
	read -rt "$1" <>/run/never || [[ $? -gt 128 ]]
}

# wait_for CMD...: until it succeeds, twenty seconds at most.
wait_for() {
	local tries=0
	until "$@" >/dev/null 2>&1; do
		if ((++tries > 200)); then
			echo "guest: waited in vain for: $*" >&2
			return 1
		fi
		pause 0.1
	done
}

# kernel_before MAJOR.MINOR
kernel_before() {
	local release
	release=$(uname -r)
	[[ $release != "$1".* && $(printf '%s\n' "$1" "$release" | sort -V | head -n 1) == "$release" ]]
}

# --- policies ---

policies_none() {
	rm -rf /etc/sandlock/{users,groups,mandatory.d,default.ini,sandlock.conf}
	mkdir -p /etc/sandlock/{users,groups}
}

policies_up() {
	policies_none
	cp /usr/share/sandlock/examples/{students,jump}.ini /etc/sandlock/groups/
	cat >/etc/sandlock/users/root.ini <<-INI
		[policy]
		include = base
		[filesystem]
		write = /root
		[network]
		connect = none
	INI
}

# journal_load: reads root's own records for journal_count, which costs two processes once.
journal_load() {
	journalctl --sync
	journalctl -q -o export --output-fields=MESSAGE,SANDLOCK_EVENT,SANDLOCK_USER,SANDLOCK_ABI \
		SYSLOG_IDENTIFIER=sandlock _UID=0 >/run/journal
}

# journal_count FIELD=VALUE...: how many of them match.
journal_count() {
	awk -v RS= -v matches="$*" '
		BEGIN { n = split(matches, match_of, " ") }
		{
			for (i = 1; i <= n && index("\n" $0 "\n", "\n" match_of[i] "\n"); i++)
				;
			if (i > n)
				count++
		}
		END { print count + 0 }' /run/journal
}

# --- rows ---

# Files that anybody may change by their modes, none of which a policy grants, and the homes. The
# copy that they are taken from is outside of all policies, too.
pristine=/srv/pristine

pristine_up() {
	local user shared=$pristine/usr/local/share
	mkdir -p $pristine/srv/outside $shared
	chmod 777 $pristine/srv/outside
	echo 'the secret outside' >$pristine/srv/outside/secret
	touch $pristine/srv/outside/{removable,movable}
	cp /bin/true $pristine/srv/outside/program
	for file in readable readable-too readable-three; do
		echo 'to be read' >"$shared/$file"
	done
	chmod 666 $shared/* $pristine/srv/outside/{secret,removable,movable}
	for user in alice carol; do
		mkdir -p "$pristine/home/$user"/{one,two}
		echo 'my own' | tee "$pristine/home/$user/file" >"$pristine/home/$user/one/file"
		cp /bin/true "$pristine/home/$user/program"
		chown -R "$user:" "$pristine/home/$user"
	done
	# With fs.protected_hardlinks one may link only what is one's own.
	sysctl_set fs/protected_hardlinks 0
	mount -t tmpfs none /mnt
}

outside_up() {
	rm -rf /srv/outside /tmp/visit-* /home/*/{moved,linked,one,two,set-id}
	cp -a $pristine/. /
}

sysctl_set() {
	echo "$2" >"/proc/sys/$1"
}

# Whoever changes a file changes its ctime, with the names in a folder that of the folder.
outside_state() {
	find /srv/outside /usr/local/share -printf '%p %m %s %n %i %C@\n'
}

# refuses WHO: whether that one exists on this kernel.
refuses() {
	case $1 in
	-) return 1 ;;
	filter | supervisor | bind | either) return 0 ;;
	abi*) ((abi >= ${1#abi})) ;;
	landlock | landlock3) ((abi >= 1)) ;;
	guard) ((abi >= 1 && abi < 3)) ;;
	scope) ((abi >= 6)) ;;
	pidfd) kernel_before 6.9 ;;
	*) echo "guest: $1: no such enforcer" >&2 && exit 1 ;;
	esac
}

# rows_read TEXT: takes apart what rows-run wrote and what the witness saw: sets row_status, row_text,
# row_seen, each by label. Without a process, which costs more here than the rest of it.
rows_read() {
	local word label line
	row_status=() row_text=() row_seen=()
	while read -r word label line; do
		if [[ $word == row ]]; then
			row_status[$label]=${line%% *}
			row_text[$label]=${line#* }
		fi
	done <<<"$1"
	while read -r label _; do
		row_seen[$label]=$((${row_seen[$label]:-0} + 1))
	done <"$seen"
}
declare -A row_status row_text row_seen

# What the kernel says where something is refused; other failures have other causes.
refusals='Permission denied|not permitted|not supported|not implemented|Connection refused|resource busy'
refusals+='|cross-device|exec failed'

# row_judge PHASE LABEL WHO: WHO refuses it, - nobody. What the witness saw counts where it has a
# post for the row.
row_judge() {
	local status=${row_status[$2]:-not tried} sightings=${row_seen[$2]:-0} good=''
	local wanted=works detail
	detail="exit $status: ${row_text[$2]:-}; the witness saw it $sightings times"
	if refuses "$3"; then
		wanted="is refused ($3)"
		[[ $status != 1 || ! ${row_text[$2]} =~ $refusals ]] || ((sightings > 0)) || good=1
	else
		[[ $status != 0 ]] || { [[ -n ${posts[$2]:-} ]] && ((sightings == 0)); } || good=1
	fi
	if [[ -n $good ]]; then
		ok "$1: $2 $wanted"
	else
		not_ok "$1: $2 $wanted" "$detail"
	fi
}

# Ways to run a command as a user: by_su confines it where a policy applies, by_landlock by its
# rulesets alone.
by_ssh() {
	timeout 60 ssh -n "$1@127.0.0.1" "${*:2}"
}

by_su() {
	timeout 100 su "$1" -s /bin/bash -c "${*:2}"
}

by_landlock() {
	timeout 100 "$guest/landlock-alone" "$@"
}

# rows_judge PHASE FILE COLUMN: by the words of a file, of which COLUMN says who refuses, 0 that
# nobody does.
rows_judge() {
	local words
	while read -r -a words; do
		if ((${#words[@]} > 0)) && [[ ${words[0]} != '#'* ]]; then
			if (($3 > 0)); then
				row_judge "$1" "${words[0]}" "${words[$3]}"
			else
				row_judge "$1" "${words[0]}" -
			fi
		fi
	done <"$guest/$2"
}

# rows_columns FILE: how many there are between label and command.
rows_columns() {
	local words
	local -i n=1
	while read -r -a words && [[ ${words[0]} == '#'* ]]; do
		:
	done <"$guest/$1"
	until [[ ${words[n]} == attack-* ]]; do
		n+=1
	done
	echo $((n - 1))
}

# phase TEXT WAY USER FILE COLUMN: tries the rows of the file that way as that user.
phase() {
	local victim output state columns
	columns=$(rows_columns "$4")
	port=$((port + 1))
	outside_up
	: >"$seen"
	setpriv --reuid "$3" --regid "$3" --clear-groups sleep 600 &
	victim=$!
	wait_for test "/proc/$victim/exe" -ef /bin/sleep
	state=$(outside_state)
	output=$("$2" "$3" "$guest/rows-run" "$guest/$4" "$columns" "$victim" "$port" 2>&1 </dev/null)
	pause 0.2
	echo "$output" >&2
	rows_read "$output"
	if ((${#row_status[@]} == 0)); then
		not_ok "$1: a session" "$output"
	fi
	rows_judge "$1" "$4" "$5"
	if [[ $2 == by_su ]] && (($5 > 0 && abi > 0)); then
		is "$1: nothing outside has changed" "$(outside_state)" "$state"
	fi
	kill "$victim" 2>/dev/null || [[ ! -e /proc/$victim ]]
	wait "$victim" 2>/dev/null || victim=''
}

# runs HOW...: whether a command by that way in has an effect.
runs() {
	rm -f /tmp/mark
	"$@" 'touch /tmp/mark' >/run/last 2>&1 </dev/null || echo "exit $?" >>/run/last
	if [[ -e /tmp/mark ]]; then echo ran; else echo refused; fi
}
