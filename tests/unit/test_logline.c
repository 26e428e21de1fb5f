// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/logline.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "tests/unit/logtext.h"

#define NOW (INT64_C(1781524800) * 1000000)
#define HEAD "May 20 00:31:12 gw1 kernel: [   72.841930] TRACE: "
#define MAC "MAC=00:23:7d:5b:96:01:00:21:5a:ef:96:02:08:00 "
#define V4 "SRC=192.168.235.13 DST=10.0.1.20 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=4369 DF "
#define T4 " 192.168.235.13>10.0.1.20 len=40 tos=0 ttl=64 id=4369 DF"
#define V6 "SRC=fd00:0235:0000:0000:0000:0000:0000:0012 DST=fd00:0001:0000:0000:0000:0000:0000:0020 "
#define V6LEN "LEN=60 TC=4 HOPLIMIT=63 FLOWLBL=35645 "
#define T6 " fd00:235::12>fd00:1::20 len=60 tos=4 ttl=63 flow=35645"
#define P2 "raw:PREROUTING:policy:2 "
#define IN "IN=enp3s0 OUT= "
#define TIN "raw:PREROUTING:policy:2 in=enp3s0 out="
#define UDP "PROTO=UDP SPT=40000 DPT=5001 LEN=20 "
#define TUDP " proto=17 40000>5001 ulen=20"
#define TCP "PROTO=TCP SPT=18130 DPT=8081 SEQ=2213090174 ACK=0 WINDOW=64240 RES=0x00 SYN URGP=0 "
#define TTCP " proto=6 18130>8081 seq=2213090174 ack=0 win=64240 res=0 flags=02 urgp=0"

