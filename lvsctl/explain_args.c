// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/args.h"
#include "lvsctl/args.h"
#include "lvsctl/explain_args.h"

#define SIMULATE_MAX 10000000u

enum { TCP, UDP, SCTP, FWMARK, IPV6, FROM, TO, SIMULATE, HOLD, NUMERIC, JSON, PRETTY };

const struct np_opt lvs_explain_opts[] = {
	{ 't', "tcp-service", "VIP:PORT", "the TCP service", TCP, NULL },
	{ 'u', "udp-service", "VIP:PORT", "the UDP service", UDP, NULL },
	{ 0, "sctp-service", "VIP:PORT", "the SCTP service", SCTP, NULL },
	{ 'f', "fwmark-service", "MARK", "the service by firewall mark", FWMARK, NULL },
	{ '6', "ipv6", NULL, "with -f: the IPv6 one", IPV6, NULL },
	{ 0, "from", "CLIENT[:PORT]", "who connects; many clients: ADDRESS/LEN", FROM, NULL },
	{ 0, "to", "VIP", "with -f: the address connected to; many: ADDRESS/LEN", TO, NULL },
	{ 0, "simulate", "N", "play so many connections", SIMULATE, NULL },
	{ 0, "hold", "N", "of which so many are open at a time", HOLD, NULL },
	{ 'n', "numeric", NULL, "numbers only (always so)", NUMERIC, NULL },
	{ 'j', "json", NULL, "print JSON", JSON, NULL },
	{ 'p', "pretty", NULL, "with -j: indented", PRETTY, NULL },
	{ 0, NULL, NULL, NULL, 0, NULL },
};

/* Of --from and --to, which are read last: the service's protocol names their ports. */
struct later {
	const char *arg; /* NULL: was not said */
	int word;
};

static int set_length(struct lvs_endpoint *e, const char *word, struct np_err *err)
{
	int64_t bits;

	/* lvs_number() takes a sign */
	if (word[strspn(word, "0123456789")] || lvs_number(word, 0, e->bits, &bits))
		return np_err_set(err, EINVAL, "\"%s\" is no length: 0 to %u", word, e->bits);
	e->bits = (uint8_t)bits;
	return 0;
}

/* ADDRESS[:PORT], or ADDRESS/LEN, the addresses of many; host bits stay as they were said. */
static int parse_endpoint(struct lvs_endpoint *e, const char *arg, uint8_t protocol,
	struct np_err *err)
{
	const char *slash = strchr(arg, '/');
	char addr[LVS_ENDPOINT_WORD];
	int ret;

	if (!slash)
		return lvs_endpoint_parse(e, arg, protocol, err);
	if (!np_word_head(addr, sizeof(addr), arg, '/'))
		return np_err_set(err, EINVAL, "ADDRESS/LEN");
	ret = lvs_endpoint_parse(e, addr, protocol, err);
	if (ret)
		return ret;
	return e->has_port ? np_err_set(err, EINVAL, "no port with a length") :
			     set_length(e, slash + 1, err);
}

static int set_endpoint(struct lvs_endpoint *e, const struct explain_request *r, const char *arg,
	int word, struct np_err *err)
{
	int ret = parse_endpoint(e, arg, r->protocol ? r->protocol : LVS_PROTOCOL_ANY, err);

	if (ret) {
		np_err_prefix(err, "\"%s\" is no address, with or without port", arg);
		err->word = word;
	}
	return ret;
}

static int set_count(size_t *count, size_t least, const char *arg, int word, struct np_err *err)
{
	int64_t n;

	if (lvs_verb_number(arg, (int64_t)least, SIMULATE_MAX, &n))
		return np_err_word(err, EINVAL, word, "\"%s\" is no number from %zu to %u", arg,
			least, SIMULATE_MAX);
	*count = (size_t)n;
	return 0;
}

