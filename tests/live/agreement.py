#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random policies, random actions: what `sandlock-admin test` says against what a session can do.

agreement.py SEED SECONDS: makes policies for alice from the seed for so long, and for each asks
about all objects and tries them in a session by `sandlock-admin run` or su. Prints each
disagreement with the policy it is about; exits with 1 where there was any.
"""

import errno
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time

CONF = "/etc/sandlock"
TREE = "/srv/agreement"
TRY = "/usr/local/lib/agreement-try.py"
PORTS = (3001, 3002, 3003, 4000)
FOLDERS = [f"{TREE}/{name}" for name in ("", "hers", "hers/sub", "roots", "roots/to-sub", "hers/to-roots")]
FILES = [f"{TREE}/{name}" for name in (
    "hers/file", "hers/sub/file", "hers/sub/program", "hers/pipe", "hers/socket", "hers/to-file", "hers/closed",
    "roots/file", "roots/secret", "roots/to-file", "roots/socket", "roots/program")]
MISSING = [f"{TREE}/hers/none", f"{TREE}/roots/none", f"{TREE}/hers/sub/none"]
DEVICES = ["/dev/null", "/dev/zero", "/dev/full"]
SOCKETS = [f"{TREE}/hers/socket", f"{TREE}/roots/socket", "/run/outside.sock", "@agreement"]
# Where something listens (tests/hosts/init.sh), so that nobody else's refusal is taken for ours.
SERVERS = ["10.20.0.53:22", "10.20.0.53:80", "10.20.0.53:8080", "10.99.0.1:443", "10.99.0.1:8080",
    "[2001:db8:20::1]:443", "[2001:db8:20::1]:8080", "[2001:db8:99::1]:443", "127.0.0.1:8080"]
DATAGRAMS = ["udp://10.20.0.53:53", "udp://10.20.0.53:54", "udp://10.99.0.1:53", "udp://[2001:db8:20::1]:53"]
CALLS = ["getppid", "times", "sched_yield", "alarm", "getpriority", "sysinfo", "umask", "personality",
    "sched_get_priority_max", "keyctl", "add_key", "syslog", "quotactl", "mount", "swapon", "bpf",
    "io_uring_setup", "shmget", "mq_unlink", "chroot", "acct"]
DENIABLE = ["getppid", "times", "sched_yield", "alarm", "getpriority", "sysinfo", "umask", "sched_get_priority_max", "mount"]
ALLOWABLE = ["keyctl", "add_key", "syslog", "quotactl", "acct", "@keyring"]
DENIED = "EUCLEAN"  # what no attempt gets of itself

ACTIONS = (
    [("read", path) for path in FOLDERS + FILES + DEVICES]
    + [("write", path) for path in FOLDERS + FILES + DEVICES + MISSING]
    + [("execute", path) for path in FOLDERS + FILES + DEVICES]
    + [("connect", to) for to in SERVERS + DATAGRAMS]
    + [("bind", str(port)) for port in PORTS + (0,)]
    + [("unix", path) for path in SOCKETS]
    + [("syscall", call) for call in CALLS]
)


def tree_up():
    """hers is alice's, roots is root's; both have links into the other."""
    shutil.rmtree(TREE, ignore_errors=True)
    for folder in ("hers/sub", "roots"):
        os.makedirs(f"{TREE}/{folder}")
    for name in ("hers/file", "hers/sub/file", "hers/closed", "roots/file", "roots/secret"):
        with open(f"{TREE}/{name}", "w", encoding="ascii") as file:
            file.write("text\n")
    for name in ("hers/sub/program", "roots/program"):
        shutil.copy("/bin/true", f"{TREE}/{name}")
    os.mkfifo(f"{TREE}/hers/pipe", 0o600)
    os.symlink("../roots/file", f"{TREE}/hers/to-file")
    os.symlink("../roots", f"{TREE}/hers/to-roots")
    os.symlink("../hers/file", f"{TREE}/roots/to-file")
    os.symlink("../hers/sub", f"{TREE}/roots/to-sub")
    subprocess.run(["chown", "-hR", "alice:alice", f"{TREE}/hers"], check=True)
    os.chmod(f"{TREE}/roots/secret", 0o600)
    os.chmod(f"{TREE}/hers/closed", 0o000)


def servers_up():
    """Those that must live for as long as it takes."""
    servers = []
    for path in SOCKETS:
        if path == "/run/outside.sock":
            continue
        server = socket.socket(socket.AF_UNIX)
        server.bind("\0" + path[1:] if path.startswith("@") else path)
        server.listen(128)
        if path.startswith("/"):
            os.chmod(path, 0o666)
        servers.append(server)
    return servers


def drain(servers):
    for server in servers:
        server.setblocking(False)
        try:
            while True:
                server.accept()[0].close()
        except BlockingIOError:
            pass


def some(chance, items, most=3):
    return chance.sample(items, chance.randint(1, min(most, len(items))))


def file_lines(chance):
    # What python and su need to start at all.
    lines = ["[filesystem]", "execute.programs = /usr -/bin -/lib -/lib32 -/lib64 -/sbin", "read.base = /etc /proc /run",
        "device.base = /dev/null -/dev/tty"]
    keys = ["read", "write", "execute", "write-execute", "list"]
    for number in range(chance.randint(0, 4)):
        key = chance.choice(keys)
        paths = some(chance, FOLDERS + FILES + MISSING)
        lines.append(f"{key}.r{number} = " + " ".join("-" + path for path in paths))
    if chance.random() < 0.2:
        lines.append("list.all = /")
    if chance.random() < 0.2:
        lines.append("device.more = " + " ".join(some(chance, DEVICES)))
    if chance.random() < 0.3:
        rights = some(chance, ["read_file", "write_file", "make_reg", "read_dir", "execute", "make_sock"])
        lines.append(f"rights.raw = {','.join(rights)}:{chance.choice(FOLDERS)}")
    return lines


def endpoint(chance):
    scheme = chance.choice(["", "", "tcp://", "udp://"])
    host = chance.choice(["10.20.0.53", "10.20.0.0/16", "10.99.0.1", "10.0.0.0/8", "127.0.0.0/8", "[2001:db8:20::1]",
        "[2001:db8:20::]/48", "[2001:db8::]/32", "*", "localhost"])
    ports = chance.choice(["", ":443", ":22,80", ":8000-9000", ":53", ":1-1023", ":*"])
    return scheme + host + ports


def network_lines(chance):
    lines = ["[network]"]
    way = chance.random()
    if way < 0.15:
        lines.append(chance.choice(["connect = any", "connect = none"]))
    else:
        lines.append("connect = " + " ".join(endpoint(chance) for _ in range(chance.randint(1, 4))))
    if way > 0.15 and chance.random() < 0.4:
        denied = [word for word in (endpoint(chance) for _ in range(3)) if "localhost" not in word]
        lines += ["deny = " + " ".join(denied)] if denied else []
    lines.append(chance.choice(["bind = none", "bind = any", "bind = 3001", "bind = 3000-3002 4000"]))
    if chance.random() < 0.5:
        lines.append("unix = " + " ".join("-" + path for path in some(chance, SOCKETS[:3] + [f"{TREE}/hers"])))
    return lines


def policy(chance):
    lines = []
    if chance.random() < 0.85:
        lines += file_lines(chance)
    if chance.random() < 0.7:
        lines += network_lines(chance)
    if chance.random() < 0.4:
        lines += ["[ipc]", f"abstract-unix = {chance.choice(['any', 'session'])}", f"sysv = {chance.choice(['yes', 'no'])}"]
    if chance.random() < 0.5:
        lines += ["[syscalls]", f"error = {DENIED}", "deny = " + " ".join(some(chance, DENIABLE))]
        if chance.random() < 0.6:
            lines.append("allow = " + " ".join(some(chance, ALLOWABLE)))
    if not lines:
        lines = ["[ipc]", "signal = any"]
    return "".join(line + "\n" for line in lines)


def write_policies(chance):
    """One layer or two."""
    texts = {"users/alice": policy(chance)}
    shutil.rmtree(f"{CONF}/mandatory.d", ignore_errors=True)
    if chance.random() < 0.4:
        texts["mandatory.d/10-site"] = policy(chance)
    for name, text in texts.items():
        os.makedirs(os.path.dirname(f"{CONF}/{name}"), exist_ok=True)
        with open(f"{CONF}/{name}.ini", "w", encoding="ascii") as file:
            file.write(text)
    return "".join(f"--- {name}.ini\n{text}" for name, text in texts.items())


def ask(service):
    """What `test` says: a list of answers in the order of ACTIONS."""
    answers = []
    for action in dict.fromkeys(action for action, _ in ACTIONS):
        objects = [obj for its, obj in ACTIONS if its == action]
        result = subprocess.run(["sandlock-admin", "test", "alice", "--service", service, "--json", action, *objects],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        found = json.loads(result.stdout)
        if len(found["answers"]) != len(objects):
            sys.exit(f"no answer to {action}: {result.stderr.decode()}")
        answers += found["answers"]
    return answers


def attempt(way):
    """What a session can do: a list of errnos."""
    run = ["sandlock-admin", "run", "alice", "--", "python3", "-I", TRY]
    if way == "su":
        run = ["su", "alice", "-c", f"exec python3 -I {TRY}"]
    words = "".join(f"{action}\t{obj}\n" for action, obj in ACTIONS)
    result = subprocess.run(run, input=words.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=120)
    lines = result.stdout.split()
    if result.returncode or len(lines) != len(ACTIONS):
        sys.exit(f"no session by {way}: exit {result.returncode}: {result.stderr.decode()}")
    return [int(line) for line in lines]


def clean():
    made = [os.path.join(folder, name) for folder in FOLDERS for name in os.listdir(folder) if name.startswith("made-")]
    for path in made + MISSING:
        if os.path.lexists(path):
            os.unlink(path)


def agree(action, obj, answer, error):
    """Whether the answer is what has happened."""
    name = errno.errorcode.get(error, str(error)) if error else None
    if action == "syscall":
        # An allowed call may fail for a reason of its own; a denied one fails as it was told.
        return name == answer["errno"] if not answer["allowed"] else name not in (DENIED, "ENOSYS")
    if action in ("read", "write") and name == "ENXIO":
        error = 0  # nobody is at the other end: the open came past the policy
    return answer["allowed"] == (error == 0)


def main(seed, seconds):
    chance = random.Random(seed)
    deadline = time.monotonic() + seconds
    rounds = wrong = 0
    tree_up()
    servers = servers_up()
    while rounds == 0 or time.monotonic() < deadline:
        texts = write_policies(chance)
        way = chance.choice(["run", "su"])
        answers = ask("su" if way == "su" else "sandlock-run")
        errors = attempt(way)
        clean()
        drain(servers)
        rounds += 1
        for (action, obj), answer, error in zip(ACTIONS, answers, errors):
            if agree(action, obj, answer, error):
                continue
            wrong += 1
            said = "allowed" if answer["allowed"] else f"denied ({answer['errno']})"
            was = errno.errorcode.get(error, str(error)) if error else "done"
            print(f"round {rounds} by {way}: {action} {obj}: said {said}, was {was}\n{texts}", flush=True)
        if wrong > 20:
            break
    allowed = sum(answer["allowed"] for answer in answers)
    print(f"seed {seed}: {rounds} rounds of {len(ACTIONS)} actions, {wrong} disagreements; in the last {allowed} were allowed")
    return 1 if wrong else 0


sys.exit(main(int(sys.argv[1]), float(sys.argv[2])))
