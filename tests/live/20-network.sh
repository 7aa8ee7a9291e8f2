#!/bin/bash
# also: sanitizers
# Whatever way a confined user comes in, no server outside the rules ever accepts a connection of
# theirs, while allowed ones do. The servers' own logs are the witness.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ways.sh"

allowed=10.20.0.53:22
denied=10.20.0.53:8080
also_denied=('10.99.0.1:53' '127.0.0.1:8080' '[2001:db8:20::1]:8080' '10.99.0.1:8080')
also_allowed=('10.99.0.1:443' '[2001:db8:99::1]:443' '10.20.0.53:80')

plan $((3 * ${#command_ways[@]} + ${#also_denied[@]} + ${#also_allowed[@]} + 5))
policy_students

# reached WAY USER ENDPOINT: how many connections the server there takes from one attempt.
reached() {
	local before
	before=$(accepted "$3")
	"way_$1" "$2" "$(dial "$3")" >/dev/null
	echo $(($(accepted "$3") - before))
}

for way in "${command_ways[@]}"; do
	is "$way: alice reaches $allowed" "$(reached "$way" alice $allowed)" 1
	is "$way: alice does not reach $denied" "$(reached "$way" alice $denied)" 0
	is "$way: bob, unconfined, reaches $denied" "$(reached "$way" bob $denied)" 1
done

for endpoint in "${also_denied[@]}"; do
	is "alice does not reach $endpoint" "$(reached exec alice "$endpoint")" 0
done
for endpoint in "${also_allowed[@]}"; do
	is "alice reaches $endpoint" "$(reached exec alice "$endpoint")" 1
done

has 'a refused connect says "connection refused"' \
	"$(as alice "LC_ALL=C; $(dial $denied)" 2>&1 || :)" 'Connection refused'

# A UNIX socket outside the grants that anyone may connect to, and one in a folder of hers.
unix_client='import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
print(s.recv(99))'
# shellcheck disable=SC2089
dial_unix="python3 -c '$unix_client' /run/outside.sock"
before=$(accepted unix:/run/outside.sock)
has 'alice gets EACCES from a UNIX socket outside' "$(way_exec alice "$dial_unix")" PermissionError
is 'and its server has taken nobody' "$(accepted unix:/run/outside.sock)" "$before"
has 'bob, unconfined, reaches it' "$(way_exec bob "$dial_unix")" 'hello from unix:'

no_leaks 'nothing is left'
