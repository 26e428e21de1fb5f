// SPDX-License-Identifier: GPL-2.0-or-later
/* The codec of IPVS: what is said to the kernel, and what is understood of its answers. */
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>

#include "lib/lvs.h"
#include "mock_nl.h"
#include "unit.h"

#define FAMILY 30

/* A kernel that says `answer` to every question, and keeps what it was told. */
struct kernel {
	struct mock mock;
	struct np_lvs v;
	char said[1024] __attribute__((aligned(4)));
	char answer[2048] __attribute__((aligned(4)));
	int code; /* of an acknowledgement */
};

static struct nlmsghdr *answer_of(struct kernel *k)
{
	return (struct nlmsghdr *)(void *)k->answer;
}

static void handle(struct mock *m, const struct nlmsghdr *nlh)
{
	struct kernel *k = m->arg;

	memcpy(k->said, nlh, nlh->nlmsg_len < sizeof(k->said) ? nlh->nlmsg_len : sizeof(k->said));
	if (answer_of(k)->nlmsg_len && !k->code) {
		answer_of(k)->nlmsg_seq = nlh->nlmsg_seq;
		answer_of(k)->nlmsg_flags = nlh->nlmsg_flags & NLM_F_DUMP ? NLM_F_MULTI : 0;
		mock_push(m, k->answer, answer_of(k)->nlmsg_len);
	}
	if ((nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP)
		mock_data(m, nlh, NLMSG_DONE, NLM_F_MULTI, 0);
	else if (k->code || nlh->nlmsg_flags & NLM_F_ACK)
		mock_ack(m, nlh, k->code, NULL);
}

static void begin(struct kernel *k)
{
	*k = (struct kernel){ .mock.handle = handle, .v.family = FAMILY };
	k->mock.arg = k;
	k->v.nl = mock_open(&k->mock);
}

static void end(struct kernel *k)
{
	mock_clear(&k->mock);
	np_lvs_close(&k->v);
}

/* Begins an answer. */
static struct nlmsghdr *answer(struct kernel *k, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(k->answer);
	struct genlmsghdr *g;

	nlh->nlmsg_type = FAMILY;
	g = mnl_nlmsg_put_extra_header(nlh, sizeof(*g));
	g->cmd = cmd;
	g->version = 1;
	return nlh;
}

/* ---- what is said: "1: 1{1=h0002 3=c0000201}", in hex: bytes, or h, a number of this machine, and . ---- */

/* The same with each number as the bytes that it is here. Free it. */
static char *as_bytes(const char *want)
{
	char *out = strdup(want), *to = out;

	for (const char *p = want; *p;) {
		size_t n = strspn(p + (*p == 'h'), "0123456789abcdef");

		if (*p != 'h') {
			*to++ = *p++;
			continue;
		}
		for (size_t i = 0; i < n; i += 2)
			memcpy(to + i, p + 1 + (htons(1) == 1 ? i : n - 2 - i), 2);
		to += n;
		p += n + 1;
		p += *p == '.';
	}
	*to = '\0';
	return out;
}

static void say_attrs(FILE *fp, const struct nlattr *first, const char *stop, bool nest)
{
	const char *sep = "";

	for (const struct nlattr *a = first; mnl_attr_ok(a, (int)(stop - (const char *)a));
	     a = mnl_attr_next(a)) {
		const uint8_t *b = mnl_attr_get_payload(a);
		size_t n = mnl_attr_get_payload_len(a);

		fprintf(fp, "%s%u", sep, mnl_attr_get_type(a));
		sep = " ";
		if (nest) {
			fputc('{', fp);
			say_attrs(fp, mnl_attr_get_payload(a), (const char *)b + n, false);
			fputc('}', fp);
			continue;
		}
		fputc('=', fp);
		for (size_t i = 0; i < n; i++)
			fprintf(fp, "%02x", b[i]);
	}
}

static void said(struct kernel *k, bool nests, const char *want, const char *name)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)(void *)k->said;
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(nlh);
	char *text = NULL, *bytes = as_bytes(want);
	size_t size;
	FILE *fp = open_memstream(&text, &size);

	fprintf(fp, "%u: ", g->cmd);
	say_attrs(fp, mnl_nlmsg_get_payload_offset(nlh, sizeof(*g)), mnl_nlmsg_get_payload_tail(nlh),
		  nests);
	fclose(fp);
	unit_str(text, bytes, name);
	free(bytes);
	free(text);
}

