/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_CHECK_H
#define LVSCTL_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/netdev.h"
#include "lvsctl/plan.h"

/* Sysctls that checks look at: rows of lvs_conf in check_load.c. */
enum lvs_conf {
	LVS_IP_FORWARD,
	LVS_FORWARD6,
	LVS_REDIRECTS,       /* net.ipv4.conf.all: the greater of all and the link counts */
	LVS_RP_FILTER,       /* the same */
	LVS_ARP_IGNORE,      /* the same */
	LVS_ARP_ANNOUNCE,    /* the same */
	LVS_CONNTRACK,       /* net.ipv4.vs from here */
	LVS_REUSE,
	LVS_NODEST,
	LVS_QUIESCENT,
	LVS_PMTU_DISC,
	LVS_SLOPPY_TCP,
	LVS_DROP_ENTRY,
	LVS_DROP_PACKET,
	LVS_SECURE_TCP,
	LVS_RUN_ESTIMATION,
	LVS_CONF_N,
};

struct lvs_value {
	bool known; /* this kernel has it */
	int64_t v;
};

struct lvs_link {
	struct np_netdev dev;
	int64_t redirects, rp_filter, arp_ignore, arp_announce;
};

/* Where a packet of this host would go (RTM_GETROUTE). */
struct lvs_way {
	int error;        /* errno; 0: there is a route */
	bool local;       /* this host itself */
	bool gateway;
	uint32_t ifindex, mtu; /* mtu: of the route, else of the link */
};

/* Marks that rules set: all of them, where that is known. */
struct lvs_marks {
	bool known;
	uint32_t *list;
	size_t n;
};

void lvs_marks_load(struct lvs_marks *m); /* check_marks.c; free(m->list) */

/* What an LVS host is: filled by lvs_host_load() or, in tests, by hand. */
struct lvs_host {
	bool ipvs;              /* the kernel has it */
	struct lvs_table table;
	struct lvs_way *vips;   /* one a service; none for firewall marks */
	struct lvs_way **reals; /* reals[service][destination] */
	struct lvs_way **sources; /* likewise, to the source of a FULLNAT that names one */
	struct lvs_value conf[LVS_CONF_N];
	struct lvs_link *links;
	struct np_netdev_addr *addrs;
	size_t n_links, n_addrs;
	struct lvs_marks marks; /* where there is a service by firewall mark */
	unsigned release;       /* of the kernel: 6.1 is 601 */
};

int lvs_host_load(struct lvs_host *h, struct np_err *err); /* 0 or -errno; clean it anyway */
void lvs_host_clean(struct lvs_host *h);
/* For texts: the sysctl of a row. */
extern const char *const lvs_conf_names[LVS_CONF_N];
const struct lvs_link *lvs_host_link(const struct lvs_host *h, uint32_t ifindex);

enum lvs_severity { LVS_INFO, LVS_WARNING, LVS_ERROR };

struct lvs_finding {
	enum lvs_severity severity;
	size_t svc;       /* LVS_NO_SVC: of the host */
	const char *check; /* the row's name */
	char says[256];   /* what it breaks */
	char remedy[160];   /* a command; "" when there is none */
	bool elsewhere;   /* the command is for the real server */
};
#define LVS_NO_SVC SIZE_MAX

struct lvs_findings {
	struct lvs_finding *list;
	size_t n;
	bool nomem;
};

/* A check: pure. It is run for each service (svc), or once (LVS_NO_SVC). */
struct lvs_check {
	const char *name;
	void (*run)(const struct lvs_host *h, size_t svc, const struct lvs_check *check,
		    struct lvs_findings *out);
};
extern const struct lvs_check lvs_svc_checks[]; /* check_svc.c; the last has no name */
extern const struct lvs_check lvs_host_checks[]; /* check_host.c */

/* Runs all of them: by service, the host's last. 0 or -ENOMEM. */
int lvs_check_run_all(const struct lvs_host *h, struct lvs_findings *out, struct np_err *err);

/* For checks: one more finding, whose remedy may be filled in; never NULL. */
struct lvs_finding *lvs_tell(struct lvs_findings *out, enum lvs_severity severity, size_t svc,
			     const struct lvs_check *check, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void lvs_cure(struct lvs_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
const char *lvs_addr_text(uint8_t af, const uint8_t *addr, char buf[48]);

struct np_out;
struct np_json;
void lvs_check_text(const struct np_out *out, const struct lvs_host *h,
		    const struct lvs_findings *f);
void lvs_check_json(struct np_json *j, const struct lvs_host *h, const struct lvs_findings *f);
/* "TCP 10.0.0.1:80", "FWM 7". */
const char *lvs_svc_text(const struct np_lvs_svc *svc, char buf[80]);

#endif
