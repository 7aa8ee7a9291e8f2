#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""schemas.py FOLDER FILE: whether each line of FILE is JSON that its schema in FOLDER allows."""

import json
import pathlib
import sys

import jsonschema


def load(folder):
    schemas = {}
    for path in pathlib.Path(folder).glob("*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        schemas[schema["$id"]] = jsonschema.Draft202012Validator(schema)
    return schemas


def fault(schemas, line):
    try:
        value = json.loads(line)
    except ValueError as error:
        return f"no JSON: {error}"
    name = value.get("schema") if isinstance(value, dict) else None
    if name not in schemas:
        return f"there is no schema {name}: it wants a file in etc/schemas"
    error = jsonschema.exceptions.best_match(schemas[name].iter_errors(value))
    return f"{name}: {error.json_path}: {error.message[:300]}" if error else None


def main(folder, path):
    schemas, faults = load(folder), []
    with open(path, encoding="utf-8") as file:
        for line in file:
            found = fault(schemas, line)
            if found:
                faults.append(f"{found}\n    in {line[:200].rstrip()}")
    for text in faults:
        print(text)
    return 1 if faults else 0


sys.exit(main(*sys.argv[1:]))
