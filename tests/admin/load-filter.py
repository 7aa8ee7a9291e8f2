#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""load-filter.py PROGRAM... -- CALL...: loads raw BPF programs as the kernel takes them, then tries
each CALL with arguments that are all 0, and prints its errno by name ("OK" where it succeeds)."""

import ctypes
import errno
import os
import platform
import sys

NUMBERS = {
    "x86_64": {"getppid": 110, "mkdir": 83, "swapoff": 168, "keyctl": 250},
    "aarch64": {"getppid": 173, "mkdir": None, "swapoff": 225, "keyctl": 219},
}
SECCOMP = {"x86_64": 317, "aarch64": 277}
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_SET_MODE_FILTER = 1


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    ctypes.set_errno(0)
    if libc.syscall(ctypes.c_long(number), *(arguments or (ctypes.c_long(0),) * 6)) < 0:
        return errno.errorcode[ctypes.get_errno()]
    return "OK"


def main(arguments):
    machine = platform.machine()
    split = arguments.index("--")
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for path in arguments[:split]:
        with open(path, "rb") as file:
            code = file.read()
        program = Program(len(code) // 8, code)
        answer = call(SECCOMP[machine], ctypes.c_long(SECCOMP_SET_MODE_FILTER), ctypes.c_long(0),
                      ctypes.byref(program))
        if answer != "OK":
            sys.exit(f"{path}: {answer}")
    print(*(call(NUMBERS[machine][name]) for name in arguments[split + 1:]), flush=True)
    os._exit(0)


main(sys.argv[1:])
