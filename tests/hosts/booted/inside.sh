#!/bin/bash
# Runs a command as root in the booted host, in all of its namespaces; started outside of it.
#   inside.sh CMD ARG...
set -euo pipefail

init=$(cat "$BOOTED_STATE/init")
exec nsenter --target "$init" --mount --pid --net --uts --ipc --cgroup --root --wd -- \
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=xterm \
	DEBIAN_FRONTEND=noninteractive "$@"
