// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many mappings in one step. The module has two ways: one message, of which all is done
 * or nothing; and a table of this socket's own that is filled by many messages and then
 * takes the place of the one in use. To add more than fit in a message, that table is filled
 * with what is there first, and takes its place only if nothing has changed meanwhile; if
 * something has, it is done again.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/genl.h"
#include "lib/grow.h"
#include "lib/msgs.h"
#include "lib/nat_priv.h"

#define TRIES 16
/* Of one message: the kernel does not pause while it looks at its form. */
#define ONE_MAX (1 << 20)

/* Mappings packed into messages of ADD. */
struct pack {
	uint16_t family;
	struct np_msgs msgs;  /* full ones */
	struct nlmsghdr *nlh; /* the one that is filled, in room; NULL: none */
	uint64_t room[NP_NL_MSG_MAX / sizeof(uint64_t) + 1]; /* + 1: the flag STAGED */
};

struct np_nat_load {
	struct np_nat *nat;
	bool replace;
	struct pack pack;
	uint32_t *tags; /* of the mappings in pack, in their order; owned */
	size_t n, cap;
	uint32_t failed;
	struct np_nat_mapping bad; /* the mapping of that tag */
};

static int pack_end(struct pack *p)
{
	struct nlmsghdr *nlh = p->nlh;

	p->nlh = NULL;
	if (!nlh)
		return 0;
	mnl_attr_put(nlh, STATIC_NAT_A_STAGED, 0, NULL);
	return np_msgs_add(&p->msgs, nlh);
}

/* Returns 0 or -ENOMEM. */
static int pack_add(struct pack *p, const struct np_nat_mapping *m)
{
	if (p->nlh && np_nat_put(p->nlh, m))
		return 0;
	if (pack_end(p))
		return -ENOMEM;
	p->nlh = np_genl_header(p->room, p->family, 0, STATIC_NAT_CMD_ADD,
				STATIC_NAT_GENL_VERSION);
	return np_nat_put(p->nlh, m) ? 0 : -ENOMEM;
}

static void pack_clear(struct pack *p)
{
	np_msgs_clear(&p->msgs);
	p->nlh = NULL;
}

/* Mappings in a message that begin in its first end bytes. */
static size_t mappings_in(const struct nlmsghdr *nlh, size_t end)
{
	const struct nlattr *attr;
	size_t n = 0;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		n += mnl_attr_get_type(attr) == STATIC_NAT_A_MAPPING &&
		     (size_t)((const char *)attr - (const char *)nlh) <= end;
	return n;
}

struct picking {
	size_t left;
	struct np_nat_mapping *mapping;
};

static int pick(const struct np_nat_mapping *m, void *arg)
{
	struct picking *p = arg;

	*p->mapping = *m;
	return !p->left--;
}

/* Keeps which of the message's mappings it was. */
static void blame(struct np_nat_load *load, const struct nlmsghdr *nlh, const uint32_t *tags,
		  size_t i)
{
	struct picking p = { i, &load->bad };

	load->failed = tags[i];
	np_nat_each(nlh, pick, &p);
}

/* One message. tags: of its mappings and those behind, NULL: they are not the caller's. */
static int send_one(struct np_nat_load *load, struct nlmsghdr *nlh, const uint32_t *tags,
		    struct np_err *err)
{
	int ret = np_nat_talk(load->nat, nlh, err);
	size_t bad = np_nl_bad_attr(load->nat->nl), i;

	if (!ret || !tags)
		return ret;
	i = bad ? mappings_in(nlh, bad) : 0;
	if (i)
		blame(load, nlh, tags, i - 1);
	else if (mappings_in(nlh, SIZE_MAX) == 1)
		blame(load, nlh, tags, 0);
	return ret;
}

/* The messages that are full. Returns 0 or -errno. */
static int send_full(struct np_nat_load *load, const struct pack *p, bool tagged,
		     struct np_err *err)
{
	struct nlmsghdr *nlh = NULL;
	size_t at = 0;
	int ret = 0;

	while (!ret && (nlh = np_msgs_next(&p->msgs, nlh))) {
		ret = send_one(load, nlh, tagged ? load->tags + at : NULL, err);
		at += mappings_in(nlh, SIZE_MAX);
	}
	return ret;
}

static int simple(struct np_nat *nat, uint8_t cmd, struct np_err *err)
{
	return np_nat_talk(nat, np_nat_request(nat, cmd), err);
}

int np_nat_load_begin(struct np_nat_load **out, struct np_nat *nat, bool replace,
		      struct np_err *err)
{
	struct np_nat_load *load = calloc(1, sizeof(*load));
	int ret;

	if (!load)
		return np_err_nomem(err);
	load->nat = nat;
	load->replace = replace;
	load->pack.family = nat->family;
	ret = replace ? simple(nat, STATIC_NAT_CMD_BEGIN, err) : 0;
	if (ret) {
		free(load);
		return ret;
	}
	*out = load;
	return 0;
}

static int add_tag(struct np_nat_load *load, uint32_t tag)
{
	uint32_t *tags = np_grow(load->tags, load->n, &load->cap, 1, sizeof(*tags));

	if (!tags)
		return -ENOMEM;
	load->tags = tags;
	load->tags[load->n++] = tag;
	return 0;
}

int np_nat_load_add(struct np_nat_load *load, const struct np_nat_mapping *m, uint32_t tag,
		    struct np_err *err)
{
	int ret;

