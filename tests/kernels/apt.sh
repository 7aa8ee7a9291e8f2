# shellcheck shell=bash
# Owns which kernels there are, and fetching one.

kernels_cache=$debs_cache/kernels

# The suites that have the series of the matrix. Those of security updates and backports are small.
kernels_suites=(trixie-backports bullseye-security bookworm-security trixie-security)

# kernels_listed: SERIES PACKAGE VERSION of every kernel for virtual machines in the index. Newer
# ones come as linux-binary-*, and their linux-image-* is only a package that asks for it.
kernels_listed() {
	mirror_apt "$kernels_cache" apt-cache dumpavail | awk '
		$1 == "Package:" { package = $2 }
		$1 == "Version:" { version = $2 }
		$0 == "" && package ~ /^linux-(image|binary)-[0-9]+\.[0-9]+\.[0-9].*-cloud-amd64$/ {
			split(package, part, /[-.]/)
			print part[3] "." part[4], package, version
			package = ""
		}'
}

# newest_of: of lines SERIES PACKAGE VERSION the one with the highest version; linux-binary-* sorts
# before linux-image-* of the same.
newest_of() {
	local line best='' best_version=''
	while read -r line; do
		if [[ -z $best ]] || dpkg --compare-versions "${line##* }" gt "$best_version"; then
			best=$line
			best_version=${line##* }
		fi
	done < <(sort -k2)
	if [[ -n $best ]]; then
		echo "$best"
	fi
}

# kernel_pick SERIES: the line SERIES PACKAGE VERSION of its newest, nothing when there is none.
kernel_pick() {
	local series=$1
	kernels_listed | awk -v series="$series" 'series == "newest" || $1 == series' | newest_of
}

# kernel_extract PACKAGE VERSION FOLDER: its image as FOLDER/vmlinuz. Where a package has it differs.
kernel_extract() {
	mkdir -p "$3" &&
		(cd "$3" && mirror_apt "$kernels_cache" apt-get -qq download "$1=$2") &&
		dpkg-deb --fsys-tarfile "$3"/*.deb |
		tar -C "$3" -x --wildcards --no-anchored 'vmlinuz*' --transform 's|.*/vmlinuz.*|vmlinuz|' &&
		rm "$3"/*.deb
}

# kernel_fetch SERIES: sets kernel_version and kernel_image; 1 when the kernel cannot be had.
kernel_fetch() {
	local picked package folder
	picked=$(kernel_pick "$1") && [[ -n $picked ]] || return 1
	read -r _ package kernel_version <<<"$picked"
	folder=$kernels_cache/$1-$kernel_version
	kernel_image=$folder/vmlinuz
	if [[ -e $kernel_image ]]; then
		return 0
	fi
	echo "# apt: downloading $package $kernel_version"
	rm -rf "$kernels_cache/$1-"*
	if ! kernel_extract "$package" "$kernel_version" "$folder.new"; then
		rm -rf "$folder.new"
		return 1
	fi
	mv -T "$folder.new" "$folder"
}
