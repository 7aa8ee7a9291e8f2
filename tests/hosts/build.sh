# shellcheck shell=bash
# Owns the meson builds of the test entry points. Each build_* function sets build_folder.

builds=${SANDLOCK_BUILD:-$host_source/build}
build_folder=''

# What to build; nothing: all.
build_targets=()

# build_with NAME SETUP-OPTION...: configures builds/NAME afresh when its options changed.
build_with() {
	local options
	build_folder=$builds/$1
	shift
	options="${CC:-} $*"
	mkdir -p "$builds"
	if [[ $(cat "$build_folder.options" 2>/dev/null) != "$options" ]]; then
		rm -rf "$build_folder"
	fi
	if [[ ! -e $build_folder/build.ninja ]]; then
		rm -rf "$build_folder"
		meson setup "$build_folder" "$host_source" "$@" >"$build_folder.log" ||
			{ cat "$build_folder.log" >&2; return 1; }
		echo "$options" >"$build_folder.options"
	fi
	ninja -C "$build_folder" --quiet "${build_targets[@]}" >"$build_folder.log" ||
		{ cat "$build_folder.log" >&2; return 1; }
}

build_plain() {
	build_with plain -Dwerror="$1"
}

# The supervisor starts with an empty environment: the sanitizers' options are linked in.
build_sanitized() {
	local object=$builds/sanitizer-options.o
	mkdir -p "$builds"
	"${CC:-cc}" -fPIC -c -o "$object" "$host_folder/sanitizer-options.c"
	build_with sanitized -Dwerror="$1" -Dbuildtype=debug -Db_sanitize=address,undefined \
		-Db_lundef=false -Dc_link_args="$object"
}

# The supervisor alone: nothing else has threads.
build_threads() {
	local object=$builds/sanitizer-options.o
	local -a build_targets=(supervisor/sandlock-supervisor)
	mkdir -p "$builds"
	"${CC:-cc}" -fPIC -c -o "$object" "$host_folder/sanitizer-options.c"
	build_with threads -Dwerror="$1" -Dbuildtype=debug -Db_sanitize=thread -Db_lundef=false \
		-Dc_link_args="$object"
}

# host_sanitized BUILD: puts the sanitized programs into the host that is up.
host_sanitized() {
	host_exec mkdir -m 1777 /run/sanitizer
	tar -C "$1" -c supervisor/sandlock-supervisor admin/sandlock-admin |
		host_exec tar -C /tmp -x
	host_exec install /tmp/supervisor/sandlock-supervisor /usr/libexec/sandlock/
	host_exec install /tmp/admin/sandlock-admin /usr/sbin/
}

# host_threads BUILD: the same with the supervisor whose threads are watched.
host_threads() {
	host_exec mkdir -m 1777 /run/sanitizer
	tar -C "$1" -c supervisor/sandlock-supervisor | host_exec tar -C /tmp -x
	host_exec install /tmp/supervisor/sandlock-supervisor /usr/libexec/sandlock/
}
