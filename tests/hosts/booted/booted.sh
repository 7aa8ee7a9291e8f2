# shellcheck shell=bash
# Boots a Debian host with systemd as its init, beside an outside that talks to it over a wire.
#
#   . tests/hosts/booted/booted.sh; trap booted_down EXIT
#   booted_up ROOT             # ROOT: a folder with a Debian in it, which stays as it is
#   booted_inside CMD ARG...   # as root in the host, not by way of a login
#   booted_outside CMD ARG...  # on the machine, in the outside's network
#   booted_down
#
# Both live in namespaces of a first process, outside.sh; when that is killed, they are gone.

booted_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
booted_state=''
booted_first=''
booted_outer=''

# booted_up ROOT [PACKAGES]: returns when the host is up and its sshd takes connections; after two
# minutes it prints the host's log and fails. PACKAGES is a folder that is /srv/packages there.
booted_up() {
	local deadline=$((SECONDS + 120))
	booted_state=$(mktemp -d "${TMPDIR:-/tmp}/sandlock-booted.XXXXXX")
	(
		exec env --default-signal=INT,QUIT setpriv --pdeathsig KILL unshare --mount \
			--propagation private --pid --fork --kill-child --mount-proc --net --uts --ipc \
			--cgroup bash "$booted_folder/outside.sh" "$booted_state" "$1" "${2:-}"
	) </dev/null >"$booted_state/log" 2>&1 &
	booted_first=$!
	until [[ -s $booted_state/ready ]]; do
		if ! kill -0 "$booted_first" 2>/dev/null || ((SECONDS > deadline)); then
			cat "$booted_state/log" >&2
			echo 'booted: did not come up' >&2
			return 1
		fi
		sleep 0.2
	done
	booted_outer=$(pgrep -P "$booted_first")
}

# booted_outside CMD ARG...: leading NAME=value words are its environment, which is otherwise bare.
booted_outside() {
	nsenter --target "$booted_outer" --mount --pid --net --uts --ipc --cgroup -- \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$booted_state/home" LANG=C.UTF-8 TERM=xterm \
		BOOTED_STATE="$booted_state" BOOTED_FOLDER="$booted_folder" "$@"
}

booted_inside() {
	booted_outside bash "$booted_folder/inside.sh" "$@"
}

# booted_down: may be called any number of times; leaves no process, mount or file.
booted_down() {
	if [[ -n $booted_first ]]; then
		kill -KILL "$booted_first" 2>/dev/null || [[ ! -e /proc/$booted_first ]]
		wait "$booted_first" 2>/dev/null || booted_first=''
		booted_first=''
	fi
	if [[ -n $booted_state ]]; then
		rm -rf --one-file-system "$booted_state"
		booted_state=''
	fi
}

# booted_roots RELEASE...: what is needed of them in the cache, all at once; sets booted_root[RELEASE].
declare -A booted_root
booted_roots() {
	local release folder
	local -A jobs=()
	echo "# debootstrap: Debian $* (kept for a week)"
	# A background job of a script ignores SIGINT.
	for release in "$@"; do
		env --default-signal=INT,QUIT setpriv --pdeathsig TERM \
			bash "$booted_folder/roots.sh" "$release" >/dev/null &
		jobs[$release]=$!
	done
	for release in "$@"; do
		wait "${jobs[$release]}"
		folder=$(bash "$booted_folder/roots.sh" "$release")
		booted_root[$release]=$folder
	done
}

# booted_tests RELEASE: the packages of the tree built in that release, then each test on a host of
# its own. Sourced after results.sh.
booted_tests() {
	local release=$1 file packages
	packages=$(mktemp -d)
	echo "# Debian $release: packages"
	results_tap "debian-$release/packages" unshare --mount --propagation private \
		bash "$booted_folder/packages.sh" "$release" "${booted_root[$release]}" "$packages"
	if [[ ! -e $packages/archives ]]; then
		echo "debian-$release: no packages, no hosts"
		rm -rf "$packages"
		return
	fi
	echo "# Debian $release: booted hosts"
	for file in "$booted_folder"/[0-9][0-9]-*.sh; do
		booted_up "${booted_root[$release]}/base" "$packages"
		results_tap "debian-$release/$(basename "$file" .sh)" \
			booted_outside RELEASE="$release" timeout 300 bash "$file"
		booted_down
	done
	rm -rf "$packages"
}