#define ZEROS "000000000000000000000000"
#define V4_KEY "1=h0002 2=h0006 3=c0000201" ZEROS " 4=0050"
#define ONES "ffffffff"

static void service_said(void)
{
	struct np_lvs_svc tcp = { .af = AF_INET, .protocol = IPPROTO_TCP, .port = 80,
		.addr = { 192, 0, 2, 1 }, .sched = "rr", .pe = "sip", .flags = 1, .timeout = 300,
		.netmask = htonl(0xffffff00) };
	struct np_lvs_svc mark = { .af = AF_INET6, .fwmark = 7, .sched = "sh", .netmask = 128 };
	struct kernel k;

	begin(&k);
	unit_int(np_lvs_change_svc(&k.v, NP_LVS_ADD, &tcp, NULL), 0, "add");
	said(&k, true, "1: 1{" V4_KEY " 6=727200 11=73697000 7=h00000001." ONES
		" 8=h0000012c 9=ffffff00}", "a service is told with all that it has");
	unit_int(np_lvs_change_svc(&k.v, NP_LVS_EDIT, &mark, NULL), 0, "edit");
	said(&k, true, "2: 1{1=h000a 5=h00000007 6=736800 7=00000000" ONES
		" 8=00000000 9=h00000080}", "a mark's by mark and family, without an engine");
	unit_int(np_lvs_change_svc(&k.v, NP_LVS_DEL, &tcp, NULL), 0, "delete");
	said(&k, true, "3: 1{" V4_KEY "}", "deleting wants no more than the key");
	unit_int(np_lvs_zero(&k.v, &tcp, NULL), 0, "zero");
	said(&k, true, "16: 1{" V4_KEY "}", "and so does zeroing");
	unit_int(np_lvs_zero(&k.v, NULL, NULL), 0, "zero all");
	said(&k, true, "16: ", "all counters");
	unit_int(np_lvs_flush(&k.v, NULL), 0, "flush");
	said(&k, true, "17: ", "all services");
	k.code = EEXIST;
	unit_int(np_lvs_change_svc(&k.v, NP_LVS_ADD, &tcp, NULL), -EEXIST, "a refusal");
	end(&k);
}

static void server_said(void)
{
	struct np_lvs_svc svc = { .af = AF_INET, .protocol = IPPROTO_TCP, .port = 80,
		.addr = { 192, 0, 2, 1 } };
	struct np_lvs_dest d = { .af = AF_INET6, .addr = { 0x20, 1, 0x0d, 0xb8, [15] = 2 },
		.port = 8080, .fwd = IP_VS_CONN_F_TUNNEL, .weight = 5, .u_threshold = 9, .l_threshold = 4,
		.tun_type = IP_VS_CONN_F_TUNNEL_TYPE_GUE, .tun_port = 6080,
		.tun_flags = IP_VS_TUNNEL_ENCAP_FLAG_CSUM };
	struct kernel k;

	begin(&k);
	unit_int(np_lvs_change_dest(&k.v, NP_LVS_ADD, &svc, &d, NULL), 0, "add");
	said(&k, true, "5: 1{" V4_KEY "} 2{11=h000a 1=20010db8000000000000000000000002 2=1f90 "
		"3=h00000002 4=h00000005 5=h00000009 6=h00000004 13=01 14=17c0 15=h0001}",
		"a real server of the other family, in a tunnel");
	unit_int(np_lvs_change_dest(&k.v, NP_LVS_DEL, &svc, &d, NULL), 0, "delete");
	said(&k, true, "7: 1{" V4_KEY "} 2{11=h000a 1=20010db8000000000000000000000002 2=1f90}",
		"deleting: which one");
	end(&k);
}

