/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOGNOTE_H
#define PKTTRACE_LOGNOTE_H

#include <stdbool.h>

#include "trace/timeline.h"

/*
 * "martian source 10.0.1.20 from 192.168.235.13, on dev enp3s0" and "martian
 * destination …, dev …" of net/ipv4/route.c, anywhere in line..end. Fills in
 * family, src, dst; *at is where the message begins, *dev (*dev_len bytes) the
 * device. The kernel prints "martian source" for a reverse path that fails too.
 */
bool lognote_parse(const char *line, const char *end, struct timeline_note *note, const char **at,
	const char **dev, size_t *dev_len);

#endif