static const struct {
	const char *line, *want; /* want: NULL: damaged; "": other */
} lines[] = {
	{ HEAD P2 IN MAC V4 UDP, TIN " mac=00237d5b960100215aef96020800" T4 TUDP },
	{ HEAD P2 IN V4 TCP "OPT (020405B40402080A04D5CCCC0000000001030307) ",
		TIN T4 TTCP " tcpopt=020405b40402080a04d5cccc0000000001030307" },
	{ HEAD "mangle:OUTPUT:policy:1 IN= OUT=enp3s0 " V4 UDP "UID=0 GID=1000 MARK=0x1f ",
		"mangle:OUTPUT:policy:1 in= out=enp3s0" T4 TUDP " uid=0/1000 mark=1f" },
	{ HEAD "nat:KUBE-SVC-5MQ3:return:4 " IN "MAC= " V4 UDP,
		"nat:KUBE-SVC-5MQ3:return:4 in=enp3s0 out=" T4 TUDP },
	{ HEAD "filter:a:b.c-d_e+f:return:1 " IN V4 UDP,
		"filter:a:b.c-d_e+f:return:1 in=enp3s0 out=" T4 TUDP },
	{ HEAD "filter:x:rule:3:rule:1 " IN V4 UDP,
		"filter:x:rule:3:rule:1 in=enp3s0 out=" T4 TUDP },
	{ HEAD "mangle:POSTROUTING:policy:1 IN= OUT=br0 PHYSIN=vnet0 PHYSOUT=vnet1 " V4 UDP,
		"mangle:POSTROUTING:policy:1 in= out=br0 physin=vnet0 physout=vnet1" T4 TUDP },
	{ HEAD P2 IN "MACSRC=00:21:5a:ef:96:02 MACDST=00:23:7d:5b:96:01 MACPROTO=0800 " V4 UDP,
		TIN " mac=00237d5b960100215aef96020800" T4 TUDP },
	{ HEAD P2 "IN=sit1 OUT= MAC= TUNNEL=10.0.0.1->10.0.0.2 " V6 V6LEN UDP,
		"raw:PREROUTING:policy:2 in=sit1 out=" T6 TUDP },
	/* IPv4 */
	{ HEAD P2 IN "SRC=1.2.3.4 DST=5.6.7.8 LEN=1500 TOS=0x10 PREC=0xC0 TTL=1 ID=0 CE DF MF "
		     "OPT (94040000) PROTO=TCP SPT=1 DPT=2 SEQ=3 ACK=4 WINDOW=5 RES=0x0f CWR ECE "
		     "URG ACK PSH RST SYN FIN URGP=6 ",
		TIN " 1.2.3.4>5.6.7.8 len=1500 tos=208 ttl=1 id=0 CE DF MF proto=6 ipopt=94040000 "
		    "1>2 seq=3 ack=4 win=5 res=15 flags=ff urgp=6" },
	{ HEAD P2 IN "SRC=1.2.3.4 DST=5.6.7.8 LEN=68 TOS=0x00 PREC=0x00 TTL=64 ID=9000 FRAG:370 "
		     "PROTO=UDP ",
		TIN " 1.2.3.4>5.6.7.8 len=68 tos=0 ttl=64 id=9000 frag=370 proto=17" },
	{ HEAD P2 IN V4 "PROTO=TCP INCOMPLETE [8 bytes] ", TIN T4 " proto=6 incomplete" },
	{ HEAD P2 IN V4 "PROTO=132 ", TIN T4 " proto=132" },
	{ HEAD P2 IN V4 "PROTO=132 MARK=0x7 ", TIN T4 " proto=132 mark=7" },
	{ HEAD P2 IN V4 "PROTO=UDPLITE SPT=1 DPT=2 LEN=3 ", TIN T4 " proto=136 1>2 ulen=3" },
	{ HEAD P2 IN V4 "PROTO=ESP SPI=0xc0ffee ", TIN T4 " proto=50 spi=c0ffee" },
	{ HEAD P2 IN V4 "PROTO=AH INCOMPLETE [4 bytes] ", TIN T4 " proto=51 incomplete" },
	{ HEAD P2 IN V4 "PROTO=TCP SPT=1 DPT=2 WINDOW=5 RES=0x00 ACK URGP=0 ",
		TIN T4 " proto=6 1>2 win=5 res=0 flags=10 urgp=0" },
	{ HEAD P2 IN "MAC= TRUNCATED", TIN " incomplete" },
	/* ICMP: two ID=, and a SEQ= that is not TCP's */
	{ HEAD P2 IN V4 "PROTO=ICMP TYPE=8 CODE=0 ID=77 SEQ=1 ",
		TIN T4 " proto=1 icmp=8/0 echo=77/1" },
	{ HEAD P2 IN V4 "PROTO=ICMP TYPE=12 CODE=0 PARAMETER=4 ", TIN T4 " proto=1 icmp=12/0 param=4" },
	{ HEAD P2 IN V4 "PROTO=ICMP TYPE=10 CODE=0 ", TIN T4 " proto=1 icmp=10/0" },
	{ HEAD P2 IN V4 "PROTO=ICMP TYPE=13 CODE=0 ", TIN T4 " proto=1 icmp=13/0" },
	{ HEAD P2 IN V4 "PROTO=ICMP TYPE=3 CODE=4 [SRC=1.2.3.4 DST=5.6.7.8 LEN=1500 TOS=0x00 "
			"PREC=0x00 TTL=63 ID=7 DF PROTO=UDP SPT=1 DPT=2 LEN=1480 ] MTU=1400 MARK=0x1 ",
		TIN T4 " proto=1 icmp=3/4 mtu=1400 [ 1.2.3.4>5.6.7.8 len=1500 tos=0 ttl=63 id=7 DF "
		       "proto=17 1>2 ulen=1480 ] mark=1" },
	{ HEAD P2 IN V4 "PROTO=ICMP TYPE=5 CODE=1 GATEWAY=10.0.1.9 [SRC=1.2.3.4 DST=5.6.7.8 LEN=60 "
			"TOS=0x00 PREC=0x00 TTL=64 ID=1234 DF PROTO=TCP INCOMPLETE [8 bytes] ] ",
		TIN T4 " proto=1 icmp=5/1 gw=10.0.1.9 [ 1.2.3.4>5.6.7.8 len=60 tos=0 ttl=64 id=1234 "
		       "DF proto=6 incomplete ]" },
	{ HEAD P2 IN V4 "PROTO=ICMP TYPE=11 CODE=0 [SRC=1.2.3.4 DST=5.6.7.8 LEN=84 TOS=0x00 "
			"PREC=0x00 TTL=1 ID=9 PROTO=ICMP TYPE=8 CODE=0 ID=5 SEQ=6 ] ",
		TIN T4 " proto=1 icmp=11/0 [ 1.2.3.4>5.6.7.8 len=84 tos=0 ttl=1 id=9 proto=1 "
		       "icmp=8/0 echo=5/6 ]" },
	{ HEAD P2 IN V4 "PROTO=ICMP TYPE=3 CODE=1 INCOMPLETE [4 bytes] ",
		TIN T4 " proto=1 incomplete icmp=3/1" },
	/* IPv6 */
	{ HEAD P2 IN V6 V6LEN UDP, TIN T6 TUDP },
	{ HEAD P2 IN V6 V6LEN "OPT ( FRAG:0 INCOMPLETE ID:0000002a ) " UDP,
		TIN T6 " id=42 MF" TUDP },
	{ HEAD P2 IN V6 V6LEN "OPT ( FRAG:1448 ID:0000002a ) PROTO=UDP ",
		TIN T6 " id=42 frag=181 proto=17" },
	{ HEAD P2 IN V6 V6LEN "OPT ( ) OPT ( ) OPT ( AH SPI=0x1f ) " TCP,
		TIN T6 TTCP " spi=1f" },
	{ HEAD P2 IN V6 V6LEN "OPT ( ESP SPI=0xabcdef01 )", TIN T6 " proto=50 spi=abcdef01" },
	{ HEAD P2 IN V6 V6LEN "OPT ( ESP INCOMPLETE [4 bytes] )", TIN T6 " proto=50 incomplete" },
	{ HEAD P2 IN V6 V6LEN "OPT ( FRAG:TRUNCATED ", TIN T6 " incomplete" },
	{ HEAD P2 IN V6 V6LEN "PROTO=59 ", TIN T6 " proto=59" },
	{ HEAD P2 IN V6 V6LEN "PROTO=ICMPv6 TYPE=128 CODE=0 ID=2 SEQ=3 ",
		TIN T6 " proto=58 icmp=128/0 echo=2/3" },
	{ HEAD P2 IN V6 V6LEN "PROTO=ICMPv6 TYPE=135 CODE=0 ", TIN T6 " proto=58 icmp=135/0" },
	{ HEAD P2 IN V6 V6LEN "PROTO=ICMPv6 TYPE=4 CODE=1 POINTER=00000028 [" V6 V6LEN UDP "] ",
		TIN T6 " proto=58 icmp=4/1 param=40 [" T6 TUDP " ]" },
	{ HEAD P2 IN V6 V6LEN "PROTO=ICMPv6 TYPE=2 CODE=0 [" V6 V6LEN UDP "] MTU=1280 ",
		TIN T6 " proto=58 icmp=2/0 mtu=1280 [" T6 TUDP " ]" },
	/* what wikis and chats do to a line */
	{ "TRACE: " P2 IN V4 UDP, TIN T4 TUDP },
	{ "TRACE:" P2 IN V4 UDP, TIN T4 TUDP },
	{ "TRACE:  raw:PREROUTING:policy:2     IN=enp3s0   OUT=\t SRC=1.2.3.4   DST=5.6.7.8  LEN=40  "
	  "TOS=0x00 PREC=0x00  TTL=64   ID=7   PROTO=UDP  SPT=1  DPT=2   LEN=20",
		TIN " 1.2.3.4>5.6.7.8 len=40 tos=0 ttl=64 id=7 proto=17 1>2 ulen=20" },
	{ "TRACE: raw:PREROUTING:policy:2IN=enp3s0OUT=MAC=00:23:7d:5b:96:01:00:21:5a:ef:96:02:08:00"
	  "SRC=192.168.235.13DST=10.0.1.20LEN=40TOS=0x00PREC=0x00TTL=64ID=4369DFPROTO=UDP"
	  "SPT=40000DPT=5001LEN=20",
		TIN " mac=00237d5b960100215aef96020800" T4 TUDP },
	{ "TRACE: raw:PREROUTING:policy:2IN=br0OUT=br1PHYSIN=vnet0PHYSOUT=vnet1" V4
	  "PROTO=TCPSPT=1DPT=2SEQ=3ACK=4WINDOW=5RES=0x00ACKPSHURGP=0OPT(0101)UID=1GID=2MARK=0x3",
		"raw:PREROUTING:policy:2 in=br0 out=br1 physin=vnet0 physout=vnet1" T4
		" proto=6 1>2 seq=3 ack=4 win=5 res=0 flags=18 urgp=0 tcpopt=0101 uid=1/2 mark=3" },
	{ "TRACE: raw:PREROUTING:policy:2IN=OUT=enp3s0" V6 V6LEN UDP,
		"raw:PREROUTING:policy:2 in= out=enp3s0" T6 TUDP },
	{ HEAD P2 IN V4 UDP "\r", TIN T4 TUDP },
	{ HEAD P2 IN V4 "PROTO=UDP SPT=40000 DPT=5001 LEN=20", TIN T4 TUDP },
	{ "TRACE:\xc2\xa0" "raw:PREROUTING:policy:2\xc2\xa0IN=enp3s0\xc2\xa0OUT= " V4 UDP, TIN T4 TUDP },
	{ "&gt; TRACE: " P2 "IN=sit1 OUT= MAC= TUNNEL=10.0.0.1-&gt;10.0.0.2&nbsp;" V6 V6LEN UDP,
		"raw:PREROUTING:policy:2 in=sit1 out=" T6 TUDP },
	/* cut lines give what they have */
	{ HEAD P2 IN V4 "PROTO=UDP SPT=40000 DPT=5001 LEN=2", TIN T4 " proto=17 40000>5001 CUT" },
	{ HEAD P2 IN "SRC=1.2.3.4 DST=5.6.7.8 LEN=1500 TOS=0x00 PREC=0x00 TTL=64 ID=9 MF PROTO=UDP SPT=1 DPT=2 LEN=300",
		TIN " 1.2.3.4>5.6.7.8 len=1500 tos=0 ttl=64 id=9 MF proto=17 1>2 CUT" },
	{ HEAD P2 IN "SRC=1.2.3.4 DST=5.6.7.8 LEN=1500 TOS=0x00 PREC=0x00 TTL=64 ID=9 MF PROTO=UDP SPT=1 DPT=2 LEN=3008",
		TIN " 1.2.3.4>5.6.7.8 len=1500 tos=0 ttl=64 id=9 MF proto=17 1>2 ulen=3008" },
	{ HEAD P2 IN V4 "PROTO=UDP SPT=40000 DPT=5001 LE", TIN T4 " proto=17 40000>5001 CUT" },
	{ HEAD P2 IN V4 "PROTO=UDP SPT=40000 DPT=500", TIN T4 " proto=17 CUT" },
	{ HEAD P2 IN V4 "PROTO=UDP", TIN T4 " CUT" },
	{ HEAD P2 IN V6 V6LEN "PROTO=ICMP", TIN T6 " CUT" },
	{ HEAD P2 IN V4 "PROTO=ICMP", TIN T4 " proto=1 CUT" },
	{ HEAD P2 IN V4 "PROTO=TCP", TIN T4 " proto=6 CUT" },
	{ HEAD P2 IN V4 "PROTO=13", TIN T4 " proto=13" },
	{ HEAD P2 IN V4 "PROTO=1", TIN T4 " CUT" },
	{ HEAD P2 IN V4 "PRO", TIN T4 " CUT" },
	{ HEAD P2 IN "SRC=1.2.3.4 DST=5.6.7.8 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=43",
		TIN " 1.2.3.4>5.6.7.8 len=40 tos=0 ttl=64 CUT" },
	{ HEAD P2 IN "SRC=1.2.3.4 DST=5.6.7.8 LEN=40 TOS=0x00 PREC=0x00 TTL=6...",
		TIN " 1.2.3.4>5.6.7.8 len=40 tos=0 CUT" },
	{ HEAD P2 IN "SRC=1.2.3.4 DST=5.6.7.8 ", TIN " 1.2.3.4>5.6.7.8 CUT" },
	{ HEAD P2 IN V4 "PROTO=TCP SPT=1 DPT=2 SEQ=3 ACK=4 WINDOW=5 RES=0x00 AC",
		TIN T4 " proto=6 1>2 seq=3 ack=4 CUT" },
	{ HEAD P2 IN V4 TCP "OPT (020405B4", TIN T4 TTCP " CUT" },
	{ HEAD P2 IN V4 UDP "UID=10", TIN T4 TUDP " uid=10/0" },
	{ HEAD P2 IN V4 "PROTO=ICMP TYPE=3 CODE=4 [SRC=1.2.3.4 DST=5.6.7.8 LEN=15",
		TIN T4 " proto=1 icmp=3/4 [ 1.2.3.4>5.6.7.8 ] CUT" },
	/* too little left, or a number that may have lost digits */
	{ HEAD P2 IN "SRC=1.2.3.4 DST=5.6.7.8", NULL },
	{ HEAD P2 IN MAC "SRC=1.2", NULL },
	{ HEAD P2 "IN=enp3", NULL },
	{ HEAD P2, NULL },
	{ HEAD "raw:PREROUTING:policy:2", NULL },
	{ HEAD "raw:PREROU", NULL },
	{ HEAD "fil", NULL },
	/* two lines in one */
	{ HEAD P2 IN V4 UDP HEAD P2 IN V4 UDP, NULL },
	{ HEAD P2 IN "SRC=1.2.3.4 DST=5.6" HEAD P2 IN V4 UDP, NULL },
	{ HEAD P2 IN "SRC=1.2.3.4 DST=5.6.7.8 LEN=40 eth0: link up TOS=0x00 PREC=0x00 TTL=64 ID=1 ",
		NULL },
	{ HEAD P2 IN V4 V4 UDP, NULL },
	{ HEAD P2 IN V4 "PROTO=UDP SPT=40000 DPT=5001 SEQ=1 LEN=20 ", NULL },
	{ HEAD P2 IN "SRC=1.2.3.4 DST=5.6.7.8.9 LEN=40 ", NULL },
	{ HEAD P2 IN "SRC=1.2.3.256 DST=5.6.7.8 LEN=40 ", NULL },
	{ HEAD P2 IN "SRC=1.2.3.4 DST=fd00::1 LEN=40 ", NULL },
	{ HEAD P2 IN V4 "PROTO=UDP SPT=70000 DPT=5001 LEN=20 ", NULL },
	{ HEAD P2 "IN=a-name-that-is-too-long OUT= " V4 UDP, NULL },
	{ HEAD P2 IN V4 UDP "UID=0 GID=0 UID=0 ", NULL },
	/* a chain's name has 28 bytes at most; this is still more than any kernel takes */
	{ "TRACE: nat:KUBE-SVC-ZP4VKUJYTBCROZYY-AND-MORE:rule:1 " IN V4 UDP, NULL },
	/* no TRACE lines */
	{ "TRACE: KUBE:KUBE-SVC-ZP4VKUJYTBCROZYY-AND-MORE:rule:1 " IN V4 UDP, "" },
	{ "May 20 00:31:21 gw1 kernel: [   81.1] SysRq : Show backtrace TRACE: ", "" },
	{ "May 20 00:31:21 gw1 kernel: audit: apparmor=\"STATUS\" TRACE: not:a:real:line", "" },
	{ "May 20 00:31:21 gw1 kernel: fw-drop " IN V4 UDP, "" },
	{ "May 20 00:31:21 gw1 kernel: TRACE: fw-drop " IN V4 UDP, "" },
	{ "TRACE: :PREROUTING:rule:1 " IN V4 UDP, "" },
	{ "TRACE: raw::rule:1 " IN V4 UDP, "" },
	{ "TRACE: raw:PREROUTING:drop:1 " IN V4 UDP, "" },
	{ "TRACE: rule:1 " IN V4 UDP, "" },
	{ "TRACE: raw:PREROUTING:rule:99999999999 " IN V4 UDP, "" },
	{ "", "" },
	{ "Call Trace:", "" },
	/* what is left of a line before a whole one: only if that one brings its own prefix */
	{ "May 20 00:30:36 gw1 kernel: [   36.142482] TRACE: raw:PRE TRACE: " P2 IN V4 UDP, NULL },
	{ "May 20 00:30:36 gw1 kernel: [   36.142482] TRACE: raw:PREROUTI2] TRACE: " P2 IN V4 UDP,
		NULL },
	{ "May 20 00:30:36 gw1 kernel: [   36.142482] TRACE: ra " HEAD P2 IN V4 UDP, TIN T4 TUDP },
};

