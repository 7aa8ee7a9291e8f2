#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""complete-zsh.py FOLDER LINE...: what zsh completes the end of each line to, a line for each.

Completion is the line editor's, which wants a terminal: zsh gets one and lists all matches.
"""

import os
import pty
import re
import select
import shlex
import sys
import time

# compadd is where all matches pass; -O takes those that fit the word.
SETUP = r"""
PS1= RPS1=; unsetopt zle_bracketed_paste; zstyle ':completion:*' menu no
fpath=({folder} $fpath); autoload -U compinit; compinit -D -u
compadd() {{ local -a fit; builtin compadd -O fit "$@"; [[ ${{#fit}} == 0 ]] || print -rl -- $fit >>{output}
	builtin compadd "$@" }}
complete-and-clear() {{ zle complete-word; zle kill-buffer; print '=' >>{output} }}
zle -N complete-and-clear; bindkey '^T' complete-and-clear
print -r -- READY-$((40 + 2))
"""


def main(folder, lines):
    output = os.path.join(os.environ["HOME"], f"zsh-{os.getpid()}")
    open(output, "w").close()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "dumb"
        os.execvp("zsh", ["zsh", "-f", "-i"])
    os.write(terminal, SETUP.format(folder=shlex.quote(folder), output=shlex.quote(output)).encode())
    wait_for(terminal, lambda seen: b"READY-42" in seen)
    for number, line in enumerate(lines):
        os.write(terminal, line.encode() + b"\x14")
        wait_for(terminal, lambda seen: len(answers(output)) > number + 1)
    os.write(terminal, b"exit\n")
    wait_for(terminal, None)
    os.waitpid(pid, 0)
    for found in answers(output)[:-1]:
        print(*sorted({re.sub(r"\\(.)", r"\1", match) for match in found.splitlines()}))


def answers(output):
    with open(output, encoding="utf-8") as file:
        return file.read().split("=\n")


def wait_for(terminal, done):
    """Until `done` of what was seen, or with None until the shell is gone; both within 30 s."""
    seen, deadline = b"", time.monotonic() + 30
    while done is None or not done(seen):
        if time.monotonic() > deadline:
            sys.exit(f"zsh is silent: {seen[-300:]!r}")
        if not select.select([terminal], [], [], 0.05)[0]:
            continue
        try:
            got = os.read(terminal, 4096)
        except OSError:
            got = b""
        if not got and done is None:
            return
        if not got:
            sys.exit(f"zsh is gone: {seen[-300:]!r}")
        seen += got


main(sys.argv[1], sys.argv[2:])
