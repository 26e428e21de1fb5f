/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NAT_MODULE_H
#define NAT_MODULE_H

/*
 * The module static_nat for tests without a kernel: its generic netlink as
 * kmod/static_nat_uapi.h describes it, over tests/unit/mock_nl.h. Its own reading of
 * messages, so that lib/nat_mapping_nl.c is held against something else.
 */
#include <linux/genetlink.h>
#include <sys/socket.h>

#include "kmod/static_nat_uapi.h"
#include "tests/unit/mock_nl.h"

#define MODULE_FAMILY 33
#define MODULE_GROUP 7
#define MODULE_MAX 5000

struct module_mapping {
	uint8_t kind, mode, len, bits;
	uint32_t ifindex, id;
	uint8_t from[16], to[16];
};

struct module_table {
	struct module_mapping mappings[MODULE_MAX];
	unsigned n;
};

struct module {
	struct module_table used, staged;
	bool begun;
	uint32_t generation, next_id;
	unsigned meddle; /* the table changes behind this many COMMITs' backs */
	unsigned cut;    /* mappings a message of a dump; 0: as many as fit */
};

static bool module_read(const struct nlattr *nest, struct module_mapping *mapping)
{
	const struct nlattr *a;

	memset(mapping, 0, sizeof(*mapping));
	mnl_attr_for_each_nested(a, nest) {
		uint16_t len = mnl_attr_get_payload_len(a);
		const void *p = mnl_attr_get_payload(a);

		switch (mnl_attr_get_type(a)) {
		case STATIC_NAT_M_KIND:
			mapping->kind = *(const uint8_t *)p;
			break;
		case STATIC_NAT_M_FROM:
			mapping->len = (uint8_t)len;
			memcpy(mapping->from, p, len <= 16 ? len : 0);
			break;
		case STATIC_NAT_M_TO:
			memcpy(mapping->to, p, len <= 16 ? len : 0);
			break;
		case STATIC_NAT_M_PREFIXLEN:
			mapping->bits = *(const uint8_t *)p;
			break;
		case STATIC_NAT_M_IFINDEX:
			mapping->ifindex = mnl_attr_get_u32(a);
			break;
		case STATIC_NAT_M_MODE:
			mapping->mode = *(const uint8_t *)p;
		}
	}
	if (!mapping->bits)
		mapping->bits = (uint8_t)(mapping->len * 8);
	return mapping->kind && mapping->len;
}

static void module_write(struct nlmsghdr *nlh, const struct module_mapping *mapping)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, STATIC_NAT_A_MAPPING);

	mnl_attr_put_u8(nlh, STATIC_NAT_M_FAMILY, mapping->len == 16 ? AF_INET6 : AF_INET);
	mnl_attr_put_u8(nlh, STATIC_NAT_M_KIND, mapping->kind);
	mnl_attr_put(nlh, STATIC_NAT_M_FROM, mapping->len, mapping->from);
	mnl_attr_put(nlh, STATIC_NAT_M_TO, mapping->len, mapping->to);
	mnl_attr_put_u8(nlh, STATIC_NAT_M_PREFIXLEN, mapping->bits);
	if (mapping->ifindex)
		mnl_attr_put_u32(nlh, STATIC_NAT_M_IFINDEX, mapping->ifindex);
	mnl_attr_put_u8(nlh, STATIC_NAT_M_MODE, mapping->mode);
	mnl_attr_put_u32(nlh, STATIC_NAT_M_ID, mapping->id);
	mnl_attr_put_u64(nlh, STATIC_NAT_M_DST_PACKETS, 10 * mapping->id);
	mnl_attr_put_u64(nlh, STATIC_NAT_M_DST_BYTES, 1000 * mapping->id);
	mnl_attr_put_u64(nlh, STATIC_NAT_M_SRC_PACKETS, 20 * mapping->id);
	mnl_attr_put_u64(nlh, STATIC_NAT_M_SRC_BYTES, 2000 * mapping->id);
	mnl_attr_nest_end(nlh, nest);
}

/* What is looked up where a packet's destination is rewritten, and its source. */
static const uint8_t *module_side(const struct module_mapping *mapping, bool dst)
{
	return dst == (mapping->kind == STATIC_NAT_KIND_DST) ? mapping->from : mapping->to;
}

