#!/bin/sh
# install-new.sh FILE TARGET: installs a configuration file where there is none yet.
set -eu

target=${DESTDIR:-}$2
if [ -e "$target" ]; then
	echo "Keeping $target"
	exit 0
fi
install -D -m 0644 "$1" "$target"
