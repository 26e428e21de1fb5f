/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_TRACE_H
#define NP_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * One step of a traced packet, whatever source told it: a TRACE line of the
 * kernel log (net/netfilter/nf_log_syslog.c and x_tables' trace), an nf_tables
 * trace event, a drop event. Strings are interned (lib/intern.h): they live as
 * long as their intern table, and equal strings are equal pointers.
 */

/* Netfilter hooks in the order of a packet's way; not the kernel's numbers. */
enum np_hook {
	NP_HOOK_UNKNOWN,
	NP_HOOK_PREROUTING,
	NP_HOOK_INPUT,
	NP_HOOK_FORWARD,
	NP_HOOK_OUTPUT,
	NP_HOOK_POSTROUTING,
};

/*
 * NP_TRACE_HOOK: no rule's, but a sign that the packet came to a hook, or to its end
 * (live tracing: table and chain are then "").
 */
enum np_trace_type { NP_TRACE_RULE, NP_TRACE_RETURN, NP_TRACE_POLICY, NP_TRACE_HOOK };

/* Which fields of a header are there: what a line did not say is never guessed. */
enum {
	NP_HDR_ADDR = 1 << 0,  /* family, src, dst */
	NP_HDR_LEN = 1 << 1,
	NP_HDR_TOS = 1 << 2,   /* TOS | PREC of IPv4, or TC */
	NP_HDR_TTL = 1 << 3,   /* or hop limit */
	NP_HDR_ID = 1 << 4,    /* IPv4 ID, or the ID of an IPv6 fragment header */
	NP_HDR_FLOWLABEL = 1 << 5, /* of IPv6 */
	NP_HDR_FRAG = 1 << 6,  /* frag_off: this is a fragment that is not the first */
	NP_HDR_PROTO = 1 << 7,
	NP_HDR_PORTS = 1 << 8, /* sport, dport */
	NP_HDR_ULEN = 1 << 9,  /* UDP length */
	NP_HDR_SEQ = 1 << 10,  /* tcp seq */
	NP_HDR_ACK = 1 << 11,
	NP_HDR_WINDOW = 1 << 12, /* window, tcp_flags, res, urgp */
	NP_HDR_ICMP = 1 << 13, /* icmp_type, icmp_code */
	NP_HDR_ICMP_ID = 1 << 14, /* icmp_id, icmp_seq */
	NP_HDR_MTU = 1 << 15,
	NP_HDR_GATEWAY = 1 << 16,
	NP_HDR_PARAM = 1 << 17,
	NP_HDR_SPI = 1 << 18,
	NP_HDR_INCOMPLETE = 1 << 19, /* the kernel said INCOMPLETE or TRUNCATED */
};

/* NP_IPF_*: flags that a line prints as words. CE is the reserved bit of frag_off. */
enum { NP_IPF_CE = 1, NP_IPF_DF = 2, NP_IPF_MF = 4 };

/* TCP flags as in the header's byte: FIN 1 … CWR 0x80. */

/* A packet's headers, host byte order, addresses in network order. */
struct np_hdr {
	uint32_t set;
	uint8_t family; /* AF_INET or AF_INET6 */
	uint8_t proto;
	uint8_t tos, ttl;
	uint8_t src[16], dst[16]; /* the first 4 bytes for IPv4 */
	uint32_t len;
	uint32_t id;
	uint32_t flowlabel;
	uint16_t frag_off; /* in units of 8 bytes */
	uint8_t ip_flags;
	uint8_t tcp_flags;
	uint16_t sport, dport;
	uint16_t ulen, window;
	uint32_t seq, ack;
	uint16_t urgp;
	uint8_t tcp_res;
	uint8_t icmp_type, icmp_code;
	uint16_t icmp_id, icmp_seq;
	uint32_t mtu, param, spi;
	uint8_t gateway[16];
};

enum {
	NP_TEV_NUMBER = 1 << 0,
	NP_TEV_UPTIME = 1 << 1,
	NP_TEV_WALL = 1 << 2,
	NP_TEV_UID = 1 << 3, /* uid, gid */
	NP_TEV_MARK = 1 << 4,
	NP_TEV_QUOTED = 1 << 5,
	NP_TEV_NO_YEAR = 1 << 6, /* the prefix had no year: wall_us was given one */
	NP_TEV_CUT = 1 << 7,     /* the line ended before the kernel's own end */
	NP_TEV_NAT = 1 << 8,     /* nf_tables: the chain's type is nat */
};

#define NP_TRACE_OPT_MAX 40 /* bytes of IP or TCP options */
#define NP_TRACE_MAC_MAX 32
#define NP_TRACE_STAMP_MAX 44

struct np_trace_event {
	uint32_t set; /* NP_TEV_* */
	enum np_trace_type type;
	uint32_t number;
	uint32_t line_len;        /* bytes of the line: lines cut at one width are a copy's */
	const char *table, *chain;
	const char *in, *out;     /* "": the kernel printed none; NULL: the line did not say */
	const char *host;         /* "" where the prefix names none */
	int64_t wall_us;          /* microseconds since the epoch, UTC */
	int64_t uptime_us;        /* the kernel's own clock, microseconds since boot */
	struct np_hdr hdr;
	uint64_t line;            /* line number in its file, from 1 */
	const char *file;         /* its name as given, "-" for stdin */
	const char *physin, *physout; /* NULL: not a bridge's packet */
	const char *rule;         /* text of the rule, NULL until a ruleset supplies it */
	uint32_t uid, gid, mark;
	/*
	 * Events of one log with the same number, but 0, say the same of their packet: all
	 * of hdr but the TTL, its options, quoted, uid, gid and mark.
	 */
	uint32_t twin;
	char stamp[NP_TRACE_STAMP_MAX]; /* as logged ("May  8 16:30:29"), "" if none; a copy */
	uint8_t mac_len, ip_opt_len, tcp_opt_len;
	uint8_t mac[NP_TRACE_MAC_MAX];
	/* From here on only what is used is copied: np_trace_event_copy(). */
	uint8_t tcp_opt[NP_TRACE_OPT_MAX], ip_opt[NP_TRACE_OPT_MAX];
	struct np_hdr quoted;     /* with NP_TEV_QUOTED: the packet that an ICMP error quotes */
};

/* Whether two events of one log are known to say the same of their packet: see twin. */
static inline bool np_trace_twins(const struct np_trace_event *a, const struct np_trace_event *b)
{
	return a->twin && a->twin == b->twin;
}

/* How many of an event's bytes are used. */
static inline size_t np_trace_event_bytes(const struct np_trace_event *ev)
{
	if (ev->ip_opt_len || ev->set & NP_TEV_QUOTED)
		return sizeof(*ev);
	return offsetof(struct np_trace_event, tcp_opt) + ev->tcp_opt_len;
}

#define NP_TRACE_CHUNK 64

/*
 * *to = *from: there are millions of events, and a third of one is mostly empty. In chunks,
 * as a compiler makes "rep movs" of a memcpy() of so many bytes, which starts slowly.
 */
static inline void np_trace_event_copy(
	struct np_trace_event *to, const struct np_trace_event *from)
{
	size_t n = np_trace_event_bytes(from);

	/* Where pointers have 32 bits an event is no whole number of chunks. */
	if (sizeof(*from) % NP_TRACE_CHUNK) {
		memcpy(to, from, n);
		return;
	}
	for (size_t i = 0; i < n; i += NP_TRACE_CHUNK)
		memcpy((char *)to + i, (const char *)from + i, NP_TRACE_CHUNK);
}

/* "PREROUTING" …; "?" for NP_HOOK_UNKNOWN. */
const char *np_hook_name(enum np_hook hook);
/* "prerouting" …, as nf_tables has it; "?" likewise. */
const char *np_hook_word(enum np_hook hook);
/* "rule", "return", "policy" or "hook". */
const char *np_trace_type_name(enum np_trace_type type);
/* The hook that a built-in chain of iptables stands for, NP_HOOK_UNKNOWN for a user chain. */
enum np_hook np_hook_of_chain(const char *chain);
/*
 * The place of a table in a hook (0 first), by the priorities of
 * include/uapi/linux/netfilter_ipv4.h: raw, mangle, nat (dst), filter,
 * security, nat (src); static_nat before mangle (kmod/main.c). -1: that table
 * has no chain at that hook.
 */
int np_table_order(enum np_hook hook, const char *table);
/* Whether the rules of that table are there to rewrite addresses, and drop nothing. */
bool np_table_translates(const char *table);

/*
 * Name of an IP protocol as /etc/protocols and the kernel's lines have it, in
 * lower case ("tcp", "udplite", "sctp", "gre"); NULL for one without a name.
 */
const char *np_proto_name(uint8_t proto);
/* The protocol's number for a name or decimal word in any case, -1 if unknown. */
int np_proto_parse(const char *word, size_t len);

#endif
