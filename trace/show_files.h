/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_SHOW_FILES_H
#define PKTTRACE_SHOW_FILES_H

#include <stdint.h>

/*
 * Puts the files of one log in the order of their first times, as a shell's kern.log* has the
 * newer before the older. One that tells no time of day, and a pipe, stays where it stands.
 */
void show_files_sort(const char **files, unsigned n, int64_t now_us);

#endif
