#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# /proc/net/static_nat as a file and as a language: nat_proc.py and nat_read.py in a namespace of
# their own. What the article's code did wrong is named a fault.
load lib

setup_file() {
	nat_begin r
}

teardown_file() {
	nat_end
}

proc() {
	at r python3 "$BATS_TEST_DIRNAME/nat_proc.py" "$@"
}

@test "the article's commands and its listing, byte for byte" {
	proc article
}

@test "fault: addresses of 15 characters: every address, kind and ending that is right is taken" {
	proc taken
}

@test "fault: words accepted anywhere, silent success: 130 malformed writes leave the table alone" {
	proc malformed
}

@test "fault: EEXIST missed for the reverse entry, deletion by half a mapping" {
	proc errors
}

@test "fault: EEXIST and the insertion are not one critical section: one of four wins" {
	proc racing
}

@test "one write is atomic, and may replace" {
	proc atomic
}

@test "the listing's order is that of adding" {
	proc order
}

@test "a line may be cut by the end of a long write, nowhere else" {
	proc tail
}

@test "what is left of a line is judged at close" {
	proc tail_close
}

@test "fault: reading behind the user's buffer, and before it" {
	proc buffers
}

@test "100,000 mappings in one write" {
	proc many
}

reading() {
	at r python3 "$BATS_TEST_DIRNAME/nat_read.py" "$@"
}

@test "fault: one read() only, cut by its buffer: pieces of any size are the same bytes" {
	reading chunks
}

@test "lseek and pread" {
	reading anywhere
}

@test "fault: a reader that holds state for all readers" {
	reading readers
}

@test "a reader goes on where it was, whatever comes and goes" {
	reading moving
}

@test "fault: memory of a size that the user chooses" {
	reading sizes
}

@test "the file's mode and owner; ways to open it" {
	reading mode
}

@test "only CAP_NET_ADMIN over the namespace may write; all may read" {
	mkdir -p /run/nat	# where nobody may read it
	cp "$BATS_TEST_DIRNAME"/nat_{file,read}.py /run/nat/
	at r python3 /run/nat/nat_read.py rights
}