static void grammar(struct logline *ll)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const char *s = lines[i].line, *want = lines[i].want, *why = "";
		struct np_trace_event ev;
		struct timeline_note note;
		struct logtext t;
		enum logline_kind kind = logline_parse(ll, s, strlen(s), &ev, &note, &why);

		if (!want)
			unit_ok(kind == LOGLINE_DAMAGED && *why, "damaged: %s", s);
		else if (!*want)
			unit_ok(kind == LOGLINE_OTHER, "no TRACE line: %s", s);
		else if (!unit_ok(kind == LOGLINE_TRACE && !strcmp(logtext_event(&t, &ev), want),
				 "%s", s))
			printf("# got  %d %s %s\n# want %s\n", kind, why,
				kind == LOGLINE_TRACE ? t.s : "", want);
	}
}

static void prefix(struct logline *ll)
{
	const char *s = HEAD P2 IN V4 UDP;
	struct np_trace_event ev;

	logline_file(ll, "kern.log");
	logline_parse(ll, "", 0, &ev, NULL, NULL);
	unit_int(logline_parse(ll, s, strlen(s), &ev, NULL, NULL), LOGLINE_TRACE, "a line is read");
	unit_str(ev.host, "gw1", "with its host");
	unit_str(ev.stamp, "May 20 00:31:12", "with its time as it is");
	unit_int(ev.wall_us, INT64_C(1779237072) * 1000000, "and as a clock's");
	unit_int(ev.uptime_us, 72841930, "with the uptime");
	unit_int(ev.set, NP_TEV_NUMBER | NP_TEV_UPTIME | NP_TEV_WALL | NP_TEV_NO_YEAR,
		"which is all that is set");
	unit_int((long long)ev.line, 2, "with its number");
	unit_str(ev.file, "kern.log", "with its file");
	unit_ok(!ev.rule && !ev.physin, "without a rule's text or a bridge's port");
}

