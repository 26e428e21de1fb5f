// SPDX-License-Identifier: GPL-2.0-or-later
/* Real servers by the old interface of IPVS, and when netlink has to be asked. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <string.h>

#include "lib/lvs.h"
#include "unit.h"

#define BASE 0x0a000001u

/* Service i is TCP 10.0.0.1+i:80, the last one mark 7; each has two real servers. */
struct kernel {
	int gets;         /* calls for real servers */
	bool refuses;
	bool gone;        /* the last service, since it was counted */
	uint32_t hidden;  /* mark: of its two servers the second is one of IPv6 */
	uint32_t fwd;     /* of all */
};

static void give_services(struct kernel *k, struct ip_vs_get_services *s)
{
	for (unsigned i = 0; i < s->num_services - k->gone; i++) {
		struct ip_vs_service_entry *e = &s->entrytable[i];

		e->num_dests = 2;
		if (i == 2) {
			e->fwmark = 7;
			continue;
		}
		e->protocol = IPPROTO_TCP;
		e->addr = htonl(BASE + i);
		e->port = htons(80);
	}
}

static void give_dests(struct kernel *k, struct ip_vs_get_dests *d)
{
	k->gets++;
	for (unsigned i = 0; i < d->num_dests - (k->hidden && k->hidden == d->fwmark); i++) {
		struct ip_vs_dest_entry *e = &d->entrytable[i];

		e->addr = htonl(0xc0a80001u + i);
		e->port = htons(8080);
		e->conn_flags = k->fwd | 0x100;
		e->weight = d->fwmark ? 70 : (int)(ntohl(d->addr) - BASE + 1);
		e->u_threshold = 9;
		e->activeconns = i + 1;
	}
}

static int get(void *arg, int option, void *buf, size_t size)
{
	struct kernel *k = arg;

	if (k->refuses)
		return -EPERM;
	if (option == IP_VS_SO_GET_INFO)
		((struct ip_vs_getinfo *)buf)->num_services = 3;
	else if (option == IP_VS_SO_GET_SERVICES)
		give_services(k, buf);
	else if (size != sizeof(struct ip_vs_get_dests) + 2 * sizeof(struct ip_vs_dest_entry))
		return -EINVAL;
	else
		give_dests(k, buf);
	return 0;
}

struct seen {
	int n, stop_at;
	struct np_lvs_dest last;
};

static int see(const struct np_lvs_dest *dest, void *arg)
{
	struct seen *s = arg;

	s->last = *dest;
	return ++s->n == s->stop_at ? -ECANCELED : 0;
}

static struct np_lvs_svc tcp(uint32_t addr)
{
	struct np_lvs_svc svc = { .af = AF_INET, .protocol = IPPROTO_TCP, .port = 80 };

	addr = htonl(addr);
	memcpy(svc.addr, &addr, sizeof(addr));
	return svc;
}

int main(void)
{
	struct kernel k = { .fwd = IP_VS_CONN_F_MASQ };
	struct np_lvs_brief_io io = { get, &k };
	struct np_lvs_brief *b = np_lvs_brief_open(&io);
	struct np_lvs_svc svc = tcp(BASE + 1), mark = { .af = AF_INET, .fwmark = 7 };
	struct seen s = { 0 };

	unit_int(np_lvs_brief_dests(b, &svc, true, see, &s), 0, "real servers of a service");
	unit_ok(s.n == 2 && s.last.af == AF_INET && !memcmp(s.last.addr, "\xc0\xa8\0\2", 4) &&
		s.last.port == 8080 && s.last.fwd == IP_VS_CONN_F_MASQ && s.last.weight == 2 &&
		s.last.u_threshold == 9 && s.last.active == 2, "what they are");
	svc = tcp(BASE);
	unit_int(np_lvs_brief_dests(b, &svc, true, see, &s), 0, "a service that stands before");
	unit_int(s.last.weight, 1, "is the one that was asked for");
	unit_int(np_lvs_brief_dests(b, &mark, true, see, &s), 0, "a mark");
	unit_int(s.last.weight, 70, "has its own");
	s = (struct seen){ .stop_at = 1 };
	unit_int(np_lvs_brief_dests(b, &svc, true, see, &s), -ECANCELED, "fn ends it");

	s = (struct seen){ 0 };
	k.gets = 0;
	svc = tcp(BASE + 9);
	unit_int(np_lvs_brief_dests(b, &svc, true, see, &s), -EOPNOTSUPP, "an unknown service");
	mark.af = AF_INET6;
	unit_int(np_lvs_brief_dests(b, &mark, true, see, &s), -EOPNOTSUPP, "a service of IPv6");
	unit_int(k.gets, 0, "are not asked for");
	mark.af = AF_INET;
	k.hidden = 7;
	unit_int(np_lvs_brief_dests(b, &mark, false, see, &s), -EOPNOTSUPP, "a server of IPv6");
	k.fwd = IP_VS_CONN_F_TUNNEL;
	svc = tcp(BASE);
	unit_int(np_lvs_brief_dests(b, &svc, true, see, &s), -EOPNOTSUPP, "a tunnel's fields");
	unit_int(s.n, 0, "are left to netlink before any is given");
	unit_int(np_lvs_brief_dests(b, &svc, false, see, &s), 0, "a tunnel without them");
	unit_int((int)s.last.fwd, IP_VS_CONN_F_TUNNEL, "is one");
	np_lvs_brief_close(b);

	k.gone = true;
	b = np_lvs_brief_open(&io);
	unit_int(np_lvs_brief_dests(b, &mark, false, see, &s), -EOPNOTSUPP, "a service that went");
	np_lvs_brief_close(b);
	k.refuses = true;
	unit_ok(!np_lvs_brief_open(&io), "a kernel that does not give it");
	return unit_done();
}
