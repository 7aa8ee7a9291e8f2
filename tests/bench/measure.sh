# shellcheck shell=bash
# The half of the bench that runs in the throw-away host: sets up users, policies and PAM services,
# runs the programs, prints one table.
set -euo pipefail

bench=$SANDLOCK_BUILD/tests/bench
folder=$SANDLOCK_SOURCE/tests/bench
work=$(mktemp -d /run/bench.XXXXXX)
supervisor=/usr/libexec/sandlock/sandlock-supervisor
login_rounds=200 call_rounds=21 network_rounds=21 sessions=100 idle_seconds=10
journal_records=1000000 journal_sessions=200
if [[ -n ${SANDLOCK_QUICK:-} ]]; then
	login_rounds=30 call_rounds=5 network_rounds=5 sessions=20 idle_seconds=3
	journal_records=50000 journal_sessions=50
fi
holder=''

finish() {
	if [[ -n $holder ]]; then
		exec {hold}>&-
		wait "$holder" || echo "bench-hold: exit $?" >&2
	fi
	rm -rf "$work"
}
trap finish EXIT

# service NAME PAM-LINE...: a folder of PAM services with one stack.
service() {
	mkdir -p "$work/$1"
	printf 'session required %s\n' "${@:2}" >"$work/$1/su"
}

# paths FILE: the paths of a policy's [filesystem] section, as the reference wants them.
paths() {
	sed -e ':a;/\\$/{N;s/\\\n//;ba' -e '}' "$1" | awk '
		/^\[/ { inside = $1 == "[filesystem]" }
		inside && /^(read|execute|list|write|write-execute|device)[.a-z-]* *=/ {
			kind = /^(write|device)/ ? "w" : "r"
			sub(/^[^=]*= */, "")
			for (i = 1; i <= NF; i++) { sub(/^-/, "", $i); print kind, $i }
		}'
}

services_up() {
	chmod 755 "$work"
	service permit pam_permit.so
	service reference pam_permit.so \
		"$bench/bench_reference.so $bench/bench-reference-supervisor $work/paths"
	service ours pam_permit.so pam_sandlock.so
	useradd --create-home carol
	mkdir -p /etc/sandlock/users
	# A supervised session, one that needs no supervisor, and (bob) a user without a policy.
	cat >/etc/sandlock/users/carol.ini <<-INI
		[policy]
		include = base
		[filesystem]
		write-execute = %h /tmp /var/tmp
	INI
	# The reference grants the same paths, by a list that it need not parse.
	paths /usr/share/sandlock/include/base.ini >"$work/paths"
	printf 'w %s\n' /home/alice /tmp /var/tmp >>"$work/paths"
	{
		cat /etc/sandlock/users/carol.ini
		printf '[network]\nconnect = 10.20.0.53:7000 udp://10.20.0.53:7000 10.20.0.0/16:443\n'
		printf 'bind = none\n'
	} >/etc/sandlock/users/alice.ini
	# The same by two policies that apply together, and a profile.
	groupadd bench-one
	groupadd bench-two
	useradd --create-home --groups bench-one,bench-two dora
	mkdir -p /etc/sandlock/groups
	cp /etc/sandlock/users/alice.ini /etc/sandlock/groups/bench-one.ini
	{
		cat /etc/sandlock/users/alice.ini
		printf '[syscalls]\nprofile = network\n'
	} >/etc/sandlock/groups/bench-two.ini
}

# What the programs of bench-calls work on: a repository that is built of 24 sources.
programs_up() {
	local i
	mkdir -m 777 /var/tmp/bench
	for i in {1..24}; do
		printf '#include <stdio.h>\n#include <sys/socket.h>\nint f%d(void) { return puts("%d"); }\n' \
			"$i" "$i" >"/var/tmp/bench/f$i.c"
	done
	cat >/var/tmp/bench/Makefile <<-'MAKE'
		all: $(patsubst %.c,$(O)/%.o,$(wildcard *.c))
		$(O)/%.o: %.c; gcc -c -o $@ $<
	MAKE
	git -C /var/tmp/bench init -q
	git -C /var/tmp/bench add .
	git -C /var/tmp/bench -c user.name=bench -c user.email=bench@lab commit -q -m bench
	chmod -R a+rwX /var/tmp/bench
}

# row TEXT MEASURED UNIT [TARGET]: a target is the most that is wanted.
row() {
	awk -v text="$1" -v value="$2" -v unit="$3" -v target="${4:-}" 'BEGIN {
		verdict = target == "" ? "" : value <= target ? "ok" : "MISS"
		printf "%-44s %10s %-4s %8s  %s\n", text, value, unit, target, verdict
	}'
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

measure_login() {
	local -A us=() quiet=()
	local name median p5 p95
	"$bench/bench-login" "$login_rounds" fork+exec:-:alice "permit:$work/permit:alice" \
		"reference:$work/reference:alice" "policy:$work/ours:alice" \
		"files-only:$work/ours:carol" "no-policy:$work/ours:bob" >"$work/login"
	while read -r name median p5 p95; do
		us[$name]=$median quiet[$name]=$p5
		row "login, $name (5 %: $p5, 95 %: $p95)" "$median" us
	done <"$work/login"
	row 'login, policy / reference' "$(ratio "${us[policy]}" "${us[reference]}")" x 1.2
	row '  the same at the 5th percentile' "$(ratio "${quiet[policy]}" "${quiet[reference]}")" x 1.2
	row 'login, no policy / permit' "$(ratio "${us[no-policy]}" "${us[permit]}")" x 1.8
	row '  the same at the 5th percentile' "$(ratio "${quiet[no-policy]}" "${quiet[permit]}")" x 1.8
	row 'login, policy / permit' "$(ratio "${us[policy]}" "${us[permit]}")" x
	row 'login, files only / permit' "$(ratio "${us[files-only]}" "${us[permit]}")" x
	row 'login, reference / permit' "$(ratio "${us[reference]}" "${us[permit]}")" x
}

# The targets of the issue's kinds of calls; the reference's own ratio stands beside the others.
measure_calls() {
	local call variant ns r
	local -A target=([getppid]=1.20 [read]=1.20 [open+close]=1.40 [stat]=1.10
		[mmap+munmap]=1.10 [socket+close]=1.10 [fork+exec]=1.10 [kill]=1.20
		[find]=1.25 [tar]=1.20 [git]=1.12 [make]=1.12 [python]=1.12)
	"$bench/bench-calls" "$call_rounds" outside:-:alice "reference:$work/reference:alice" \
		"inside:$work/ours:alice" "layers:$work/ours:dora" >"$work/calls"
	while read -r call variant ns r; do
		case $variant in
		outside) row "$call, outside" "$ns" ns ;;
		reference) row "$call, reference / outside" "$r" x ;;
		inside) row "$call, inside / outside" "$r" x "${target[$call]:-}" ;;
		layers) row "  with two layers and a profile" "$r" x "${target[$call]:-}" ;;
		esac
	done <"$work/calls"
}

