// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/quotes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/hdr.h"

#define BYTES 256 /* of a packet: IP and ICMP headers, those quoted, and options */

#define STMT(code, k) BPF_STMT((unsigned short)(code), (unsigned)(k))
#define JEQ(k, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k), (yes), (no))

/*
 * ICMP errors of IPv4, but behind a first fragment, and of IPv6: nothing else gets into the socket,
 * which is read when an event wakes us, or the time.
 */
static struct sock_filter errors[] = {
	STMT(BPF_LD | BPF_H | BPF_ABS, SKF_AD_OFF + SKF_AD_PROTOCOL),
	JEQ(ETH_P_IPV6, 12, 0),
	JEQ(ETH_P_IP, 0, 16),
	STMT(BPF_LD | BPF_B | BPF_ABS, 9),
	JEQ(IPPROTO_ICMP, 0, 14),
	STMT(BPF_LD | BPF_H | BPF_ABS, 6),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 12, 0),
	STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
	STMT(BPF_LD | BPF_B | BPF_IND, 0),
	JEQ(3, 8, 0),
	JEQ(4, 7, 0),
	JEQ(5, 6, 0),
	JEQ(11, 5, 0),
	JEQ(12, 4, 5),
	STMT(BPF_LD | BPF_B | BPF_ABS, 6),
	JEQ(IPPROTO_ICMPV6, 0, 3),
	STMT(BPF_LD | BPF_B | BPF_ABS, 40),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 128, 1, 0),
	STMT(BPF_RET | BPF_K, BYTES),
	STMT(BPF_RET | BPF_K, 0),
};

void quotes_open(struct quotes *q)
{
	const struct sock_fprog prog = { sizeof(errors) / sizeof(errors[0]), errors };
	const int all = htons(ETH_P_ALL);

	/* of no protocol before the filter is there: nothing is let in meanwhile */
	q->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (q->fd < 0)
		return;
	if (setsockopt(q->fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) ||
		bind(q->fd, (const struct sockaddr *)&(const struct sockaddr_ll){
			.sll_family = AF_PACKET, .sll_protocol = (uint16_t)all },
			sizeof(struct sockaddr_ll)))
		quotes_close(q);
}

static int take(struct gather *g, const uint8_t *b, size_t len)
{
	struct np_hdr_bytes bytes = { .l3 = b, .l3_len = len };
	size_t at = b[0] >> 4 == 6 ? 40 : (b[0] & 0xfu) * 4;
	struct np_hdr outer, quoted;

	if (len > at) {
		bytes.l4 = b + at;
		bytes.l4_len = len - at;
	}
	if (np_hdr_read(&outer, &bytes) || np_hdr_read_quoted(&quoted, &outer, &bytes))
		return 0;
	return gather_quote(g, &outer, &quoted);
}

int quotes_take(struct quotes *q, struct gather *g, unsigned most)
{
	uint8_t b[BYTES];

	for (unsigned n = 0; n < most && q->fd >= 0; n++) {
		ssize_t len = recv(q->fd, b, sizeof(b), 0);

		/* a link that went down is an error of the socket, once */
		if (len <= 0)
			return 0;
		if (take(g, b, (size_t)len))
			return -ENOMEM;
	}
	return 0;
}

void quotes_close(struct quotes *q)
{
	if (q->fd >= 0)
		close(q->fd);
	q->fd = -1;
}
