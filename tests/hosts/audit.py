#!/usr/bin/python3
"""The kernel's audit, as throw-away hosts need it.

audit.py listen CMD ARG...   runs CMD with a socket that receives the kernel's audit records as
                             descriptor 3; without one where the kernel has none to give
audit.py on, audit.py off    turns auditing on or off; says how it was before, nothing where the
                             kernel has no audit or does not let us

The kernel gives its records to sockets of the machine's own network namespace and takes orders
from its first PID namespace only (kernel/audit.c): a host cannot open or do either itself.
"""
import errno
import os
import socket
import struct
import sys

NETLINK_AUDIT = 9
AUDIT_GET, AUDIT_SET = 1000, 1001
AUDIT_STATUS_ENABLED = 1
AUDIT_NLGRP_READLOG = 1
SOL_NETLINK, NETLINK_NO_ENOBUFS = 270, 5
SO_RCVBUFFORCE, RECEIVE_BUFFER = 33, 8 << 20
NLMSG_ERROR = 2
NLM_F_REQUEST, NLM_F_ACK = 1, 4
HEADER = struct.Struct("=IHHII")  # struct nlmsghdr
STATUS = struct.Struct("=11I")  # struct audit_status
LISTEN_FD = 3


def listen(command):
    try:
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT)
        sock.bind((0, 1 << AUDIT_NLGRP_READLOG - 1))
        # Nobody reads until journald starts, which takes an overrun for the end of the socket.
        sock.setsockopt(SOL_NETLINK, NETLINK_NO_ENOBUFS, 1)
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER)
    except OSError as error:
        print("audit:", error, file=sys.stderr)
    else:
        os.dup2(sock.fileno(), LISTEN_FD)
        os.set_inheritable(LISTEN_FD, True)
        os.environ["SANDLOCK_HOST_AUDIT"] = str(LISTEN_FD)
    os.execvp(command[0], command)


def ask(sock, kind, flags, payload=b""):
    sock.send(HEADER.pack(HEADER.size + len(payload), kind, NLM_F_REQUEST | flags, 1, 0) + payload)


def answer(sock, kind):
    """The payload of the next message of that kind; an error ends the program."""
    while True:
        data = sock.recv(8192)
        got = HEADER.unpack_from(data)[1]
        if got == NLMSG_ERROR:
            error = -struct.unpack_from("=i", data, HEADER.size)[0]
            if error:
                sys.exit(0 if error == errno.EPERM else f"audit: {os.strerror(error)}")
        if got == kind:
            return data[HEADER.size :]


def switch(on):
    try:
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT)
    except OSError:
        return
    ask(sock, AUDIT_GET, 0)
    was = STATUS.unpack_from(answer(sock, AUDIT_GET).ljust(STATUS.size, b"\0"))[1]
    ask(sock, AUDIT_SET, NLM_F_ACK, STATUS.pack(AUDIT_STATUS_ENABLED, on, *[0] * 9))
    answer(sock, NLMSG_ERROR)
    print("on" if was else "off")


if sys.argv[1] == "listen":
    listen(sys.argv[2:])
else:
    switch({"on": 1, "off": 0}[sys.argv[1]])
