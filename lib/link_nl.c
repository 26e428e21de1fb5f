// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/links.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/ifname.h"
#include "lib/nl.h"

struct entry {
	struct entry *by_index, *by_name; /* the next of the bucket */
	uint32_t index;
	bool alt; /* an alternative name: found by name only */
	char name[];
};

#define BUCKETS 256

struct np_links {
	struct np_nl *nl; /* opened when first needed */
	bool loaded;
	bool offline;
	struct entry *index[BUCKETS], *name[BUCKETS];
};

struct np_links *np_links_new(void)
{
	return calloc(1, sizeof(struct np_links));
}

static void forget_all(struct np_links *links)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		struct entry *e;

		while ((e = links->name[i])) {
			links->name[i] = e->by_name;
			free(e);
		}
		links->index[i] = NULL;
	}
}

void np_links_free(struct np_links *links)
{
	if (!links)
		return;
	forget_all(links);
	np_nl_close(links->nl);
	free(links);
}

static size_t hash(const char *name)
{
	uint32_t h = 2166136261u;

	while (*name)
		h = (h ^ (uint8_t)*name++) * 16777619u;
	return h % BUCKETS;
}

static struct entry *find_name(const struct np_links *links, const char *name)
{
	struct entry *e = links->name[hash(name)];

	while (e && strcmp(e->name, name))
		e = e->by_name;
	return e;
}

static struct entry *find_index(const struct np_links *links, uint32_t index)
{
	struct entry *e = links->index[index % BUCKETS];

	while (e && e->index != index)
		e = e->by_index;
	return e;
}

/* The newest of a name or an index is found first. */
static int add(struct np_links *links, uint32_t index, const char *name, bool alt)
{
	size_t len = strlen(name) + 1;
	struct entry *e = find_name(links, name), **head;

	if (e && e->index == index && e->alt == alt)
		return 0;
	e = malloc(sizeof(*e) + len);
	if (!e)
		return -ENOMEM;
	e->index = index;
	e->alt = alt;
	memcpy(e->name, name, len);
	head = &links->name[hash(name)];
	e->by_name = *head;
	*head = e;
	if (alt)
		return 0;
	head = &links->index[index % BUCKETS];
	e->by_index = *head;
	*head = e;
	return 0;
}

int np_links_add(struct np_links *links, uint32_t index, const char *name)
{
	return add(links, index, name, false);
}

void np_links_offline(struct np_links *links)
{
	links->offline = links->loaded = true;
}

static void forget(struct np_links *links, uint32_t index)
{
	for (struct entry **p = &links->index[index % BUCKETS]; *p; ) {
		if ((*p)->index == index)
			*p = (*p)->by_index;
		else
			p = &(*p)->by_index;
	}
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct entry **p = &links->name[i]; *p; ) {
			struct entry *e = *p;

			if (e->index != index) {
				p = &e->by_name;
				continue;
			}
			*p = e->by_name;
			free(e);
		}
	}
}

static int remember(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *alt;
	uint32_t index;
	int ret = 0;

	if (nlh->nlmsg_type != RTM_NEWLINK || nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*ifi)))
		return 0;
	index = (uint32_t)ifi->ifi_index;
	mnl_attr_for_each(attr, nlh, sizeof(*ifi)) {
		if (mnl_attr_get_type(attr) == IFLA_IFNAME &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			ret = add(arg, index, mnl_attr_get_str(attr), false);
		if (mnl_attr_get_type(attr) != IFLA_PROP_LIST)
			continue;
		mnl_attr_for_each_nested(alt, attr) {
			if (!ret && mnl_attr_get_type(alt) == IFLA_ALT_IFNAME &&
			    mnl_attr_validate(alt, MNL_TYPE_NUL_STRING) >= 0)
				ret = add(arg, index, mnl_attr_get_str(alt), true);
		}
	}
	return ret;
}

void np_links_event(struct np_links *links, const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*ifi)))
		return;
	forget(links, (uint32_t)ifi->ifi_index);
	remember(nlh, links); /* does nothing for RTM_DELLINK */
}

static int restart(void *arg)
{
	forget_all(arg);
	return 0;
}

/* Statistics are three quarters of what a link's message holds, and nobody reads them here. */
static struct nlmsghdr *request(struct np_links *links, uint32_t index)
{
	struct ifinfomsg *ifi;
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(links->nl, RTM_GETLINK, 0, sizeof(*ifi), &extra);

	ifi = extra;
	ifi->ifi_index = (int)index;
	mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return nlh;
}

static int open_socket(struct np_links *links, struct np_err *err)
{
	if (links->offline)
		return -ENOTCONN;
	return links->nl ? 0 : np_nl_open(&links->nl, NETLINK_ROUTE, err);
}

int np_links_load(struct np_links *links, struct np_err *err)
{
	struct np_nl_sink sink = { remember, restart, links };
	int ret;

	if (links->loaded)
		return 0;
	ret = open_socket(links, err);
	if (!ret)
		ret = np_nl_dump(links->nl, request(links, 0), &sink, err);
	links->loaded = !ret;
	return ret;
}

const char *np_links_name(struct np_links *links, uint32_t index, char buf[NP_LINK_NAME_MAX])
{
	const struct entry *e = find_index(links, index);

	if (!index)
		return "*";
	if (!e && !open_socket(links, NULL) &&
	    !np_nl_get(links->nl, request(links, index), remember, links, NULL))
		e = find_index(links, index);
	if (e)
		return e->name;
	snprintf(buf, NP_LINK_NAME_MAX, "if%u", index);
	return buf;
}

uint32_t np_links_index(struct np_links *links, const char *name)
{
	const struct entry *e = find_name(links, name);
	struct nlmsghdr *nlh;
	unsigned index;

	if (e)
		return e->index;
	if (*name && strlen(name) < NP_LINK_NAME_MAX && !open_socket(links, NULL)) {
		nlh = request(links, 0);
		mnl_attr_put_strz(nlh, strlen(name) < NP_IFNAMSIZ ? IFLA_IFNAME : IFLA_ALT_IFNAME,
				  name);
		if (!np_nl_get(links->nl, nlh, remember, links, NULL)) {
			e = find_name(links, name);
			if (e)
				return e->index;
		}
	}
	return sscanf(name, "if%u", &index) == 1 ? index : 0;
}

int np_links_need(struct np_links *links, const char *name, uint32_t *index, int word,
		  struct np_err *err)
{
	*index = np_links_index(links, name);
	if (*index)
		return 0;
	return np_err_word(err, ENODEV, word, "there is no device \"%s\"", name);
}
