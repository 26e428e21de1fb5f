// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of /proc/net/ip_vs_conn. */
#include <netinet/in.h>
#include <sys/socket.h>

#include "lib/lvs_conn.h"
#include "unit.h"

int main(void)
{
	struct np_lvs_conn c;

	unit_ok(np_lvs_conn_parse(&c, "TCP 0A000001 C5A2 0A0000FE 0050 C0A80002 1F90 ESTABLISHED     899\n"),
		"IPv4");
	unit_ok(c.protocol == IPPROTO_TCP && c.af == AF_INET && c.src[0] == 10 && c.src[3] == 1 &&
		c.sport == 0xc5a2 && c.dst[3] == 254 && c.dport == 80, "client and virtual server");
	unit_ok(c.rs_af == AF_INET && !memcmp(c.rs, "\xc0\xa8\0\2", 4) && c.rport == 8080 &&
		c.expires == 899, "real server");
	unit_str(c.state, "ESTABLISHED", "state");
	unit_ok(np_lvs_conn_parse(&c, "UDP 2001:0db8:0001:0000:0000:0000:0000:0001 0000 "
		"2001:0db8:0001:0000:0000:0000:0000:00fe 0035 0A000002 0035 UDP             40 sip x\n"),
		"IPv6 to a real server of IPv4, with the data of a persistence engine");
	unit_ok(c.af == AF_INET6 && c.src[15] == 1 && !c.sport && c.rs_af == AF_INET && c.rs[0] == 10,
		"its addresses");
	unit_ok(np_lvs_conn_parse(&c, "IP  0A000000 0000 00000007 0000 C0A80002 0000 NONE            294\n"),
		"a template of a firewall mark");
	unit_ok(c.protocol == IPPROTO_IP && c.dst[3] == 7, "which stands in place of the address");
	unit_ok(!np_lvs_conn_parse(&c, "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       "
		"Expires PEName PEData\n"), "the heading");
	unit_ok(!np_lvs_conn_parse(&c, ""), "nothing");
	unit_ok(!np_lvs_conn_parse(&c, "TCP 0A00001 C5A2 0A0000FE 0050 C0A80002 1F90 NONE 8"), "seven digits");
	unit_ok(!np_lvs_conn_parse(&c, "XXX 0A000001 C5A2 0A0000FE 0050 C0A80002 1F90 NONE 8"), "no protocol");
	return unit_done();
}
