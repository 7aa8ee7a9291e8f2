#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""In a session: tries what the lines of standard input say, and answers each with an errno or 0.

A line is an action and an object, a tab between them. What an attempt makes, agreement.py removes.
"""

import ctypes
import errno
import os
import socket
import stat
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
# Calls that do nothing where they are allowed.
CALLS = {
    "getppid": (110,), "times": (100, 0), "sched_yield": (24,), "alarm": (37, 0), "getpriority": (140, 0, 0),
    "sysinfo": (99, 0), "umask": (95, 0o22), "personality": (135, 0xFFFFFFFF), "sched_get_priority_max": (146, 0),
    "keyctl": (250, 0, -2, 0), "add_key": (248, 0, 0, 0, 0, 0), "syslog": (103, 10, 0, 0), "quotactl": (179, 0, 0, 0, 0),
    "mount": (165, 0, 0, 0, 0, 0), "swapon": (167, 0, 0), "bpf": (321, 99, 0, 0), "io_uring_setup": (425, 0, 0),
    "shmget": (29, 0, 0, 0), "mq_unlink": (241, 0), "unshare": (272, 0x20000), "chroot": (161, 0), "acct": (163, 1),
}


def open_flags(path, flags):
    os.close(os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY))


def read(path):
    open_flags(path, os.O_RDONLY)


MADE = [f"made-by-trying-{number}" for number in range(1000)]


def make(path):
    os.mknod(path, stat.S_IFREG | 0o600)


def write(path):
    if not os.path.lexists(path):
        make(path)
    elif os.path.isdir(path):
        make(os.path.join(path, MADE.pop()))
    else:
        open_flags(path, os.O_WRONLY)


def execute(path):
    ends = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.execv(path, [path])
        except OSError as error:
            os.write(ends[1], str(error.errno).encode())
        os._exit(0)
    os.close(ends[1])
    failed = os.read(ends[0], 16)
    os.close(ends[0])
    os.waitpid(pid, 0)
    if failed:
        raise OSError(int(failed), "execv")


def target(text):
    host, port = text.rsplit(":", 1)
    return host.strip("[]"), int(port)


def connect(text):
    kind = socket.SOCK_DGRAM if text.startswith("udp://") else socket.SOCK_STREAM
    text = text.removeprefix("udp://")
    with socket.socket(socket.AF_INET6 if text.startswith("[") else socket.AF_INET, kind) as sock:
        sock.settimeout(10)
        if kind == socket.SOCK_DGRAM:
            sock.sendto(b"x", target(text))
        else:
            sock.connect(target(text))


def bind(port):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", int(port)))
        sock.listen()


def unix(path):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect("\0" + path[1:] if path.startswith("@") else path)


def syscall(name):
    ctypes.set_errno(0)
    if LIBC.syscall(*(ctypes.c_long(value) for value in CALLS[name])) == -1 and ctypes.get_errno():
        raise OSError(ctypes.get_errno(), name)


def attempt(action, obj):
    try:
        globals()[action](obj)
    except OSError as error:
        return error.errno or errno.EIO
    return 0


for line in sys.stdin.read().splitlines():
    print(attempt(*line.split("\t")))
