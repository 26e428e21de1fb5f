/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_LVS_CONN_H
#define NP_LVS_CONN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A connection of IPVS, or the template of a persistent client (sport 0), as a line of
 * /proc/net/ip_vs_conn has it (net/netfilter/ipvs/ip_vs_conn.c: ip_vs_conn_seq_show()).
 * Addresses in network order, IPv4 in the first four bytes; ports in host order.
 */
#define NP_LVS_CONN_PATH "/proc/net/ip_vs_conn"

struct np_lvs_conn {
	uint8_t protocol; /* IPPROTO_TCP, _UDP, _SCTP, _IP: a template of a firewall mark */
	uint8_t af;       /* of client and virtual address */
	uint8_t src[16], dst[16];
	uint16_t sport, dport;
	uint8_t rs_af;
	uint8_t rs[16];
	uint16_t rport;
	char state[16];
	uint32_t expires; /* seconds */
	char pe[16], pe_data[256]; /* of a persistence engine: its name and its key, or "" */
};

/* False for the heading and for lines that are no such. */
bool np_lvs_conn_parse(struct np_lvs_conn *c, const char *line);

#endif
