# shellcheck shell=bash
# The kernel matrix: boots every kernel of tests/kernels/matrix under qemu, without KVM, and counts
# the results that the guest writes to its second serial port. Sourced by tests/run, after the
# host's and the results' words.

. "$(dirname "${BASH_SOURCE[0]}")/../hosts/mirror.sh"
. "$(dirname "${BASH_SOURCE[0]}")/apt.sh"
. "$(dirname "${BASH_SOURCE[0]}")/userland.sh"

# By the clock out here. The guest's goes by what it computes (-icount), so that no timeout in there
# depends on how busy this machine is. One with nothing else to do takes a tenth of it.
kernels_seconds=600
kernels_state=''

# kernel_boot IMAGE LANDLOCK OPTIONS: prints what the guest says; fails when it does not end in
# order. A panic ends qemu with 0, too.
kernel_boot() {
	local tap=$kernels_state/tap console=$kernels_state/console
	rm -f "$tap" "$console"
	timeout --foreground "$kernels_seconds" qemu-system-x86_64 -M pc -accel tcg \
		-icount shift=1,sleep=off -cpu Nehalem -smp 1 -m 640M -nodefaults -no-user-config \
		-no-reboot -display none \
		-serial "file:$console" -serial "file:$tap" \
		-kernel "$1" -initrd "$kernels_state/initrd" -append "console=ttyS0 panic=-1 quiet \
			tsc=reliable no_timer_check mitigations=off nokaslr sandlock.landlock=$2 $3"
	tr -d '\r' <"$tap"
	if ! grep -q '^# end' "$tap"; then
		tail -n 30 "$console" | tr -d '\r' | sed 's/^/# console: /'
		return 1
	fi
}

# kernel_tests NAME SERIES LANDLOCK OPTIONS
kernel_tests() {
	local kernel_version='' kernel_image=''
	if ! kernel_fetch "$2"; then
		echo "kernels/$1: SKIP no kernel $2 can be had"
		results_add "kernels/$1" 0 0 1 0
		return
	fi
	echo "# kernel $1: $kernel_version"
	results_tap "kernels/$1" kernel_boot "$kernel_image" "$3" "$4"
}

kernels_matrix() {
	grep -v '^#' "$kernels_folder/matrix"
}

# kernels_know NAME...: whether the matrix has them all.
kernels_know() {
	local name
	for name in "$@"; do
		if ! kernels_matrix | awk -v name="$name" '$1 == name { found = 1 } END { exit !found }'; then
			echo "tests/run: no kernel $name in tests/kernels/matrix" >&2
			return 1
		fi
	done
}

# kernels_tests BUILD NAME...: those kernels, or all.
kernels_tests() {
	local build=$1 name series landlock options
	shift
	debs_install_build "$kernels_folder/packages-machine"
	kernels_state=$(mktemp -d "${TMPDIR:-/tmp}/sandlock-kernels.XXXXXX")
	mirror_up "$kernels_cache" "${kernels_suites[@]}"
	userland_up
	initrd_make "$build" "$kernels_state"
	while read -r name series landlock options; do
		if (($# == 0)) || [[ " $* " == *" $name "* ]]; then
			kernel_tests "$name" "$series" "$landlock" "$options" </dev/null
		fi
	done < <(kernels_matrix)
	kernels_down
}

kernels_down() {
	if [[ -n $kernels_state ]]; then
		rm -rf "$kernels_state"
		kernels_state=''
	fi
}
