// SPDX-License-Identifier: GPL-2.0-or-later
/* Encapsulations from words to bytes and back; nothing here reaches a kernel. */
#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>

#include "tests/unit/route_unit.h"

#define R "192.0.2.0/24 encap "
#define D " dev eth7"
#define T "192.0.2.0/24  encap "
#define S "dev eth7 scope link "

static const struct unit_row rows[] = {
	{ R "mpls 100/200" D, T "mpls  100/200 " S,
	  "{\"dst\":\"192.0.2.0/24\",\"encap\":\"mpls\",\"dst\":\"100/200\",\"dev\":\"eth7\","
	  "\"scope\":\"link\",\"flags\":[]}" },
	{ R "mpls 100 ttl 9" D, T "mpls  100 ttl 9 " S, NULL },
	{ R "ip id 42 src 10.1.1.1 dst 10.2.2.2 ttl 64 tos 8 key csum" D,
	  T "ip id 42 src 10.1.1.1 dst 10.2.2.2 ttl 64 tos 8 key csum " S,
	  "{\"dst\":\"192.0.2.0/24\",\"encap\":\"ip\",\"id\":42,\"src\":\"10.1.1.1\","
	  "\"dst\":\"10.2.2.2\",\"ttl\":64,\"tos\":8,\"key\":true,\"csum\":true,"
	  "\"dev\":\"eth7\",\"scope\":\"link\",\"flags\":[]}" },
	{ R "ip6 id 1 dst fd00::2 hoplimit 64 tc 4 seq" D,
	  T "ip6 id 1 dst fd00::2 hoplimit 64 tc 4 seq " S, NULL },
	{ R "ip id 1 dst 10.2.2.2 geneve_opts 1:2:0a0b0c0d,3:4:11223344" D,
	  T "ip id 1 dst 10.2.2.2 \n\tgeneve_opts 1:2:0a0b0c0d,3:4:11223344 " S,
	  "{\"dst\":\"192.0.2.0/24\",\"encap\":\"ip\",\"id\":1,\"dst\":\"10.2.2.2\","
	  "\"geneve_opts\":[{\"class\":1,\"type\":2,\"data\":\"0a0b0c0d\"},{\"class\":3,"
	  "\"type\":4,\"data\":\"11223344\"}],\"dev\":\"eth7\",\"scope\":\"link\",\"flags\":[]}" },
	{ R "ip id 1 dst 10.2.2.2 vxlan_opts 77" D,
	  T "ip id 1 dst 10.2.2.2 \n\tvxlan_opts 77 " S, NULL },
	{ R "ip id 1 dst 10.2.2.2 erspan_opts 1:5:0:0" D,
	  T "ip id 1 dst 10.2.2.2 \n\terspan_opts 1:5:0:0 " S, NULL },
	{ R "ip6 id 1 dst fd00::2 erspan_opts 2:0:1:3" D,
	  T "ip6 id 1 dst fd00::2 \n\terspan_opts 2:0:1:3 " S, NULL },
	{ R "seg6 mode encap segs fd00::1,fd00::2" D,
	  T "seg6 mode encap segs 2 [ fd00::1 fd00::2 ] " S,
	  "{\"dst\":\"192.0.2.0/24\",\"encap\":\"seg6\",\"mode\":\"encap\","
	  "\"segs\":[\"fd00::1\",\"fd00::2\"],\"dev\":\"eth7\",\"scope\":\"link\",\"flags\":[]}" },
	{ R "seg6 mode inline segs fd00::1 hmac 26" D,
	  T "seg6 mode inline segs 2 [ fd00::1 :: ] hmac 1A " S, NULL },
	{ R "seg6local action End.DT6 table 100 count" D,
	  T "seg6local action End.DT6 table 100 " S, NULL },
	{ R "seg6local action End.X nh6 fd00::9 flavors psp,usd" D,
	  T "seg6local action End.X nh6 fd00::9 flavors psp,usd " S, NULL },
	{ R "seg6local action End flavors next-csid lblen 48 nflen 16" D,
	  T "seg6local action End flavors next-csid lblen 48 nflen 16 " S, NULL },
	{ R "seg6local action End.B6.Encaps srh segs fd00::1,fd00::2" D,
	  T "seg6local action End.B6.Encaps segs 2 [ fd00::1 fd00::2 ] " S, NULL },
	{ R "seg6local action End.DX4 nh4 10.0.0.1 iif eth8" D,
	  T "seg6local action End.DX4 nh4 10.0.0.1 iif eth8 " S, NULL },
	{ R "rpl segs fd00::1,fd00::2" D, T "rpl segs 2 [ fd00::1 fd00::2 ] " S, NULL },
	{ R "ioam6 trace prealloc type 0x800000 ns 1 size 12" D,
	  T "ioam6 freq 1/1 mode inline trace prealloc type 0x800000 ns 1 size 12 " S,
	  "{\"dst\":\"192.0.2.0/24\",\"encap\":\"ioam6\",\"freqk\":1,\"freqn\":1,"
	  "\"mode\":\"inline\",\"trace\":null,\"prealloc\":null,\"type\":\"800000\",\"ns\":1,"
	  "\"size\":12,\"dev\":\"eth7\",\"scope\":\"link\",\"flags\":[]}" },
	{ R "ioam6 freq 2/9 mode auto tundst fd00::7 trace prealloc type 0x800000 ns 1 size 12" D,
	  T "ioam6 freq 2/9 mode auto tundst fd00::7 trace prealloc type 0x800000 ns 1 size 12 " S,
	  NULL },
	{ R "xfrm if_id 5 link_dev eth8" D, T "xfrm if_id 5 link_dev eth8 " S, NULL },
	{ R "ila 1:2:3:4 csum-mode no-action ident-type luid hook-type input" D,
	  T "ila  1:2:3:4  csum-mode no-action  ident-type luid  hook-type input " S, NULL },
};

