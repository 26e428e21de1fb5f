// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/drops.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/if_ether.h>
#include <linux/net_dropmon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/genl.h"

#define VERSION 2
#define PACKET_BYTES 160 /* kept of each: link, IPv6 and TCP headers */
#define QUEUE 256        /* packets waiting, of each processor */
#define CLOSING_US 10000 /* between two looks whether our socket is gone */
#define CLOSING_TRIES 100

struct settings {
	bool some;
	uint8_t mode;
	uint32_t trunc, queue;
};

struct np_drops {
	struct np_nl *nl;     /* listens */
	struct np_nl *ask;
	uint16_t family;
	uint32_t group;
	struct settings before;
	bool shared; /* one like us has set it, and will leave it to us if it ends before */
};

/* Those that another one of us has set; and the kernel's own (drop_monitor.c), before those. */
static const struct settings ours_set = { true, NET_DM_ALERT_MODE_PACKET, PACKET_BYTES, QUEUE };
static const struct settings kernels = { true, NET_DM_ALERT_MODE_SUMMARY, 0, 1000 };

/* ---- events ---- */

struct parsed {
	struct np_drop d;
	uint16_t proto;
	const uint8_t *payload;
	size_t len;
};

/* "ip_rcv_finish_core.constprop.0+0x1b7/0x3d0": its function. */
static void put_function(struct np_drop *d, const char *symbol, size_t len)
{
	size_t n = 0;

	while (n < len && n < sizeof(d->function) - 1 && symbol[n] && symbol[n] != '+' &&
	       symbol[n] != '.')
		n++;
	memcpy(d->function, symbol, n);
	d->function[n] = '\0';
}

static int event_attr(const struct nlattr *attr, void *arg)
{
	struct parsed *p = arg;
	const void *data = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);

	switch (mnl_attr_get_type(attr)) {
	case NET_DM_ATTR_REASON:
		snprintf(p->d.reason, sizeof(p->d.reason), "%.*s", (int)len, (const char *)data);
		if (!strcmp(p->d.reason, "NOT_SPECIFIED"))
			p->d.reason[0] = '\0';
		break;
	case NET_DM_ATTR_SYMBOL:
		put_function(&p->d, data, len);
		break;
	case NET_DM_ATTR_PROTO:
		if (len == sizeof(p->proto))
			memcpy(&p->proto, data, sizeof(p->proto));
		break;
	case NET_DM_ATTR_PAYLOAD:
		p->payload = data;
		p->len = len;
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

/* The packet begins with its link header, where it has one. */
static size_t link_header(const struct parsed *p)
{
	uint16_t proto = htons(p->proto);

	if (p->len > ETH_HLEN && !memcmp(p->payload + 2 * ETH_ALEN, &proto, sizeof(proto)))
		return ETH_HLEN;
	return 0;
}

static void find_headers(struct parsed *p)
{
	struct np_hdr_bytes *b = &p->d.bytes;
	size_t at, ihl;

	if (!p->payload || (p->proto != ETH_P_IP && p->proto != ETH_P_IPV6))
		return;
	at = link_header(p);
	if (p->len < at + 20)
		return;
	b->l3 = p->payload + at;
	b->l3_len = p->len - at;
	ihl = p->proto == ETH_P_IPV6 ? 40 : (b->l3[0] & 0xfu) * 4;
	if (b->l3_len > ihl) {
		b->l4 = b->l3 + ihl;
		b->l4_len = b->l3_len - ihl;
	}
}

int np_drop_read(const struct nlmsghdr *nlh, np_drop_fn *fn, void *arg)
{
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(nlh);
	struct parsed p = { .payload = NULL };

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*g) || g->cmd != NET_DM_CMD_PACKET_ALERT)
		return 0;
	mnl_attr_parse(nlh, sizeof(*g), event_attr, &p);
	find_headers(&p);
	return fn(&p.d, arg);
}

struct take {
	np_drop_fn *fn;
	void *arg;
};

static int take_msg(const struct nlmsghdr *nlh, void *arg)
{
	const struct take *t = arg;

	return nlh->nlmsg_type < NLMSG_MIN_TYPE ? 0 : np_drop_read(nlh, t->fn, t->arg);
}

static void take_lost(void *arg)
{
	(void)arg;
}

int np_drops_take(struct np_drops *d, np_drop_fn *fn, void *arg, struct np_err *err)
{
	struct take t = { fn, arg };

	return np_nl_take(d->nl, take_msg, take_lost, &t, err);
}

/* ---- requests ---- */

static struct nlmsghdr *request(const struct np_drops *d, uint8_t cmd)
{
	return np_genl_request(d->ask, d->family, NLM_F_ACK, cmd, VERSION);
}

static int settings_attr(const struct nlattr *attr, void *arg)
{
	struct settings *s = arg;
	size_t len = mnl_attr_get_payload_len(attr);

	s->some = true;
	if (mnl_attr_get_type(attr) == NET_DM_ATTR_ALERT_MODE && len == 1)
		s->mode = mnl_attr_get_u8(attr);
	if (mnl_attr_get_type(attr) == NET_DM_ATTR_TRUNC_LEN && len == 4)
		s->trunc = mnl_attr_get_u32(attr);
	if (mnl_attr_get_type(attr) == NET_DM_ATTR_QUEUE_LEN && len == 4)
		s->queue = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int settings_msg(const struct nlmsghdr *nlh, void *arg)
{
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), settings_attr, arg);
	return 0;
}

