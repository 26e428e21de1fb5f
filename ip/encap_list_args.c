// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/ioam6_iptunnel.h>
#include <linux/rpl_iptunnel.h>
#include <linux/seg6_iptunnel.h>
#include <linux/seg6_local.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "ip/encap_args.h"
#include "ip/words.h"

int encap_bad_name(const struct np_args *a, const struct np_word *names, struct np_err *err)
{
	char list[256];
	size_t n = 0;

	for (const struct np_word *w = names; w->word && n < sizeof(list); w++) {
		int len = snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", w->word);

		n += len > 0 ? (size_t)len : 0;
	}
	return np_args_fail(a, err, "\"%s\" is none of %s", a->argv[a->at - 1], list);
}

/*
 * The parts of a word between commas: copies the next into part. 1, 0 at the end,
 * -1 for one that is empty or too long.
 */
static int next_part(const char **at, char sep, char *part, size_t size)
{
	const char *end;
	size_t len;

	if (!*at)
		return 0;
	end = strchr(*at, sep);
	len = end ? (size_t)(end - *at) : strlen(*at);
	if (len >= size)
		return -1;
	memcpy(part, *at, len);
	part[len] = '\0';
	*at = end ? end + 1 : NULL;
	return len ? 1 : -1;
}

/* ADDR,ADDR,…; the header has them last first. extra: an empty one before the last. */
static int parse_segs(struct np_args *a, struct np_srh *srh, bool extra, struct np_err *err)
{
	static const char what[] = "a list of IPv6 addresses (A,B,C; at most 126)";
	const char *word;
	char part[NP_ADDR_STRLEN];
	struct np_addr addr;
	int more, ret = np_args_need(a, &word, what, err);
	unsigned n = 0;

	while (!ret && (more = next_part(&word, ',', part, sizeof(part)))) {
		if (more < 0 || n >= NP_SEGS_MAX - 1 || np_addr_parse(&addr, part, AF_INET6))
			return np_args_bad(a, what, err);
		memmove(srh->seg[1], srh->seg[0], (size_t)n * 16);
		memcpy(srh->seg[0], addr.b, 16);
		n++;
	}
	if (!ret && extra) {
		memmove(srh->seg[1], srh->seg[0], (size_t)n * 16);
		memset(srh->seg[0], 0, 16);
		n++;
	}
	srh->n = (uint8_t)n;
	return ret;
}

static int parse_hmac(struct np_args *a, struct np_srh *srh, struct np_err *err)
{
	const char *word = np_args_peek(a);
	int ret;

	if (!word || strcmp(word, "hmac"))
		return 0;
	np_args_next(a);
	ret = word_u32(a, "the id of an HMAC key", UINT32_MAX, &srh->hmac, err);
	if (!ret && srh->hmac && srh->n > NP_SEGS_HMAC_MAX)
		return np_args_fail(a, err, "with an HMAC there is room for %d segments, the "
				    "packet's own destination included", NP_SEGS_HMAC_MAX);
	return ret;
}

/* mode MODE segs … [hmac ID] */
int encap_parse_seg6(struct np_args *a, struct np_encap *e, struct np_err *err)
{
	const char *word;
	int mode, ret = np_args_need(a, &word, "mode", err);

	if (!ret && strcmp(word, "mode"))
		return np_args_bad(a, "mode (encap seg6 mode MODE segs A,B,C)", err);
	if (!ret)
		ret = np_args_need(a, &word, "a mode", err);
	if (ret)
		return ret;
	mode = np_word_find(np_seg6_modes, word);
	if (mode < 0)
		return encap_bad_name(a, np_seg6_modes, err);
	e->mode = (uint8_t)mode;
	ret = np_args_need(a, &word, "segs", err);
	if (!ret && strcmp(word, "segs"))
		return np_args_bad(a, "segs", err);
	/* not encapsulated: the packet's own destination is the last segment */
	if (!ret)
		ret = parse_segs(a, &e->srh, mode == SEG6_IPTUN_MODE_INLINE, err);
	if (!ret)
		ret = parse_hmac(a, &e->srh, err);
	e->set |= 1u << SEG6_IPTUNNEL_SRH;
	return ret;
}

int encap_parse_rpl(struct np_args *a, struct np_encap *e, struct np_err *err)
{
	const char *word;
	int ret = np_args_need(a, &word, "segs", err);

	if (!ret && strcmp(word, "segs"))
		return np_args_bad(a, "segs (encap rpl segs A,B,C)", err);
	if (!ret)
		ret = parse_segs(a, &e->srh, false, err);
	e->set |= 1u << RPL_IPTUNNEL_SRH;
	return ret;
}

/* srh segs … [hmac ID]; the action must have been said before for its meaning to be known. */
int encap_parse_srh(struct np_args *a, struct np_encap *e, struct np_err *err)
{
	const char *word;
	int ret = np_args_need(a, &word, "segs", err);

	if (!ret && strcmp(word, "segs"))
		return np_args_bad(a, "segs", err);
	if (!ret)
		ret = parse_segs(a, &e->srh, e->action != SEG6_LOCAL_ACTION_END_B6_ENCAP, err);
	return ret ? ret : parse_hmac(a, &e->srh, err);
}

