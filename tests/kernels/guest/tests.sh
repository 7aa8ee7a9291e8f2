# shellcheck shell=bash
# What is tested on every kernel; sourced by init.sh.

# landlock_wanted: the ABI the kernel must have, as the matrix says.
landlock_wanted() {
	sed 's/.*sandlock\.landlock=\([^ ]*\).*/\1/' /proc/cmdline
}

abi_tests() {
	local wanted
	wanted=$(landlock_wanted)
	abi=$("$guest/landlock-alone")
	echo "# $(uname -r), Landlock ABI $abi" >&4
	if [[ $wanted == *+ ]] && ((abi >= ${wanted%+})); then
		wanted=$abi
	fi
	is 'Landlock ABI' "$abi" "$wanted"
}

# Whatever is refused below for want of a right or of a kernel feature would be refused here.
control_tests() {
	policies_none
	phase control by_su alice rows 0
	phase 'control of root' by_su root rows-root 0
	is 'control: ssh' "$(runs by_ssh alice)" ran
}

rows_tests() {
	phase "$1students" by_su alice rows 1
	phase "$1jump" by_su carol rows 2
	phase "$1root" by_su root rows-root 1
}

# Those tests from elsewhere whose results depend on the kernel's Landlock.
unit_tests() {
	local name output
	export SANDLOCK_TEST_MODULE_BUILT=/lib/x86_64-linux-gnu/security/pam_sandlock.so
	for name in "$guest"/test-*; do
		if output=$("$name" 2>&1); then
			ok "${name##*/}"
		else
			not_ok "${name##*/}" "$(grep -v 'OK \]\|RUN  ' <<<"$output")"
		fi
	done
}

# What Landlock does without the others, and whether `show` knows.
alone_tests() {
	local label says claim shown
	shown=$(sandlock-admin show --json alice | grep -o '{"rule": [^}]*}')
	phase 'Landlock alone' by_landlock alice rows-alone 1
	while read -r label _ says _; do
		if [[ $label == '#'* || $says == - ]]; then
			continue
		fi
		claim=0
		if grep "\"says\": \"$says" <<<"$shown" | grep -q '"landlock"'; then
			claim=1
		fi
		is "show: $label, by Landlock or not" "$claim" "${row_status[$label]}"
	done <"$guest/rows-alone"
}

# Two logins by ssh are enough: the rest is the same by whatever way one comes in.
confined_tests() {
	policies_up
	is 'check --this-kernel: the examples hold' "$(check_status)" 0
	has 'doctor: which ABI' "$(doctor_says landlock)" "Landlock ABI $abi"
	rows_tests ''
	alone_tests
	is 'ssh: a session under students, which is confined' \
		"$(by_ssh alice 'cat /srv/outside/secret /home/alice/file' 2>/dev/null)" 'my own'
	is 'bob has no policy' "$(by_su bob 'cat /srv/outside/secret')" 'the secret outside'
	demand_tests
	journal_load
	is 'every session says which ABI it has' \
		"$(journal_count SANDLOCK_EVENT=session-open SANDLOCK_ABI="$abi")" \
		"$(journal_count SANDLOCK_EVENT=session-open)"
	is 'nothing was degraded but by choice' "$(journal_count SANDLOCK_EVENT=degraded)" \
		"$((abi < 6))"
	recorded_tests
}

# recorded_tests: the supervisor's refusals, and only those, are denials of the network.
recorded_tests() {
	local who=supervisor
	if ((abi < 4)); then
		who+='|bind'
	fi
	kernel_before 6.9 || who+='|either'
	is "the supervisor's denials are in the journal" \
		"$(journal_count SANDLOCK_EVENT=denied-network SANDLOCK_USER=alice)" \
		"$(grep -Ec "^[a-z0-9-]+ +($who) " "$guest/rows")"
}

# check_status: how `check --this-kernel` ends for the examples.
check_status() {
	local status=0
	sandlock-admin check --this-kernel /etc/sandlock/groups/*.ini >/run/last 2>&1 || status=$?
	echo "$status"
}

# doctor_says ID: what doctor finds about that, as JSON. It ends with 1 where anything is open.
doctor_says() {
	sandlock-admin doctor --json >/run/last 2>&1 || [[ $? == 1 ]]
	grep -o "{\"id\": \"$1\"[^}]*}" /run/last
}

# A key that is written is a demand, which only some kernels can fulfil.
demand_tests() {
	printf '\n[ipc]\nsignal = session\n' >>/etc/sandlock/groups/students.ini
	if ((abi >= 6)); then
		is 'the demand for signal scoping' "$(runs by_su alice)" ran
		is 'check --this-kernel: the same' "$(check_status)" 0
	else
		is 'the demand for signal scoping' "$(runs by_su alice)" refused
		is 'check --this-kernel: the same' "$(check_status)" 5
		printf '[sandlock]\non-old-kernel = degrade\n' >/etc/sandlock/sandlock.conf
		is 'degraded by choice' "$(runs by_su alice)" ran
	fi
}

refused_tests() {
	policies_up
	is 'check --this-kernel: the examples do not hold' "$(check_status)" 5
	has 'doctor: that is open' "$(doctor_says landlock)" '"state": "open"'
	is 'show: nothing by Landlock' "$(sandlock-admin show --json alice | grep -c '"landlock"')" 0
	has 'show: what is not enforced' "$(sandlock-admin show --json alice)" \
		'"not_enforced": [{"key": "filesystem"'
	is 'su: alice' "$(runs by_su alice)" refused
	is 'ssh: alice' "$(runs by_ssh alice)" refused
	is 'ssh: bob, who has no policy' "$(runs by_ssh bob)" ran
	is 'su: root, who has one' "$(runs by_su root)" refused
	rm /etc/sandlock/users/root.ini
	is 'su: root without one' "$(runs by_su root)" ran
	policies_up
	printf '[sandlock]\non-old-kernel = degrade\n' >/etc/sandlock/sandlock.conf
	rows_tests 'degraded: '
	is 'degraded: ssh' "$(runs by_ssh alice)" ran
	journal_load
	is 'every refusal is in the journal' "$(journal_count SANDLOCK_EVENT=session-refused)" 3
	has 'and says what is missing' "$(grep '^MESSAGE=.* refused:' /run/journal)" 'needs Landlock'
	is 'an event for each degraded session' "$(journal_count SANDLOCK_EVENT=degraded)" 4
}

# The names of processes end after 15 letters.
supervisors() {
	grep -l '^sandlock-superv' /proc/[0-9]*/comm 2>/dev/null
}

supervisors_gone() {
	[[ -z $(supervisors) ]]
}

leaks_tests() {
	wait_for supervisors_gone
	is 'no supervisor is left' "$(supervisors)" ''
}

abi_tests
pristine_up
control_tests
if ((abi > 0)); then
	confined_tests
	unit_tests
else
	refused_tests
fi
leaks_tests
