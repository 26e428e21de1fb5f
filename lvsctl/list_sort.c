// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lvsctl/list.h"
#include "lvsctl/options.h"

static uint32_t word(const uint8_t addr[16], int i)
{
	uint32_t v;

	memcpy(&v, addr + 4 * i, sizeof(v));
	return ntohl(v);
}

/* Unsigned arithmetic that wraps, read as signed: what ipvsadm does. */
static int diff(uint32_t a, uint32_t b)
{
	return (int)(a - b);
}

static int addresses(const uint8_t a[16], const uint8_t b[16])
{
	for (int i = 0; i < 4; i++)
		if (word(a, i) != word(b, i))
			return diff(word(a, i), word(b, i));
	return 0;
}

static int svcs(const void *pa, const void *pb)
{
	const struct np_lvs_svc *a = &((const struct lvs_svc *)pa)->svc;
	const struct np_lvs_svc *b = &((const struct lvs_svc *)pb)->svc;
	int r;

	if (a->fwmark != b->fwmark)
		return diff(a->fwmark, b->fwmark);
	if (a->af != b->af)
		return a->af - b->af;
	if (a->protocol != b->protocol)
		return a->protocol - b->protocol;
	r = addresses(a->addr, b->addr);
	return r ? r : a->port - b->port;
}

/*
 * Of both families in one service: as many words as the left one's family has, whatever the
 * right one's is. Which order that gives is then the sorting's affair: glibc's, as ipvsadm's.
 */
static int dests(const void *pa, const void *pb)
{
	const struct np_lvs_dest *a = pa, *b = pb;
	int r;

	if (a->af == AF_INET6)
		r = addresses(a->addr, b->addr);
	else
		r = diff(word(a->addr, 0), word(b->addr, 0));
	return r ? r : a->port - b->port;
}

/* Where a number is in a real server, and its size. */
#define COLUMN_SIZES 16
#define COLUMN(member) \
	(offsetof(struct np_lvs_dest, member) * COLUMN_SIZES + \
	 sizeof(((struct np_lvs_dest *)0)->member))

const struct lvs_word lvs_sort_words[] = {
	{ "address", 0 },
	{ "weight", COLUMN(weight) },          { "active", COLUMN(active) },
	{ "inactive", COLUMN(inactive) },      { "persistent-conns", COLUMN(persistent_conns) },
	{ "u-threshold", COLUMN(u_threshold) }, { "l-threshold", COLUMN(l_threshold) },
	{ "conns", COLUMN(stats.conns) },      { "inpkts", COLUMN(stats.inpkts) },
	{ "outpkts", COLUMN(stats.outpkts) },  { "inbytes", COLUMN(stats.inbytes) },
	{ "outbytes", COLUMN(stats.outbytes) }, { "cps", COLUMN(stats.cps) },
	{ "inpps", COLUMN(stats.inpps) },      { "outpps", COLUMN(stats.outpps) },
	{ "inbps", COLUMN(stats.inbps) },      { "outbps", COLUMN(stats.outbps) },
	{ NULL, 0 },
};

static uint64_t cell(const struct np_lvs_dest *d, uint32_t column)
{
	const char *at = (const char *)d + column / COLUMN_SIZES;
	uint64_t u64;
	uint32_t u32;

	if (column % COLUMN_SIZES == sizeof(u64)) {
		memcpy(&u64, at, sizeof(u64));
		return u64;
	}
	memcpy(&u32, at, sizeof(u32));
	return u32;
}

static int by_column(const void *pa, const void *pb, void *arg)
{
	uint32_t column = *(const uint32_t *)arg;
	uint64_t a = cell(pa, column), b = cell(pb, column);

	return a == b ? dests(pa, pb) : a < b ? 1 : -1;
}

void lvs_sort(struct lvs_table *t, const char *column)
{
	const struct lvs_word *w = column ? lvs_word(lvs_sort_words, column) : NULL;
	uint32_t value = w ? w->value : 0;

	if (t->n)
		qsort(t->svcs, t->n, sizeof(*t->svcs), svcs);
	for (size_t i = 0; i < t->n; i++) {
		struct lvs_svc *s = &t->svcs[i];

		if (!s->n)
			continue;
		if (value)
			qsort_r(s->dests, s->n, sizeof(*s->dests), by_column, &value);
		else
			qsort(s->dests, s->n, sizeof(*s->dests), dests);
	}
}
