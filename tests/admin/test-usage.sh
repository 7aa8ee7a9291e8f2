#!/bin/bash
# The command line itself: help, version, unknown words, colours; and keys.
. "$(dirname "$0")/lib.sh"

says help.txt 0 --help
says help-check.txt 0 check --help
says help-run.txt 0 run --help
says help-sessions.txt 0 sessions --help
says help-status.txt 0 status --help
says help-log.txt 0 log --help
says help-why.txt 0 why --help
says help-suggest.txt 0 suggest --help
says help-terminate.txt 0 terminate --help
says help-lock.txt 0 lock --help
says help-unlock.txt 0 unlock --help
says help-keys.txt 0 keys --help
says help-sets.txt 0 sets --help
says help-doctor.txt 0 doctor --help
exits 0 --version
grep -qxE 'sandlock-admin [0-9]+\.[0-9]+\.[0-9]+' "$scratch/out" || fail "--version"
exits 0 -h
exits 2 check -h --nonsense

exits 2
says unknown-command.txt 2 sesions
says unknown-option.txt 2 log --sinse today
for arguments in 'bogus --json' '--json bogus' 'bogus now --json' 'bogus --json=sarif'; do
	# shellcheck disable=SC2086
	exits 2 $arguments
	json 'j == {"schema": "sandlock.admin/1", "errors": ["unknown command \"bogus\""]}'
done
exits 2 bogus -- --json
[[ ! -s $scratch/out ]] || fail 'JSON that nobody asked for'
says unknown.json 2 keys --nonsense --json
exits 2 log --since
exits 2 log --json=yes
exits 2 log --since yesterdai
exits 2 log --session xyz
exits 2 log --lines -1
exits 2 log surplus
exits 2 sessions surplus
for command in 'terminate 12345678' 'lock alice' 'unlock alice' 'run alice -- true'; do
	# shellcheck disable=SC2086
	exits 2 ${command%% *} --root /mnt ${command#* }
	has "\"${command%% *}\" does not take --root: "
done
exits 2 lock
exits 2 lock alice bob
exits 2 lock alice --for 2
exits 2 lock alice --for 0s
exits 2 lock alice --for -2h
exits 2 lock alice --for tomorrow
exits 2 lock alice --reason $'two\nlines'
exits 2 lock alice --reason "$(printf 'x%.0s' {1..201})"
exits 1 lock root
has 'root cannot be locked out'
exits 3 lock nobody-of-this-name
exits 3 lock ../root
exits 2 unlock
exits 3 unlock ../root
exits 2 terminate
exits 2 terminate 1234567
exits 2 terminate 1234567g
exits 2 terminate 12345678 --user alice
exits 2 run
exits 2 run alice true
exits 2 run alice --
exits 2 keys network log
exits 3 keys netwrk
has 'did you mean "network"'
exits 2 keys limits

says keys.txt 0 keys
says keys-network.txt 0 keys network
says keys.json 0 keys --json
is_json
says keys-log.json 0 --json keys log

says sets.txt 0 sets
says sets-swap.txt 0 sets @swap
says sets-swap.json 0 sets @swap --json
exits 0 sets @known --json
json '{"read", "openat", "mount"} <= set(j["sets"][0]["calls"]) and len(j["sets"]) == 1'
exits 0 sets --json
is_json
json '{"@mount", "@module", "@raw-io", "@reboot", "@swap", "@clock", "@debug", "@keyring", "@privileged",
	"@resources", "@ipc", "@network-io", "@file-system", "@process"} <= {s["set"] for s in j["sets"]}'
json 'all(s["help"] and (s["calls"] or s["set"] in ("@obsolete", "@cpu-emulation")) for s in j["sets"])'
json 'all(s["calls"] == sorted(set(s["calls"])) for s in j["sets"])'
says sets-unknown.json 3 sets --json @mout
exits 3 sets swap
has 'did you mean "@swap"'
exits 3 sets @nothing-like-it
lacks 'did you mean'
exits 2 sets @swap @clock
exits 0 sets --root /mnt @swap

# A full disk is no success.
status=0
"$SANDLOCK_ADMIN" keys >/dev/full 2>"$scratch/err" || status=$?
((status == 70)) || fail "exit $status with standard output full"

mapfile -t commands < <("$SANDLOCK_ADMIN" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
((${#commands[@]} > 8)) || fail 'no commands in --help'

# Every command has a schema, which finds what is not so.
schemas=$SANDLOCK_SOURCE/etc/schemas
for command in admin "${commands[@]}"; do
	[[ -s $schemas/$command.json ]] || fail "etc/schemas has no $command.json"
	for wrong in '' ', "errors": [7]' ', "errors": [], "Nonsense": 1'; do
		echo "{\"schema\": \"sandlock.$command/1\"$wrong}"
	done
done >"$scratch/wrong"
echo '{"schema": "sandlock.none/1", "errors": []}' >>"$scratch/wrong"
python3 "$here/schemas.py" "$schemas" "$scratch/wrong" >"$scratch/faults" && fail 'the schemas allow what is wrong'
[[ $(grep -c '^    in ' "$scratch/faults") == $(wc -l <"$scratch/wrong") ]] ||
	fail "the schemas allow some of what is wrong: $(cat "$scratch/faults")"

# No line of help is wider than a terminal.
for command in '' "${commands[@]}"; do
	# shellcheck disable=SC2086
	exits 0 $command --help
	! grep -nE '.{81}' "$scratch/out" || fail "--help of \"$command\" is wider than 80 columns"
done

# The help as the completions need it: all options of all commands.
exits 0 --help --json
is_json
json 'len(j["commands"]) > 8 and {"json", "root", "help"} <= {o["name"] for o in j["options"]}'
json '[o for o in j["commands"][0]["options"] if o["name"] == "all"][0]["letter"] == "a"'
exits 0 show --help --json
json '[c["name"] for c in j["commands"]] == ["show"]'
json '{"service", "json"} <= {o["name"] for o in j["commands"][0]["options"]}'
finish