static int configure(struct np_drops *d, const struct settings *s, struct np_err *err)
{
	struct nlmsghdr *nlh = request(d, NET_DM_CMD_CONFIG);

	mnl_attr_put_u8(nlh, NET_DM_ATTR_ALERT_MODE, s->mode);
	mnl_attr_put_u32(nlh, NET_DM_ATTR_TRUNC_LEN, s->trunc);
	mnl_attr_put_u32(nlh, NET_DM_ATTR_QUEUE_LEN, s->queue);
	return np_nl_talk(d->ask, nlh, err);
}

/* What is to be there in the end. */
static void learn_before(struct np_drops *d)
{
	d->shared = d->before.mode == ours_set.mode && d->before.trunc == ours_set.trunc &&
		d->before.queue == ours_set.queue;
	if (d->shared)
		d->before = kernels;
}

int np_drops_open(struct np_drops **out, struct np_err *err)
{
	struct np_drops *d = calloc(1, sizeof(*d));
	int ret;

	*out = NULL;
	if (!d)
		return np_err_nomem(err);
	ret = np_nl_open(&d->ask, NETLINK_GENERIC, err);
	if (!ret)
		ret = np_nl_open(&d->nl, NETLINK_GENERIC, err);
	if (!ret)
		ret = np_genl_find(d->ask, "drop_monitor", "NET_DM", &d->family, "events",
				   &d->group, err);
	if (!ret)
		ret = np_nl_join(d->nl, d->group, err);
	if (!ret) /* older kernels than 5.4 have no settings */
		ret = np_nl_get(d->ask, np_genl_request(d->ask, d->family, 0,
			NET_DM_CMD_CONFIG_GET, VERSION), settings_msg, &d->before, err);
	if (!ret && !d->before.some)
		ret = np_err_set(err, EOPNOTSUPP, "drop_monitor of this kernel tells no packets");
	if (ret) {
		np_drops_close(d);
		return ret;
	}
	learn_before(d);
	*out = d;
	return 0;
}

static int turn(struct np_drops *d, uint8_t cmd, struct np_err *err)
{
	struct nlmsghdr *nlh = request(d, cmd);

	mnl_attr_put(nlh, NET_DM_ATTR_SW_DROPS, 0, NULL);
	return np_nl_talk(d->ask, nlh, err);
}

/* The settings that were there, after something else failed, which is what is told. */
static void put_back(struct np_drops *d)
{
	struct np_err ignored = NP_ERR_INIT;

	(void)configure(d, &d->before, &ignored);
}

int np_drops_start(struct np_drops *d, bool *ours, struct np_err *err)
{
	int ret = configure(d, &ours_set, err);

	*ours = ret == -EBUSY && d->shared;
	if (ret == -EBUSY) { /* somebody else's: what it tells is told to us, too */
		*err = (struct np_err)NP_ERR_INIT;
		return 0;
	}
	if (ret)
		return ret;
	ret = turn(d, NET_DM_CMD_START, err);
	if (ret)
		put_back(d);
	*ours = !ret;
	return ret;
}

static int stop(struct np_drops *d, struct np_err *err)
{
	int ret = turn(d, NET_DM_CMD_STOP, err);

	if (!ret)
		return configure(d, &d->before, err);
	/* killed before it was started, there is nothing to stop, but settings to put back */
	put_back(d);
	return ret;
}

/* Whether sockets listen to it: that of a port, and others. */
static void listeners(uint32_t group, uint32_t port, bool *own, bool *others)
{
	FILE *fp = fopen("/proc/self/net/netlink", "re");
	char line[256];
	unsigned bus, pid, groups;

	*own = *others = false;
	while (fp && fgets(line, sizeof(line), fp)) {
		/* sk Eth Pid Groups …; of the groups the first 32 */
		if (sscanf(line, "%*s %u %u %x", &bus, &pid, &groups) != 3)
			continue;
		if (bus != NETLINK_GENERIC || !group || group > 32 || !(groups >> (group - 1) & 1))
			continue;
		*(pid == port ? own : others) = true;
	}
	if (fp)
		fclose(fp);
}

/* Only one whose own socket is gone may look: of two that end at once the later sees none. */
static bool others_listen(const struct np_drops *d)
{
	bool own, others;

	for (int i = 0; i < CLOSING_TRIES; i++) {
		listeners(d->group, np_nl_port(d->nl), &own, &others);
		if (!own)
			break;
		usleep(CLOSING_US);
	}
	return others;
}

int np_drops_stop_again(const struct np_drops *d, struct np_err *err)
{
	struct np_drops again = *d;
	int ret;

	if (others_listen(d))
		return 0;
	ret = np_nl_open(&again.ask, NETLINK_GENERIC, err);
	if (ret)
		return ret;
	ret = stop(&again, err);
	np_nl_close(again.ask);
	return ret;
}

void np_drops_close(struct np_drops *d)
{
	if (!d)
		return;
	np_nl_close(d->nl);
	np_nl_close(d->ask);
	free(d);
}