static void others_said(void)
{
	struct np_lvs_timeouts t = { 900, 0, 300 };
	struct np_lvs_daemon d = { .state = IP_VS_STATE_MASTER, .ifn = "eth1", .syncid = 3 };
	struct kernel k;

	begin(&k);
	unit_int(np_lvs_timeouts_set(&k.v, &t, NULL), 0, "timeouts");
	said(&k, false, "12: 4=h00000384 5=00000000 6=h0000012c", "three timeouts, 0 as it is");
	unit_int(np_lvs_daemon_start(&k.v, &d, NULL), 0, "a daemon");
	said(&k, true, "9: 3{1=h00000001 2=6574683100 3=h00000003}", "what was not said is left out");
	d = (struct np_lvs_daemon){ .state = IP_VS_STATE_BACKUP, .ifn = "e", .maxlen = 1400,
		.port = 9000, .ttl = 4, .af = AF_INET6, .group = { 0xff, 2, [15] = 0x81 } };
	unit_int(np_lvs_daemon_start(&k.v, &d, NULL), 0, "another");
	said(&k, true, "9: 3{1=h00000002 2=6500 3=00000000 4=h0578 7=h2328 8=04 "
		"6=ff020000000000000000000000000081}", "all of a daemon");
	unit_int(np_lvs_daemon_stop(&k.v, IP_VS_STATE_BACKUP, NULL), 0, "stop");
	said(&k, true, "10: 3{1=h00000002}", "stopping names the state");
	end(&k);
}

/* ---- what is understood ---- */

/* The last of a list, and how many there were. */
struct kept {
	struct np_lvs_svc svc;
	struct np_lvs_dest dest;
	int n;
};

static int keep_svc(const struct np_lvs_svc *svc, void *arg)
{
	((struct kept *)arg)->svc = *svc;
	((struct kept *)arg)->n++;
	return 0;
}

static int keep_dest(const struct np_lvs_dest *dest, void *arg)
{
	((struct kept *)arg)->dest = *dest;
	((struct kept *)arg)->n++;
	return 0;
}

static void put_stats(struct nlmsghdr *nlh, uint16_t type, uint32_t base, bool wide)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	for (uint16_t i = IPVS_STATS_ATTR_CONNS; i <= IPVS_STATS_ATTR_OUTBPS; i++)
		if (wide)
			mnl_attr_put_u64(nlh, i, ((uint64_t)base << 32) + i);
		else if (i == IPVS_STATS_ATTR_INBYTES || i == IPVS_STATS_ATTR_OUTBYTES)
			mnl_attr_put_u64(nlh, i, base + i);
		else
			mnl_attr_put_u32(nlh, i, base + i);
	mnl_attr_nest_end(nlh, nest);
}

/* The answer is a service as a 6.1 kernel tells it, with attributes of a later one; the message. */
static struct nlmsghdr *tell_service(struct kernel *k, bool wide)
{
	struct ip_vs_flags flags = { IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_HASHED, ~0u };
	static const uint8_t vip[16] = { 192, 0, 2, 1 };
	struct nlmsghdr *nlh = answer(k, IPVS_CMD_NEW_SERVICE);
	struct nlattr *nest = mnl_attr_nest_start(nlh, IPVS_CMD_ATTR_SERVICE);

	mnl_attr_put_u32(nlh, 31, 1);
	mnl_attr_put_u32(nlh, 32, 2);
	mnl_attr_put_u32(nlh, 200, 3);
	mnl_attr_put_u16(nlh, IPVS_SVC_ATTR_AF, AF_INET);
	mnl_attr_put_u16(nlh, IPVS_SVC_ATTR_PROTOCOL, IPPROTO_UDP);
	mnl_attr_put(nlh, IPVS_SVC_ATTR_ADDR, sizeof(vip), vip);
	mnl_attr_put_u16(nlh, IPVS_SVC_ATTR_PORT, htons(53));
	mnl_attr_put_strz(nlh, IPVS_SVC_ATTR_SCHED_NAME, "wlc");
	mnl_attr_put_strz(nlh, IPVS_SVC_ATTR_PE_NAME, "sip");
	mnl_attr_put(nlh, IPVS_SVC_ATTR_FLAGS, sizeof(flags), &flags);
	mnl_attr_put_u32(nlh, IPVS_SVC_ATTR_TIMEOUT, 300);
	mnl_attr_put_u32(nlh, IPVS_SVC_ATTR_NETMASK, htonl(0xffffff00));
	put_stats(nlh, IPVS_SVC_ATTR_STATS, 100, false);
	if (wide)
		put_stats(nlh, IPVS_SVC_ATTR_STATS64, 7, true);
	mnl_attr_nest_end(nlh, nest);
	return nlh;
}

