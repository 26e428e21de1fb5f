# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Debian's archive for kernel and headers: packages are fetched and unpacked, never installed.
# Sourced; $cache is the folder to keep lists in, and is locked.

apt_options=(-qq -o APT::Sandbox::User= -o Acquire::Retries=2 -o Acquire::http::Timeout=30)

# Lists of our own, with backports: needs neither root nor anything in /etc/apt.
private_lists() {
	local dir=$cache/apt template uri codename
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	# shellcheck disable=SC2016 # apt's own variables
	template='$(CREATED_BY) $(ORIGIN) $(COMPONENT) $(REPO_URI) $(CODENAME)'
	apt-get indextargets --format "$template" 2>/dev/null |
		sed -n 's/^Packages Debian main //p' | sort -u >"$dir/targets"
	if [[ ! -s $dir/targets ]]; then
		printf '%s: apt knows no Debian archive: add one to its sources\n' "$0" >&2
		return 1
	fi
	while read -r uri codename; do
		printf 'deb %s %s main\n' "$uri" "$codename"
		[[ $codename == *-* ]] || printf 'deb %s %s-backports main\n' "$uri" "$codename"
	done <"$dir/targets" >"$dir/sources.list"
	apt_options+=(-o Dir::Etc::SourceList="$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null
		-o Dir::State::Lists="$dir/lists" -o Dir::Cache="$dir/cache")
	apt-get "${apt_options[@]}" update
}

# fetch: calls download with a new folder $work, which goes when the script ends; once more with
# lists of our own, if it fails. What they say is in $cache/log, but for what download writes to 3.
fetch() {
	rm -rf "$cache"/fetch.*		# of a fetch that was killed
	work=$(mktemp -d "$cache/fetch.XXXXXX") || cannot "cannot write to $cache"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 143' INT TERM
	{ download || { private_lists && download; }; } 3>&2 >"$cache/log" 2>&1
}

# Why it failed.
fetch_error() {
	grep -m1 '^[EW]: ' "$cache/log" || tail -1 "$cache/log"
}
