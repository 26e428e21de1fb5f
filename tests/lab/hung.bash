# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # out: of host.bash
#
# What a guest that no longer moves is doing. Sourced by run; the guest's monitor is a pair of pipes.

# ask_guest: by the keys of SysRq the stacks of its processors and tasks come to the console, and
# if it no longer takes interrupts, by its panic at an NMI. What it says is in $out/asked.
ask_guest() {
	local from key
	from=$(stat -c %s "$out/console")
	exec 5<>"$out/monitor.in"
	timeout 20 cat "$out/monitor.out" >"$out/registers" &
	printf 'info registers -a\n' >&5
	for key in 8 l w t; do
		printf 'sendkey alt-sysrq-%s\n' "$key" >&5
		sleep 3
	done
	printf 'nmi\n' >&5
	sleep 3
	exec 5>&-
	tail -c "+$((from + 1))" "$out/console" | tr -d '\r' >"$out/asked"
}

# show_asked: where the processors are, and what each program waits for. Left out: kernel threads
# that are not blocked, the scheduler's statistics, registers, what is on a stack by chance.
show_asked() {
	printf '# --- asked what it does: its processors, and the kernel about itself\n'
	grep -aoE 'CPU#[0-9]+|RIP=[0-9a-f]+ RFL=[0-9a-f]+' "$out/registers" | sed 's/^/# /'
	awk '
		/sysrq: Show State/ { all = 1 }
		/task:/ { hide = all && / (pid|ppid):2 / }
		/Sched Debug Version|Showing busy workqueues/ { hide = 1 }
		/NMI received/ { hide = 0 }
		!hide { print "# " $0 }' "$out/asked" |
		grep -avE '\]  (\? |</?(TASK|IRQ)>)|\] (R([A-D]X|[SDB]I|[SB]P|[01][0-9])|RIP: 0033|Code|[CDF]S|Call Trace|Hardware name):' |
		head -600
}
