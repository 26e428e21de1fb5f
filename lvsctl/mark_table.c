// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/mark.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter_ipv4.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/nft_change.h"
#include "lvsctl/protocol.h"

static const struct np_nft_table mark_table = { NFPROTO_INET, "netpath_mark" };

#define CHAIN "services" /* not a keyword of nft */

static const char *mark_comment(const struct lvs_mark *m, char buf[LVS_MARK_COMMENT])
{
	char addr[INET6_ADDRSTRLEN] = "?";

	inet_ntop(m->af, m->addr, addr, sizeof(addr));
	(void)snprintf(buf, LVS_MARK_COMMENT, "%s %s %u %u",
		       lvs_protocol_word(m->protocol, "?"), addr, m->port, m->fwmark);
	return buf;
}

const char *lvs_mark_words(const struct lvs_mark *m, char buf[LVS_MARK_COMMENT])
{
	const char *word = lvs_protocol_word(m->protocol, "?");
	char addr[INET6_ADDRSTRLEN] = "?";

	inet_ntop(m->af, m->addr, addr, sizeof(addr));
	if (m->port)
		(void)snprintf(buf, LVS_MARK_COMMENT,
			       m->af == AF_INET6 ? "[%s]:%u %s" : "%s:%u %s", addr, m->port, word);
	else
		(void)snprintf(buf, LVS_MARK_COMMENT, "%s %s", addr, word);
	return buf;
}

/* Returns 0, or -EINVAL: not a comment of ours. */
static int mark_parse(struct lvs_mark *m, const char *comment)
{
	char word[8], addr[INET6_ADDRSTRLEN];

	*m = (struct lvs_mark){ 0 };
	if (sscanf(comment, "%7s %45s %hu %u", word, addr, &m->port, &m->fwmark) != 4)
		return -EINVAL;
	m->protocol = lvs_protocol_parse(word);
	m->af = strchr(addr, ':') ? AF_INET6 : AF_INET;
	if (!m->protocol || !m->fwmark || inet_pton(m->af, addr, m->addr) != 1)
		return -EINVAL;
	return 0;
}

/* What the table holds. */
struct found {
	struct lvs_mark *list;
	size_t n;
};

static int read_table(struct np_nft *nft, struct found *f, struct np_err *err)
{
	struct np_nft_rule *rules = NULL;
	char comment[8];
	size_t n_rules = 0;
	int ret = np_nft_get_table(nft, &mark_table, comment, sizeof(comment), err);

	*f = (struct found){ .n = 0 };
	if (ret)
		return ret == -ENOENT ? 0 : ret;
	ret = np_nft_rules(nft, &mark_table, &rules, &n_rules, err);
	if (ret)
		return ret == -ENOENT ? 0 : ret;
	f->list = calloc(n_rules + 1, sizeof(*f->list));
	for (size_t i = 0; f->list && i < n_rules; i++)
		if (!mark_parse(&f->list[f->n], rules[i].comment))
			f->list[f->n++].handle = rules[i].handle;
	free(rules);
	return f->list ? 0 : np_err_nomem(err);
}

int lvs_marks_list(struct np_nft *nft, struct lvs_mark **marks, size_t *n, struct np_err *err)
{
	struct found f;
	int ret = read_table(nft, &f, err);

	*marks = f.list;
	*n = f.n;
	return ret;
}

static void put_rule(struct np_nft *nft, const struct lvs_mark *m)
{
	const uint8_t nfproto = m->af == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6;
	const uint32_t len = m->af == AF_INET ? 4 : 16, at = m->af == AF_INET ? 16 : 24;
	const uint16_t port = htons(m->port);
	const struct np_nft_expr head[] = {
		{ .op = NP_NFT_META, .key = NFT_META_NFPROTO, .reg = NFT_REG_1 },
		{ .op = NP_NFT_CMP, .key = NFT_CMP_EQ, .reg = NFT_REG_1, .data = &nfproto,
		  .len = 1 },
		{ .op = NP_NFT_PAYLOAD, .key = NFT_PAYLOAD_NETWORK_HEADER, .reg = NFT_REG_1,
		  .arg = at, .len = len },
		{ .op = NP_NFT_CMP, .key = NFT_CMP_EQ, .reg = NFT_REG_1, .data = m->addr,
		  .len = len },
		{ .op = NP_NFT_META, .key = NFT_META_L4PROTO, .reg = NFT_REG_1 },
		{ .op = NP_NFT_CMP, .key = NFT_CMP_EQ, .reg = NFT_REG_1, .data = &m->protocol,
		  .len = 1 },
	};
	const struct np_nft_expr dport[] = {
		{ .op = NP_NFT_PAYLOAD, .key = NFT_PAYLOAD_TRANSPORT_HEADER, .reg = NFT_REG_1,
		  .arg = 2, .len = 2 },
		{ .op = NP_NFT_CMP, .key = NFT_CMP_EQ, .reg = NFT_REG_1, .data = &port, .len = 2 },
	};
	const struct np_nft_expr set[] = {
		{ .op = NP_NFT_IMMEDIATE, .reg = NFT_REG_1, .data = &m->fwmark, .len = 4 },
		{ .op = NP_NFT_META_SET, .key = NFT_META_MARK, .reg = NFT_REG_1 },
	};
	struct np_nft_expr all[10];
	char comment[LVS_MARK_COMMENT];
	size_t n = 6;

	memcpy(all, head, sizeof(head));
	if (m->port) {
		memcpy(all + n, dport, sizeof(dport));
		n += 2;
	}
	memcpy(all + n, set, sizeof(set));
	np_nft_add_rule(nft, CHAIN, all, n + 2, mark_comment(m, comment));
}