static void notes(struct logline *ll)
{
	const char *s = "May 20 00:32:50 gw1 kernel: [  170.903063] IPv4: martian source 10.0.1.12 "
			"from 192.168.235.12, on dev enp3s0";
	struct np_trace_event ev;
	struct timeline_note n = { 0 };

	unit_int(logline_parse(ll, s, strlen(s), &ev, &n, NULL), LOGLINE_NOTE, "a martian source");
	unit_str(n.host, "gw1", "its host");
	unit_str(n.dev, "enp3s0", "its device");
	unit_ok(!memcmp(n.src, "\xc0\xa8\xeb\x0c", 4) && !memcmp(n.dst, "\x0a\x00\x01\x0c", 4) &&
			n.family == AF_INET,
		"its addresses");
	s = "<4>[  173.190403] IPv4: martian source 10.0.1.12 from 127.0.0.5, on dev enp3s0";
	unit_int(logline_parse(ll, s, strlen(s), &ev, &n, NULL), LOGLINE_NOTE, "without a host");
	s = "[  173.718471] martian destination 127.0.0.9 from 192.168.235.13, dev enp3s0";
	unit_int(logline_parse(ll, s, strlen(s), &ev, &n, NULL), LOGLINE_NOTE,
		"a martian destination");
	s = "[  173.718471] martian source 10.0.1.12 from 127.0.0, on dev enp3s0";
	unit_int(logline_parse(ll, s, strlen(s), &ev, &n, NULL), LOGLINE_OTHER,
		"half an address is none");
}

