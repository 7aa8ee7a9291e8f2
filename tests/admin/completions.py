#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The completions of sandlock-admin for bash, zsh and fish, as its tables have them.

completions.py SANDLOCK-ADMIN FOLDER           compare, exit 1 where a file differs
completions.py --update SANDLOCK-ADMIN FOLDER  write the files
"""

import difflib
import json
import pathlib
import re
import subprocess
import sys

# What a word in a synopsis, or the value of an option, is completed to; None: nothing is known.
KINDS = {
    "USER|FILE": "subjects",
    "USER": "users",
    "FILE": "files",
    "DIR": "folders",
    "SERVICE": "services",
    "TIME": "times",
    "SECTION": "sections",
    "@SET": "sets",
    "ID": "sessions",
    "ID:SEQ": None,
    "ACTION": "actions",
    "OBJECT": "files",
    "COMMAND": "commands",
    "ARGUMENT": "files",
    "N": None,
    "TEXT": None,
    "REASON": None,
    "DURATION": None,
}
NOTE = "# Made from the tables of the tool by tests/admin/completions.py --update.\n"


def listing(admin, *arguments):
    return json.loads(subprocess.run([admin, *arguments, "--json"], check=True, stdout=subprocess.PIPE).stdout)


def kind_of(word):
    if word is not None and word not in KINDS:
        sys.exit(f'completions.py: what is completed for "{word}"? Give it a row in KINDS.')
    return KINDS.get(word)


def operands(synopsis):
    """The kinds of the operands in order, and whether the last one repeats."""
    words, kinds = synopsis.split(" | ")[0].split(), []
    for word in words:
        plain = word.strip("[]").removesuffix("...").strip("[]")
        if plain == "OPTION" or plain.startswith("-"):
            continue
        kinds.append(kind_of(plain))
    return kinds, words[-1].strip("[]").endswith("...") and words[-1] != "[OPTION...]"


class Tables:
    def __init__(self, admin):
        table = listing(admin, "--help")
        self.commands = table["commands"]
        self.common = table["options"]
        self.sections = [section["section"] for section in listing(admin, "keys")["sections"]]
        self.sets = [entry["set"] for entry in listing(admin, "sets")["sets"]]
        for command in self.commands:
            command["operands"], command["repeats"] = operands(command["synopsis"])
        self.actions = [action for command in self.commands for action in (command["actions"] or "").split("|") if action]


def names(options):
    return " ".join(f'--{option["name"]}' for option in options)


def spellings(option):
    return [f'--{option["name"]}'] + ([f'-{option["letter"]}'] if option["letter"] else [])


# bash

BASH = """# bash completion for sandlock-admin(8)
# SPDX-License-Identifier: LGPL-2.1-or-later
@NOTE@
_sandlock_admin_options() {
	case $1 in
@OPTIONS@	*) echo '@COMMON@' ;;
	esac
}

# What the value of an option is.
_sandlock_admin_value() {
	case $1 in
@VALUES@	*) return 1 ;;
	esac
}

# What the operand of a command is, by its number.
_sandlock_admin_operand() {
	case $1:$2 in
@OPERANDS@	esac
}

_sandlock_admin_services() {
	local file
	for file in /etc/pam.d/*; do
		[[ ! -f $file ]] || echo "${file##*/}"
	done
}

_sandlock_admin_sessions() {
	"${COMP_WORDS[0]}" sessions --json 2>/dev/null | grep -o '"session": *"[0-9a-f]*"' | grep -o '[0-9a-f]\\{32\\}'
}

# _sandlock_admin_complete KIND WORD
_sandlock_admin_complete() {
	case $1 in
	subjects) compgen -u -f -- "$2" ;;
	users) compgen -u -- "$2" ;;
	files) compgen -f -- "$2" ;;
	folders) compgen -d -- "$2" ;;
	commands) compgen -c -- "$2" ;;
	services) compgen -W "$(_sandlock_admin_services)" -- "$2" ;;
	sessions) compgen -W "$(_sandlock_admin_sessions)" -- "$2" ;;
	times) compgen -W 'now today yesterday' -- "$2" ;;
	actions) compgen -W '@ACTIONS@' -- "$2" ;;
	sections) compgen -W '@SECTIONS@' -- "$2" ;;
	sets) compgen -W '@SETS@' -- "$2" ;;
	esac
}

