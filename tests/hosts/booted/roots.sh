#!/bin/bash
# Makes what a release needs in the cache, unless it is there: a folder with base/, the Debian that is
# booted, and build/, a layer above it in which packages are built.
#   roots.sh RELEASE       prints the folder's path as its last line
# Made again when a list of packages changes, when these scripts do, and each week.
set -euo pipefail
umask 022

booted=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$booted/../../.." && pwd)
. "$booted/../debs.sh"
. "$booted/../mirror.sh"
. "$booted/../debian.sh"

# Those that nobody can be using any more.
roots_old() {
	find "$debs_cache" -maxdepth 1 -name 'booted-*' -mtime +8 -exec rm -rf --one-file-system {} +
}

# What the packages need to be built is what debian/control says.
build_make() {
	local root=$memory/build/root
	debian_layers sandlock-build "$memory/base" "$memory/build"
	debian_mounts "$root"
	mkdir -p "$root/srv/tree"
	cp -r "$tree/debian" "$root/srv/tree/"
	debian_apt "$root" update
	debian_apt "$root" install "${build_packages[@]}"
	debian_apt "$root" build-dep /srv/tree
	debian_apt "$root" clean
	rm -r "$root/srv/tree"
}

# In memory, where dpkg's syncing costs nothing, and then copied. Runs in a mount namespace of its own.
roots_make() {
	local memory=$new/memory
	mkdir "$memory"
	mount -t tmpfs -o mode=755 sandlock-roots "$memory"
	mkdir "$memory/base"
	mirror_debian "${debian_codename[$release]}" "$memory/base" "${base_packages[@]}"
	rm -f "$memory"/base/var/cache/apt/archives/*.deb
	build_make >"$new/log" 2>&1 || { tail -n 20 "$new/log" >&2; return 1; }
	cp -a "$memory/base" "$new/base"
	cp -a "$memory/build/upper" "$new/build"
	umount -l "$memory"
	rm -r "$memory" "$new/log"
}

release=$1
mapfile -t base_packages < <(debs_list "$booted/packages-base")
mapfile -t build_packages < <(debs_list "$booted/packages-build-$release")
if [[ ${2:-} == --make ]]; then
	new=$3
	roots_make
	exit
fi
key=$(cat "$booted/packages-base" "$booted/packages-build-$release" "$booted/roots.sh" \
	"$booted/../debian.sh" "$booted/../mirror.sh" "$tree/debian/control" <(date +%G-%V) |
	sha256sum | cut -c1-16)
folder=$debs_cache/booted-$release-$key

mkdir -p "$debs_cache"
exec {lock}>"$debs_cache/booted-$release.lock"
flock "$lock"
if [[ ! -e $folder/complete ]]; then
	roots_old
	new=$(mktemp -d "$debs_cache/booted-new-$release.XXXXXX")
	trap 'rm -rf --one-file-system "$new"' EXIT
	chmod 755 "$new"
	unshare --mount --propagation private bash "$0" "$release" --make "$new"
	touch "$new/complete"
	mv -T "$new" "$folder"
fi
echo "$folder"