# Once a session, in the supervisor; and in every first child of the login program.
measure_filters() {
	local name length built loaded
	"$bench/bench-filter" "$login_rounds" >"$work/filters"
	while read -r name length built loaded; do
		row "filter, $name: instructions" "$length" ''
		row "filter, $name: to build" "$built" us
		row "filter, $name: to load" "$loaded" us
	done <"$work/filters"
}

# Against the floor what is supervised, against outside what is not; and the 99th percentiles.
measure_network() {
	local job variant ns outside floor p99 p99_floor
	local -A to_floor=([connect-tcp]=1.25 [connect-refused]=1.00 [connect-unix]=1.50
		[udp-sendto]=1.25 [unix-sendmsg]=1.50 [connect-4x25]=1.25 [connect-64]='')
	local -A to_outside=([udp-send]=1.08 [unix-stream-16k]=1.10)
	"$bench/bench-network" "$network_rounds" 10.20.0.53:7000 /tmp/bench.socket \
		outside:-:alice "floor:$work/reference:alice" "inside:$work/ours:alice" \
		>"$work/network"
	while read -r job variant ns outside floor p99 p99_floor; do
		case $variant in
		outside) row "$job, outside (99 %: $p99)" "$ns" ns ;;
		floor) row "$job, floor / outside" "$outside" x ;;
		inside)
			row "$job, inside / outside" "$outside" x "${to_outside[$job]:-}"
			if [[ -v to_floor[$job] ]]; then
				row "$job, inside / floor" "$floor" x "${to_floor[$job]}"
				row "  the same at the 99th percentile" "$p99_floor" x 1.5
			fi
			;;
		esac
	done <"$work/network"
}

supervisors() {
	local exe
	for exe in /proc/[0-9]*/exe; do
		if [[ $exe -ef $supervisor ]]; then
			basename "${exe%/exe}"
		fi
	done
}

# The sums over all supervisors: private KiB, descriptors, CPU ticks.
private_kib() {
	local pid
	for pid in "$@"; do
		cat "/proc/$pid/smaps_rollup"
	done | awk '/^Private_/ { sum += $2 } END { print sum }'
}

descriptors() {
	local pid
	for pid in "$@"; do
		ls "/proc/$pid/fd"
	done | wc -l
}