_sandlock_admin() {
	local word=${COMP_WORDS[COMP_CWORD]} command='' kind='' operand=0 i
	COMPREPLY=()

	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == -?* ]]; then
			if kind=$(_sandlock_admin_value "$command:${COMP_WORDS[i]}"); then
				if ((++i == COMP_CWORD)); then
					mapfile -t COMPREPLY < <(_sandlock_admin_complete "$kind" "$word")
					return
				fi
			fi
		elif [[ -z $command ]]; then
			command=${COMP_WORDS[i]}
		else
			((operand++))
		fi
	done
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_sandlock_admin_options "$command")" -- "$word")
	elif [[ -z $command ]]; then
		mapfile -t COMPREPLY < <(compgen -W '@COMMANDS@' -- "$word")
	else
		kind=$(_sandlock_admin_operand "$command" "$operand")
		mapfile -t COMPREPLY < <(_sandlock_admin_complete "$kind" "$word")
	fi
}

complete -o filenames -F _sandlock_admin sandlock-admin
"""


def bash(tables):
    options = values = kinds = ""
    for command in [{"name": "", "options": tables.common, "operands": [], "repeats": False}] + tables.commands:
        if command["name"]:
            options += f'\t{command["name"]}) echo \'{names(command["options"])}\' ;;\n'
        for option in command["options"]:
            if option["argument"]:
                pattern = " | ".join(f'{command["name"]}:{spelling}' for spelling in spellings(option))
                values += f'\t{pattern}) echo {kind_of(option["argument"]) or "nothing"} ;;\n'
        for number, kind in enumerate(command["operands"]):
            last = command["repeats"] and number + 1 == len(command["operands"])
            if kind:
                kinds += f'\t{command["name"]}:{"*" if last else number}) echo {kind} ;;\n'
    return fill(BASH, tables, OPTIONS=options, VALUES=values, OPERANDS=kinds)


# zsh

ZSH = """#compdef sandlock-admin
# SPDX-License-Identifier: LGPL-2.1-or-later
@NOTE@
_sandlock_admin_commands() {
	local -a commands=(
@DESCRIBED@	)
	_describe command commands
}

_sandlock_admin_subjects() {
	_alternative 'users:user:_users' 'files:file:_files'
}

_sandlock_admin_services() {
	_path_files -W /etc/pam.d
}

