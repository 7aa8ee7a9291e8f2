#!/usr/bin/python3
"""Says whether the running kernel has a feature: probe.py FEATURE
Exits with 0 where it has, with 3 where it lacks it; anything else is a broken probe.

Features: landlock-abi-N, seccomp-notify, ia32 (32-bit system calls), io-uring, audit. Each is asked of
the kernel itself, so a test can be skipped only where the thing it tests cannot exist.
"""
import ctypes
import errno
import os
import platform
import re
import sys

SYS_SECCOMP = 317
SYS_IO_URING_SETUP = 425
SYS_LANDLOCK_CREATE_RULESET = 444
LANDLOCK_CREATE_RULESET_VERSION = 1
SECCOMP_GET_NOTIF_SIZES = 3
NETLINK_AUDIT = 9

libc = ctypes.CDLL(None, use_errno=True)


def landlock(abi):
    got = libc.syscall(SYS_LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_CREATE_RULESET_VERSION)
    return got >= abi


def seccomp_notify():
    sizes = (ctypes.c_uint16 * 3)()
    return libc.syscall(SYS_SECCOMP, SECCOMP_GET_NOTIF_SIZES, 0, sizes) == 0


def audit():
    """Whether it may be turned on is another question: that it may not is no reason to skip."""
    import socket

    try:
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT).close()
    except OSError as error:
        return error.errno != errno.EPROTONOSUPPORT
    return True


def io_uring():
    libc.syscall(SYS_IO_URING_SETUP, 0, None)
    return ctypes.get_errno() != errno.ENOSYS


def ia32():
    """Runs `mov $20, %eax; int $0x80; ret` (getpid) in a child: it dies without the feature."""
    import mmap

    pid = os.fork()
    if pid == 0:
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        os._exit(0 if ctypes.CFUNCTYPE(ctypes.c_int)(address)() == os.getpid() else 1)
    return os.waitpid(pid, 0)[1] == 0


def main():
    feature = sys.argv[1]
    if platform.machine() != "x86_64":
        sys.exit("probe: only x86_64 is known here")
    match = re.fullmatch(r"landlock-abi-(\d+)", feature)
    if match:
        return landlock(int(match[1]))
    return {"seccomp-notify": seccomp_notify, "io-uring": io_uring, "audit": audit, "ia32": ia32}[feature]()


sys.exit(0 if main() else 3)