static void service_understood(void)
{
	static const uint8_t vip[16] = { 192, 0, 2, 1 };
	struct kept s = { 0 };
	struct kernel k;

	begin(&k);
	tell_service(&k, false);
	unit_int(np_lvs_svcs(&k.v, keep_svc, &s, NULL), 0, "a list");
	unit_int(s.n, 1, "one service");
	unit_ok(s.svc.af == AF_INET && s.svc.protocol == IPPROTO_UDP && s.svc.port == 53 &&
		!s.svc.fwmark && !memcmp(s.svc.addr, vip, 16), "its key");
	unit_ok(!strcmp(s.svc.sched, "wlc") && !strcmp(s.svc.pe, "sip") && s.svc.flags == 3 &&
		s.svc.timeout == 300 && s.svc.netmask == htonl(0xffffff00), "what it is");
	unit_ok(s.svc.stats.conns == 101 && s.svc.stats.inpkts == 102 &&
		s.svc.stats.inbytes == 104 && s.svc.stats.outbps == 110, "counters of 32 bits");

	tell_service(&k, true);
	np_lvs_svcs(&k.v, keep_svc, &s, NULL);
	unit_ok(s.svc.stats.conns == (UINT64_C(7) << 32) + 1 &&
		s.svc.stats.outbps == (UINT64_C(7) << 32) + 10, "those of 64 bits come first");
	end(&k);
}

static void mark_understood(void)
{
	struct np_lvs_svc svc = { .af = AF_INET6, .fwmark = UINT32_MAX };
	struct ip_vs_flags flags = { 0, ~0u };
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct kernel k;

	begin(&k);
	nlh = answer(&k, IPVS_CMD_NEW_SERVICE);
	nest = mnl_attr_nest_start(nlh, IPVS_CMD_ATTR_SERVICE);
	mnl_attr_put_u16(nlh, IPVS_SVC_ATTR_AF, AF_INET6);
	mnl_attr_put_u32(nlh, IPVS_SVC_ATTR_FWMARK, UINT32_MAX);
	mnl_attr_put_strz(nlh, IPVS_SVC_ATTR_SCHED_NAME, "rr");
	mnl_attr_put(nlh, IPVS_SVC_ATTR_FLAGS, sizeof(flags), &flags);
	mnl_attr_put_u32(nlh, IPVS_SVC_ATTR_NETMASK, 64);
	mnl_attr_nest_end(nlh, nest);
	unit_int(np_lvs_svc_get(&k.v, &svc, NULL), 0, "one service");
	said(&k, true, "4: 1{1=h000a 5=" ONES "}", "is asked for by its key");
	unit_ok(svc.fwmark == UINT32_MAX && svc.af == AF_INET6 && svc.netmask == 64 &&
		!strcmp(svc.sched, "rr") && !*svc.pe && !svc.stats.conns, "a mark of IPv6");
	k.code = ESRCH;
	unit_int(np_lvs_svc_get(&k.v, &svc, NULL), -ESRCH, "one that is not there");
	end(&k);
}