static const struct lvs_mark *find(const struct lvs_mark *list, size_t n, const struct lvs_mark *m)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].af == m->af && list[i].protocol == m->protocol &&
		    list[i].port == m->port && !memcmp(list[i].addr, m->addr, sizeof(m->addr)))
			return &list[i];
	return NULL;
}

/* What is to be added or deleted, and what is there. */
struct changes {
	const struct lvs_mark *marks;
	size_t n;
	struct found have;
};

static int read_again(struct np_nft *nft, void *arg, struct np_err *err)
{
	struct changes *c = arg;

	free(c->have.list);
	return read_table(nft, &c->have, err);
}

static const struct lvs_mark *is_there(const struct changes *c, const struct lvs_mark *m)
{
	return find(c->have.list, c->have.n, m);
}

static bool same_vip(const struct lvs_mark *a, const struct lvs_mark *b)
{
	return a->af == b->af && a->protocol == b->protocol &&
	       !memcmp(a->addr, b->addr, sizeof(a->addr));
}

/* The last rule that matches has the say: those of one port go behind that of all ports. */
static void put_ports_behind(struct np_nft *nft, const struct changes *c, const struct lvs_mark *m)
{
	for (size_t i = 0; !m->port && i < c->have.n; i++) {
		if (!c->have.list[i].port || !same_vip(&c->have.list[i], m))
			continue;
		np_nft_del_rules(nft, CHAIN, c->have.list[i].handle);
		put_rule(nft, &c->have.list[i]);
	}
}

static int put_add(struct np_nft *nft, bool keep, void *arg, struct np_err *err)
{
	const struct np_nft_chain chain = {
		.name = CHAIN, .type = "filter", .hook = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_MANGLE,
	};
	const struct changes *c = arg;
	char text[LVS_MARK_COMMENT];

	(void)keep;
	np_nft_add_table(nft, 0, "lvsctl mark");
	np_nft_add_chain(nft, &chain);
	for (size_t i = 0; i < c->n; i++) {
		const struct lvs_mark *m = &c->marks[i], *is = is_there(c, m);

		if (is && is->fwmark != m->fwmark)
			return np_err_set(err, EEXIST, "%s has the mark %u already",
					  lvs_mark_words(is, text), is->fwmark);
		if (is || find(c->marks, i, m))
			continue;
		put_rule(nft, m);
		put_ports_behind(nft, c, m);
	}
	return 0;
}

static int put_del(struct np_nft *nft, bool keep, void *arg, struct np_err *err)
{
	const struct changes *c = arg;
	size_t gone = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct lvs_mark *m = &c->marks[i], *is = is_there(c, m);
		char text[LVS_MARK_COMMENT];

		if (!is || (m->fwmark && m->fwmark != is->fwmark))
			return np_err_set(err, ENOENT, "%s has %s mark", lvs_mark_words(m, text),
					  is ? "another" : "no");
		if (find(c->marks, i, m))
			continue; /* said twice */
		np_nft_del_rules(nft, CHAIN, is->handle);
		gone++;
	}
	/* with the last of ours the table, if nothing of somebody else's is in it */
	if (gone == c->have.n && !keep) {
		np_nft_del_empty_chain(nft, CHAIN);
		np_nft_del_empty_table(nft);
	}
	return 0;
}

static int change(struct np_nft *nft, const struct np_nft_change *how,
		  const struct lvs_mark *marks, size_t n, struct np_err *err)
{
	struct changes c = { .marks = marks, .n = n };
	int ret = np_nft_change(nft, how, &c, err);

	free(c.have.list);
	return ret;
}

int lvs_marks_add(struct np_nft *nft, const struct lvs_mark *marks, size_t n, struct np_err *err)
{
	static const struct np_nft_change how = { &mark_table, read_again, put_add };

	return change(nft, &how, marks, n, err);
}

int lvs_marks_del(struct np_nft *nft, const struct lvs_mark *marks, size_t n, struct np_err *err)
{
	static const struct np_nft_change how = { &mark_table, read_again, put_del };

	return change(nft, &how, marks, n, err);
}
