// SPDX-License-Identifier: GPL-2.0-or-later
/* The socket of nf_tables, and batches on it. */
#include "lib/nft.h"

#include <arpa/inet.h>
#include <bsd/string.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/nft_priv.h"

int np_nft_open(struct np_nft **out, struct np_err *err)
{
	struct np_nft *nft = calloc(1, sizeof(*nft));
	int ret;

	if (!nft)
		return np_err_nomem(err);
	ret = np_nl_open(&nft->nl, NETLINK_NETFILTER, err);
	if (ret) {
		free(nft);
		return ret;
	}
	*out = nft;
	return 0;
}

void np_nft_close(struct np_nft *nft)
{
	if (!nft)
		return;
	np_nl_close(nft->nl);
	free(nft->buf);
	free(nft->what);
	free(nft);
}

/*
 * What the kernel said, in the words of nf_tables: lib/nl knows those of routes. expr: the
 * expression that it has no code for, or NULL.
 */
static int refused(struct np_err *err, int code, const struct np_nft_what *what, const char *expr)
{
	const char *why = expr ? "this kernel has no nft_" :
			  code == ERESTART ? "its rules changed meanwhile" : strerror(code);

	np_err_set(err, code, "nf_tables cannot %s %s%s%s: %s%s", what->verb, what->noun,
		   *what->name ? " " : "", what->name, why, expr ? expr : "");
	if (err)
		err->refused = true;
	return -code;
}

static int got_generation(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg))
		if (mnl_attr_get_type(attr) == NFTA_GEN_ID && mnl_attr_get_payload_len(attr) >= 4)
			*(uint32_t *)arg = ntohl(mnl_attr_get_u32(attr));
	return 0;
}

int np_nft_generation(struct np_nft *nft, uint32_t *generation, struct np_err *err)
{
	struct nlmsghdr *nlh = nftnl_nlmsg_build_hdr((char *)nft->msg, NFT_MSG_GETGEN, AF_UNSPEC,
						     0, 0);
	int ret;

	*generation = 0;
	ret = np_nl_get(nft->nl, nlh, got_generation, generation, err);
	if (ret)
		return refused(err, -ret, &(struct np_nft_what){ "be asked", "for its rules", "" },
			       NULL);
	return *generation ? 0 : np_err_set(err, EBADMSG, "nf_tables gives no generation");
}

/* The first message of a batch; libnftnl's has no generation. */
static void put_begin(struct np_nft *nft)
{
	struct nlmsghdr *nlh = nftnl_batch_begin((char *)nft->msg, ++nft->nl->seq);

	if (nft->generation)
		mnl_attr_put_u32(nlh, NFNL_BATCH_GENID, htonl(nft->generation));
	np_nft_put(nft, nlh, true, "begin", "a batch", "");
}

void np_nft_begin(struct np_nft *nft, const struct np_nft_table *table, uint32_t generation)
{
	strlcpy(nft->name, table->name, sizeof(nft->name));
	nft->table.family = table->family;
	nft->table.name = nft->name;
	nft->generation = generation;
	nft->used = nft->messages = 0;
	nft->failed = 0;
	put_begin(nft);
}

struct nlmsghdr *np_nft_message(struct np_nft *nft, uint16_t type, uint16_t flags)
{
	return nftnl_nlmsg_build_hdr((char *)nft->msg, type, nft->table.family, flags,
				     ++nft->nl->seq);
}

/* Room for one more message. Returns 0 or -ENOMEM. */
static int grow(struct np_nft *nft, size_t len)
{
	if (nft->used + len > nft->cap) {
		size_t cap = 2 * (nft->used + len);
		char *buf = realloc(nft->buf, cap);

		if (!buf)
			return -ENOMEM;
		nft->buf = buf;
		nft->cap = cap;
	}
	if (nft->messages == nft->cap_what) {
		size_t cap = nft->cap_what ? 2 * nft->cap_what : 16;
		struct np_nft_what *what = realloc(nft->what, cap * sizeof(*what));

		if (!what)
			return -ENOMEM;
		nft->what = what;
		nft->cap_what = cap;
	}
	return 0;
}

