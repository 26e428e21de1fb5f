/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_DOCTOR_H
#define PKTTRACE_DOCTOR_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "trace/kmsg.h"

/* What this host and network namespace can show of its packets, and what it takes for the rest. */

enum doctor_state {
	DOCTOR_OK,
	DOCTOR_WITHOUT, /* something is not there that is not needed here */
	DOCTOR_MISSING, /* part of the packets' way cannot be seen */
	DOCTOR_FATAL,   /* nothing can be seen */
};

struct doctor_check {
	const char *name;
	enum doctor_state state;
	char says[200];
	uint8_t families;  /* LEGACY_V4 …: of the log, whose steps it is about */
	char remedy[120];  /* a command; "": there is none, or none is needed */
};

#define DOCTOR_CHECKS 16

/* Asks all that there is to ask, and changes nothing. Returns how many checks there are. */
size_t doctor_ask(struct doctor_check checks[DOCTOR_CHECKS]);
/* Of these, what it takes that their lines are in the log. static_nat's are IPv4's there. */
size_t doctor_ask_log(struct doctor_check checks[DOCTOR_CHECKS], const struct kmsg_speakers *by);
/* "ok", "without", "missing", "fatal". */
const char *doctor_state_name(enum doctor_state state);
/* 0: all that is needed is there; 1: something is missing; 2: nothing can be traced. */
int doctor_status(const struct doctor_check *checks, size_t n);

/* ---- pure ---- */

/* Whether a kernel's release ("6.1.0-56-amd64") is at least a version. */
int doctor_kernel_is(const char *release, unsigned major, unsigned minor);
/* Whether modules.dep or modules.builtin (its text) has a module; - and _ are the same. */
int doctor_has_module(const char *list, const char *name);

#endif
