// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/ctx.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdarg.h>
#include <stdio_ext.h>
#include <sys/socket.h>

#include "ip/sink.h"
#include "lib/nat_nl.h"

/* iproute2's palette (lib/color.c there): one for light terminals, one for dark ones. */
static const struct {
	const char *light, *dark;
} palette[] = {
	[PRT_COLOR_NONE] = { "", "" },
	[PRT_COLOR_IFNAME] = { "\033[36m", "\033[1;36m" },
	[PRT_COLOR_INET] = { "\033[35m", "\033[1;35m" },
	[PRT_COLOR_INET6] = { "\033[34m", "\033[1;34m" },
};

const char *prt_color_on(const struct prt_show *show, enum prt_color color)
{
	if (!show->color)
		return "";
	return show->dark ? palette[color].dark : palette[color].light;
}

const char *prt_color_off(const struct prt_show *show, enum prt_color color)
{
	return show->color && color != PRT_COLOR_NONE ? "\033[0m" : "";
}

enum prt_color prt_family_color(uint8_t family)
{
	return family == AF_INET ? PRT_COLOR_INET :
	       family == AF_INET6 ? PRT_COLOR_INET6 : PRT_COLOR_NONE;
}

void prt_put(const struct prt_show *show, enum prt_color color, const char *text)
{
	fputs(prt_color_on(show, color), show->fp);
	fputs(text, show->fp);
	fputs(prt_color_off(show, color), show->fp);
}

void prt_doc_begin(struct prt *p)
{
	p->show.json = NULL;
	if (!p->want_json)
		return;
	np_json_init(&p->json_room, p->show.fp, p->pretty);
	p->json_room.like_ip = true;
	np_json_open(&p->json_room, NULL, '[');
	p->show.json = &p->json_room;
}

int prt_settle(const struct prt *p, struct np_err *err)
{
	if (p->batch && np_nl_flush(p->nl) && np_nl_stopped(p->nl))
		return np_err_set(err, ECANCELED, "a command before this one failed");
	return 0;
}

int prt_list_begin(struct prt *p, struct np_err *err)
{
	int ret = prt_settle(p, err);

	if (ret)
		return ret;
	fflush(p->show.fp);
	p->mark = prt_sink_written(p->sink);
	prt_doc_begin(p);
	return 0;
}

void prt_list_end(struct prt *p)
{
	if (p->show.json) {
		np_json_close(p->show.json, ']');
		np_json_end(p->show.json);
		p->show.json = NULL;
	}
}

int prt_list_restart(struct prt *p)
{
	if (prt_sink_written(p->sink) != p->mark)
		return -1;
	__fpurge(p->show.fp);
	prt_doc_begin(p);
	return 0;
}

int prt_listing_restart(void *arg)
{
	const struct prt_listing *l = arg;

	return prt_list_restart(l->p);
}

static void warn(void *arg, const char *text)
{
	prt_note(arg, "%s", text);
}

int prt_need_nl(struct prt *p, struct np_err *err)
{
	int ret = p->nl ? 0 : np_nl_open(&p->nl, NETLINK_ROUTE, err);

	if (!ret)
		np_nl_on_warning(p->nl, warn, p);
	return ret;
}

int prt_need_nat(struct prt *p, struct np_err *err)
{
	int ret = prt_settle(p, err);

	return ret || p->nat ? ret : np_nat_open(&p->nat, err);
}

uint8_t prt_family(const struct prt *p)
{
	return p->show.family == AF_UNSPEC ? AF_INET : p->show.family;
}

void prt_note(const struct prt *p, const char *fmt, ...)
{
	va_list ap;

	/* What was printed before comes before, also when both go to one file. */
	fflush(p->show.fp);
	fputs("prt: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}
