// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <bsd/string.h>
#include <sys/socket.h>

#include "lvsctl/rs.h"

struct addrs {
	struct np_netdev_addr *list;
	size_t n;
};

static bool same_addr(const struct np_netdev_addr *a, const struct np_netdev_addr *b)
{
	return a->family == b->family && !memcmp(a->b, b->b, sizeof(a->b));
}

static void probe_sysctl(struct rs_step *step)
{
	int64_t v;

	if (np_sysctl_get_int(step->name, &v, NULL))
		return;
	(void)snprintf(step->value, sizeof(step->value), "%jd", (intmax_t)v);
	step->exists = true;
	step->pass = v >= 0 && v < 32 && step->ok & (1u << v);
}

/* lo first: an address that is there and elsewhere as well is where we want it. */
static void probe_addr(struct rs_ctx *c, const struct rs_vip *vip, uint32_t ifindex,
		       const struct addrs *addrs, struct rs_step *step)
{
	struct np_netdev *devs = NULL;
	size_t n = 0, at = SIZE_MAX;

	for (size_t i = 0; i < addrs->n; i++)
		if (same_addr(&addrs->list[i], &vip->addr) &&
		    (at == SIZE_MAX || addrs->list[i].ifindex == ifindex))
			at = i;
	if (at == SIZE_MAX)
		return;
	step->exists = true;
	step->ours = step->pass = addrs->list[at].ifindex == ifindex;
	step->ifindex = addrs->list[at].ifindex;
	(void)strlcpy(step->value, addrs->list[at].label, sizeof(step->value));
	if (step->ours || np_netdev_list(c->nl, &devs, &n, NULL))
		return;
	for (size_t i = 0; i < n; i++)
		if (devs[i].ifindex == step->ifindex)
			(void)strlcpy(step->value, devs[i].name, sizeof(step->value));
	free(devs);
}

static int probe_link(struct rs_ctx *c, struct rs_step *step, struct np_err *err)
{
	struct np_netdev dev;
	int ret = np_netdev_get(c->nl, step->name, &dev, err);

	if (ret)
		return ret == -ENODEV ? 0 : ret;
	step->exists = true;
	step->loud = !(dev.flags & (IFF_LOOPBACK | IFF_NOARP));
	step->pass = dev.flags & IFF_UP && !step->loud;
	step->ifindex = dev.ifindex;
	(void)strlcpy(step->value, step->pass ? "up" : step->loud ? "loud" : "down",
		      sizeof(step->value));
	return 0;
}

int rs_probe(struct rs_ctx *c, const struct rs_vip *vip, struct rs_step step[RS_STEPS],
	     size_t *n, struct np_err *err)
{
	struct addrs addrs;
	int64_t all = 0;
	int ret = np_netdev_addrs(c->nl, &addrs.list, &addrs.n, err);

	if (ret)
		return ret;
	(void)np_sysctl_get_int("net.ipv4.conf.all.rp_filter", &all, NULL);
	*n = rs_plan(vip, all, step);
	ret = probe_link(c, &step[0], err); /* always the first */
	for (size_t i = 1; i < *n; i++) {
		if (step[i].kind == RS_SYSCTL)
			probe_sysctl(&step[i]);
		else
			probe_addr(c, vip, step[0].ifindex, &addrs, &step[i]);
	}
	free(addrs.list);
	return ret;
}

/* ---- start ---- */

/* "lo:0", "lo:1", …: what ifconfig and the scripts of old call it. */
static int choose_label(struct rs_ctx *c, struct rs_vip *vip, struct np_err *err)
{
	struct addrs addrs;
	int ret = np_netdev_addrs(c->nl, &addrs.list, &addrs.n, err);
	bool taken = true;

	if (ret)
		return ret;
	for (unsigned i = 0; taken && i < 1000; i++) {
		char label[2 * NP_IFNAMSIZ];

		if (snprintf(label, sizeof(label), "%s:%u", vip->dev, i) >= NP_IFNAMSIZ)
			break; /* too long a name: without one */
		taken = false;
		for (size_t k = 0; k < addrs.n; k++)
			taken |= !strcmp(addrs.list[k].label, label);
		if (!taken)
			(void)strlcpy(vip->addr.label, label, sizeof(vip->addr.label));
	}
	free(addrs.list);
	return 0;
}

static int make_link(struct rs_ctx *c, struct rs_step *step, struct rs_link *link,
		     struct np_err *err)
{
	const char *kind = rs_link_kind(step->name);
	int ret;

