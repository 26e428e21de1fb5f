// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsctl/fullnat.h in a network namespace of its own, a file in the place of vs.conntrack. */
#include "lvsctl/fullnat.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/unit/shell.h"
#include "tests/unit/unit.h"

static char conntrack[] = "/tmp/conntrackXXXXXX";

/* What goes wrong between us and nf_tables. */
static struct {
	bool race;    /* somebody else is always first */
	int type;     /* messages of this type … */
	int with;     /* … fail with this errno */
} trouble;

/*
 * In the place of libc's, for libmnl. A batch that comes too late is one of a generation
 * which is not that of the kernel.
 */
ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *to,
	       socklen_t to_len)
{
	const struct nlmsghdr *h = buf;
	struct nlattr *attr;

	if (trouble.race && h->nlmsg_type == NFNL_MSG_BATCH_BEGIN)
		mnl_attr_for_each(attr, h, sizeof(struct nfgenmsg))
			if (mnl_attr_get_type(attr) == NFNL_BATCH_GENID)
				*(uint32_t *)mnl_attr_get_payload(attr) ^= 1;
	if (trouble.with && h->nlmsg_type == (NFNL_SUBSYS_NFTABLES << 8 | trouble.type)) {
		errno = trouble.with;
		return -1;
	}
	return syscall(SYS_sendto, fd, buf, len, flags, to, to_len);
}

static char conntrack_value(void)
{
	FILE *fp = fopen(conntrack, "r");
	int c = fp ? getc(fp) : EOF;

	if (fp)
		fclose(fp);
	return (char)c;
}

static void conntrack_is(char value)
{
	FILE *fp = fopen(conntrack, "w");

	if (fp) {
		putc(value, fp);
		fclose(fp);
	}
}

static union fullnat_addr addr(const char *text)
{
	union fullnat_addr a = { .v6 = IN6ADDR_ANY_INIT };

	inet_pton(strchr(text, ':') ? AF_INET6 : AF_INET, text, &a);
	return a;
}

static struct fullnat_dest dest(const char *vip, uint16_t port, const char *rip, uint16_t rport)
{
	return (struct fullnat_dest){
		.family = strchr(rip, ':') ? AF_INET6 : AF_INET, .protocol = IPPROTO_TCP,
		.port = port, .rport = rport, .vip = addr(vip), .rip = addr(rip),
	};
}

static const struct fullnat_source none = { .mode = NP_LVS_FULLNAT_NONE };
static const struct fullnat_source automatic = { .mode = NP_LVS_FULLNAT_AUTO };

static struct fullnat_source from(const char *text)
{
	return (struct fullnat_source){ NP_LVS_FULLNAT_ADDR, addr(text) };
}

static struct fullnat *must_open(void)
{
	struct np_err err = NP_ERR_INIT;
	struct fullnat *f = NULL;

	if (fullnat_open(&f, conntrack, &err))
		printf("# %s\n", err.text);
	return f;
}

/* What another process would read. */
static void reads(const struct fullnat_dest *d, const struct fullnat_source *want,
		  const char *name)
{
	struct fullnat *f = must_open();
	struct fullnat_source got;

	fullnat_get(f, d, &got);
	unit_ok(got.mode == want->mode && !memcmp(&got.addr, &want->addr, sizeof(got.addr)),
		"%s", name);
	fullnat_close(f);
}

static void sets(struct fullnat *f, const struct fullnat_dest *d,
		 const struct fullnat_source *source, const char *name)
{
	struct np_err err = NP_ERR_INIT;

	if (!unit_int(fullnat_set(f, d, source, &err), 0, name))
		printf("# %s\n", err.text);
	reads(d, source, "and is read again");
}

static const char rules[] =
	"\tchain auto {\n"
	"\t\tmasquerade\n"
	"\t}\n"
	"\n"
	"\tchain post {\n"
	"\t\ttype nat hook postrouting priority srcnat; policy accept;\n"
#define PORT(proto, ip, n) "\t\tmeta l4proto " proto " meta l4proto . ct original " ip " daddr . " \
	"ct original proto-dst . " ip " daddr . ct reply proto-src vmap @port" n "\n"
#define PORTS(ip, n) PORT("tcp", ip, n) PORT("udp", ip, n) PORT("sctp", ip, n)
	"\t\tmeta mark . ip daddr vmap @mark4\n"
	PORTS("ip", "4")
	"\t\tmeta l4proto . ct original ip daddr . ip daddr vmap @host4\n"
	"\t\tmeta mark . ip6 daddr vmap @mark6\n"
	PORTS("ip6", "6")
	"\t\tmeta l4proto . ct original ip6 daddr . ip6 daddr vmap @host6\n"
	"\t}\n";

