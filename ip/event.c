// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands around an event of a monitor. */
#include <sys/time.h>
#include <time.h>

#include "ip/verbs.h"

static void print_time(const struct prt *p)
{
	struct timeval tv;
	struct tm tm;
	char text[64];
	FILE *fp = p->show.fp;

	gettimeofday(&tv, NULL);
	localtime_r(&tv.tv_sec, &tm);
	if (p->ts_short) {
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
		fprintf(fp, "[%s.%06ld] ", text, (long)tv.tv_usec);
		return;
	}
	strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &tm);
	fprintf(fp, "Timestamp: %s %ld usec\n", text, (long)tv.tv_usec);
}

void prt_event_begin(struct prt *p, const char *label)
{
	if (p->want_json) {
		np_json_init(&p->json_room, p->show.fp, false);
		p->show.json = &p->json_room;
		return;
	}
	if (p->timestamp)
		print_time(p);
	fputs(label, p->show.fp);
}

void prt_event_end(struct prt *p)
{
	if (p->show.json)
		np_json_end(p->show.json);
	p->show.json = NULL;
	fflush(p->show.fp);
}

void prt_events_lost(const struct prt *p)
{
	prt_note(p, "events were lost: they came faster than they could be shown");
}
