#!/usr/bin/env python3
"""Keeps the namespaces of sessions that have ended.

hoard.py collect PATH   takes descriptors at this socket and holds them; says how many differ
hoard.py give PATH KIND sends it that of the calling process's namespace: uts, mnt
"""

import os
import socket
import sys


def collect(path):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(16)
    held = {}
    while True:
        giver, _ = listener.accept()
        _, fds, _, _ = socket.recv_fds(giver, 1, 1)
        for fd in fds:
            held[os.fstat(fd).st_ino] = fd
        print(len(held), flush=True)
        giver.sendall(b"x")
        giver.close()


def give(path, kind):
    namespace = os.open(f"/proc/self/ns/{kind}", os.O_RDONLY | os.O_CLOEXEC)
    taker = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    taker.connect(path)
    socket.send_fds(taker, [b"x"], [namespace])
    taker.recv(1)


{"collect": collect, "give": give}[sys.argv[1]](*sys.argv[2:])
