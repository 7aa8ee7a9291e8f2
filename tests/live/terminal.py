#!/usr/bin/python3
"""Runs a command on a terminal of its own and talks to it: terminal.py SCRIPT CMD...

Each line of SCRIPT is one step; backslash escapes work as in Python:
  <REGEX   wait (20 s at most) until the output since the last match matches
  >TEXT    type TEXT; end it with \\r for the enter key
  ~        hang up: close the terminal
All output goes to standard output. Exits with the command's own status, with 1 when a step was
not met, with 128+N when a signal ended the command.
"""
import os
import pty
import re
import select
import signal
import sys
import time

STEP_SECONDS = 20
CHUNK = 65536


class Terminal:
    def __init__(self, fd):
        self.unread = ""
        self.fd = fd

    def read(self, timeout):
        """Takes what there is; False at the end."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return True
        try:
            data = os.read(self.fd, CHUNK)
        except OSError:  # EIO: nobody holds the terminal any more
            return False
        if not data:
            return False
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        self.unread += data.decode("utf-8", "replace")
        return True

    def expect(self, pattern):
        deadline = time.monotonic() + STEP_SECONDS
        alive = True
        while True:
            match = re.search(pattern, self.unread)
            if match:
                self.unread = self.unread[match.end():]
                return True
            if not alive or time.monotonic() > deadline:
                return False
            alive = self.read(0.2)

    def drain(self):
        deadline = time.monotonic() + STEP_SECONDS
        while time.monotonic() < deadline:
            if not self.read(0.2):
                return True
        return False


def step(terminal, line):
    kind, text = line[0], line[1:]
    if kind == "<":
        return terminal.expect(text)
    if kind == ">":
        os.write(terminal.fd, text.encode().decode("unicode_escape").encode("latin-1"))
        return True
    if kind == "~":
        os.close(terminal.fd)
        return True
    raise ValueError(f"unknown step: {line}")


def main():
    script, *command = sys.argv[1:]
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    terminal = Terminal(fd)
    lines = [line for line in script.split("\n") if line]
    for line in lines:
        if not step(terminal, line):
            print(f"\nterminal: not met: {line}")
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return 1
    if "~" not in lines and not terminal.drain():
        print("\nterminal: the command did not end")
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return 1
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