	if (!kind)
		return np_err_set(err, ENODEV, "there is no device \"%s\"", step->name);
	ret = np_netdev_add(c->nl, step->name, kind, err);
	link->made = !ret;
	/* It is there as soon as the module is. */
	if (ret && ret != -EEXIST)
		return ret;
	ret = probe_link(c, step, err);
	link->was_up = step->pass;
	if (!ret && !step->exists)
		return np_err_set(err, ENODEV, "there is no device \"%s\"", step->name);
	return ret;
}

static int start_link(struct rs_ctx *c, struct rs_step *step, struct np_err *err)
{
	struct rs_link link = { .was_up = step->pass };
	int ret = step->exists ? 0 : make_link(c, step, &link, err);

	(void)strlcpy(link.name, step->name, sizeof(link.name));
	if (!ret && (link.made || !link.was_up))
		ret = rs_state_add_link(&c->state, &link, err);
	if (!ret)
		ret = rs_state_save(&c->state, err);
	if (!ret && !step->pass)
		ret = np_netdev_up(c->nl, step->ifindex, true, err);
	return ret;
}

static int start_sysctl(struct rs_ctx *c, const struct rs_step *step, struct np_err *err)
{
	char value[16];
	int64_t found;
	int ret = np_sysctl_get_int(step->name, &found, err);

	if (ret || step->pass)
		return ret;
	ret = rs_state_add_sysctl(&c->state, step->name, found, step->want, err);
	if (!ret)
		ret = rs_state_save(&c->state, err);
	(void)snprintf(value, sizeof(value), "%d", step->want);
	return ret ? ret : np_sysctl_set(step->name, value, err);
}

static int start_addr(struct rs_ctx *c, const struct rs_vip *vip, uint32_t ifindex,
		      const struct rs_step *step, struct np_err *err)
{
	struct np_netdev_addr addr = vip->addr;
	int ret;

	if (step->pass)
		return 0;
	addr.ifindex = ifindex;
	ret = np_netdev_addr_add(c->nl, &addr, err);
	if (ret)
		np_err_prefix(err, "%s on %s", step->name, vip->dev);
	return ret;
}

static int do_steps(struct rs_ctx *c, const struct rs_vip *vip, struct np_err *err)
{
	struct rs_step step[RS_STEPS];
	size_t n;
	int ret = rs_probe(c, vip, step, &n, err);

	if (!ret)
		ret = start_link(c, &step[0], err);
	if (!ret && !step[0].exists)
		return np_err_set(err, ENODEV, "there is no device \"%s\"", vip->dev);
	for (size_t i = 1; !ret && i < n; i++) {
		if (step[i].kind == RS_ADDR) {
			ret = start_addr(c, vip, step[0].ifindex, &step[i], err);
			continue;
		}
		probe_sysctl(&step[i]); /* those of a link that was just made */
		ret = start_sysctl(c, &step[i], err);
	}
	return ret;
}

/* ---- stop ---- */

static bool needed(const struct rs_state *s, enum rs_kind kind, const char *name)
{
	struct rs_step step[RS_STEPS];

	for (size_t i = 0; i < s->n_vips; i++) {
		size_t n = rs_plan(&s->vips[i], 0, step);

		for (size_t k = 0; k < n; k++)
			if (step[k].kind == kind && !strcmp(step[k].name, name))
				return true;
	}
	return false;
}

/* What somebody else has set since is theirs. */
static int restore_sysctl(struct rs_ctx *c, const struct rs_sysctl *r, struct np_err *err)
{
	char value[24];
	int64_t now;
	size_t len = strlen(c->note);
	int ret = np_sysctl_get_int(r->name, &now, err);

	if (ret || now == r->found)
		return ret == -ENOENT ? 0 : ret; /* it went with its link */
	if (now != r->set) {
		(void)snprintf(c->note + len, sizeof(c->note) - len,
			       "%s was set to %jd since: left alone (it was %jd before start)\n",
			       r->name, (intmax_t)now, (intmax_t)r->found);
		return 0;
	}
	(void)snprintf(value, sizeof(value), "%jd", (intmax_t)r->found);
	return np_sysctl_set(r->name, value, err);
}

static int restore_link(struct rs_ctx *c, const struct rs_link *l, struct np_err *err)
{
	struct np_netdev dev;
	int ret = np_netdev_get(c->nl, l->name, &dev, err);

	if (ret)
		return ret == -ENODEV ? 0 : ret;
	if (l->made)
		return np_netdev_del(c->nl, dev.ifindex, err);
	return dev.flags & IFF_UP ? np_netdev_up(c->nl, dev.ifindex, false, err) : 0;
}

