// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/monitor_log.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "lib/clock.h"
#include "trace/doctor.h"
#include "trace/outcome.h"

/* What doctor finds missing for those whose steps come by the log, in its words. */
static void say_missing(struct monitor_log *l, const struct kmsg_speakers *by)
{
	struct doctor_check checks[DOCTOR_CHECKS];
	size_t n = doctor_ask_log(checks, by);

	for (size_t i = 0; i < n; i++) {
		if (checks[i].state != DOCTOR_MISSING)
			continue;
		l->unseen |= checks[i].families & by->legacy;
		fprintf(l->say, "pkttrace: %s%s: %s\n", !by->legacy ? "what static_nat does is not "
			"seen" : "rules of legacy iptables are not seen", by->legacy && by->nat ?
			", nor is what static_nat does" : "", checks[i].says);
		if (*checks[i].remedy)
			fprintf(l->say, "  %s\n", checks[i].remedy);
	}
}

void monitor_log_init(struct monitor_log *l)
{
	*l = (struct monitor_log){ .kmsg.fd = -1 };
}

int monitor_log_open(struct monitor_log *l, struct np_intern *intern, FILE *say,
	struct np_err *err)
{
	const struct kmsg_speakers by = kmsg_speakers();
	struct np_err why = NP_ERR_INIT;

	l->say = say;
	l->intern = intern;
	l->ll = logline_new(intern, np_clock_us(CLOCK_REALTIME));
	if (!l->ll)
		return np_err_nomem(err);
	if (!by.names)
		return 0;
	kmsg_open(&l->kmsg, &why); /* if it cannot be read, that is one of what is missing */
	say_missing(l, &by);
	return 0;
}

void monitor_log_rules(struct monitor_log *l, struct gather *g)
{
	struct np_err err = NP_ERR_INIT;
	int64_t now = np_clock_us(CLOCK_MONOTONIC);
	uint8_t families;

	if (l->kmsg.fd < 0 || !legacy_is_old(&l->legacy, now))
		return;
	families = legacy_tables();
	if (!families) { /* static_nat's lines alone */
		l->legacy.read_us = now;
		l->legacy.cost_us = np_clock_us(CLOCK_MONOTONIC) - now;
		return;
	}
	if (legacy_read(&l->legacy, families, l->intern, &err) && !l->legacy.said)
		fprintf(l->say, "pkttrace: %s: rules of legacy iptables are shown by "
			"their numbers\n", err.text);
	l->legacy.said |= err.code != 0;
	gather_set_rules(g, l->legacy.rules);
}

int monitor_log_take(struct monitor_log *l, struct gather *g, const char *host, unsigned most)
{
	struct timeline_note note;
	struct np_trace_event ev;
	char buf[8192];
	size_t len;
	int ret;

	for (unsigned n = 0; n < most && l->kmsg.fd >= 0; n++) {
		ret = kmsg_next(&l->kmsg, buf, sizeof(buf), &len);
		if (ret < 0) {
			fprintf(l->say, "pkttrace: /dev/kmsg: %s: what it would tell is not "
				"seen any more\n", strerror(-ret));
			kmsg_close(&l->kmsg);
		}
		if (ret != 1)
			return 0;
		if (logline_parse(l->ll, buf, len, &ev, &note, NULL) != LOGLINE_TRACE)
			continue;
		monitor_log_rules(l, g);
		ev.host = host;
		ret = gather_log(g, &ev);
		if (ret)
			return ret;
	}
	return 0;
}

/* Steps from the log have its clock. */
static bool has_lines(const struct packet *p)
{
	for (uint32_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].ev.set & NP_TEV_UPTIME)
			return true;
	return false;
}

void monitor_log_suspect(struct monitor_log *l, struct packet *p)
{
	uint8_t family = packet_first(p)->hdr.family == AF_INET6 ? LEGACY_V6 : LEGACY_V4;

	if (has_lines(p))
		l->works |= family;
	if (l->works & family || p->outcome.state != PACKET_VANISHED || !p->outcome.inside)
		return;
	/* tables may have come since we looked whether the log is needed */
	if (l->unseen & family || (l->kmsg.fd < 0 && legacy_tables() & family))
		outcome_first_cause(&p->outcome, CAUSE_LEGACY);
}

void monitor_log_close(struct monitor_log *l)
{
	kmsg_close(&l->kmsg);
	legacy_clean(&l->legacy);
	logline_free(l->ll);
}
