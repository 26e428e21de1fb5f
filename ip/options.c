// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/options.h"

#include <errno.h>
#include <sys/socket.h>

#include "ip/verbs.h"
#include "lib/addr.h"

enum {
	OPT_LOOPS, OPT_FAMILY, OPT_INET, OPT_INET6, OPT_LINK, OPT_MPLS, OPT_BRIDGE, OPT_HUMAN,
	OPT_IEC, OPT_STATS, OPT_DETAILS, OPT_RESOLVE, OPT_ONELINE, OPT_TIMESTAMP, OPT_TSHORT,
	OPT_VERSION, OPT_FORCE, OPT_BATCH, OPT_BRIEF, OPT_JSON, OPT_PRETTY, OPT_RCVBUF,
	OPT_COLOR, OPT_HELP, OPT_NETNS, OPT_NUMERIC, OPT_ALL, OPT_ECHO,
};

static const char *const families[] = { "inet", "inet6", "mpls", "bridge", "link", NULL };
static const char *const colors[] = { "always", "auto", "never", NULL };

/* ip(8)'s options in ip's order: a beginning means the first that has it. */
const struct np_opt prt_opts[] = {
	{ 'l', "loops", "COUNT", "taken for ip's sake", OPT_LOOPS,
	  NULL },
	{ 'f', "family", "FAMILY", "inet, inet6, mpls, bridge or link", OPT_FAMILY, families },
	{ 'h', "human-readable", NULL, "taken for ip's sake", OPT_HUMAN, NULL },
	{ 'i', "iec", NULL, "taken for ip's sake", OPT_IEC, NULL },
	{ 's', "statistics", NULL, "more figures", OPT_STATS, NULL },
	{ 'd', "details", NULL, "also what is usual", OPT_DETAILS, NULL },
	{ 'r', "resolve", NULL, "ask the resolver for names of hosts", OPT_RESOLVE, NULL },
	{ 'o', "oneline", NULL, "one line a record, \\ for its line breaks", OPT_ONELINE, NULL },
	{ 't', "timestamp", NULL, "the time before each event", OPT_TIMESTAMP, NULL },
	{ 0, "tshort", NULL, "the time in short form", OPT_TSHORT, NULL },
	{ 'V', "Version", NULL, "show the version", OPT_VERSION, NULL },
	{ 0, "force", NULL, "a batch goes on after an error", OPT_FORCE, NULL },
	{ 'b', "batch", "FILE", "read commands from FILE, - for stdin", OPT_BATCH, NULL },
	{ 0, "brief", NULL, "taken for ip's sake", OPT_BRIEF, NULL },
	{ 'j', "json", NULL, "print JSON", OPT_JSON, NULL },
	{ 'p', "pretty", NULL, "print JSON for people", OPT_PRETTY, NULL },
	{ 0, "rcvbuf", "SIZE", "taken for ip's sake", OPT_RCVBUF, NULL },
	{ 'c', "color", "[WHEN]", "colour: always, auto or never", OPT_COLOR, colors },
	{ 0, "help", NULL, "show this", OPT_HELP, NULL },
	{ 'n', "netns", "NAME", "in the network namespace NAME", OPT_NETNS, NULL },
	{ 'N', "Numeric", NULL, "numbers instead of names", OPT_NUMERIC, NULL },
	{ 'a', "all", NULL, "taken for ip's sake", OPT_ALL, NULL },
	{ 0, "echo", NULL, "show what the kernel made of a command", OPT_ECHO, NULL },
	/* Last, so that their names are no rival to ip's abbreviations. */
	{ '4', "inet", NULL, "IPv4", OPT_INET, NULL },
	{ '6', "inet6", NULL, "IPv6", OPT_INET6, NULL },
	{ '0', "link", NULL, "link addresses", OPT_LINK, NULL },
	{ 'M', "mpls", NULL, "MPLS", OPT_MPLS, NULL },
	{ 'B', "bridge", NULL, "bridge", OPT_BRIDGE, NULL },
	{ 0 }
};