static bool module_clash(const struct module_mapping *a, const struct module_mapping *b)
{
	if (a->len != b->len || a->bits != b->bits || a->ifindex != b->ifindex)
		return false;
	return !memcmp(module_side(a, true), module_side(b, true), 16) ||
	       !memcmp(module_side(a, false), module_side(b, false), 16);
}

/* to false: it need not agree. */
static struct module_mapping *module_find(struct module_table *t,
					   const struct module_mapping *mapping, bool to)
{
	for (unsigned i = 0; i < t->n; i++) {
		struct module_mapping *m = &t->mappings[i];

		if (m->kind == mapping->kind && m->len == mapping->len && m->bits == mapping->bits &&
		    m->ifindex == mapping->ifindex && !memcmp(m->from, mapping->from, 16) &&
		    (!to || !memcmp(m->to, mapping->to, 16)))
			return m;
	}
	return NULL;
}

static void module_remove(struct module_table *t, struct module_mapping *m)
{
	memmove(m, m + 1, (size_t)(&t->mappings[--t->n] - m) * sizeof(*m));
}

static int module_add(struct module *mod, struct module_table *t, struct module_mapping *mapping,
		      bool replace)
{
	struct module_mapping *old = replace ? module_find(t, mapping, false) : NULL;

	if (old && !memcmp(old->to, mapping->to, 16) && old->mode == mapping->mode)
		return 0;
	if (old)
		module_remove(t, old);
	for (unsigned i = 0; i < t->n; i++)
		if (module_clash(&t->mappings[i], mapping))
			return EEXIST;
	if (t->n == MODULE_MAX)
		return ENOSPC;
	mapping->id = ++mod->next_id;
	t->mappings[t->n++] = *mapping;
	return 0;
}

static int module_del(struct module_table *t, const struct module_mapping *mapping)
{
	struct module_mapping *m = module_find(t, mapping, true);

	if (m)
		module_remove(t, m);
	return m ? 0 : ENOENT;
}

/* ADD and DEL: all of the message or nothing. */
static void module_change(struct mock *m, const struct nlmsghdr *nlh, bool del)
{
	static struct module_table before;
	struct module *mod = m->arg;
	const struct nlattr *a, *bad = NULL;
	bool staged = false, replace = false;
	struct module_table *t;
	struct module_mapping mapping;
	int ret = 0;

	mnl_attr_for_each(a, nlh, sizeof(struct genlmsghdr)) {
		staged |= mnl_attr_get_type(a) == STATIC_NAT_A_STAGED;
		replace |= mnl_attr_get_type(a) == STATIC_NAT_A_REPLACE;
	}
	t = staged ? &mod->staged : &mod->used;
	if (staged && !mod->begun) {
		mock_ack(m, nlh, ENOENT, "no table was begun");
		return;
	}
	before = *t;
	mnl_attr_for_each(a, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(a) != STATIC_NAT_A_MAPPING || ret)
			continue;
		ret = !module_read(a, &mapping) ? EINVAL : del ? module_del(t, &mapping) :
		      module_add(mod, t, &mapping, replace);
		if (ret)
			bad = a;
	}
	if (ret)
		*t = before;
	else if (!staged && memcmp(&before, t, sizeof(before)) != 0)
		mod->generation++;
	mock_blame(m, nlh, ret, NULL, bad);
}

static struct nlmsghdr *module_answer(void *buf, const struct nlmsghdr *to, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *g = mnl_nlmsg_put_extra_header(nlh, sizeof(*g));

	nlh->nlmsg_type = MODULE_FAMILY;
	nlh->nlmsg_seq = to->nlmsg_seq;
	g->cmd = cmd;
	return nlh;
}

static void module_dump(struct mock *m, const struct nlmsghdr *nlh)
{
	struct module *mod = m->arg;
	uint64_t buf[1024];
	struct nlmsghdr *answer = NULL;
	unsigned cut = mod->cut ? mod->cut : 32;

	for (unsigned i = 0; i < mod->used.n; i++) {
		if (!answer) {
			answer = module_answer(buf, nlh, STATIC_NAT_CMD_NEW);
			answer->nlmsg_flags = NLM_F_MULTI;
		}
		module_write(answer, &mod->used.mappings[i]);
		if (i % cut == cut - 1 || i + 1 == mod->used.n) {
			mock_push(m, buf, answer->nlmsg_len);
			answer = NULL;
		}
	}
	mock_data(m, nlh, NLMSG_DONE, NLM_F_MULTI, 0);
}