/* A copy that ends anywhere behind the addresses, in the middle of a word too, is read. */
static void cut_anywhere(struct logline *ll)
{
	const char *s = "May  8 16:30:29 ceph4 kernel: [324781.838361] TRACE: raw:OUTPUT:policy:2 IN= "
			"OUT=enp3s0 SRC=192.168.235.13 DST=10.43.206.251 LEN=60 TOS=0x00 PREC=0x00 "
			"TTL=64 ID=57266 DF PROTO=TCP SPT=18130 DPT=8081 SEQ=2213090174 ACK=0 "
			"WINDOW=29200 RES=0x00 SYN URGP=0 OPT (020405B40402080A04D5CCCC) UID=1000 "
			"GID=1000 MARK=0x1";
	const char *from = strstr(s, "LEN="), *why = "";
	struct np_trace_event ev;
	unsigned read = 0;

	for (const char *end = from; *end; end++) {
		if (logline_parse(ll, s, (size_t)(end - s), &ev, NULL, &why) == LOGLINE_TRACE)
			read++;
		else
			printf("# %s: %.*s\n", why, (int)(end - s), s);
	}
	unit_int(read, (long long)strlen(from), "a line that was cut anywhere behind its addresses");
}

int main(void)
{
	struct np_intern *in = np_intern_new();
	struct logline *ll = logline_new(in, NOW);

	setenv("TZ", "UTC", 1);
	grammar(ll);
	prefix(ll);
	notes(ll);
	cut_anywhere(ll);
	logline_free(ll);
	np_intern_free(in);
	return unit_done();
}