static int set_family(struct prt_options *o, const char *word, int at, struct np_err *err)
{
	int family = np_family_parse(word);

	if (family < 0)
		return np_err_word(err, EINVAL, at, "\"%s\" is not a family: inet, inet6, mpls, "
				   "bridge or link", word);
	o->show.family = (uint8_t)family;
	return 0;
}

static int set_value(struct prt_options *o, int id, const char *arg, int at, struct np_err *err)
{
	uint64_t n;

	switch (id) {
	case OPT_LOOPS: /* of ip address flush; ip takes any word */
		return 0;
	case OPT_FAMILY:
		return set_family(o, arg, at, err);
	case OPT_BATCH:
		o->batch = arg;
		return 0;
	case OPT_NETNS:
		o->netns = arg;
		return 0;
	case OPT_RCVBUF:
		if (!np_parse_uint(arg, 0, UINT32_MAX, &n))
			return 0;
		return np_err_word(err, EINVAL, at, "\"%s\" is not a size", arg);
	default: /* OPT_COLOR */
		if (!np_color_parse(arg ? arg : "", &o->color))
			return 0;
		return np_err_word(err, EINVAL, at, "colour is always, auto or never, not \"%s\"",
				   arg);
	}
}

static void set_family_flag(struct prt_options *o, int id)
{
	static const uint8_t family[] = {
		[OPT_INET] = AF_INET, [OPT_INET6] = AF_INET6, [OPT_LINK] = AF_PACKET,
		[OPT_MPLS] = AF_MPLS, [OPT_BRIDGE] = AF_BRIDGE,
	};

	o->show.family = family[id];
}

static void set_flag(struct prt_options *o, int id)
{
	switch (id) {
	case OPT_HUMAN:
		o->human = true;
		break;
	case OPT_IEC:
	case OPT_ALL:
	case OPT_BRIEF:
		break;
	case OPT_STATS:
		o->show.stats++;
		break;
	case OPT_DETAILS:
		o->show.details++;
		break;
	case OPT_RESOLVE:
		o->resolve = true;
		break;
	case OPT_ONELINE:
		o->show.oneline = true;
		break;
	case OPT_TIMESTAMP:
		o->timestamp = true;
		break;
	case OPT_TSHORT:
		o->timestamp = o->ts_short = true;
		break;
	case OPT_VERSION:
		o->version = true;
		break;
	case OPT_FORCE:
		o->force = true;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case OPT_PRETTY:
		o->pretty = true;
		break;
	case OPT_HELP:
		o->help = true;
		break;
	case OPT_NUMERIC:
		o->numeric = true;
		break;
	default: /* OPT_ECHO */
		o->echo = true;
	}
}

int prt_options_parse(struct prt_options *o, int argc, char **argv, struct np_err *err)
{
	struct np_opt_iter it = { .opts = prt_opts, .argc = argc, .argv = argv, .at = 1,
				  .as_ip = true };
	const struct np_opt *opt;
	const char *arg;
	int ret;

	*o = (struct prt_options){ .color = NP_COLOR_NEVER };
	while ((ret = np_opt_next(&it, &opt, &arg, err)) == 1) {
		ret = 0;
		if (opt->arg)
			ret = set_value(o, opt->id, arg, it.at - 1, err);
		else if (opt->id >= OPT_INET && opt->id <= OPT_BRIDGE)
			set_family_flag(o, opt->id);
		else
			set_flag(o, opt->id);
		if (ret || o->version || o->help)
			break;
	}
	/* -h is ip's --human-readable, of which nothing is asked where no command stands */
	o->help |= o->human && it.at >= argc && !o->batch;
	o->show.sl = o->show.oneline ? "\\" : "\n";
	o->at = it.at;
	return ret < 0 ? ret : 0;
}