static void module_get(struct mock *m, const struct nlmsghdr *nlh)
{
	struct module *mod = m->arg;
	const struct nlattr *a;
	struct module_mapping want = { 0 }, *found;
	uint64_t buf[64];
	struct nlmsghdr *answer;

	mnl_attr_for_each(a, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(a) == STATIC_NAT_A_MAPPING)
			module_read(a, &want);
	found = module_find(&mod->used, &want, false);
	if (!found) {
		mock_ack(m, nlh, ENOENT, NULL);
		return;
	}
	answer = module_answer(buf, nlh, STATIC_NAT_CMD_NEW);
	module_write(answer, found);
	mock_push(m, buf, answer->nlmsg_len);
}

static void module_commit(struct mock *m, const struct nlmsghdr *nlh)
{
	struct module *mod = m->arg;
	const struct nlattr *a;
	int ret = mod->begun ? 0 : ENOENT;

	if (mod->meddle) {
		struct module_mapping mapping = { .kind = STATIC_NAT_KIND_DST, .len = 4, .bits = 32,
						  .from = { 9, 9, 9 }, .to = { 8, 8, 8 } };

		mapping.from[3] = mapping.to[3] = (uint8_t)mod->meddle--;
		module_add(mod, &mod->used, &mapping, false);
		mod->generation++;
	}
	mnl_attr_for_each(a, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(a) == STATIC_NAT_A_GENERATION &&
		    mnl_attr_get_u32(a) != mod->generation)
			ret = ESTALE;
	if (!ret) {
		mod->used = mod->staged;
		mod->begun = false;
		mod->generation++;
	}
	mock_ack(m, nlh, ret, NULL);
}

static void module_stats(struct mock *m, const struct nlmsghdr *nlh)
{
	struct module *mod = m->arg;
	uint64_t buf[64];
	struct nlmsghdr *answer = module_answer(buf, nlh, STATIC_NAT_CMD_STATS);
	struct nlattr *nest = mnl_attr_nest_start(answer, STATIC_NAT_A_STATS);

	mnl_attr_put_u32(answer, STATIC_NAT_S_MAPPINGS, mod->used.n);
	mnl_attr_put_u32(answer, STATIC_NAT_S_MAX_MAPPINGS, MODULE_MAX);
	mnl_attr_put_u64(answer, STATIC_NAT_S_MEMORY, 1ULL << 40);
	mnl_attr_put_u32(answer, STATIC_NAT_S_GENERATION, mod->generation);
	mnl_attr_put_u32(answer, STATIC_NAT_S_STAGED, mod->begun);
	mnl_attr_put_u32(answer, STATIC_NAT_S_MAX_STAGED, 4);
	mnl_attr_put_u64(answer, STATIC_NAT_S_TRANSLATED, 101);
	mnl_attr_put_u64(answer, STATIC_NAT_S_ICMP, 102);
	mnl_attr_put_u64(answer, STATIC_NAT_S_DROPPED, 103);
	mnl_attr_put_u64(answer, STATIC_NAT_S_UNROUTED, 104);
	mnl_attr_nest_end(answer, nest);
	mock_push(m, buf, answer->nlmsg_len);
}

static void module_handle(struct mock *m, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(nlh);
	struct module *mod = m->arg;

	switch (g->cmd) {
	case STATIC_NAT_CMD_GET:
		if (nlh->nlmsg_flags & NLM_F_DUMP)
			module_dump(m, nlh);
		else
			module_get(m, nlh);
		return;
	case STATIC_NAT_CMD_ADD:
	case STATIC_NAT_CMD_DEL:
		module_change(m, nlh, g->cmd == STATIC_NAT_CMD_DEL);
		return;
	case STATIC_NAT_CMD_COMMIT:
		module_commit(m, nlh);
		return;
	case STATIC_NAT_CMD_STATS:
		module_stats(m, nlh);
		return;
	case STATIC_NAT_CMD_BEGIN:
		mod->begun = true;
		mod->staged.n = 0;
		break;
	case STATIC_NAT_CMD_ABORT:
		mod->begun = false;
		break;
	case STATIC_NAT_CMD_FLUSH:
		mod->used.n = 0;
		mod->generation++;
	}
	mock_ack(m, nlh, 0, NULL);
}

#endif
