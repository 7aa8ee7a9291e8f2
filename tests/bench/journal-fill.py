#!/usr/bin/python3
"""Fills the journal: journal-fill.py others|denials N, as fast as journald takes them.

Others are records of another daemon; denials are those of one session, as the supervisor writes them
(root is who writes them here, too)."""
import socket
import sys

SESSION = "0123456789abcdef" * 2


def others(number):
    return f"MESSAGE=Request {number} was served\nSYSLOG_IDENTIFIER=httpd\nPRIORITY=6\n"


def denials(number):
    return (
        f"MESSAGE=Denied connect to 10.99.0.1:{number % 65535 + 1} for alice (pid 4711, probe)\n"
        "MESSAGE_ID=495201f75ee04d52b48e983cb1a6ad0f\nPRIORITY=5\nSYSLOG_IDENTIFIER=sandlock\n"
        f"SYSLOG_FACILITY=10\nSANDLOCK_SESSION={SESSION}\nSANDLOCK_SEQ={number}\n"
        "SANDLOCK_USER=alice\nSANDLOCK_SERVICE=sshd\nSANDLOCK_EVENT=denied-network\n"
        f"SANDLOCK_ACTION=connect\nSANDLOCK_OBJECT=10.99.0.1:{number % 65535 + 1}\n"
        "SANDLOCK_RULE=-\nSANDLOCK_ERRNO=111\nSANDLOCK_PID=4711\nSANDLOCK_COMM=probe\n"
    )


def main():
    kind, n = sys.argv[1], int(sys.argv[2])
    record = {"others": others, "denials": denials}[kind]
    journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    journal.connect("/run/systemd/journal/socket")
    for number in range(1, n + 1):
        journal.send(record(number).encode())
        if number % 100000 == 0:
            print(f"bench: {number} of {n} {kind} in the journal", file=sys.stderr)


main()
