#!/bin/bash
# Builds the packages of a release from the tree, twice, as a user without privileges, in a mount
# namespace of its own. Writes TAP; the packages are left in OUT.
#   packages.sh RELEASE ROOTS OUT         (ROOTS is what roots.sh made)
set -Eeuo pipefail
umask 022

booted=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$booted/../../.." && pwd)
. "$booted/../debs.sh"
. "$booted/../debian.sh"
. "$booted/../tap.sh"

release=$1 roots=$2 out=$3
builder=1234
scratch=$(mktemp -d)
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$tree/debian/changelog")
version_of=${version}_$(dpkg --print-architecture)

# The scratch folder's tmpfs goes with the namespace; its mount point stays.
mount -t tmpfs -o mode=755 sandlock-packages "$scratch"
trap 'cd /; umount -l "$scratch"; rmdir "$scratch"' EXIT
debian_layers sandlock-packages "$roots/build:$roots/base" "$scratch"
root=$scratch/root
debian_mounts "$root"

# tree_copy FOLDER: the tree as a checkout would have it.
tree_copy() {
	mkdir -p "$root$1"
	tar -C "$tree" --exclude=./.git --exclude='./build*' --exclude=__pycache__ -c . |
		tar -C "$root$1" -x
	chown -R "$builder:$builder" "$root${1%/*}"
}

# as_builder FOLDER COMMAND [NAME=value...]
as_builder() {
	debian_exec "$root" HOME="$1" "${@:3}" setpriv --reuid="$builder" --regid="$builder" \
		--clear-groups bash -c "cd $1 && $2"
}

log_end() {
	grep -vE '^ok |^\[[0-9]+/[0-9]+\]' "$1" | tail -n 60 | cut -c1-300
}

results_of() {
	sed -n "s/^$1: *\([0-9]*\) *$/\1/p" "$2"
}

same_bytes() {
	local file
	while read -r file; do
		cmp "$root/one/${file##*/}" "$root/another/place/${file##*/}" || return 1
	done < <(find "$root/one" -maxdepth 1 -name '*.deb')
}

# dependencies_fetch: what the packages need besides a booted host's own, into OUT/archives.
dependencies_fetch() {
	local base=$scratch/base
	mkdir "$base"
	debian_layers sandlock-base "$roots/base" "$base"
	debian_mounts "$base/root"
	mkdir "$base/root/packages"
	cp "$out"/{sandlock,libpam-sandlock}_*.deb "$base/root/packages/"
	debian_apt "$base/root" --download-only install \
		"/packages/sandlock_$version_of.deb" "/packages/libpam-sandlock_$version_of.deb"
	mkdir -p "$out/archives"
	cp "$base"/root/var/cache/apt/archives/*.deb "$out/archives/"
}

# lint_clean: errors and warnings of lintian; overridden ones are in debian/ with the reason.
lint_clean() {
	debian_exec "$root" lintian --allow-root --fail-on error,warning "/one/pam-sandlock_$version_of.changes"
}

if [[ $release == 13 ]]; then
	plan 7
else
	plan 6
fi

tree_copy /one/tree
tree_copy /another/place/tree
status=0
as_builder /one/tree 'dpkg-buildpackage -us -uc' DEB_BUILD_OPTIONS=parallel=2 >"$scratch/log" 2>&1 ||
	status=$?
if ((status != 0)); then
	not_ok 'the packages are built by a user without privileges' "$(log_end "$scratch/log")"
	exit 1
fi
ok 'the packages are built by a user without privileges'
cp "$root"/one/*.deb "$out"
dependencies_fetch >"$scratch/fetch" 2>&1 || log_end "$scratch/fetch"
is 'without warnings' "$(grep -E 'warning:' "$scratch/log" | cut -c1-300 || [[ $? == 1 ]])" ''
is 'with all unit tests and simulations' "$(results_of Fail "$scratch/log")$(results_of Timeout "$scratch/log")" 00
check 'which are more than thirty' test "$(results_of Ok "$scratch/log")" -gt 30

as_builder /another/place/tree 'umask 077 && dpkg-buildpackage -b -us -uc' TZ=Asia/Tokyo LANG=C \
	DEB_BUILD_OPTIONS='parallel=1 nocheck' >"$scratch/again" 2>&1 || log_end "$scratch/again"
check 'built in another place, another way, they are the same bytes' same_bytes
check 'lintian has no errors and no warnings' lint_clean

clang_build() {
	as_builder /one/tree 'meson setup /one/clang -Dwerror=true && ninja -C /one/clang &&
		meson test -C /one/clang --no-rebuild --suite unit --suite sim' CC=clang
}

if [[ $release == 13 ]]; then
	rm -rf "$root/one/tree/obj-"*
	check 'clang of this release builds without warnings, too, and the tests pass' clang_build
fi
planned_given
