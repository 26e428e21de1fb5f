// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/encap_show.h"

#include <inttypes.h>
#include <linux/lwtunnel.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/addr.h"

const char *encap_name(const struct np_word *names, unsigned id, const char *unknown)
{
	const char *word = np_word_of(names, id);

	return word ? word : unknown;
}

const char *encap_opts_name(unsigned kind)
{
	return kind == LWTUNNEL_IP_OPTS_GENEVE ? "geneve_opts" :
	       kind == LWTUNNEL_IP_OPTS_VXLAN ? "vxlan_opts" : "erspan_opts";
}

const char *encap_hex(const uint8_t *b, size_t len, char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		hex[2 * i] = digits[b[i] >> 4];
		hex[2 * i + 1] = digits[b[i] & 15];
	}
	hex[2 * len] = '\0';
	return hex;
}

bool encap_prog_named(const struct np_encap *e, const char *prog)
{
	return e->prog_named & 1u << (prog - e->prog[0]) / NP_PROG_MAX;
}

struct encap_erspan encap_erspan(const struct np_tun_opt *opt)
{
	if (opt->ver == 1)
		return (struct encap_erspan){ .index = opt->index };
	return (struct encap_erspan){ .dir = opt->dir, .hwid = opt->hwid };
}

bool encap_is_number(const struct np_encap_row *row)
{
	return row->kind == NP_EK_U8 || row->kind == NP_EK_U8_DS || row->kind == NP_EK_U32 ||
	       row->kind == NP_EK_BE64;
}

/* ILA's upper half of an address: four groups, in full (RFC drafts of ila). */
static void locator_text(const struct np_encap *e, char *text, size_t size)
{
	uint8_t b[8];

	memcpy(b, &e->locator, sizeof(b));
	snprintf(text, size, "%x:%x:%x:%x", b[0] << 8 | b[1], b[2] << 8 | b[3], b[4] << 8 | b[5],
		 b[6] << 8 | b[7]);
}

static void copy(char *text, size_t size, const char *from)
{
	snprintf(text, size, "%s", from);
}

static uint32_t u32_at(const void *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return v;
}

bool encap_value(const struct prt_show *show, const struct np_encap_row *row,
		 const struct np_encap *e, char *text, size_t size)
{
	const void *at = (const uint8_t *)e + row->off;
	char buf[NP_NAME_MAX];

	switch ((enum np_encap_kind)row->kind) {
	case NP_EK_U8:
	case NP_EK_U8_DS:
		snprintf(text, size, "%u", *(const uint8_t *)at);
		return true;
	case NP_EK_U32:
		snprintf(text, size, "%u", u32_at(at));
		return true;
	case NP_EK_BE64:
		snprintf(text, size, "%" PRIu64, e->id);
		return true;
	case NP_EK_IN4:
	case NP_EK_IN6:
		copy(text, size, np_addr_text(row->kind == NP_EK_IN4 ? AF_INET : AF_INET6, at, 16,
					      buf));
		return true;
	case NP_EK_TABLE:
		copy(text, size, np_names_text(show->names, NP_NAMES_TABLE, u32_at(at), buf));
		return true;
	case NP_EK_LINK:
		copy(text, size, np_links_name(show->links, u32_at(at), buf));
		return true;
	case NP_EK_LABELS:
		copy(text, size, np_mpls_text(e->labels.b, e->labels.len, buf, sizeof(buf)));
		return true;
	case NP_EK_NAME8:
		copy(text, size, encap_name(row->names, *(const uint8_t *)at, "unknown"));
		return true;
	case NP_EK_NAME32:
		copy(text, size, encap_name(row->names, u32_at(at), "<unknown>"));
		return true;
	case NP_EK_LOCATOR:
		locator_text(e, text, size);
		return true;
	default:
		return false;
	}
}