	if (pack_add(&load->pack, m) || add_tag(load, tag))
		return np_err_nomem(err);
	/* A whole table needs not be kept here: what is full goes, and this one is left. */
	if (!load->replace || !load->pack.msgs.len)
		return 0;
	ret = send_full(load, &load->pack, true, err);
	np_msgs_clear(&load->pack.msgs);
	load->tags[0] = tag;
	load->n = 1;
	return ret;
}

/* ---- adding to what is there ---- */

/* All at once. -EMSGSIZE, -ENOBUFS: so much is not to be had in one message. */
static int add_at_once(struct np_nat_load *load, struct np_err *err)
{
	struct nlmsghdr *big = calloc(1, load->pack.msgs.len + sizeof(load->pack.room));
	struct nlmsghdr *part = NULL;
	const struct nlattr *attr;
	int ret;

	if (!big)
		return np_err_nomem(err);
	np_genl_header(big, load->pack.family, 0, STATIC_NAT_CMD_ADD, STATIC_NAT_GENL_VERSION);
	while ((part = np_msgs_next(&load->pack.msgs, part))) {
		mnl_attr_for_each(attr, part, sizeof(struct genlmsghdr)) {
			if (mnl_attr_get_type(attr) != STATIC_NAT_A_MAPPING)
				continue;
			memcpy(mnl_nlmsg_get_payload_tail(big), attr, MNL_ALIGN(attr->nla_len));
			big->nlmsg_len += MNL_ALIGN(attr->nla_len);
		}
	}
	np_nl_room(load->nat->nl, big->nlmsg_len);
	ret = send_one(load, big, load->tags, err);
	free(big);
	return ret;
}

static int copy_one(const struct np_nat_mapping *m, void *arg)
{
	return pack_add(arg, m);
}

static int copy_again(void *arg)
{
	pack_clear(arg);
	return 0;
}

static int commit(struct np_nat *nat, const uint32_t *generation, struct np_err *err)
{
	struct nlmsghdr *nlh = np_nat_request(nat, STATIC_NAT_CMD_COMMIT);

	if (generation &&
	    !mnl_attr_put_u32_check(nlh, NP_NL_MSG_MAX, STATIC_NAT_A_GENERATION, *generation))
		return np_nat_too_long(err);
	return np_nat_talk(nat, nlh, err);
}

/* The table that is there, and the load's mappings. -ESTALE: it has changed. */
static int merge_once(struct np_nat_load *load, struct pack *there, struct np_err *err)
{
	static const struct np_nat_filter all = { .family = AF_UNSPEC };
	struct np_nat_sink sink = { copy_one, copy_again, there };
	struct np_nat_stats stats;
	int ret = np_nat_stats(load->nat, &stats, err);

	pack_clear(there);
	if (!ret)
		ret = np_nat_dump(load->nat, &all, &sink, err);
	if (!ret)
		ret = pack_end(there);
	if (ret == -ENOMEM)
		np_err_nomem(err);
	if (!ret)
		ret = simple(load->nat, STATIC_NAT_CMD_BEGIN, err);
	if (!ret)
		ret = send_full(load, there, false, err);
	if (!ret)
		ret = send_full(load, &load->pack, true, err);
	return ret ? ret : commit(load->nat, &stats.generation, err);
}

static int merge(struct np_nat_load *load, struct np_err *err)
{
	struct pack *there = calloc(1, sizeof(*there));
	int ret = -ESTALE;

	if (!there)
		return np_err_nomem(err);
	there->family = load->nat->family;
	for (int i = 0; i < TRIES && ret == -ESTALE; i++)
		ret = merge_once(load, there, err);
	np_msgs_free(&there->msgs);
	free(there);
	if (ret) /* it would go with the socket */
		(void)simple(load->nat, STATIC_NAT_CMD_ABORT, NULL);
	return ret;
}

static int add_all(struct np_nat_load *load, struct np_err *err)
{
	struct pack *p = &load->pack;
	int ret = -EMSGSIZE;

	if (!p->msgs.len)
		return p->nlh ? send_one(load, p->nlh, load->tags, err) : 0;
	if (pack_end(p))
		return np_err_nomem(err);
	if (p->msgs.len <= ONE_MAX)
		ret = add_at_once(load, err);
	return ret == -EMSGSIZE || ret == -ENOBUFS ? merge(load, err) : ret;
}

int np_nat_load_commit(struct np_nat_load *load, struct np_err *err)
{
	struct pack *p = &load->pack;
	int ret;

	if (!load->replace)
		return add_all(load, err);
	if (pack_end(p))
		return np_err_nomem(err);
	ret = send_full(load, p, true, err);
	np_msgs_clear(&p->msgs);
	if (!ret)
		ret = commit(load->nat, NULL, err);
	load->replace = ret != 0; /* nothing is left to forget */
	return ret;
}

uint32_t np_nat_load_failed(const struct np_nat_load *load)
{
	return load->failed;
}

const struct np_nat_mapping *np_nat_load_bad(const struct np_nat_load *load)
{
	return load->failed ? &load->bad : NULL;
}

void np_nat_load_free(struct np_nat_load *load)
{
	if (!load)
		return;
	if (load->replace)
		(void)simple(load->nat, STATIC_NAT_CMD_ABORT, NULL);
	np_msgs_free(&load->pack.msgs);
	free(load->tags);
	free(load);
}
