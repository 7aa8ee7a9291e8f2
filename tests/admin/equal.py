#!/usr/bin/python3
"""What sandlock-admin prints, without what differs from machine to machine and from run to run.

equal.py CONFDIR SUPERVISOR <OUTPUT: times, process ids, versions and places become words; of what the kernel
can do and whether its audit is on, nothing is left but that doctor speaks of it.
"""
import json
import re
import sys

KERNEL = ("audit", "landlock", "seccomp", "yama")
NUMBERS = ("supervisor_pid", "supervisor_start", "pid", "parent", "instructions", "seconds")

AUDIT_HINT = "denied files are not recorded"

RULES = [
    (r"[A-Z][a-z]{2} [0-9 ][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}", "MON DD HH:MM:SS"),
    (r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)", "TIME"),
    (r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?", "TIME"),
    (r"last on [0-9]{4}-[0-9]{2}-[0-9]{2}", "last on DAY"),
    (r'"(%s)": ?[0-9]+' % "|".join(NUMBERS), r'"\1": N'),
    # status and sessions of what is open
    (r"HH:MM:SS, [0-9]+s ago", "HH:MM:SS, Ns ago"),
    (r"^( {14})[0-9]+ ", r"\1N "),
    (r"(enforce|complain) +[0-9]+s ", r"\1 Ns "),
    # filter: by the version of libseccomp
    (r"[0-9]+ instructions", "N instructions"),
    (r"[0-9]+ calls$", "N calls"),
    # doctor
    (r"/usr/lib(64)?/([^/ \"]+/)?security/", "/usr/lib/ARCH/security/"),
]


def is_kernels(block):
    return any(block.split("\n")[0].endswith("[%s]" % name) for name in KERNEL)


def equal_doctor_text(text):
    """Blocks of a headline and indented lines; those of the kernel go, and so do the sums."""
    blocks = re.split(r"\n(?! )", text.rstrip("\n"))
    kept = [b for b in blocks if not is_kernels(b)]
    text = "\n".join(kept) + "\n"
    return re.sub(r"^[0-9]+ open, [0-9]+ to note, [0-9]+ fine$", "N open, N to note, N fine", text,
                  flags=re.M)


def equal_json(line):
    value = json.loads(line)
    value.pop("notes", None)  # whether the kernel's audit is on, the machine's
    if value.get("schema", "").startswith("sandlock.doctor/"):
        value["findings"] = [f for f in value["findings"] if f["id"] not in KERNEL]
    return json.dumps(value, sort_keys=True)


def main():
    confdir, supervisor = sys.argv[1:]
    lines = sys.stdin.read().splitlines()
    lines = [equal_json(line) if line.startswith('{"') else line for line in lines]
    lines = [line for line in lines if AUDIT_HINT not in line]
    text = "".join(line + "\n" for line in lines)
    if re.search(r"^[0-9]+ open, [0-9]+ to note, [0-9]+ fine$", text, flags=re.M):
        text = equal_doctor_text(text)
    text = text.replace(confdir, "/etc/sandlock")
    text = text.replace(supervisor, "/usr/libexec/sandlock/sandlock-supervisor")
    for pattern, word in RULES:
        text = re.sub(pattern, word, text, flags=re.M)
    sys.stdout.write(text)


main()
