# shellcheck shell=bash
# The vocabulary of the attacks, on top of that of the live tests. Every attack is run twice by the
# same words: without a policy, where it must succeed, and confined, where it must be stopped; what
# the witness outside and the files say counts as much as what the program says.

. "$(dirname "${BASH_SOURCE[0]}")/../live/lib.sh"

# Beneath /usr, which the base policy lets everybody read and execute.
attacks=/usr/local/libexec/attacks
# On the file system of the homes, so that links and renames fail for no other reason.
outside=/home/outside
seen=$work/seen
# Seconds that a session may take.
session_limit=120
rows=()
victim=''
witness=''
helpers=()

# policy_of USER net|files: all that the session may do; `files` has no [network] section.
policy_of() {
	policy "users/$1" <<-INI
		[policy]
		include = base
		[filesystem]
		write-execute = %h /tmp
		$([[ $2 != net ]] || printf '[network]\nconnect = 10.20.0.53:443 udp://10.20.0.53:5001 [2001:db8:20::1]:443\n')
		[ipc]
		signal = session
		abstract-unix = session
	INI
}

programs_up() {
	mkdir -p "$attacks" /run/attacks.pam
	find "$SANDLOCK_BUILD/tests/attacks" -maxdepth 1 -type f -name 'attack-*' \
		-exec install -t "$attacks" {} +
	# PAM_IGNORE alone would not open a session.
	printf 'session required %s\n' pam_permit.so pam_sandlock.so >/run/attacks.pam/su
	sysctl -q -w net.ipv4.tcp_fastopen=3
}

# Files that alice may change by their modes, and that no policy grants.
outside_up() {
	mkdir -p "$outside"
	find "$outside" -mindepth 1 -delete
	rm -rf /home/alice/inside
	install -d -o alice -g alice "$outside" "$outside/folder" /home/alice/inside
	echo 'the secret outside' >"$outside/secret"
	echo 'removable' >"$outside/removable"
	install -m 755 /bin/true "$outside/program"
	echo 'mine' >/home/alice/inside/file
	chown alice:alice "$outside"/* /home/alice/inside/file
}

outside_state() {
	find "$outside" -printf '%P %y %m %n %i\n' | sort
	find "$outside" -type f -exec sha256sum {} + | sort
}

# witness_up LABEL=KIND:PLACE...: see witness.c.
witness_up() {
	"$attacks/attack-witness" "$seen" "$@" &
	witness=$!
	helpers+=("$witness")
	wait_until 5 grep -qx 'witness ready' "$seen"
	find "$work" /run/user -type s -exec chown alice:alice {} + 2>/dev/null || [[ ! -d /run/user ]]
	chmod 755 "$work"
}

# settle: returns when all that has come to the witness is in its log.
settle() {
	local asked
	asked=$(saw_settled)
	kill -USR1 "$witness"
	wait_until 20 settled_beyond "$asked"
}

saw_settled() {
	grep -cx settled "$seen" || [[ $? == 1 ]]
}

settled_beyond() {
	(($(saw_settled) > $1))
}

# saw LABEL: how often the witness saw something there.
saw() {
	grep -c "^$1 " "$seen" || [[ $? == 1 ]]
}

# A process of alice's that nobody has confined, descriptor 9 open on the secret.
victim_up() {
	setpriv --reuid alice --regid alice --clear-groups \
		bash -c "exec 9<$outside/secret; cd $outside; exec sleep 600" &
	victim=$!
	helpers+=("$victim")
	wait_until 5 test "/proc/$victim/exe" -ef /bin/sleep
}

# Keeps the status of the script for finish.
attacks_down() {
	local status=$?
	if ((${#helpers[@]} > 0)); then
		kill "${helpers[@]}" 2>/dev/null || [[ $? == 1 ]]
		wait "${helpers[@]}" 2>/dev/null || helpers=()
	fi
	rm -rf "$attacks" /run/attacks.pam "$outside" /home/alice/inside
	return "$status"
}

trap 'attacks_down || finish; finish' EXIT

# session USER PROGRAM ARG...: runs an attack as USER in a login; root by the small login program,
# because sshd keeps part of a root session to itself.
session() {
	local user=$1 program=$2
	shift 2
	if [[ $user == root ]]; then
		timeout "$session_limit" unshare --mount --propagation private "$attacks/attack-login" \
			-s su -c /run/attacks.pam root "$attacks/attack-$program" "$@"
	else
		as "$user" "$(printf '%q ' "$attacks/attack-$program" "$@")"
	fi
}

# row USER LABEL TEXT PROGRAM ARG...: LABEL of the witness that must see the attack, or -.
row() {
	rows+=("$(printf '%q ' "$@")")
}

lacks_kernel() {
	[[ $1 == *'not supported'* || $1 == *'not implemented'* || $1 == *'No such device'* ]]
}

# Runs one row; sets status, output, sightings (new ones), touched (files changed).
row_run() {
	local user=$1 label=$2 before state
	shift 3
	outside_up
	before=$(saw "$label")
	state=$(outside_state)
	status=0
	output=$(session "$user" "$@" 2>&1) || status=$?
	settle
	sightings=$(($(saw "$label") - before))
	touched=''
	[[ $state == "$(outside_state)" ]] || touched=yes
}

# A row that is stopped without any policy would pass below for a wrong reason.
row_control() {
	local status output sightings touched
	row_run "$@"
	if ((status == 1)) && lacks_kernel "$output"; then
		count=$((count + 1))
		echo "ok $count - control: $3 # SKIP kernel lacks it: ${output##*: }"
	elif ((status != 0)); then
		not_ok "control: $3" "exit $status: $output"
	elif [[ $2 != - ]] && ((sightings == 0)); then
		not_ok "control: $3" "the witness at $2 saw nothing: $output"
	else
		ok "control: $3"
	fi
}

row_confined() {
	local status output sightings touched
	row_run "$@"
	if ((status != 1)); then
		not_ok "$3" "exit $status: $output"
	elif ((sightings > 0)); then
		not_ok "$3" "the witness at $2 saw it: $output"
	elif [[ -n $touched || $output == *'the secret outside'* ]]; then
		not_ok "$3" "it says stopped, but: $output"
	else
		ok "$3"
	fi
}

# rows_run POLICY USER...: all rows so far, without and with the policy; then forgets them.
rows_run() {
	local name=$1 words row_words user
	shift
	policies_none
	for row_words in "${rows[@]}"; do
		eval "words=($row_words)"
		row_control "${words[@]}"
	done
	for user in "$@"; do
		policy_of "$user" "$name"
	done
	for row_words in "${rows[@]}"; do
		eval "words=($row_words)"
		row_confined "${words[@]}"
	done
	rows=()
	policies_none
}
