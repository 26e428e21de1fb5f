# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What run and shell share on the host: what is needed, the results folder, the QEMU command, the
# end of it all. Sourced.

lab_dir=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
top=$(realpath "$lab_dir/../..")
export LC_ALL=C PATH="$PATH${LAB_PATH-:/usr/sbin:/sbin}"

# The beginning of a kernel message after which no test can be believed.
alarm='(WARNING: |BUG: |watchdog: BUG: |kernel BUG at |Oops: |KASAN: |UBSAN: |INFO: task .* blocked|'
alarm+='INFO: trying to register non-static key|general protection fault|Kernel panic|'
alarm+='unregister_netdevice: waiting for|kmemleak: [0-9]+ new|'
alarm+='.*(possible circular locking|suspicious RCU usage|sleeping function called))'

qemu_pid=
out=
# shellcheck disable=SC2034 # of those who source this
limit=${LAB_TIMEOUT:-600}

cannot() {	# REASON: not a failure of what is tested; the caller decides what it means
	printf '1..0 # SKIP the lab cannot run here: %s\n' "$1" >&"${tell:-1}"
	exit 77
}

# One row a need: command, Debian package. tests/lab/deps has what each is for.
need_commands() {
	local command package missing=() packages=()
	while read -r command package; do
		command -v "$command" >/dev/null && continue
		missing+=("$command")
		packages+=("$package")
	done < <(sed -nE 's/^([a-z][^ ]*) +([^ ]+) +#.*/\2 \1/p' "$lab_dir/deps")
	((${#missing[@]} == 0)) && return
	printf 'lab: missing: %s\n     as root: apt-get install %s\n' "${missing[*]}" "${packages[*]}" >&2
	cannot "missing ${missing[*]}"
}

find_kernel() {
	local answer status
	answer=$("$lab_dir/kernel" "${LAB_KERNEL-}")
	status=$?
	((status == 0)) || cannot "no kernel ${LAB_KERNEL:-of the distribution} (exit status $status)"
	version=$(sed -n 's/^version=//p' <<<"$answer")
	image=$(sed -n 's/^image=//p' <<<"$answer")
	modules=$(sed -n 's/^modules=//p' <<<"$answer")
	initrd=$("$lab_dir/initrd" "$version" "$modules") || cannot "no initramfs for kernel $version"
}

# The folder that the guest writes to, with the guest's own script and settings.
make_results() {
	out=$(mktemp -d "${TMPDIR:-/tmp}/netpath-lab.XXXXXX") || exit 1
	cp "$lab_dir/guest" "$out/guest"
	: >"$out/console"
	mkfifo "$out/monitor.in" "$out/monitor.out"
	{
		printf '%s=%q\n' LAB_TOP "$top" NP_BUILD "$(cd "$top" && realpath -m "${NP_BUILD:-build}")" \
			LAB_MODULES "$modules" LAB_KERNEL "$version" ALARM "$alarm" \
			TERM "${TERM:-linux}"
		printf 'export LAB_KERNEL\n'
	} >"$out/env"
}

# build_module: static_nat.ko for the guest's kernel; in the guest LAB_NAT is its path, or empty, and
# LAB_NAT_WHY says why. What does not build fails the run.
build_module() {
	local module why
	module=$("$lab_dir/module" "$version" 2>"$out/module.log")
	case $? in
	0 | 77) ;;
	*)
		sed 's/^/# /' "$out/module.log"
		printf 'not ok 1 lab: static_nat does not build for kernel %s\n1..1\n' "$version"
		printf '0 passed, 1 failed\n'
		exit 1
		;;
	esac
	why=$(tail -1 "$out/module.log")
	printf 'export LAB_NAT=%q LAB_NAT_WHY=%q\n' "$module" "$why" >>"$out/env"
}

# Whether KVM here runs the guest. One nested in a guest may open and then refuse a register of the
# processor, or, without VMX or SVM (pvm), run only kernels that were made for it.
kvm_runs() {
	[[ -w /dev/kvm ]] && grep -qwE 'vmx|svm' /proc/cpuinfo || return
	{ qemu-system-x86_64 -accel kvm -cpu max -S -nic none -display none -monitor stdio <<<quit; } \
		>/dev/null 2>&1
}

# qemu_command ARG...: leaves in the array qemu how to boot, with the console as ARG says.
#
# One thread for all processors: with one for each, QEMU 7.2 may translate code while another
# processor writes it, and keep what was there before. Linux writes its own code wherever a static
# key changes (a hook gets its first rule, a trace event its first listener), by way of int3: then
# a processor comes upon that int3 for ever. Two threads are no faster, either, on two processors.
qemu_command() {
	local share=security_model=none,multidevs=remap accel=(-accel "${LAB_ACCEL:-tcg,thread=single}")
	[[ ${LAB_ACCEL-} ]] || ! kvm_runs || accel=(-accel kvm "${accel[@]}")
	# A child that outlives a killed run would burn a processor for ever.
	qemu=(setpriv --pdeathsig KILL qemu-system-x86_64 "${accel[@]}" -cpu max
		-smp "${LAB_SMP:-2}" -m "${LAB_MEM:-1024}" -nic none -no-reboot -display none
		-chardev "pipe,id=monitor,path=${out//,/,,}/monitor" -mon chardev=monitor
		-kernel "$image" -initrd "$initrd"
		-virtfs "local,path=/,mount_tag=root,readonly=on,$share"
		-virtfs "local,path=${out//,/,,},mount_tag=results,$share"
		-append "console=ttyS0 quiet panic=-1 oops=panic log_buf_len=16M printk.devkmsg=on
			mitigations=off audit=0 apparmor=0 net.ifnames=0 watchdog_thresh=60
			sysrq_always_enabled unknown_nmi_panic no_timer_check
			${LAB_APPEND-}"
		"$@")
	# One line: QEMU hands blanks on as they are, and the kernel shows them in its log.
	local i
	for i in "${!qemu[@]}"; do
		[[ ${qemu[i]} != console=* ]] || qemu[i]=$(tr -s '\n\t ' ' ' <<<"${qemu[i]}")
	done
	# shellcheck disable=SC2206 # words of the user's own
	qemu+=(${LAB_QEMU-})
}

end_guest() {
	[[ $qemu_pid ]] || return 0
	kill "$qemu_pid" 2>/dev/null
	for _ in {1..20}; do
		kill -0 "$qemu_pid" 2>/dev/null || break
		sleep 0.1
	done
	kill -9 "$qemu_pid" 2>/dev/null
	wait "$qemu_pid" 2>/dev/null
	qemu_pid=
}

clean_up() {
	end_guest
	[[ ! $out || ${keep-} ]] || rm -rf "$out"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