static int parse_bits(struct np_args *a, struct np_encap *e, const char *keyword, unsigned attr,
		      uint8_t *bits, struct np_err *err)
{
	const char *word = np_args_peek(a);
	uint32_t v = 0;
	int ret;

	if (!word || strcmp(word, keyword))
		return 0;
	np_args_next(a);
	ret = word_u32(a, "a number of bits", 255, &v, err);
	*bits = (uint8_t)v;
	e->flavor_set |= (uint8_t)(1u << attr);
	return ret;
}

int encap_parse_flavors(struct np_args *a, struct np_encap *e, struct np_err *err)
{
	const char *word;
	char part[32];
	int more, ret = np_args_need(a, &word, "flavors (psp,usp,usd,next-csid)", err);

	while (!ret && (more = next_part(&word, ',', part, sizeof(part)))) {
		int flavor = more > 0 ? np_word_find(np_seg6_flavors, part) : -1;

		if (flavor < 0 || e->flavors & 1u << flavor)
			return encap_bad_name(a, np_seg6_flavors, err);
		e->flavors |= 1u << flavor;
	}
	e->flavor_set |= 1u << SEG6_LOCAL_FLV_OPERATION;
	if (!ret && e->flavors & 1u << SEG6_LOCAL_FLV_OP_NEXT_CSID) {
		ret = parse_bits(a, e, "lblen", SEG6_LOCAL_FLV_LCBLOCK_BITS, &e->lblen, err);
		if (!ret)
			ret = parse_bits(a, e, "nflen", SEG6_LOCAL_FLV_LCNODE_FN_BITS, &e->nflen,
					 err);
	}
	return ret;
}

static int parse_freq(struct np_args *a, struct np_encap *e, struct np_err *err)
{
	static const char what[] = "a frequency K/N with 1 <= K <= N <= 1000000";
	const char *word;
	char part[16];
	uint64_t v[2];
	int ret = np_args_need(a, &word, what, err);

	if (ret)
		return ret;
	for (int i = 0; i < 2; i++) {
		if (next_part(&word, '/', part, sizeof(part)) <= 0 ||
		    np_parse_uint(part, 10, IOAM6_IPTUNNEL_FREQ_MAX, &v[i]))
			return np_args_bad(a, what, err);
	}
	if (word || v[0] < IOAM6_IPTUNNEL_FREQ_MIN || v[0] > v[1])
		return np_args_bad(a, what, err);
	e->freq_k = (uint32_t)v[0];
	e->freq_n = (uint32_t)v[1];
	return 0;
}

static int parse_trace(struct np_args *a, struct np_encap *e, struct np_err *err)
{
	static const char *const words[] = { "trace", "prealloc", "type", "ns", "size" };
	uint32_t v[5] = { 0 };
	const char *word;

	for (unsigned i = 0; i < 5; i++) {
		int ret = np_args_need(a, &word, words[i], err);

		if (!ret && strcmp(word, words[i]))
			ret = np_args_bad(a, words[i], err);
		if (!ret && i >= 2)
			ret = word_u32(a, "a number", i == 2 ? 0xffffff : i == 3 ? 0xffff : 244,
				       &v[i], err);
		if (ret)
			return ret;
		if (i != 3 && i >= 2 && !v[i])
			return np_args_fail(a, err, "the %s of a trace cannot be 0", words[i]);
	}
	if (v[4] % 4)
		return np_args_fail(a, err, "the size of a trace is a multiple of 4");
	e->trace_type = v[2];
	e->trace_ns = (uint16_t)v[3];
	e->trace_len = (uint8_t)(v[4] / 4);
	e->set |= 1u << IOAM6_IPTUNNEL_TRACE;
	return 0;
}

/* [freq K/N] [mode MODE] [tundst ADDR] trace prealloc type T ns N size S */
int encap_parse_ioam6(struct np_args *a, struct np_encap *e, struct np_err *err)
{
	const char *word = np_args_peek(a);
	struct np_addr addr;
	int mode, ret = 0;

	e->freq_k = e->freq_n = 1;
	e->mode = IOAM6_IPTUNNEL_MODE_INLINE;
	if (word && !strcmp(word, "freq")) {
		np_args_next(a);
		ret = parse_freq(a, e, err);
		word = np_args_peek(a);
	}
	if (!ret && word && !strcmp(word, "mode")) {
		np_args_next(a);
		ret = np_args_need(a, &word, "a mode", err);
		mode = ret ? -1 : np_word_find(np_ioam6_modes, word);
		if (!ret && mode < 0)
			return encap_bad_name(a, np_ioam6_modes, err);
		e->mode = (uint8_t)mode;
		word = np_args_peek(a);
	}
	if (!ret && e->mode != IOAM6_IPTUNNEL_MODE_INLINE) {
		ret = np_args_need(a, &word, "tundst", err);
		if (!ret && strcmp(word, "tundst"))
			return np_args_bad(a, "tundst (this mode wants the tunnel's end)", err);
		if (!ret)
			ret = word_addr(a, AF_INET6, &addr, err);
		if (!ret && !addr.len)
			return np_args_bad(a, "the tunnel's end", err);
		if (!ret)
			words_copy_addr(e->dst, &addr);
		e->set |= 1u << IOAM6_IPTUNNEL_DST;
	}
	return ret ? ret : parse_trace(a, e, err);
}
