#!/bin/bash
# The kernel's own tables of system calls as C rows {"name", number}: this machine's, and that of
# arm64, whose numbers are the generic ones.
#   kernel-calls.sh COMPILER...
set -euo pipefail

# What asm/unistd.h of arm64 asks of the generic table (Linux 5.10 to 7.0).
arm64=(-D__ARCH_WANT_RENAMEAT -D__ARCH_WANT_NEW_STAT -D__ARCH_WANT_SET_GET_RLIMIT
	-D__ARCH_WANT_TIME32_SYSCALLS -D__ARCH_WANT_SYS_CLONE3 -D__ARCH_WANT_MEMFD_SECRET)

# rows NAME HEADER OPTION...: the compiler says which names there are, then what each one is.
rows() {
	local name=$1 header=$2
	shift 2
	echo "static const struct kernel_call $name[] = {"
	{
		echo "#include <$header>"
		"${compiler[@]}" -E -dM -x c "$@" -include "$header" /dev/null |
			sed -nE 's/^#define __NR_([a-z_0-9]+) .*/ROW \1 = __NR_\1/p' |
			grep -v -e '= __NR_syscalls$' -e '= __NR_arch_specific_syscall$' | sort
	} | "${compiler[@]}" -E -P -x c "$@" - | tr -s '\n' ' ' | grep -oE 'ROW [a-z_0-9]+ = [0-9]+' |
		sed -E 's/ROW ([a-z_0-9]+) = ([0-9]+)/\t{"\1", \2},/'
	echo '};'
}

compiler=("$@")
rows native_calls asm/unistd.h
rows arm64_calls asm-generic/unistd.h "${arm64[@]}"