static void test_kinds(void)
{
	struct fullnat *f = must_open();
	struct fullnat_dest port4 = dest("192.0.2.1", 80, "198.51.100.11", 8080);
	struct fullnat_dest host4 = dest("192.0.2.1", 0, "198.51.100.11", 0);
	struct fullnat_dest mark4 = dest("0.0.0.0", 0, "198.51.100.11", 0);
	struct fullnat_dest port6 = dest("2001:db8::1", 80, "2001:db8:1::11", 80);
	struct fullnat_dest mark6 = dest("::", 0, "2001:db8:1::11", 0);
	struct fullnat_source d4 = from("198.51.100.254"), d6 = from("2001:db8:1::fe");
	struct np_err err = NP_ERR_INIT;
	char text[8192];

	mark4.fwmark = mark6.fwmark = 5;
	conntrack_is('0');
	sets(f, &port4, &d4, "a port, an address");
	unit_int(conntrack_value(), '1', "vs.conntrack is set");
	sets(f, &host4, &automatic, "port 0, the address chosen");
	sets(f, &mark4, &automatic, "a mark");
	sets(f, &port6, &d6, "IPv6");
	sets(f, &mark6, &d6, "IPv6 by mark");
	reads(&port4, &d4, "one does not stand for another");
	shell_output("nft list table inet netpath_fullnat", text, sizeof(text));
	unit_ok(strstr(text, rules), "the rules as nft lists them");
	unit_ok(strstr(text, "tcp . 192.0.2.1 . 80 . 198.51.100.11 . 8080 : goto "
		       "snat_198.51.100.254 }"), "an entry");
	unit_ok(strstr(text, "chain snat_2001-db8-1--fe {\n\t\tsnat ip6 to 2001:db8:1::fe\n"),
		"the chain of an address");
	shell_output("nft list ruleset | nft -c -f - 2>&1", text, sizeof(text));
	unit_str(text, "", "as nft reads it");
	sets(f, &port6, &none, "IPv6 no more");
	shell_output("nft list ruleset | grep -c 'chain snat'", text, sizeof(text));
	unit_str(text, "2\n", "the chain stays for the other");
	unit_int(fullnat_drop_service(f, &mark6, &err), 0, "all of a service");
	reads(&mark6, &none, "are gone");
	reads(&mark4, &automatic, "and only they");
	shell_output("nft list ruleset | grep -c 'chain snat'", text, sizeof(text));
	unit_str(text, "1\n", "their chain, too");
	unit_int(conntrack_value(), '1', "vs.conntrack stays");
	unit_int(fullnat_flush(f, &err), 0, "all");
	reads(&port4, &none, "are gone");
	shell_output("nft list ruleset", text, sizeof(text));
	unit_str(text, "", "nothing is left");
	unit_int(conntrack_value(), '0', "vs.conntrack is as it was");
	fullnat_close(f);
}

static void test_last(void)
{
	struct fullnat *f = must_open(), *other = must_open();
	struct fullnat_dest a = dest("192.0.2.1", 80, "198.51.100.11", 80);
	struct fullnat_dest b = dest("192.0.2.1", 80, "198.51.100.12", 80);
	struct fullnat_source d1 = from("198.51.100.1"), d2 = from("198.51.100.2");
	char text[256];

	conntrack_is('0');
	sets(f, &a, &d1, "one");
	sets(other, &b, &automatic, "another by someone who saw none");
	sets(f, &a, &d2, "changed by one who has not seen the other");
	shell_output("nft list ruleset | grep 'chain snat'", text, sizeof(text));
	unit_str(text, "\tchain snat_198.51.100.2 {\n", "the chain is the new one's");
	sets(f, &a, &d2, "again");
	sets(f, &a, &none, "none");
	reads(&b, &automatic, "the other stays");
	unit_int(conntrack_value(), '1', "with what it needs");
	sets(f, &b, &none, "the last");
	shell_output("nft list ruleset", text, sizeof(text));
	unit_str(text, "", "nothing is left");
	unit_int(conntrack_value(), '0', "vs.conntrack is as it was");
	sets(f, &b, &none, "nothing of nothing");
	conntrack_is('1');
	sets(f, &a, &automatic, "with vs.conntrack set by someone else");
	sets(f, &a, &none, "and none");
	unit_int(conntrack_value(), '1', "it stays");
	fullnat_close(f);
	fullnat_close(other);
}

/* Many in one transaction, or none of them. */
static void test_many(void)
{
	struct fullnat *f = must_open(), *other = must_open();
	struct np_err err = NP_ERR_INIT;
	struct fullnat_addition add[] = {
		{ dest("192.0.2.1", 80, "198.51.100.11", 80), automatic },
		{ dest("192.0.2.1", 80, "198.51.100.12", 80), from("198.51.100.1") },
		{ dest("192.0.2.1", 0, "198.51.100.12", 0), from("198.51.100.1") },
		{ dest("2001:db8::1", 80, "2001:db8:1::11", 80), from("2001:db8:1::fe") },
	};
	char text[256];

	conntrack_is('0');
	sets(other, &add[3].dest, &automatic, "one by someone else");
	unit_int(fullnat_add(f, add, 4, &err), -EEXIST, "all, with one that is there");
	reads(&add[0].dest, &none, "are refused");
	unit_int(fullnat_add(f, add, 3, &err), 0, "the others");
	for (int i = 0; i < 3; i++)
		reads(&add[i].dest, &add[i].source, "are there");
	unit_int(conntrack_value(), '1', "vs.conntrack is set");
	shell_output("nft list ruleset | grep -A1 'chain snat'", text, sizeof(text));
	unit_str(text, "\tchain snat_198.51.100.1 {\n\t\tsnat ip to 198.51.100.1\n",
		 "one chain for two, with one rule");
	sets(f, &add[1].dest, &none, "one of them goes");
	reads(&add[2].dest, &add[2].source, "the other stays");
	unit_int(fullnat_flush(f, &err), 0, "all go");
	unit_int(conntrack_value(), '0', "vs.conntrack is as it was");
	fullnat_close(f);
	fullnat_close(other);
}

