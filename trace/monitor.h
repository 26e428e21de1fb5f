/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_MONITOR_H
#define PKTTRACE_MONITOR_H

#include "lib/nft.h"
#include "trace/command.h"
#include "trace/live_args.h"
#include "trace/packet.h"

/*
 * Traces packets as they come and draws each when it has ended. All that it puts into
 * nf_tables is in a table that its socket owns: it goes when the process goes.
 */
struct monitor;

struct monitor_opts {
	const struct live_request *req;
	const struct np_out *out;
	FILE *say;              /* what is no packet: stderr */
	struct command *command; /* it goes on until this has ended; NULL: nothing to wait for */
};

#define MONITOR_LOST 512

struct monitor_counts {
	uint64_t packets;
	uint64_t lost;       /* times that the kernel threw events away */
	uint64_t by_state[PACKET_STATES];
	bool rewritten;      /* NAT changed one: answers come to addresses that are not its own */
	bool acked;          /* one was TCP and had ACK: something had come */
	char lost_at[MONITOR_LOST]; /* the first that was dropped or vanished, in words; "" */
	uint64_t lost_lines; /* times that it wrote over lines of its log before they were read */
};

/* Everything is traced when it returns. Returns 0 or -errno. */
int monitor_open(struct monitor **m, const struct monitor_opts *opts, struct np_err *err);
/*
 * Draws packets until a signal, or the request's count or time; then what is still under
 * way. Returns 0 or -errno.
 */
int monitor_run(struct monitor *m, struct np_err *err);
void monitor_counts(const struct monitor *m, struct monitor_counts *counts);
void monitor_close(struct monitor *m);

#endif
