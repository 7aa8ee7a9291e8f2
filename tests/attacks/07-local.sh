#!/bin/bash
# UNIX sockets of others, above all the bus of the user's systemd, which starts whatever it is told
# to outside the session. A server of the same user stands in for it.
. "$(dirname "$0")/lib.sh"

runtime=/run/user/$(id -u alice)
bus=$runtime/bus
inside=/home/alice/inside
# /run is another file system, over which no hard link goes.
spare=/home/spare/bus

bus_rows() {
	local trick
	for trick in stream unterminated self-root o-path folder-fd relative; do
		row alice bus "the bus by $trick" local "$trick" "$bus"
	done
	row alice bus 'the bus by a symlink' local symlink "$bus" "$inside/link"
	row alice spare 'a socket by a hard link' local link "$spare" "$inside/link"
	row alice private 'the manager itself' local stream "$runtime/systemd/private"
	row alice journal 'a socket in /run' local stream /run/attack.stream
}

programs_up
outside_up
install -d -m 755 /run/user
install -d -m 700 -o alice -g alice "$runtime" "$runtime/systemd" "${spare%/*}"
witness_up "bus=stream:$bus" "spare=stream:$spare" "private=stream:$runtime/systemd/private" \
	journal=stream:/run/attack.stream abstract=stream:@attack moved=stream:/home/alice/moved
chown alice:alice /run/attack.stream "$spare"
bus_rows
row alice abstract 'an abstract socket outside' local stream @attack
plan $((2 * ${#rows[@]} + 3))
rows_run net alice
row alice abstract 'no [network]: an abstract socket outside' local stream @attack
rows_run files alice

# What is allowed stays so: beneath a write grant, the user's own.
chown alice:alice /home/alice/moved
policy_of alice net
check 'a socket beneath a write grant' session alice local stream /home/alice/moved
rm -rf "$runtime" "${spare%/*}" /run/attack.stream /home/alice/moved