static int set_service(struct explain_request *r, int id, const char *arg, int word,
	struct np_err *err)
{
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP };
	int64_t mark;

	if (r->protocol || r->fwmark)
		return np_err_word(err, EINVAL, word, "one service at a time");
	if (id == FWMARK) {
		if (lvs_verb_number(arg, 1, UINT32_MAX, &mark))
			return np_err_word(err, EINVAL, word, "\"%s\" is no firewall mark", arg);
		r->fwmark = (uint32_t)mark;
		return 0;
	}
	r->protocol = protocols[id];
	if (strchr(arg, '/'))
		return np_err_word(err, EINVAL, word, "\"%s\" is no VIP:PORT: a service has one "
			"address", arg);
	return set_endpoint(&r->service, r, arg, word, err);
}

static int set_option(struct explain_request *r, struct later later[2], int id, const char *arg,
	int word, struct np_err *err)
{
	switch (id) {
	case IPV6:
		r->ipv6 = true;
		return 0;
	case FROM:
	case TO:
		later[id == TO] = (struct later){ arg, word };
		return 0;
	case SIMULATE:
		return set_count(&r->simulate, 1, arg, word, err);
	case HOLD:
		return set_count(&r->hold, 0, arg, word, err);
	case JSON:
		r->json = true;
		return 0;
	case PRETTY:
		r->pretty = true;
		return 0;
	case NUMERIC:
		return 0;
	default:
		return set_service(r, id, arg, word, err);
	}
}

static int set_later(struct explain_request *r, const struct later later[2], struct np_err *err)
{
	int ret = 0;

	if (later[0].arg)
		ret = set_endpoint(&r->from, r, later[0].arg, later[0].word, err);
	if (!ret && later[1].arg)
		ret = set_endpoint(&r->to, r, later[1].arg, later[1].word, err);
	return ret;
}

static int check(struct explain_request *r, struct np_err *err)
{
	if (!r->protocol && !r->fwmark)
		return np_err_set(err, EINVAL,
			"no service given: -t VIP:PORT, -u VIP:PORT, --sctp-service VIP:PORT "
			"or -f MARK");
	if (r->protocol && r->ipv6)
		return np_err_set(err, EINVAL, "-6 goes with -f: an address tells its family");
	if (!r->protocol)
		r->service.af = r->ipv6 ? AF_INET6 : AF_INET;
	if (r->from.af != AF_UNSPEC && r->from.af != r->service.af)
		return np_err_set(err, EINVAL, "--from and the service are of different families");
	if (r->to.af != AF_UNSPEC && r->to.af != r->service.af)
		return np_err_set(err, EINVAL, "--to and the service are of different families");
	if (r->to.af != AF_UNSPEC && r->protocol)
		return np_err_set(err, EINVAL, "--to is for services by firewall mark");
	if (r->to.port)
		return np_err_set(err, EINVAL, "--to takes no port: all of them have the mark");
	return 0;
}

int lvs_explain_parse(struct explain_request *r, bool simulate, int argc, char **argv, int at,
	struct np_err *err)
{
	struct np_opt_iter it = { .opts = lvs_explain_opts, .argc = argc, .argv = argv, .at = at };
	struct later later[2] = { { NULL, 0 }, { NULL, 0 } };
	const struct np_opt *opt;
	const char *arg;
	int ret = 0;

	*r = (struct explain_request){ .hold = SIZE_MAX, .simulate = simulate ? 1000 : 0 };
	while (!ret && it.at < argc) {
		ret = np_opt_next(&it, &opt, &arg, err);
		if (ret > 0)
			ret = set_option(r, later, opt->id, arg, it.at - 1, err);
		else if (!ret && it.at < argc && simulate)
			ret = set_count(&r->simulate, 1, argv[it.at], it.at, err), it.at++;
		else if (!ret && it.at < argc)
			ret = np_err_word(err, EINVAL, it.at, "unknown word \"%s\"", argv[it.at]);
	}
	if (!ret)
		ret = set_later(r, later, err);
	return ret ? ret : check(r, err);
}
