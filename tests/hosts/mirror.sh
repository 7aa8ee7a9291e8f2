# shellcheck shell=bash
# Owns what comes from the distribution's mirror without being a package of this machine: an index
# of other suites, single packages of theirs, and whole Debians. The mirror is the one that the
# machine's own apt uses; its sources, lists and cache stay as they are.
#
#   mirror_up FOLDER SUITE...         writes FOLDER/apt, and an index no older than a day
#   mirror_apt FOLDER CMD ARG...      apt-get, apt-cache and the like on that index
#   mirror_debian CODENAME FOLDER PACKAGE...   debootstrap

mirror_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# mirror_of SUITE: the address of the machine's repository for it. The suites of security updates
# have one of their own.
mirror_of() {
	local codename
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	if [[ $1 == *-security ]]; then
		codename=$codename-security
	fi
	apt-get indextargets --format '$(RELEASE) $(REPO_URI)' |
		awk -v release="$codename" '$1 == release { print $2; exit }'
}

mirror_source() {
	local address
	address=$(mirror_of "$1")
	# A machine without security updates has none of their suites.
	if [[ -n $address ]]; then
		echo "deb [arch=amd64 signed-by=$mirror_keyring] $address $1 main"
	fi
}

mirror_configuration() {
	cat <<-CONF
		Dir::State "$1";
		Dir::State::lists "$1/lists";
		Dir::State::status "/dev/null";
		Dir::Cache "$1/cache";
		Dir::Etc::sourcelist "/dev/null";
		Dir::Etc::sourceparts "$1/sources";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
		APT::Sandbox::User "root";
		Acquire::Languages "none";
	CONF
}

mirror_apt() {
	local folder=$1
	shift
	APT_CONFIG=$folder/apt/apt.conf "$@"
}

# mirror_up FOLDER SUITE...: an index that cannot be refreshed is used as it is; what is not in it is
# reported by who asks for it.
mirror_up() {
	local folder=$1 apt=$1/apt suite
	shift
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/sources"
	mirror_configuration "$apt" >"$apt/apt.conf"
	for suite in "$@"; do
		mirror_source "$suite"
	done >"$apt/sources.new"
	if cmp -s "$apt/sources.new" "$apt/sources/mirror.list" &&
		[[ -n $(find "$apt/refreshed" -mmin -1440 2>/dev/null) ]]; then
		return 0
	fi
	rm -f "$apt/refreshed"
	mv "$apt/sources.new" "$apt/sources/mirror.list"
	echo '# apt: refreshing the index of other suites'
	if mirror_apt "$folder" apt-get -qq update; then
		touch "$apt/refreshed"
	else
		echo '# apt: the index of other suites could not be refreshed'
	fi
}

# mirror_debian CODENAME FOLDER PACKAGE...: beneath a mount namespace, so nothing stays mounted when
# this is killed.
mirror_debian() {
	local codename=$1 folder=$2 packages
	shift 2
	packages=$(IFS=, && echo "$*")
	unshare --mount --propagation private debootstrap --arch=amd64 --variant=minbase \
		--include="$packages" "$codename" "$folder" "$(mirror_of "$codename")" \
		>"$folder.log" 2>&1 || { tail -n 20 "$folder.log" >&2; return 1; }
}