void np_nft_put(struct np_nft *nft, struct nlmsghdr *nlh, bool ok, const char *verb,
		const char *noun, const char *name)
{
	size_t len = MNL_ALIGN(nlh->nlmsg_len);
	struct np_nft_what *what;

	if (!nft->failed)
		nft->failed = ok ? grow(nft, len) : -ENOMEM;
	if (nft->failed)
		return;
	what = &nft->what[nft->messages++];
	*what = (struct np_nft_what){ verb, noun, "" };
	strlcpy(what->name, name, sizeof(what->name));
	memcpy(nft->buf + nft->used, nlh, nlh->nlmsg_len);
	memset(nft->buf + nft->used + nlh->nlmsg_len, 0, len - nlh->nlmsg_len);
	nft->used += len;
}

struct answers {
	uint32_t first;  /* number of the batch's first message */
	bool acked;
	int ret;
};

/*
 * The expression of a rule that the kernel has no code for: the attribute that it blames
 * (nf_tables_newrule()). NULL: it blames none, or another one.
 */
static const char *unknown_expr(const struct np_nft *nft, uint32_t message)
{
	const struct nlmsghdr *nlh = (const void *)nft->buf;
	const struct nlattr *elem, *attr;
	size_t at = np_nl_bad_attr(nft->nl);

	for (; message; message--)
		nlh = (const void *)((const char *)nlh + MNL_ALIGN(nlh->nlmsg_len));
	if (!at || at % MNL_ALIGNTO || at + sizeof(*elem) > nlh->nlmsg_len)
		return NULL;
	elem = (const void *)((const char *)nlh + at);
	if (!mnl_attr_ok(elem, (int)(nlh->nlmsg_len - at)) ||
	    mnl_attr_get_type(elem) != NFTA_LIST_ELEM)
		return NULL;
	mnl_attr_for_each_nested(attr, elem)
		if (mnl_attr_get_type(attr) == NFTA_EXPR_NAME &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			return mnl_attr_get_str(attr);
	return NULL;
}

/* One answer: an error to one of the messages, or the ack that was asked of the last. */
static void answer(struct np_nft *nft, struct answers *a, const struct nlmsghdr *h,
		   struct np_err *err)
{
	uint32_t i = h->nlmsg_seq - a->first;
	struct np_err each = NP_ERR_INIT;
	int ret;

	if (h->nlmsg_type != NLMSG_ERROR || i >= nft->messages)
		return;
	ret = np_nl_ack(nft->nl, h, &each);
	a->acked |= i == nft->messages - 2;
	if (!ret || a->ret)
		return;
	a->ret = ret;
	refused(err, -ret, &nft->what[i], ret == -ENOENT ? unknown_expr(nft, i) : NULL);
}

/* All answers are there when send has returned. */
static int collect(struct np_nft *nft, struct np_err *err)
{
	struct answers a = { .first = ((struct nlmsghdr *)nft->buf)->nlmsg_seq };

	for (;;) {
		ssize_t n = np_nl_recv(nft->nl, false);
		const struct nlmsghdr *h = (const void *)nft->nl->rbuf;
		int left = (int)n;

		if (n == -EAGAIN && (a.acked || a.ret))
			return a.ret;
		if (n <= 0)
			return np_nl_recv_err(err, n);
		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left))
			answer(nft, &a, h, err);
	}
}

int np_nft_commit(struct np_nft *nft, struct np_err *err)
{
	size_t before_last = 0;
	struct nlmsghdr *nlh = nftnl_batch_end((char *)nft->msg, ++nft->nl->seq);
	int ret;

	np_nft_put(nft, nlh, true, "end", "a batch", "");
	if (nft->failed)
		return np_err_set(err, -nft->failed, "a change of nf_tables cannot be written: %s",
				  strerror(-nft->failed));
	if (nft->messages <= 2)
		return 0;
	for (size_t i = 0; i + 2 < nft->messages; i++)
		before_last += MNL_ALIGN(((struct nlmsghdr *)(nft->buf + before_last))->nlmsg_len);
	((struct nlmsghdr *)(nft->buf + before_last))->nlmsg_flags |= NLM_F_ACK;
	ret = np_nl_send(nft->nl, nft->buf, nft->used, err);
	return ret ? ret : collect(nft, err);
}
