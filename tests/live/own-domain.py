"""Confines itself by a Landlock domain of its own that grants nothing, and opens a file."""
import ctypes
import struct

SYS_LANDLOCK_CREATE_RULESET, SYS_LANDLOCK_RESTRICT_SELF = 444, 446
PR_SET_NO_NEW_PRIVS = 38
READ_FILE = 1 << 2

libc = ctypes.CDLL(None, use_errno=True)
attributes = struct.pack("=Q", READ_FILE)
ruleset = libc.syscall(SYS_LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
if libc.syscall(SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0) != 0:
    raise SystemExit("no domain")
open("/usr/share/common-licenses/GPL-3")
