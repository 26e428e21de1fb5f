// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any words as commands of prt, over a mock socket: refused with a reason or turned
 * into well-formed messages. A line of input is a command; options stand before it.
 */
#include <linux/fib_rules.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ip/batch_words.h"
#include "ip/options.h"
#include "ip/sink.h"
#include "ip/verbs.h"
#include "lib/nat_nl.h"
#include "lib/rule.h"
#include "tests/unit/mock_nl.h"

/* Made once: they hold megabytes. */
static FILE *null, *out;
static struct prt_sink *sink;
static struct np_nl *nl;
static struct np_nat *nat; /* a socket of its own, of the family NAT_FAMILY */
static struct mock mock;

#define NAT_FAMILY 1033

static void demand(bool ok)
{
	if (!ok)
		abort();
}

/* Attributes fill the message to its end. */
static void check_attrs(const struct nlmsghdr *nlh, size_t header)
{
	const struct nlattr *attr;
	const char *end = (const char *)nlh + nlh->nlmsg_len, *at;

	demand(nlh->nlmsg_len >= NLMSG_LENGTH(header));
	at = (const char *)mnl_nlmsg_get_payload_offset(nlh, header);
	mnl_attr_for_each(attr, nlh, header)
		at = (const char *)mnl_attr_next(attr);
	demand(at >= end || at + 4 > end);
}

static void handle(struct mock *m, const struct nlmsghdr *nlh)
{
	struct np_rule rule;

	switch (nlh->nlmsg_type) {
	case RTM_NEWRULE:
	case RTM_DELRULE:
		check_attrs(nlh, sizeof(struct fib_rule_hdr));
		demand(!np_rule_parse(&rule, nlh));
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		check_attrs(nlh, sizeof(struct rtmsg));
		break;
	case NAT_FAMILY:
		check_attrs(nlh, sizeof(struct genlmsghdr));
		break;
	}
	if (nlh->nlmsg_flags & NLM_F_DUMP)
		mock_data(m, nlh, NLMSG_DONE, NLM_F_MULTI, 0);
	else if (nlh->nlmsg_type == RTM_GETROUTE)
		mock_ack(m, nlh, ENETUNREACH, "nowhere");
	else if (nlh->nlmsg_type == NAT_FAMILY && !(nlh->nlmsg_flags & NLM_F_ACK))
		mock_ack(m, nlh, ENOENT, NULL);
	else if (nlh->nlmsg_flags & NLM_F_ACK)
		mock_ack(m, nlh, 0, NULL);
}

static void run(int argc, char **argv)
{
	const char *dirs[] = { NULL };
	struct np_names_opts names = { .dirs = dirs };
	struct np_err err = NP_ERR_INIT;
	struct prt_options o;
	struct prt p = { 0 };
	struct np_args a;
	prt_cmd *verb;

	if (prt_options_parse(&o, argc, argv, &err)) {
		demand(err.text[0]);
		return;
	}
	if (o.at >= argc)
		return;
	for (int i = o.at; i < argc; i++)
		if (argv[i][0] == '/') /* no file of this machine is read (nat restore) */
			return;
	p.show = o.show;
	p.show.fp = out;
	p.sink = sink;
	p.nl = nl;
	names.numeric = o.numeric;
	p.show.names = np_names_new(&names);
	p.show.links = np_links_new();
	demand(p.show.names && p.show.links);
	np_links_offline(p.show.links);
	np_links_add(p.show.links, 1, "lo");
	np_links_add(p.show.links, 2, "d0");
	p.want_json = o.json;
	p.pretty = o.pretty;
	a = (struct np_args){ argc, argv, o.at + 1 };
	err = (struct np_err)NP_ERR_INIT;
	p.nat = nat;
	verb = argv[o.at][0] == 'n' ? prt_nat : argv[o.at][0] == 'g' ? prt_get : argv[o.at][1] == 'u' ? prt_rule : prt_route;
	if (verb(&p, &a, &err))
		demand(err.code && err.word < argc);
	np_links_free(p.show.links);
	np_names_free((struct np_names *)(uintptr_t)p.show.names);
	fflush(out);
	mock_clear(&mock);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	null = fopen("/dev/null", "r+");
	demand(null && freopen("/dev/null", "r", stdin));
	out = prt_sink_open(&sink, fileno(null));
	mock.handle = handle;
	nl = mock_open(&mock);
	demand(out && nl && !np_nat_open_nl(&nat, mock_open(&mock), NAT_FAMILY, 7, NULL));
	stderr = null; /* what prt says; libFuzzer has its own */
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words w = { 0 };
	struct np_err err = NP_ERR_INIT;
	FILE *fp = fmemopen((void *)(uintptr_t)data, size ? size : 1, "r");
	int ret;

	if (!fp || !size) {
		if (fp)
			fclose(fp);
		return 0;
	}
	for (int i = 0; i < 16 && (ret = words_read(&w, fp, &err)) != 0; i++)
		if (ret > 0 && w.argc > 1)
			run(w.argc, w.argv);
	words_clean(&w);
	fclose(fp);
	return 0;
}
