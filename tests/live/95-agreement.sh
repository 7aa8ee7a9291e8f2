#!/bin/bash
# What `sandlock-admin test` says is what a session can do: random policies, random actions. For
# half a minute, or half an hour with --long; AGREEMENT_SEED repeats a run.
. "$(dirname "$0")/lib.sh"

plan 3

install -m 755 "$lib_folder/agreement-try.py" /usr/local/lib/agreement-try.py
policies_none
seed=${AGREEMENT_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
seconds=30
if [[ -n ${SANDLOCK_LONG:-} ]]; then
	seconds=1800
fi
echo "# seed $seed"

status=0
python3 "$lib_folder/agreement.py" "$seed" "$seconds" >"$work/agreement" 2>&1 || status=$?
if ((status == 0)); then
	ok "test and a session agree"
else
	not_ok "test and a session agree" "$(tail -1 "$work/agreement")"$'\n'"$(cat "$work/agreement")"
fi
sed 's/^/# /' < <(tail -1 "$work/agreement")

# The comparison can fail: where the session is by another policy than the one that was asked.
sed -e 's/^        errors = attempt(way)$/        write_policies(random.Random(seed + 1)); errors = attempt(way)/' \
	"$lib_folder/agreement.py" >"$work/agreement.py"
check_fails "the comparison finds a session by another policy" python3 "$work/agreement.py" 1 0

rm -rf /srv/agreement /usr/local/lib/agreement-try.py
policies_none
no_leaks "nothing is left behind"
