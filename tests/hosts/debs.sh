# shellcheck shell=bash
# Owns everything that talks to apt: the build packages of the machine, and the .deb files of the
# throw-away host, which are downloaded with apt folders of our own and never installed here.

debs_cache=${XDG_CACHE_HOME:-/var/cache}/sandlock-tests

# debs_list FILE: the package names of a list.
debs_list() {
	sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$1"
}

# debs_missing FILE: those packages of a list that are not installed on the machine.
debs_missing() {
	comm -23 <(debs_list "$1" | sort -u) \
		<(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' | sed -n 's/^ii *//p' | sort -u)
}

# debs_install_build FILE: installs on the machine what the list names and is missing.
debs_install_build() {
	local -a missing
	mapfile -t missing < <(debs_missing "$1")
	if ((${#missing[@]} == 0)); then
		return 0
	fi
	echo "# apt: installing ${missing[*]}"
	apt-get -qq update
	DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
		install "${missing[@]}" >/dev/null
}

# debs_sources FOLDER: copies those apt sources that are the distribution's own. Others may be
# slow, private or unreachable, and a host needs nothing from them.
debs_sources() {
	local codename file
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		if [[ -f $file ]]; then
			grep -E "^deb .* $codename(-updates|-security)? " "$file" >>"$1/debian.list" ||
				[[ $? == 1 ]]
		fi
	done
	for file in /etc/apt/sources.list.d/*.sources; do
		if [[ -f $file ]] && grep -qE "^Suites:(.* )?$codename(-|\$| )" "$file"; then
			cp "$file" "$1/"
		fi
	done
}

# debs_apt FOLDER ARG...: apt-get with lists, cache and sources beneath FOLDER; the installed
# packages it reckons with are the machine's, which the host sees as its lower layer.
debs_apt() {
	local folder=$1
	shift
	apt-get -qq -y -o Dir::State::lists="$folder/lists" -o Dir::Cache="$folder/cache" \
		-o Dir::Cache::archives="$folder/archives" -o Dir::Etc::sourcelist=/dev/null \
		-o Dir::Etc::sourceparts="$folder/sources" -o Acquire::Languages=none \
		-o APT::Sandbox::User=root -o Debug::NoLocking=1 "$@"
}

# debs_fetch FILE: sets debs_folder to a folder with the .debs of the list and of all they depend
# on beyond what the machine has. Kept between runs as long as neither list nor machine changes,
# and for two days more: a checkout with another list may be at work beside this one.
debs_fetch() {
	local key new
	local -a names
	key=$(cat "$1" /var/lib/dpkg/status | sha256sum | cut -c1-16)
	debs_folder=$debs_cache/debs-$key
	if [[ -e $debs_folder/complete ]]; then
		return 0
	fi
	echo "# apt: downloading the packages of the throw-away host"
	mkdir -p "$debs_cache"
	find "$debs_cache" -maxdepth 1 -name 'debs-*' -mtime +1 -exec rm -rf {} +
	new=$(mktemp -d "$debs_cache/debs-new.XXXXXX")
	mkdir -p "$new/lists/partial" "$new/archives/partial" "$new/cache" "$new/sources"
	debs_sources "$new/sources"
	mapfile -t names < <(debs_list "$1")
	debs_apt "$new" update >/dev/null
	debs_apt "$new" --no-install-recommends --download-only install "${names[@]}" >/dev/null
	rm -rf "$new/lists" "$new/cache" "$new/sources" "$new/archives/partial"
	chmod 755 "$new" "$new/archives"
	touch "$new/complete"
	mv -T "$new" "$debs_folder"
}
