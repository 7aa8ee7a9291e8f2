#!/usr/bin/python3
"""Logs in at a terminal of a booted host as one does at its console: console.py INIT INSIDE SCRIPT

Opens a terminal in the host, whose first process is INIT, has the host's init start a getty on it
(INSIDE is the script that runs commands there), and plays SCRIPT as live/terminal.py does.
"""
import fcntl
import os
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../live"))
import terminal

TIOCGPTN = 0x80045430
TIOCSPTLCK = 0x40045431


class Console(terminal.Terminal):
    """Whoever comes next to it hangs it up first, so an end is not the end."""

    def read(self, timeout):
        if not super().read(timeout):
            time.sleep(0.1)
        return True


def main():
    init, inside, script = sys.argv[1:]
    fd = os.open(f"/proc/{init}/root/dev/pts/ptmx", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    fcntl.ioctl(fd, TIOCSPTLCK, struct.pack("i", 0))
    number = struct.unpack("i", fcntl.ioctl(fd, TIOCGPTN, b"\0" * 4))[0]
    unit = f"container-getty@{number}.service"
    console = Console(fd)
    try:
        subprocess.run(["bash", inside, "systemctl", "start", unit], check=True)
        for line in script.split("\n"):
            if line and not terminal.step(console, line):
                print(f"\nconsole: not met: {line}")
                return 1
    finally:
        subprocess.run(["bash", inside, "systemctl", "stop", unit], check=True)
    return 0


sys.exit(main())
