/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_ROUTE_ENCAP_H
#define NP_ROUTE_ENCAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/route.h"

/*
 * Light-weight tunnels (RTA_ENCAP, linux/lwtunnel.h and the header of each
 * type). One flat struct for all types: bit n of `set` says that attribute n
 * of the type's own list is there.
 */
#define NP_SEGS_MAX 127 /* hdrlen of a routing header is a byte of 8-byte units */
#define NP_SEGS_HMAC_MAX 125 /* with an HMAC behind them */
#define NP_PROG_MAX 64

/* A segment routing header (RFC 8754) or an RPL source route (RFC 6554). */
struct np_srh {
	uint8_t n;         /* segments, in the order of travel's reverse, as on the wire */
	uint32_t hmac;     /* key id; 0: none */
	uint8_t seg[NP_SEGS_MAX][16];
};

/* One tunnel option of Geneve, VXLAN or ERSPAN. */
struct np_tun_opt {
	uint16_t class;      /* Geneve */
	uint8_t type;        /* Geneve */
	uint8_t len;         /* Geneve: bytes of data */
	uint32_t gbp;        /* VXLAN */
	uint8_t ver;         /* ERSPAN */
	uint32_t index;      /* ERSPAN, version 1 */
	uint8_t dir, hwid;   /* ERSPAN, version 2 */
	uint8_t data[128];
};
#define NP_TUN_OPTS 8

struct np_encap {
	uint16_t type; /* LWTUNNEL_ENCAP_… */
	uint32_t set;  /* bit n: attribute n of the type */
	uint32_t empty; /* bit n: it is an address of no bytes ("any"); the kernel refuses it */
	uint64_t id;
	uint8_t src[16], dst[16];
	uint8_t ttl, tos;   /* IPv6: hop limit and traffic class */
	uint16_t flags;     /* NP_TUN_… */
	uint8_t opt_kind;   /* LWTUNNEL_IP_OPTS_… */
	uint8_t n_opts;
	struct np_tun_opt opt[NP_TUN_OPTS];
	struct np_hop labels;
	uint8_t mode;       /* SEG6_IPTUN_MODE_…, IOAM6_IPTUNNEL_MODE_… */
	struct np_srh srh;
	uint32_t action, table, vrftable;
	int iif, oif;
	uint8_t nh4[4], nh6[16];
	uint64_t packets, bytes, errors;
	uint32_t flavors;   /* bit SEG6_LOCAL_FLV_OP_… */
	uint8_t lblen, nflen, flavor_set; /* flavor_set: bit SEG6_LOCAL_FLV_… */
	uint32_t freq_k, freq_n, trace_type;
	uint16_t trace_ns;
	uint8_t trace_len;  /* in units of four bytes */
	char prog[4][NP_PROG_MAX]; /* by attribute: LWT_BPF_IN, _OUT, _XMIT; [0] SEG6_LOCAL_BPF */
	uint8_t prog_named; /* bit of prog: the kernel gave a name */
	uint32_t headroom, if_id;
	int link;
	uint64_t locator;   /* ILA; network byte order */
	uint8_t csum_mode, ident_type, hook_type;
};

/* TUNNEL_… of linux/if_tunnel.h, which are big-endian there. */
enum np_tun_flags { NP_TUN_CSUM = 0x01, NP_TUN_KEY = 0x04, NP_TUN_SEQ = 0x08 };

/* How the value of a row is parsed, put on the wire, and printed. */
enum np_encap_kind {
	NP_EK_U8,
	NP_EK_U8_DS,   /* a byte that is written as a dsfield name, printed as number */
	NP_EK_U32,
	NP_EK_BE64,
	NP_EK_IN4,
	NP_EK_IN6,
	NP_EK_TABLE,
	NP_EK_LINK,
	NP_EK_LABELS,
	NP_EK_FLAGS,   /* key, csum, seq: words without value */
	NP_EK_OPTS,    /* geneve_opts, vxlan_opts, erspan_opts */
	NP_EK_NAME8,   /* a byte with names */
	NP_EK_NAME32,  /* a number with names */
	NP_EK_LOCATOR,
	NP_EK_SEG6,    /* struct seg6_iptunnel_encap */
	NP_EK_SRH,     /* struct ipv6_sr_hdr */
	NP_EK_RPL,     /* struct ipv6_rpl_sr_hdr */
	NP_EK_PROG,
	NP_EK_COUNTERS,
	NP_EK_FLAVORS,
	NP_EK_TRACE,   /* struct ioam6_trace_hdr */
};

struct np_word {
	unsigned id;
	const char *word;
};

struct np_encap_row {
	uint16_t attr;
	uint8_t kind;     /* enum np_encap_kind */
	uint8_t color;    /* AF_INET or AF_INET6: the value has that family's colour */
	bool lead;        /* a blank before the word (what iproute2 prints) */
	const char *word; /* NULL: the value stands alone */
	const char *key;  /* of JSON */
	size_t off;       /* of the value in struct np_encap */
	const struct np_word *names; /* NP_EK_NAME8, NP_EK_NAME32; ends with a NULL word */
};

/* Rows of a type in the order of printing; ends with a row without key. NULL: no such type. */
const struct np_encap_row *np_encap_rows(unsigned type);
/* "mpls", "ip", …; "unknown" for a type that has no row. */
const char *np_encap_type_name(unsigned type);
/* 0: no such type. */
unsigned np_encap_type_find(const char *word);
/* The types' words, in order, for errors and completion; ends with a NULL word. */
extern const struct np_word np_encap_types[];

extern const struct np_word np_seg6_modes[], np_seg6_flavors[];
extern const struct np_word np_ioam6_modes[], np_tun_flag_words[];

/* The word of an id, NULL if there is none; and back: -1 if there is none. */
const char *np_word_of(const struct np_word *rows, unsigned id);
int np_word_find(const struct np_word *rows, const char *word);

#endif
