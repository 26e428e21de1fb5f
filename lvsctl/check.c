// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json_write.h"
#include "lib/out.h"
#include "lvsctl/check.h"
#include "lvsctl/protocol.h"
#include "lvsctl/verbs_host.h"
#include "lvsctl/written.h"

const struct lvs_link *lvs_host_link(const struct lvs_host *h, uint32_t ifindex)
{
	for (size_t i = 0; i < h->n_links; i++)
		if (h->links[i].dev.ifindex == ifindex)
			return &h->links[i];
	return NULL;
}

const char *lvs_addr_text(uint8_t af, const uint8_t *addr, char buf[48])
{
	return inet_ntop(af, addr, buf, 48) ? buf : "?";
}

const char *lvs_svc_text(const struct np_lvs_svc *svc, char buf[80])
{
	char text[48];

	if (svc->fwmark)
		(void)snprintf(buf, 80, "FWM %u", svc->fwmark);
	else
		(void)snprintf(buf, 80, svc->af == AF_INET6 ? "%s [%s]:%u" : "%s %s:%u",
			       lvs_protocol_name((uint8_t)svc->protocol, "?"),
			       lvs_addr_text(svc->af, svc->addr, text), svc->port);
	return buf;
}

struct lvs_finding *lvs_tell(struct lvs_findings *out, enum lvs_severity severity, size_t svc,
			     const struct lvs_check *check, const char *fmt, ...)
{
	/* The first is a place to write to when there is no memory. */
	struct lvs_finding *grown = reallocarray(out->list, out->n + 2, sizeof(*grown)), *f;
	va_list ap;

	if (!grown) {
		out->nomem = true;
		f = out->list;
	} else {
		out->list = grown;
		f = &grown[++out->n];
	}
	*f = (struct lvs_finding){ .severity = severity, .svc = svc, .check = check->name };
	va_start(ap, fmt);
	(void)vsnprintf(f->says, sizeof(f->says), fmt, ap);
	va_end(ap);
	return f;
}

void lvs_cure(struct lvs_finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(f->remedy, sizeof(f->remedy), fmt, ap);
	va_end(ap);
}

int lvs_check_run_all(const struct lvs_host *h, struct lvs_findings *out, struct np_err *err)
{
	*out = (struct lvs_findings){ .list = calloc(1, sizeof(*out->list)) };
	if (!out->list)
		return np_err_nomem(err);
	for (size_t i = 0; i < h->table.n; i++)
		for (const struct lvs_check *c = lvs_svc_checks; c->name; c++)
			c->run(h, i, c, out);
	for (const struct lvs_check *c = lvs_host_checks; c->name; c++)
		c->run(h, LVS_NO_SVC, c, out);
	if (out->nomem)
		return np_err_nomem(err);
	memmove(out->list, out->list + 1, out->n * sizeof(*out->list));
	return 0;
}

/* 0: nothing, 1: warnings, 2: errors. */
static int verdict(const struct lvs_findings *f)
{
	int worst = LVS_INFO;

	for (size_t i = 0; i < f->n; i++)
		if ((int)f->list[i].severity > worst)
			worst = (int)f->list[i].severity;
	return worst;
}

static int show(const struct lvs_host *h, const struct lvs_findings *f, bool want_json,
		bool pretty, struct np_err *err)
{
	struct np_out out;
	struct np_json j;
	int ret;

	np_out_init(&out, stdout, NP_COLOR_AUTO);
	if (want_json) {
		np_json_init(&j, stdout, pretty);
		lvs_check_json(&j, h, f);
	} else {
		lvs_check_text(&out, h, f);
	}
	ret = lvs_written(&out, err);
	return ret ? ret : verdict(f);
}

int lvs_check_run(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct lvs_findings found = { 0 };
	bool json = false, pretty = false;
	struct lvs_host h = { 0 };
	int ret = lvs_json_words(&json, &pretty, argc, argv, at, err);

	(void)ctx;
	if (ret)
		return ret;
	ret = lvs_host_load(&h, err);
	if (!ret)
		ret = lvs_check_run_all(&h, &found, err);
	if (!ret)
		ret = show(&h, &found, json, pretty, err);
	free(found.list);
	lvs_host_clean(&h);
	return ret;
}
