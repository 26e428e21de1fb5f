/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LIVE_LOST_H
#define PKTTRACE_LIVE_LOST_H

#include "trace/monitor.h"

/* What the kernel told and nobody could read in time, a line each; nothing where all was read. */
void live_say_lost(FILE *say, const struct monitor_counts *c);

#endif
