// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/drops.h"

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/net_dropmon.h>

#include "tests/unit/unit.h"

/* IPv4, UDP, 10.0.1.1:1000 to 10.0.2.2:7, one byte, behind an Ethernet header. */
static const uint8_t frame[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00,
	0x45, 0, 0, 29, 0, 1, 0x40, 0, 64, 17, 0, 0, 10, 0, 1, 1, 10, 0, 2, 2,
	0x03, 0xe8, 0, 7, 0, 9, 0, 0, 'x' };

static struct np_drop got;
static struct np_hdr hdr;
static int calls;

static int on_drop(const struct np_drop *d, void *arg)
{
	(void)arg;
	calls++;
	got = *d;
	memset(&hdr, 0, sizeof(hdr));
	return d->bytes.l3 ? np_hdr_read(&hdr, &d->bytes) : 0;
}

static int event(uint8_t cmd, const char *reason, const char *symbol, uint16_t proto, size_t from,
	size_t len)
{
	char buf[1024];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *g = mnl_nlmsg_put_extra_header(nlh, sizeof(*g));

	nlh->nlmsg_type = 30;
	g->cmd = cmd;
	if (symbol)
		mnl_attr_put_strz(nlh, NET_DM_ATTR_SYMBOL, symbol);
	if (reason)
		mnl_attr_put_strz(nlh, NET_DM_ATTR_REASON, reason);
	mnl_attr_put_u16(nlh, NET_DM_ATTR_PROTO, proto);
	if (len)
		mnl_attr_put(nlh, NET_DM_ATTR_PAYLOAD, len, frame + from);
	calls = 0;
	return np_drop_read(nlh, on_drop, NULL);
}

static void test_packet(void)
{
	static const char symbol[] = "ip_rcv_finish_core.constprop.0+0x1b7/0x3d0";

	unit_int(event(NET_DM_CMD_PACKET_ALERT, "IP_RPFILTER", symbol, 0x0800, 0, sizeof(frame)), 0,
		"an alert");
	unit_int(calls, 1, "is told once");
	unit_str(got.reason, "IP_RPFILTER", "its reason");
	unit_str(got.function, "ip_rcv_finish_core", "the function, without where in it");
	unit_int(hdr.sport << 16 | hdr.dport, 1000 << 16 | 7, "the ports, behind Ethernet's header");
	event(NET_DM_CMD_PACKET_ALERT, "IP_RPFILTER", symbol, 0x0800, 14, sizeof(frame) - 14);
	unit_int(hdr.sport << 16 | hdr.dport, 1000 << 16 | 7, "the ports, without one");
}

static void test_less(void)
{
	event(NET_DM_CMD_PACKET_ALERT, "NOT_SPECIFIED", NULL, 0x0806, 0, sizeof(frame));
	unit_str(got.reason, "", "NOT_SPECIFIED is no reason");
	unit_ok(!got.bytes.l3, "ARP is no packet of ours");
	event(NET_DM_CMD_PACKET_ALERT, NULL, "x", 0x0800, 0, 20);
	unit_ok(!got.bytes.l3, "too little of it");
	for (size_t n = 0; n < sizeof(frame); n++)
		event(NET_DM_CMD_PACKET_ALERT, NULL, "x", 0x86dd, 14, n > 29 ? 29 : n);
	unit_ok(calls == 1, "cut anywhere");
	event(NET_DM_CMD_ALERT, NULL, "x", 0x0800, 0, sizeof(frame));
	unit_int(calls, 0, "a summary is no packet");
}

int main(void)
{
	test_packet();
	test_less();
	return unit_done();
}