ticks() {
	local pid
	for pid in "$@"; do
		cat "/proc/$pid/stat"
	done | awk '{ sub(/.*\) /, ""); sum += $12 + $13 } END { print sum }'
}

# What one idle session of USER has running for it.
measure_idle() {
	local text=$1 user=$2 kib_target=$3 fd_target=$4 before
	local -a pids
	mkfifo "$work/hold"
	"$bench/bench-hold" "$sessions" "ours:$work/ours:$user" <"$work/hold" >"$work/held" &
	holder=$!
	exec {hold}>"$work/hold"
	until grep -qx ready "$work/held"; do
		kill -0 "$holder"
		sleep 0.2
	done
	sleep 1
	mapfile -t pids < <(supervisors)
	before=$(ticks "${pids[@]}")
	sleep "$idle_seconds"
	row "idle, $text: processes a session" "$(ratio "${#pids[@]}" "$sessions")" ''
	row "idle, $text: private memory a session" \
		"$(ratio "$(private_kib "${pids[@]}")" "$sessions")" KiB "$kib_target"
	row "idle, $text: descriptors a session" \
		"$(ratio "$(descriptors "${pids[@]}")" "$sessions")" '' "$fd_target"
	row "idle, $text: CPU ticks in $idle_seconds s, all sessions" \
		"$(($(ticks "${pids[@]}") - before))" '' 0
	exec {hold}>&-
	wait "$holder"
	holder=''
	rm "$work/hold"
}

# Checking policies: many in one go beside iniparser alone, and one beside a program that does nothing.
measure_check() {
	local us i admin=/usr/sbin/sandlock-admin
	local -a many
	mkdir "$work/policies"
	for i in {1..2000}; do
		sed "s/^description = .*/& $i/" /usr/share/sandlock/examples/students.ini >"$work/policies/p$i.ini"
	done
	many=("$work"/policies/*.ini)
	mapfile -t us < <("$bench/bench-spawn" 7 "$admin" check "${many[@]}" -- "$bench/bench-iniparser" "${many[@]}")
	row 'check, 2,000 files' "${us[0]}" us
	row 'iniparser, each of them twice' "${us[1]}" us
	row 'check / iniparser' "$(ratio "${us[0]}" "${us[1]}")" x 3.03
	mapfile -t us < <("$bench/bench-spawn" "$login_rounds" "$admin" check "${many[0]}" -- /bin/true)
	row 'check, one file' "${us[0]}" us
	row 'check, one file / true' "$(ratio "${us[0]}" "${us[1]}")" x 4
	rm -r "$work/policies"
}

# The live picture beside many records of others, and the account of many denials. journald may have
# thrown the oldest away: what is there counts.
measure_journal() {
	local us n i admin=/usr/sbin/sandlock-admin
	local -a ours=(SYSLOG_IDENTIFIER=sandlock _UID=0)
	"$folder/journal-fill.py" others $journal_records
	mkfifo "$work/hold"
	for ((i = 0; i < journal_sessions; i++)); do
		"$SANDLOCK_BUILD/tests/attacks/attack-login" -d / -s su -c "$work/ours" alice \
			sh -c 'read -r _' <"$work/hold" &
	done
	exec {hold}>"$work/hold"
	until (($("$admin" sessions --json | grep -o '"session"' | wc -l) >= journal_sessions)); do
		sleep 0.2
	done
	journalctl --sync
	n=$(journalctl -q -o cat SYSLOG_IDENTIFIER=httpd | wc -l)
	mapfile -t us < <("$bench/bench-spawn" 7 "$admin" sessions -- /bin/true)
	row "sessions, $journal_sessions live beside $n records of others" \
		"$(ratio "${us[0]}" 1000)" ms 100
	exec {hold}>&-
	wait
	rm "$work/hold"
	"$folder/journal-fill.py" denials $journal_records
	journalctl --sync
	n=$(journalctl -q -o cat "${ours[@]}" | wc -l)
	mapfile -t us < <("$bench/bench-spawn" 3 "$admin" log -- /usr/bin/journalctl -q -o json \
		"${ours[@]}" 2>"$work/hints")
	row "log, $n records" "$(ratio "${us[0]}" 1000000)" s
	row 'journalctl -o json, the same' "$(ratio "${us[1]}" 1000000)" s
	row 'log / journalctl' "$(ratio "${us[0]}" "${us[1]}")" x
}

services_up
programs_up
{
	printf '%-44s %10s %-4s %8s\n' what measured '' target
	measure_check
	measure_journal
	measure_login
	measure_filters
	measure_calls
	measure_network
	measure_idle supervised alice 700 20
	measure_idle 'files only' carol 700 20
} >"$work/table"
cat "$work/table"
