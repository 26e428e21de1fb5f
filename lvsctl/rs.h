/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_RS_H
#define LVSCTL_RS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/netdev.h"
#include "lib/sysctl.h"

/*
 * A real server's own side of DR and TUN: it takes packets for the VIP, and tells
 * nobody on its networks that it has it.
 */
enum rs_model { RS_DR, RS_TUN };

struct rs_vip {
	struct np_netdev_addr addr; /* ifindex is filled when it is needed */
	char text[48];
	enum rs_model model;
	char dev[NP_IFNAMSIZ];
	bool had; /* the address was on dev before start */
};

/* ---- what must be so (rs_plan.c, pure) ---- */
enum rs_kind { RS_LINK, RS_SYSCTL, RS_ADDR };

struct rs_step {
	enum rs_kind kind;
	char name[NP_SYSCTL_NAME_MAX]; /* of the link or the sysctl; of RS_ADDR the address */
	int want;     /* RS_SYSCTL: the value, if it has not one of ok */
	uint32_t ok;  /* RS_SYSCTL: bit v: v will do */
	/* what rs_probe() found */
	bool exists, pass;
	bool loud; /* RS_LINK: neighbours are answered on it */
	bool ours; /* RS_ADDR: on that link; else it may be on another, named in value */
	char value[64];
	uint32_t ifindex;
};

#define RS_STEPS 8
/*
 * The steps of a VIP in the order of start. all_rp_filter: net.ipv4.conf.all.rp_filter,
 * which an interface cannot go below (include/linux/inetdevice.h, IN_DEV_RPFILTER).
 * Returns how many.
 */
size_t rs_plan(const struct rs_vip *vip, int64_t all_rp_filter, struct rs_step step[RS_STEPS]);
/* The link that a model and a family have when none is named: "lo", "tunl0", "ip6tnl0". */
const char *rs_default_dev(enum rs_model model, uint8_t family);
/* What a link of that name would be made as; NULL: it cannot be made. */
const char *rs_link_kind(const char *dev);
const char *rs_model_name(enum rs_model model);

/* ---- what was found before, to be put back (rs_state.c) ---- */
struct rs_sysctl {
	char name[NP_SYSCTL_NAME_MAX];
	int64_t found, set;
};

struct rs_link {
	char name[NP_IFNAMSIZ];
	bool made, was_up;
};

struct rs_state {
	struct rs_vip *vips;
	struct rs_sysctl *sysctls;
	struct rs_link *links;
	size_t n_vips, n_sysctls, n_links;
	int dir; /* locked while it is open; -1: only read */
	char file[64], netns[80];
};

/*
 * The state of this network namespace; it is empty when there is no file, or when the
 * file is that of a namespace that is gone. write: locks it until rs_state_close().
 * Returns 0 or -errno.
 */
int rs_state_open(struct rs_state *s, bool write, struct np_err *err);
/* Writes the file, or removes it when there is nothing to remember. 0 or -errno. */
int rs_state_save(struct rs_state *s, struct np_err *err);
void rs_state_close(struct rs_state *s);

struct rs_vip *rs_state_vip(const struct rs_state *s, const struct rs_vip *vip);
/* Each remembers once: the first thing found counts. 0 or -ENOMEM. */
int rs_state_add_vip(struct rs_state *s, const struct rs_vip *vip, struct np_err *err);
int rs_state_add_sysctl(struct rs_state *s, const char *name, int64_t found, int64_t set,
			struct np_err *err);
int rs_state_add_link(struct rs_state *s, const struct rs_link *link, struct np_err *err);

/* ---- doing it (rs_do.c) ---- */
struct rs_ctx {
	struct np_nl *nl;
	struct rs_state state;
	char note[8 * 256]; /* what stop left alone, and why: lines; "" */
};

/* Plans, and looks at each of the *n steps. Returns 0 or -errno. */
int rs_probe(struct rs_ctx *c, const struct rs_vip *vip, struct rs_step step[RS_STEPS],
	     size_t *n, struct np_err *err);
/* 0 or -errno: nothing has changed then. Once more changes only what is not in place. */
int rs_start(struct rs_ctx *c, const struct rs_vip *vip, struct np_err *err);
/* 0, also when it was not started and is not there; or -errno. */
int rs_stop(struct rs_ctx *c, const struct rs_vip *vip, struct np_err *err);

/* ---- status (rs_show.c) ---- */
/* The exit statuses of status. */
enum rs_status { RS_STARTED = 0, RS_PARTLY = 1, RS_STOPPED = 3 };
enum rs_status rs_status_of(const struct rs_step *step, size_t n);

struct np_out;
struct np_json;
void rs_text(const struct np_out *out, const struct rs_vip *vip, const struct rs_state *s,
	     const struct rs_step *step, size_t n);
void rs_json(struct np_json *j, const struct rs_vip *vip, const struct rs_state *s,
	     const struct rs_step *step, size_t n);

#endif
