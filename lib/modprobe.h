/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_MODPROBE_H
#define NP_MODPROBE_H

/*
 * Runs modprobe(8) for a module, as the kernel's own helper (/proc/sys/kernel/modprobe)
 * is named; what it says goes nowhere. For when the kernel cannot load it by itself, as
 * in a chroot. Returns 0 when modprobe says that it is there, or -errno.
 */
int np_modprobe(const char *module);

#endif