static void put_server(struct nlmsghdr *nlh, bool family)
{
	static const uint8_t addr[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 2 };

	if (family)
		mnl_attr_put_u16(nlh, IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET6);
	mnl_attr_put(nlh, IPVS_DEST_ATTR_ADDR, sizeof(addr), addr);
	mnl_attr_put_u16(nlh, IPVS_DEST_ATTR_PORT, htons(8080));
	mnl_attr_put_u32(nlh, IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_TUNNEL);
	mnl_attr_put_u32(nlh, IPVS_DEST_ATTR_WEIGHT, 5);
	mnl_attr_put_u32(nlh, IPVS_DEST_ATTR_U_THRESH, 9);
	mnl_attr_put_u32(nlh, IPVS_DEST_ATTR_L_THRESH, 4);
	mnl_attr_put_u32(nlh, IPVS_DEST_ATTR_ACTIVE_CONNS, 11);
	mnl_attr_put_u32(nlh, IPVS_DEST_ATTR_INACT_CONNS, 12);
	mnl_attr_put_u32(nlh, IPVS_DEST_ATTR_PERSIST_CONNS, 13);
	mnl_attr_put_u8(nlh, IPVS_DEST_ATTR_TUN_TYPE, IP_VS_CONN_F_TUNNEL_TYPE_GUE);
	mnl_attr_put_u16(nlh, IPVS_DEST_ATTR_TUN_PORT, htons(6080));
	mnl_attr_put_u16(nlh, IPVS_DEST_ATTR_TUN_FLAGS, IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM);
	put_stats(nlh, IPVS_DEST_ATTR_STATS64, 1, true);
}

static void server_understood(void)
{
	struct np_lvs_svc v4 = { .af = AF_INET, .protocol = IPPROTO_TCP, .port = 80 };
	struct np_lvs_svc v6 = { .af = AF_INET6, .protocol = IPPROTO_TCP, .port = 80 };
	struct kept d = { 0 };

	for (int family = 1; family >= 0; family--) {
		struct nlmsghdr *nlh;
		struct nlattr *nest;
		struct kernel k;

		begin(&k);
		nlh = answer(&k, IPVS_CMD_NEW_DEST);
		nest = mnl_attr_nest_start(nlh, IPVS_CMD_ATTR_DEST);
		put_server(nlh, family);
		mnl_attr_nest_end(nlh, nest);
		/* before 3.18 the kernel did not tell the family: it was the service's */
		unit_int(np_lvs_dests(&k.v, family ? &v4 : &v6, keep_dest, &d, NULL), 0, "a list");
		unit_ok(d.dest.af == AF_INET6 && d.dest.addr[0] == 0x20 && d.dest.addr[15] == 2 &&
			d.dest.port == 8080 && d.dest.fwd == IP_VS_CONN_F_TUNNEL, "its key");
		unit_ok(d.dest.weight == 5 && d.dest.u_threshold == 9 && d.dest.l_threshold == 4 &&
			d.dest.active == 11 && d.dest.inactive == 12 && d.dest.persistent_conns == 13,
			"what it has");
		unit_ok(d.dest.tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE &&
			d.dest.tun_port == 6080 &&
			d.dest.tun_flags == IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM, "its tunnel");
		unit_ok(d.dest.stats.conns == (UINT64_C(1) << 32) + 1, "its counters");
		end(&k);
	}
	unit_int(d.n, 2, "one each");
}

static void others_understood(void)
{
	static const uint8_t group[4] = { 224, 0, 0, 81 };
	struct np_lvs_daemon daemons[2];
	struct np_lvs_timeouts t;
	struct np_lvs_info info;
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct kernel k;

	begin(&k);
	nlh = answer(&k, IPVS_CMD_SET_INFO);
	mnl_attr_put_u32(nlh, IPVS_INFO_ATTR_VERSION, 0x10201);
	mnl_attr_put_u32(nlh, IPVS_INFO_ATTR_CONN_TAB_SIZE, 4096);
	unit_ok(!np_lvs_info(&k.v, &info, NULL) && info.version == 0x10201 && info.size == 4096,
		"version and size");
	nlh = answer(&k, IPVS_CMD_SET_CONFIG);
	mnl_attr_put_u32(nlh, IPVS_CMD_ATTR_TIMEOUT_TCP, 900);
	mnl_attr_put_u32(nlh, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, 120);
	mnl_attr_put_u32(nlh, IPVS_CMD_ATTR_TIMEOUT_UDP, 300);
	unit_ok(!np_lvs_timeouts_get(&k.v, &t, NULL) && t.tcp == 900 && t.tcpfin == 120 &&
		t.udp == 300, "timeouts");
	nlh = answer(&k, IPVS_CMD_NEW_DAEMON);
	nest = mnl_attr_nest_start(nlh, IPVS_CMD_ATTR_DAEMON);
	mnl_attr_put_u32(nlh, IPVS_DAEMON_ATTR_STATE, IP_VS_STATE_BACKUP);
	mnl_attr_put_strz(nlh, IPVS_DAEMON_ATTR_MCAST_IFN, "a name of too many letters");
	mnl_attr_put_u32(nlh, IPVS_DAEMON_ATTR_SYNC_ID, 255);
	mnl_attr_put_u16(nlh, IPVS_DAEMON_ATTR_SYNC_MAXLEN, 1464);
	mnl_attr_put(nlh, IPVS_DAEMON_ATTR_MCAST_GROUP, sizeof(group), group);
	mnl_attr_put_u16(nlh, IPVS_DAEMON_ATTR_MCAST_PORT, 8848);
	mnl_attr_put_u8(nlh, IPVS_DAEMON_ATTR_MCAST_TTL, 1);
	mnl_attr_nest_end(nlh, nest);
	unit_int(np_lvs_daemons(&k.v, daemons, NULL), 0, "daemons");
	unit_ok(!daemons[0].state && daemons[1].state == IP_VS_STATE_BACKUP, "a backup alone");
	unit_ok(daemons[1].syncid == 255 && daemons[1].maxlen == 1464 && daemons[1].port == 8848 &&
		daemons[1].ttl == 1 && daemons[1].af == AF_INET &&
		!memcmp(daemons[1].group, group, 4), "what it does");
	unit_str(daemons[1].ifn, "a name of too m", "its interface, cut");
	end(&k);
}

