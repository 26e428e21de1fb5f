// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "ip/route_verbs.h"
#include "ip/rule.h"
#include "ip/savefile.h"
#include "ip/verbs.h"
#include "lib/cli.h"
#include "lib/ifname.h"

/* The type that rtmon(8) gives the messages that say when the next ones came. */
#define MSG_TSTAMP 15

struct monitor {
	struct prt *p;
	struct route_printer routes;
	struct route_filter filter;
	bool want_route, want_rule, label, all_nsid;
	const char *file;
	struct np_links *others; /* of other namespaces: nothing is known of theirs */
};

/* What stands before an event: whose it is, and its label. */
#define HEAD 64
static const char *head(const struct monitor *m, const char *label, char dst[HEAD])
{
	int nsid = np_nl_nsid(m->p->nl), n = 0;

	if (m->all_nsid && nsid < 0)
		n = snprintf(dst, HEAD, "[nsid current]");
	else if (m->all_nsid)
		n = snprintf(dst, HEAD, "[nsid %d]", nsid);
	snprintf(dst + n, (size_t)(HEAD - n), "%s", m->label ? label : "");
	return dst;
}

static void rule_event(struct monitor *m, const struct nlmsghdr *nlh)
{
	uint8_t family = m->p->show.family;
	struct np_rule rule;
	char text[HEAD];

	if (!m->want_rule || np_rule_parse(&rule, nlh) ||
	    (family != AF_UNSPEC && family != rule.family))
		return;
	prt_event_begin(m->p, head(m, "[RULE]", text));
	rule_show(&m->p->show, &rule, np_rule_msg_is_del(nlh));
	prt_event_end(m->p);
}

static void route_event(struct monitor *m, const struct nlmsghdr *nlh)
{
	const struct np_route *r = &m->routes.route;
	char text[HEAD];

	if (!m->want_route || route_printer_read(&m->routes, nlh, NULL) ||
	    !route_filter_match(&m->filter, r))
		return;
	prt_event_begin(m->p, head(m, "[ROUTE]", text));
	route_printer_print(&m->routes);
	prt_event_end(m->p);
}

static void tstamp(const struct monitor *m, const struct nlmsghdr *nlh)
{
	uint32_t when[2];
	char text[64];
	time_t secs;
	struct tm tm;

	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(when)) || m->p->want_json)
		return;
	memcpy(when, NLMSG_DATA(nlh), sizeof(when));
	secs = when[0];
	localtime_r(&secs, &tm);
	strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &tm);
	fprintf(m->p->show.fp, "Timestamp: %s %u us\n", text, when[1]);
}

static int event(const struct nlmsghdr *nlh, void *arg)
{
	struct monitor *m = arg;
	struct np_links **links = &m->p->show.links, *ours = *links;

	if (m->all_nsid && np_nl_nsid(m->p->nl) >= 0)
		*links = m->others;
	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		if (*links == ours)
			np_links_event(ours, nlh);
		break;
	case RTM_NEWRULE:
	case RTM_DELRULE:
		rule_event(m, nlh);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		route_event(m, nlh);
		break;
	case MSG_TSTAMP:
		tstamp(m, nlh);
	}
	*links = ours;
	return 0;
}

static void lost(void *arg)
{
	const struct monitor *m = arg;

	prt_events_lost(m->p);
}

static int from_file(const void *msg, size_t len, void *arg, struct np_err *err)
{
	(void)len, (void)err;
	return event(msg, arg);
}

static int usage(struct np_err *err)
{
	fputs("Usage: prt monitor [rule] [route] [all] [label] [all-nsid] [dev DEV] "
	      "[file FILE]\n", stderr);
	return np_err_set(err, EINVAL, "%s", "");
}

