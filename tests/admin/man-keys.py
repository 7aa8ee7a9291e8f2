#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The key paragraphs of a manual page, as the key table has them.

man-keys.py SANDLOCK-ADMIN PAGE...           compare, exit 1 where a page differs
man-keys.py --update SANDLOCK-ADMIN PAGE...  write them into the pages

A page has '.\\" keys begin: SECTION...' and '.\\" keys end'; what is between is ours.
"""

import difflib
import json
import re
import subprocess
import sys

BLOCK = re.compile(r'(\.\\" keys begin: ([a-z -]+)\n)(.*?)(\.\\" keys end\n)', re.S)
LABELS = {"none": "", "allowed": "[.LABEL]", "required": ".LABEL"}


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(['.])", r"\\&\1", text)


def sentences(text):
    """One sentence a line, as roff likes it."""
    return [roff(part) for part in re.split(r"(?<=[.:]) (?=[A-Z])", text)]


def capital(text):
    return text[0].upper() + text[1:]


def key_lines(key):
    name = roff(key["key"] + LABELS[key["label"]])
    lines = [".TP", f'.BR {name} " = {roff(key["type"])}"', capital(roff(key["help"])) + "."]
    lines += sentences(key["description"])
    if key["default"]:
        lines.append(f'Default: {roff(key["default"])}.')
    return lines


def section_lines(section):
    lines = []
    if section["file"] == "policy":
        lines += [f'.SS [{section["section"]}]', capital(roff(section["help"])) + "."]
    for key in section["keys"]:
        lines += key_lines(key)
    return lines


def block(names, sections):
    lines = []
    for name in names:
        lines += section_lines(sections[name])
    return "".join(line + "\n" for line in lines)


def main(arguments):
    update = arguments[0] == "--update"
    admin, *pages = arguments[1:] if update else arguments
    listing = json.loads(subprocess.run([admin, "keys", "--json"], check=True, stdout=subprocess.PIPE).stdout)
    sections = {section["section"]: section for section in listing["sections"]}
    missing = set(sections)
    status = 0
    for page in pages:
        with open(page, encoding="utf-8") as file:
            old = file.read()
        for match in BLOCK.finditer(old):
            missing -= set(match.group(2).split())
        new = BLOCK.sub(lambda m: m.group(1) + block(m.group(2).split(), sections) + m.group(4), old)
        if new == old:
            continue
        if update:
            with open(page, "w", encoding="utf-8") as file:
                file.write(new)
        else:
            sys.stdout.writelines(difflib.unified_diff(
                old.splitlines(True), new.splitlines(True), page, "the key table"))
            status = 1
    if missing:
        print("in no page:", ", ".join(sorted(missing)))
        status = 1
    return status


sys.exit(main(sys.argv[1:]))
