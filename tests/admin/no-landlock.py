#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a command on a kernel that seems to have no Landlock: its system calls give ENOSYS."""

import ctypes
import errno
import os
import struct
import sys

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
RET_ALLOW, RET_ERRNO = 0x7FFF0000, 0x00050000
FIRST, LAST = 444, 446  # landlock_create_ruleset to landlock_restrict_self, on all architectures


def instruction(code, jt, jf, k):
    return struct.pack("HBBI", code, jt, jf, k)


program = b"".join([
    instruction(0x20, 0, 0, 0),  # load the number of the call
    instruction(0x35, 0, 2, FIRST),  # jump if greater or equal
    instruction(0x25, 1, 0, LAST),  # jump if greater
    instruction(0x06, 0, 0, RET_ERRNO | errno.ENOSYS),
    instruction(0x06, 0, 0, RET_ALLOW),
])
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(program)
fprog = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, fprog, 0, 0):
    sys.exit(f"no-landlock: {os.strerror(ctypes.get_errno())}")
os.execvp(sys.argv[1], sys.argv[1:])
