#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # lines comes from run
# The shells' completion, in the shells: what a user has on the line after the tab key.
load lib

# in_zsh LINE…: types each and a tab in one interactive zsh; prints what stands there then, as <LINE>
in_zsh() {
	# shellcheck disable=SC2016 # for the shell within
	timeout 120 zsh -f -c '
		zmodload zsh/zpty
		zpty z zsh -f -i
		zpty -w z "PS1= PROMPT_EOL_MARK=; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D"
		# the widget takes the line away, so that what was completed is not run
		zpty -w z "tell() { print -r -- \"<<\$BUFFER>>\"; BUFFER=; zle accept-line }; zle -N tell"
		zpty -w z "bindkey \"^X\" tell; zle_highlight=(none); print rea\"\"dy"
		zpty -r -m z said "*ready*" || exit 1
		shift
		for line; do
			zpty -w -n z "$line"$'"'\t\x18'"'
			zpty -r -m z said "*<<*>>*" || exit 1
			said=${said##*<<}
			print -r -- "<${said%%>>*}>"
		done
		zpty -d z' zsh "$NP_TOP/completion" "$@"
}

@test "zsh completes commands, words, options with a value, files and interfaces" {
	: >"$BATS_TEST_TMPDIR/only-one.rules"
	run -0 in_zsh 'prt ru' 'prt rule add fw' 'pkttrace show --summ' \
		'lvsctl -A -t [2001:db8::1]:80 -s wl' "pkttrace show --rules $BATS_TEST_TMPDIR/only" \
		'prt route add default dev l' 'prt rule no-such-wo'
	[ "${lines[0]}" = '<prt rule >' ]
	[ "${lines[1]}" = '<prt rule add fwmark >' ]
	[ "${lines[2]}" = '<pkttrace show --summary >' ]
	[ "${lines[3]}" = '<lvsctl -A -t [2001:db8::1]:80 -s wlc >' ]
	[ "${lines[4]}" = "<pkttrace show --rules $BATS_TEST_TMPDIR/only-one.rules >" ]
	[ "${lines[5]}" = '<prt route add default dev lo >' ]
	[ "${lines[6]}" = '<prt rule no-such-wo>' ]
}
