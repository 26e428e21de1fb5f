/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_WHEN_H
#define PKTTRACE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A point in time as people and logs write it, local time where no zone is said:
 *   2026-05-08T16:30:29.5Z, 2026-05-08 16:30, 2026-05-08      ISO 8601
 *   May  8 16:30:29, May 8                                   as syslog has it: the
 *                                       latest year that puts it not after now
 *   16:30, 16:30:29                                          of today
 *   -90s, -10min, -2h, -1d                                   before now
 *   @1778257829                                              since the epoch
 *   324781.838361, [324781.838361]                           the kernel's clock
 * *uptime says which clock *us (microseconds) counts on. Returns 0 or -EINVAL.
 */
int when_parse(const char *word, int64_t now_us, bool *uptime, int64_t *us);

#endif