static const char *const wrong[] = {
	R "mpls x" D,
	R "mpls",
	R "ip id x" D,
	R "ip id 1 id 2" D,
	R "ip dst fd00::1" D,
	R "ip geneve_opts 1:2" D,
	R "ip vxlan_opts x" D,
	R "ip vxlan_opts 1 vxlan_opts 2" D,
	R "seg6 segs fd00::1" D,
	R "seg6 mode sideways segs fd00::1" D,
	R "seg6 mode encap segs 10.0.0.1" D,
	R "seg6 mode encap segs fd00::1,," D,
	R "seg6local table 5" D,
	R "seg6local action End.XYZ" D,
	R "seg6local action End flavors psp,psp" D,
	R "ioam6 freq 3/2 trace prealloc type 1 ns 1 size 4" D,
	R "ioam6 mode encap trace prealloc type 1 ns 1 size 4" D,
	R "ioam6 trace prealloc type 1 ns 1 size 5" D,
	R "xfrm link_dev eth8" D,
	R "bpf in obj x.o" D,
	R "ila 1:2:3:4:5" D,
};

/* The kernel names a program only if it was given a name; headroom is printed bare. */
static void test_bpf(void)
{
	struct np_route r;
	struct np_encap *e;
	char *text;

	np_route_init(&r);
	r.family = AF_INET;
	r.type = RTN_UNICAST;
	r.protocol = RTPROT_BOOT;
	e = np_nh_add_encap(&r.nh);
	e->type = LWTUNNEL_ENCAP_BPF;
	e->set = 1u << LWT_BPF_IN | 1u << LWT_BPF_OUT | 1u << LWT_BPF_XMIT_HEADROOM;
	snprintf(e->prog[LWT_BPF_IN], NP_PROG_MAX, "prog.o:[x]");
	e->prog_named = 1u << LWT_BPF_IN;
	e->headroom = 32;
	text = unit_show(&r, false);
	unit_str(text, "default  encap bpf in prog.o:[x] out  32 ", "bpf programs");
	free(text);
	e->type = 99;
	text = unit_show(&r, false);
	unit_str(text, "default  encap unknown ", "an encapsulation of the future");
	free(text);
	np_route_clean(&r);
}

/* The length of the header with its HMAC is a byte, too. */
static void test_segs(void)
{
	static const struct {
		const char *mode, *rest;
		unsigned n;
		bool ok;
	} segs[] = {
		{ "encap", "", 126, true }, { "encap", " hmac 1", 126, false },
		{ "encap", " hmac 1", 125, true }, { "inline", " hmac 1", 125, false },
		{ "inline", " hmac 1", 124, true }, { "inline", "", 126, true },
		{ "encap", "", 127, false },
	};

	for (size_t i = 0; i < sizeof(segs) / sizeof(segs[0]); i++) {
		char words[1024];
		struct np_err err = NP_ERR_INIT;
		struct np_route r;
		int ret, at = snprintf(words, sizeof(words), R "seg6 mode %s segs ", segs[i].mode);

		for (unsigned k = 0; k < segs[i].n; k++)
			at += snprintf(words + at, sizeof(words) - (size_t)at, "%s::1",
				       k ? "," : "");
		snprintf(words + at, sizeof(words) - (size_t)at, "%s" D, segs[i].rest);
		np_route_init(&r);
		ret = unit_words(words, &r, &err);
		unit_ok(segs[i].ok ? !ret : ret < 0 && err.text[0], "%s of %u segments%s: %s",
			segs[i].mode, segs[i].n, segs[i].rest, err.text);
		np_route_clean(&r);
	}
}

static void test_wrong(void)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct np_err err = NP_ERR_INIT;
		struct np_route r;

		np_route_init(&r);
		unit_ok(unit_words(wrong[i], &r, &err) < 0 && err.text[0], "%s: %s", wrong[i],
			err.text);
		np_route_clean(&r);
	}
}

static void test_own(void)
{
	test_wrong();
	test_bpf();
	test_segs();
}

int main(void)
{
	return unit_routes(rows, sizeof(rows) / sizeof(rows[0]), test_own);
}