/* A message cut at any length, with attributes that end behind it, is none or a part of one. */
static void cut(void)
{
	size_t size;
	int bad = 0;
	struct kept s = { 0 };
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct kernel k;

	begin(&k);
	nlh = tell_service(&k, false);
	size = nlh->nlmsg_len;
	for (size_t n = NLMSG_LENGTH(GENL_HDRLEN); n <= size; n++) {
		nlh->nlmsg_len = (uint32_t)n;
		bad += np_lvs_svcs(&k.v, keep_svc, &s, NULL) != 0;
	}
	unit_int(bad, 0, "no message that is cut is an error, or read behind its end");
	unit_ok(s.n > 0 && s.svc.port == 53, "the whole one was read last");

	nlh = answer(&k, IPVS_CMD_NEW_SERVICE);
	nest = mnl_attr_nest_start(nlh, IPVS_CMD_ATTR_SERVICE);
	mnl_attr_put_u16(nlh, IPVS_SVC_ATTR_AF, AF_INET6);
	mnl_attr_put_u32(nlh, IPVS_SVC_ATTR_ADDR, 1);
	mnl_attr_put(nlh, IPVS_SVC_ATTR_PORT, 3, "abc");
	mnl_attr_put(nlh, IPVS_SVC_ATTR_FLAGS, 3, "abc");
	mnl_attr_put(nlh, IPVS_SVC_ATTR_SCHED_NAME, 3, "abc");
	mnl_attr_put_u32(nlh, IPVS_SVC_ATTR_STATS, 5);
	mnl_attr_nest_end(nlh, nest);
	unit_int(np_lvs_svcs(&k.v, keep_svc, &s, NULL), 0, "attributes of a wrong size");
	unit_ok(!s.svc.addr[0] && !s.svc.port && !s.svc.flags && !*s.svc.sched &&
		!s.svc.stats.conns, "are as if they were not there");
	s.n = 0;
	answer(&k, IPVS_CMD_NEW_SERVICE);
	unit_int(np_lvs_svcs(&k.v, keep_svc, &s, NULL), 0, "a message without a service");
	unit_int(s.n, 0, "is none");
	end(&k);
}

static int enough(const struct np_lvs_svc *svc, void *arg)
{
	(void)svc;
	(void)arg;
	return -ECANCELED;
}

static void ended(void)
{
	struct kernel k;

	begin(&k);
	tell_service(&k, false);
	unit_int(np_lvs_svcs(&k.v, enough, NULL, NULL), -ECANCELED, "the reader ends the list");
	end(&k);
}

int main(void)
{
	service_said();
	server_said();
	others_said();
	service_understood();
	mark_understood();
	server_understood();
	others_understood();
	cut();
	ended();
	return unit_done();
}
