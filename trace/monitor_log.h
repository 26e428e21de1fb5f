/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_MONITOR_LOG_H
#define PKTTRACE_MONITOR_LOG_H

#include <stdio.h>

#include "trace/gather.h"
#include "trace/kmsg.h"
#include "trace/legacy.h"
#include "trace/logline.h"

/* What a monitor gets from the kernel's log: the steps of legacy iptables, with its rules' text. */
struct monitor_log {
	FILE *say;
	struct np_intern *intern;
	struct kmsg kmsg;
	struct legacy legacy;
	struct logline *ll;
	uint8_t unseen; /* LEGACY_V4 …: something keeps its steps from us, which was said */
	uint8_t works;  /* LEGACY_V4 …: they came all the same */
};

/* Before monitor_log_open(): there is nothing to close. */
void monitor_log_init(struct monitor_log *l);
/* Says what is not seen, and the command that changes that. Returns 0 or -errno. */
int monitor_log_open(struct monitor_log *l, struct np_intern *intern, FILE *say,
	struct np_err *err);
/* The rules that the log's numbers mean; old ones do where the host gives none. */
void monitor_log_rules(struct monitor_log *l, struct gather *g);
/* Lines that are there, at most so many. Returns 0 or -errno. */
int monitor_log_take(struct monitor_log *l, struct gather *g, const char *host, unsigned most);
/* A vanished packet may have met a legacy rule that was not seen: that is its first suspect. */
void monitor_log_suspect(struct monitor_log *l, struct packet *p);
void monitor_log_close(struct monitor_log *l);

#endif
