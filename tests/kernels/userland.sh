# shellcheck shell=bash
# Owns what the guests boot into: a Debian of the machine's release that lies whole in memory, in
# an archive of two halves. The first is the distribution's (userland-make) and kept between runs,
# the second is what was built here, with the guest's own scripts.

kernels_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# archive FOLDER: the folder as a cpio archive, all of it root's unless it says otherwise.
archive() {
	(cd "$1" && find . -mindepth 1 -print0 | cpio --quiet -0 -o -H newc "${@:2}")
}

# userland_up: sets userland to the archive of the distribution's half.
userland_up() {
	local key work
	key=$(cat "$kernels_folder"/{packages-userland,userland-make,userland-users} \
		/etc/debian_version | sha256sum | cut -c1-16)
	userland=$kernels_cache/userland-$key.cpio
	if [[ -e $userland ]]; then
		return 0
	fi
	echo '# debootstrap: the userland of the guests'
	rm -rf --one-file-system "$kernels_cache"/userland-*
	work=$(mktemp -d "$kernels_cache/userland-new.XXXXXX")
	# Nothing stays mounted when this is killed.
	if ! unshare --mount --propagation private "$kernels_folder/userland-make" "$work"; then
		rm -rf --one-file-system "$work"
		return 1
	fi
	mv "$work/cpio" "$userland"
	rm -rf --one-file-system "$work"
}

# built_up BUILD FOLDER: installs into the folder what the guest has besides the distribution.
built_up() {
	local attacks=$2/usr/local/libexec/attacks guest=$2/usr/local/libexec/guest name
	DESTDIR=$2 meson install -C "$1" --no-rebuild --quiet >/dev/null
	mkdir -p "$attacks" "$guest"
	for name in attack-witness $(grep -oh 'attack-[a-z]*' "$kernels_folder"/guest/rows* | sort -u); do
		install -s -t "$attacks" "$1/tests/attacks/$name"
	done
	install -s -t "$guest" "$1/tests/kernels/landlock-alone" \
		"$1"/tests/unit/test-ruleset-{compile,network} "$1"/tests/sim/test-sim-truncate \
		"$1/tests/pam/test-pam-self"
	install -m 755 "$kernels_folder"/guest/* "$guest"
	install -m 755 "$kernels_folder/guest/init.sh" "$2/init"
}

# initrd_make BUILD FOLDER: FOLDER/initrd, by way of FOLDER/stage.
initrd_make() {
	built_up "$1" "$2/stage"
	{
		cat "$userland"
		archive "$2/stage" -R +0:+0
	} >"$2/initrd"
	rm -rf "$2/stage"
}
