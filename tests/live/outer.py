#!/usr/bin/env python3
"""A sandbox around a command: one that owns a seccomp listener, or many Landlock layers.

    outer.py listener CMD...      answers mkdir(2) itself, with the errno EXDEV
    outer.py layers NUMBER CMD... NUMBER Landlock layers that restrict next to nothing

Ends as the command does; 125 when the kernel refuses, and says why.
"""

import ctypes
import errno
import fcntl
import os
import select
import struct
import subprocess
import sys
import threading

PR_SET_NO_NEW_PRIVS = 38
MKDIR, PRCTL, SECCOMP = 83, 157, 317  # x86-64
LANDLOCK_CREATE_RULESET, LANDLOCK_RESTRICT_SELF = 444, 446
SECCOMP_SET_MODE_FILTER, NEW_LISTENER = 1, 8
RET_USER_NOTIF, RET_ALLOW = 0x7FC00000, 0x7FFF0000
NOTIF_RECV, NOTIF_SEND = 0xC0502100, 0xC0182101
MAKE_BLOCK = 1 << 11
libc = ctypes.CDLL(None, use_errno=True)


def syscall(number, *arguments):
    result = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        error = ctypes.get_errno()
        print(f"outer: call {number}: {os.strerror(error)}", file=sys.stderr)
        sys.exit(125)
    return result


def instruction(code, true, false, value):
    return struct.pack("HBBI", code, true, false, value)


def listener():
    code = ctypes.create_string_buffer(
        instruction(0x20, 0, 0, 0)
        + instruction(0x15, 0, 1, MKDIR)
        + instruction(0x06, 0, 0, RET_USER_NOTIF)
        + instruction(0x06, 0, 0, RET_ALLOW)
    )
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", 4, ctypes.addressof(code)))
    return syscall(SECCOMP, SECCOMP_SET_MODE_FILTER, NEW_LISTENER, program)


def answer(fd):
    while True:
        select.select([fd], [], [])
        request = bytearray(80)
        try:
            fcntl.ioctl(fd, NOTIF_RECV, request)
            identity = struct.unpack_from("Q", request)[0]
            fcntl.ioctl(fd, NOTIF_SEND, struct.pack("QqiI", identity, 0, -errno.EXDEV, 0))
        except FileNotFoundError:
            continue  # the caller is gone


def layers(number):
    handled = struct.pack("Q", MAKE_BLOCK)
    ruleset = syscall(LANDLOCK_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    for _ in range(number):
        syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


if os.geteuid() != 0:
    syscall(PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
if sys.argv[1] == "listener":
    threading.Thread(target=answer, args=(listener(),), daemon=True).start()
    command = sys.argv[2:]
else:
    layers(int(sys.argv[2]))
    command = sys.argv[3:]
sys.exit(subprocess.run(command).returncode % 256)