_sandlock_admin_sessions() {
	local -a sessions=(${(f)"$(_call_program sessions "$service sessions --json" 2>/dev/null |
		grep -o '"session": *"[0-9a-f]*"' | grep -o '[0-9a-f]\\{32\\}')"})
	compadd -a sessions
}

_sandlock_admin() {
	local curcontext=$curcontext state
	local -A opt_args

	_arguments -C \\
@COMMON@		'1:command:_sandlock_admin_commands' \\
		'*::argument:->arguments'
	[[ $state == arguments ]] || return
	case $words[1] in
@CASES@	esac
}

_sandlock_admin "$@"
"""
ZSH_KINDS = {
    "subjects": "_sandlock_admin_subjects",
    "users": "_users",
    "files": "_files",
    "folders": "_directories",
    "commands": "_command_names -e",
    "services": "_sandlock_admin_services",
    "sessions": "_sandlock_admin_sessions",
    "times": "(now today yesterday)",
    None: " ",
}


def zsh_kind(kind, tables):
    words = {"actions": tables.actions, "sections": tables.sections, "sets": tables.sets}
    return f'({" ".join(words[kind])})' if kind in words else ZSH_KINDS[kind]


def zsh_text(text):
    return re.sub(r"([\[\]:\\])", r"\\\1", text).replace("'", "'\\''")


def zsh_option(option, tables, indent):
    value = f':{option["argument"]}:{zsh_kind(kind_of(option["argument"]), tables)}' if option["argument"] else ""
    text = f"[{zsh_text(option['help'])}]{value}"
    if not option["letter"]:
        return f"{indent}'--{option['name']}{text}' \\\n"
    both = f"-{option['letter']},--{option['name']}"
    return f"{indent}'({both.replace(',', ' ')})'{{{both}}}'{text}' \\\n"


def zsh_case(command, tables):
    lines = f'\t{command["name"]})\n\t\t_arguments \\\n'
    for option in command["options"]:
        lines += zsh_option(option, tables, "\t\t\t")
    for number, kind in enumerate(command["operands"]):
        last = command["repeats"] and number + 1 == len(command["operands"])
        place = "*" if last else str(number + 1)
        lines += f"\t\t\t'{place}:{kind or 'word'}:{zsh_kind(kind, tables)}' \\\n"
    return lines.removesuffix(" \\\n") + "\n\t\t;;\n"


def zsh(tables):
    described = "".join(f"\t\t'{c['name']}:{zsh_text(c['summary'])}'\n" for c in tables.commands)
    common = "".join(zsh_option(option, tables, "\t\t") for option in tables.common)
    cases = "".join(zsh_case(command, tables) for command in tables.commands)
    return fill(ZSH, tables, DESCRIBED=described, COMMON=common, CASES=cases)


# fish

FISH = """# fish completion for sandlock-admin(8)
# SPDX-License-Identifier: LGPL-2.1-or-later
@NOTE@
# The command on the line, once it is complete.
function __sandlock_admin_command
    set -l words (commandline -opc)
    set -l skip 0
    for word in $words[2..-1]
        if test $skip = 1
            set skip 0
        else if test "$word" = --root
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
            return 0
        end
    end
    return 1
end

function __sandlock_admin_is
    test "$(__sandlock_admin_command)" = $argv[1]
end

# Whether the word is operand number $argv[2] of a command, or beyond it with a third argument; the
# options that take a value are in the fourth and later ones.
function __sandlock_admin_at
    __sandlock_admin_is $argv[1]; or return 1
    set -l words (commandline -opc)
    set -l n -1
    set -l skip 0
    for word in $words[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word --root $argv[4..-1]
            set skip 1
        else if not string match -q -- '-*' $word
            set n (math $n + 1)
        end
    end
    test $n -eq $argv[2]; or test $argv[3] = more -a $n -gt $argv[2]
end

function __sandlock_admin_sessions
    sandlock-admin sessions --json 2>/dev/null | string match -ar '"session": *"[0-9a-f]{32}"' |
        string match -ar '[0-9a-f]{32}'
end

complete -c sandlock-admin -f
@LINES@"""
FISH_KINDS = {
    "subjects": "(__fish_complete_users; __fish_complete_path (commandline -ct))",
    "users": "(__fish_complete_users)",
    "files": "(__fish_complete_path (commandline -ct))",
    "folders": "(__fish_complete_directories (commandline -ct))",
    "commands": "(__fish_complete_command)",
    "services": "(path basename /etc/pam.d/*)",
    "sessions": "(__sandlock_admin_sessions)",
    "times": "now today yesterday",
}


def fish_kind(kind, tables):
    words = {"actions": tables.actions, "sections": tables.sections, "sets": tables.sets}
    return " ".join(words[kind]) if kind in words else FISH_KINDS[kind]


def fish_text(text):
    return text.replace("\\", "\\\\").replace("'", "\\'")


def fish_option(option, condition, tables):
    letter = f' -s {option["letter"]}' if option["letter"] else ""
    kind = kind_of(option["argument"])
    value = " -x" if option["argument"] else ""
    if kind:
        value += f" -a '{fish_kind(kind, tables)}'"
    return f"complete -c sandlock-admin -n '{condition}' -l {option['name']}{letter}{value} -d '{fish_text(option['help'])}'\n"


def fish(tables):
    none = "not __sandlock_admin_command"
    lines = "".join(fish_option(option, none, tables) for option in tables.common)
    for command in tables.commands:
        lines += f"complete -c sandlock-admin -n '{none}' -a {command['name']} -d '{fish_text(command['summary'])}'\n"
    for command in tables.commands:
        valued = " ".join(s for option in command["options"] if option["argument"] for s in spellings(option))
        for option in command["options"]:
            lines += fish_option(option, f'__sandlock_admin_is {command["name"]}', tables)
        for number, kind in enumerate(command["operands"]):
            last = command["repeats"] and number + 1 == len(command["operands"])
            where = f'__sandlock_admin_at {command["name"]} {number} {"more" if last else "only"} {valued}'.strip()
            if kind:
                lines += f"complete -c sandlock-admin -n '{where}' -a '{fish_kind(kind, tables)}'\n"
    return fill(FISH, tables, LINES=lines)


def fill(template, tables, **parts):
    parts = {
        "NOTE": NOTE,
        "COMMON": names(tables.common),
        "COMMANDS": " ".join(command["name"] for command in tables.commands),
        "ACTIONS": " ".join(tables.actions),
        "SECTIONS": " ".join(tables.sections),
        "SETS": " ".join(tables.sets),
    } | parts
    return re.sub(r"@([A-Z]+)@", lambda match: parts[match.group(1)], template)


FILES = {"sandlock-admin": bash, "_sandlock-admin": zsh, "sandlock-admin.fish": fish}


def main(arguments):
    update = arguments[0] == "--update"
    admin, folder = arguments[1:] if update else arguments
    tables = Tables(admin)
    status = 0
    for name, make in FILES.items():
        path, new = pathlib.Path(folder, name), make(tables)
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if update:
            path.write_text(new, encoding="utf-8")
        elif new != old:
            sys.stdout.writelines(difflib.unified_diff(
                old.splitlines(True), new.splitlines(True), str(path), "the tables"))
            status = 1
    return status


sys.exit(main(sys.argv[1:]))