static int take_word(struct monitor *m, struct np_args *a, const char *word, struct np_err *err)
{
	static const char *const words[] = { "file", "label", "route", "rule", "all", "all-nsid",
					     "help", "dev" };
	uint32_t index;
	int ret;

	if (np_abbrev(word, "file"))
		return np_args_need(a, &m->file, "a file that rtmon wrote", err);
	if (np_abbrev(word, "label") || !strcmp(word, "all")) {
		m->label = true;
	} else if (strcmp(word, "a") && np_abbrev(word, "all-nsid")) { /* "a" is ip's address */
		m->all_nsid = true;
	} else if (np_abbrev(word, "route")) {
		m->want_route = true;
	} else if (np_abbrev(word, "rule")) {
		m->want_rule = true;
	} else if (np_abbrev(word, "help")) {
		return usage(err);
	} else if (!strcmp(word, "dev")) {
		ret = np_args_need(a, &word, NP_IFNAME_EXPECTED, err);
		if (!ret)
			ret = np_links_need(m->p->show.links, word, &index, a->at - 1, err);
		if (ret)
			return ret;
		m->filter.set |= ROUTE_FILTER_OIF;
		m->filter.oif = (int)index;
	} else {
		return np_args_unknown(a, words, sizeof(words) / sizeof(words[0]), err);
	}
	return 0;
}

static int join(struct monitor *m, struct np_err *err)
{
	static const struct {
		uint8_t family;
		uint8_t route, rule;
	} groups[] = {
		{ AF_INET, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV4_RULE },
		{ AF_INET6, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV6_RULE },
		{ AF_MPLS, RTNLGRP_MPLS_ROUTE, 0 },
	};
	uint8_t family = m->p->show.family;
	/* Links only for their names. */
	int ret = np_nl_join(m->p->nl, RTNLGRP_LINK, err);

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (family != AF_UNSPEC && family != groups[i].family)
			continue;
		if (!ret && m->want_route)
			ret = np_nl_join(m->p->nl, groups[i].route, err);
		if (!ret && m->want_rule && groups[i].rule)
			ret = np_nl_join(m->p->nl, groups[i].rule, err);
	}
	return ret ? ret : np_links_load(m->p->show.links, err);
}

static int hear_others(struct monitor *m, struct np_err *err)
{
	if (m->p->want_json)
		return np_err_set(err, EINVAL, "with -j nothing tells whose event it is: "
				  "\"all-nsid\" is of text alone");
	m->others = np_links_new();
	if (!m->others)
		return np_err_nomem(err);
	np_links_offline(m->others);
	return m->file ? 0 : np_nl_all_nsid(m->p->nl, err);
}

static int read_file(struct monitor *m, struct np_err *err)
{
	FILE *fp = fopen(m->file, "re");
	int ret;

	if (!fp)
		return np_err_set(err, errno, "cannot open \"%s\": %s", m->file, strerror(errno));
	ret = savefile_read(fp, from_file, m, err);
	fclose(fp);
	return ret;
}

int prt_monitor(struct prt *p, struct np_args *a, struct np_err *err)
{
	struct monitor *m = calloc(1, sizeof(*m));
	const char *word;
	int ret = 0;

	if (!m)
		return np_err_nomem(err);
	m->p = p;
	m->filter.family = p->show.family;
	while (!ret && (word = np_args_next(a)))
		ret = take_word(m, a, word, err);
	/* of a file ip shows all, whatever is said */
	if (m->file || (!m->want_route && !m->want_rule))
		m->want_route = m->want_rule = true;
	if (!ret)
		ret = prt_settle(p, err);
	if (!ret && m->all_nsid)
		ret = hear_others(m, err);
	route_printer_init(&m->routes, p);
	route_filter_hide(&m->filter, &m->routes.show);
	if (!ret && m->file)
		ret = read_file(m, err);
	else if (!ret)
		ret = join(m, err);
	if (!ret && !m->file)
		ret = np_nl_listen(p->nl, event, lost, m, err);
	route_printer_clean(&m->routes);
	np_links_free(m->others);
	free(m);
	return ret;
}