/* Puts back what no VIP needs any more; what cannot be put back stays remembered. */
static int release(struct rs_ctx *c, struct np_err *err)
{
	struct rs_state *s = &c->state;
	size_t kept = 0;
	int ret = 0, first = 0;

	for (size_t i = 0; i < s->n_sysctls; i++) {
		if (!needed(s, RS_SYSCTL, s->sysctls[i].name)) {
			ret = restore_sysctl(c, &s->sysctls[i], first ? NULL : err);
			first = first ? first : ret;
			if (!ret)
				continue;
		}
		s->sysctls[kept++] = s->sysctls[i];
	}
	s->n_sysctls = kept;
	kept = 0;
	for (size_t i = 0; i < s->n_links; i++) {
		if (!needed(s, RS_LINK, s->links[i].name)) {
			ret = restore_link(c, &s->links[i], first ? NULL : err);
			first = first ? first : ret;
			if (!ret)
				continue;
		}
		s->links[kept++] = s->links[i];
	}
	s->n_links = kept;
	return first;
}

static int remove_addr(struct rs_ctx *c, const struct rs_vip *vip, struct np_err *err)
{
	struct np_netdev_addr addr = vip->addr;
	struct np_netdev dev;
	int ret = np_netdev_get(c->nl, vip->dev, &dev, err);

	if (ret)
		return ret == -ENODEV ? 0 : ret;
	addr.ifindex = dev.ifindex;
	ret = np_netdev_addr_del(c->nl, &addr, err);
	return ret == -EADDRNOTAVAIL ? 0 : ret;
}

static int take_down(struct rs_ctx *c, struct rs_vip *known, struct np_err *err)
{
	struct rs_state *s = &c->state;
	int ret = known->had ? 0 : remove_addr(c, known, err), saved;

	if (ret)
		return ret;
	*known = s->vips[--s->n_vips];
	ret = release(c, err);
	saved = rs_state_save(s, ret ? NULL : err);
	return ret ? ret : saved;
}

int rs_stop(struct rs_ctx *c, const struct rs_vip *vip, struct np_err *err)
{
	struct rs_vip *known = rs_state_vip(&c->state, vip);
	struct rs_step step[RS_STEPS];
	size_t n;
	int ret;

	if (known)
		return take_down(c, known, err);
	ret = rs_probe(c, vip, step, &n, err);
	if (ret || !step[n - 1].ours)
		return ret;
	return np_err_set(err, EPERM, "%s is on %s, but not by lvsctl rs start: left alone",
			  vip->text, vip->dev);
}

static int already_elsewhere(const struct rs_vip *vip, const char *dev, struct np_err *err)
{
	return np_err_set(err, EEXIST, "%s is on %s: a real server must have it on %s only, "
			  "or %s answers for it", vip->text, dev, vip->dev, dev);
}

/* arp_ignore=1 answers for the link's own addresses, and IPv6 does so always. */
static int answers(const struct rs_vip *vip, struct np_err *err)
{
	return np_err_set(err, EINVAL, "%s on %s: neighbours would hear of it there: take %s, a "
			  "dummy, or a link that asks and answers nobody (ip link set dev %s arp "
			  "off)", vip->text, vip->dev,
			  rs_default_dev(vip->model, vip->addr.family), vip->dev);
}

int rs_start(struct rs_ctx *c, const struct rs_vip *vip, struct np_err *err)
{
	struct rs_vip *known = rs_state_vip(&c->state, vip), new = *vip;
	struct rs_step step[RS_STEPS];
	size_t n;
	int ret;

	if (known && (known->model != vip->model || strcmp(known->dev, vip->dev)))
		return np_err_set(err, EBUSY, "%s was started as %s on %s: stop that first",
				  vip->text, rs_model_name(known->model), known->dev);
	ret = rs_probe(c, vip, step, &n, err);
	if (ret)
		return ret;
	if (step[0].loud)
		return answers(vip, err);
	if (step[n - 1].exists && !step[n - 1].ours)
		return already_elsewhere(vip, step[n - 1].value, err);
	if (known)
		return do_steps(c, known, err);
	new.had = step[n - 1].ours;
	ret = vip->addr.family == AF_INET ? choose_label(c, &new, err) : 0;
	if (!ret)
		ret = rs_state_add_vip(&c->state, &new, err);
	if (ret)
		return ret;
	ret = do_steps(c, &new, err);
	if (!ret)
		return rs_state_save(&c->state, err);
	(void)take_down(c, rs_state_vip(&c->state, vip), NULL);
	return ret;
}