static void test_refused(void)
{
	struct np_err err = NP_ERR_INIT;
	struct fullnat *f = must_open();
	struct fullnat_dest a = dest("192.0.2.1", 80, "198.51.100.11", 80);
	char text[256];

	unlink(conntrack);
	unit_int(fullnat_set(f, &a, &automatic, &err), -EOPNOTSUPP, "a kernel without");
	unit_ok(strstr(err.text, "CONFIG_IP_VS_NFCT"), "is told: %s", err.text);
	shell_output("nft list ruleset", text, sizeof(text));
	unit_str(text, "", "nothing is left");
	fullnat_close(f);
}

/* vs.conntrack cannot be set: what nf_tables was told is taken back. */
static void test_read_only(void)
{
	struct np_err err = NP_ERR_INIT;
	struct fullnat *f = NULL;
	struct fullnat_dest a = dest("192.0.2.1", 80, "198.51.100.11", 80);
	char text[256];

	/* It reads "0", and takes nothing. */
	unit_int(fullnat_open(&f, "/proc/self/wchan", &err), 0, "a kernel");
	unit_ok(fullnat_set(f, &a, &automatic, &err) < 0, "that takes no value");
	unit_ok(!strncmp(err.text, "cannot set /proc/self/wchan to 1: ", 34), "is told: %s",
		err.text);
	fullnat_close(f);
	shell_output("nft list ruleset", text, sizeof(text));
	unit_str(text, "", "nothing is left");
}

/* Somebody else always wins: that is told, and nothing has changed. */
static void test_races(void)
{
	struct fullnat *f = must_open();
	struct fullnat_dest a = dest("192.0.2.1", 80, "198.51.100.11", 80);
	struct fullnat_dest b = dest("192.0.2.1", 80, "198.51.100.12", 80);
	struct np_err err = NP_ERR_INIT;

	conntrack_is('1');
	sets(f, &a, &automatic, "one");
	trouble.race = true;
	unit_int(fullnat_set(f, &b, &automatic, &err), -ERESTART, "another never gets its turn");
	unit_int(fullnat_set(f, &a, &none, &err), -ERESTART, "nor to take the first away");
	unit_ok(strstr(err.text, "FULLNAT cannot be taken away: "), "is told: %s", err.text);
	unit_int(fullnat_drop_service(f, &a, &err), -ERESTART, "nor all of the service");
	unit_int(fullnat_flush(f, &err), -ERESTART, "nor everything");
	trouble.race = false;
	reads(&a, &automatic, "the first is there");
	reads(&b, &none, "the other is not");
	unit_int(fullnat_flush(f, &err), 0, "and now they go");
	fullnat_close(f);
}

/* What cannot be read is not what is not there. */
static void test_unreadable(void)
{
	static const int types[] = { NFT_MSG_GETGEN, NFT_MSG_GETTABLE, NFT_MSG_GETSETELEM };
	struct fullnat_dest a = dest("192.0.2.1", 80, "198.51.100.11", 80);
	struct np_err err = NP_ERR_INIT;
	struct fullnat *f = must_open();

	sets(f, &a, &automatic, "one");
	fullnat_close(f);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		trouble.type = types[i];
		trouble.with = ENOBUFS;
		unit_int(fullnat_open(&f, conntrack, &err), -ENOBUFS, "it is not read");
		unit_ok(!strncmp(err.text, "FULLNAT cannot be read: ", 24), "is told: %s",
			err.text);
	}
	trouble.type = NFT_MSG_GETGEN;
	trouble.with = EINVAL;
	unit_int(fullnat_open(&f, conntrack, &err), 0, "a kernel without nf_tables");
	unit_int(fullnat_flush(f, &err), 0, "has none to take away");
	unit_int(fullnat_set(f, &a, &automatic, &err), -EINVAL, "and takes none");
	fullnat_close(f);
	trouble.with = 0;
	f = must_open();
	unit_int(fullnat_flush(f, &err), 0, "all go");
	fullnat_close(f);
}

int main(void)
{
	int fd = mkstemp(conntrack);

	if (fd < 0)
		return 1;
	close(fd);
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
		unlink(conntrack);
		puts("1..0 # skip no network namespace may be made here");
		return 0;
	}
	test_kinds();
	test_last();
	test_many();
	test_refused();
	test_read_only();
	test_races();
	test_unreadable();
	return unit_done();
}
