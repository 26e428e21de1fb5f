// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/lwtunnel.h>
#include <stdlib.h>
#include <string.h>

#include "ip/encap_args.h"

/* One field of a word: a number up to max. *at moves behind it. */
static int field(const char **at, uint64_t max, uint64_t *v)
{
	char *end;

	errno = 0;
	if (**at < '0' || **at > '9')
		return -EINVAL;
	*v = strtoull(*at, &end, 0);
	if (errno || *v > max)
		return -EINVAL;
	*at = end;
	return 0;
}

static bool colon(const char **at)
{
	if (**at != ':')
		return false;
	(*at)++;
	return true;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* CLASS:TYPE:DATA */
static int parse_geneve(struct np_tun_opt *opt, const char **at)
{
	uint64_t class, type;

	if (field(at, 0xffff, &class) || !colon(at) || field(at, 255, &type) || !colon(at))
		return -EINVAL;
	opt->class = (uint16_t)class;
	opt->type = (uint8_t)type;
	while (hex_digit(**at) >= 0 && hex_digit((*at)[1]) >= 0) {
		if (opt->len == sizeof(opt->data))
			return -EINVAL;
		opt->data[opt->len++] = (uint8_t)(hex_digit(**at) << 4 | hex_digit((*at)[1]));
		*at += 2;
	}
	return 0;
}

/* VERSION:INDEX:DIRECTION:HWID */
static int parse_erspan(struct np_tun_opt *opt, const char **at)
{
	uint64_t ver, index, dir, hwid;

	if (field(at, 255, &ver) || !colon(at) || field(at, UINT32_MAX, &index) || !colon(at) ||
	    field(at, 255, &dir) || !colon(at) || field(at, 255, &hwid))
		return -EINVAL;
	*opt = (struct np_tun_opt){ .ver = (uint8_t)ver, .index = (uint32_t)index,
				    .dir = (uint8_t)dir, .hwid = (uint8_t)hwid };
	return 0;
}

static int parse_all(struct np_encap *e, const char *at)
{
	uint64_t gbp;
	int ret;

	do {
		struct np_tun_opt *opt = &e->opt[e->n_opts];

		if (e->n_opts == NP_TUN_OPTS)
			return -EINVAL;
		e->n_opts++;
		if (e->opt_kind == LWTUNNEL_IP_OPTS_GENEVE) {
			ret = parse_geneve(opt, &at);
		} else if (e->opt_kind == LWTUNNEL_IP_OPTS_VXLAN) {
			ret = field(&at, UINT32_MAX, &gbp);
			opt->gbp = ret ? 0 : (uint32_t)gbp;
		} else {
			ret = parse_erspan(opt, &at);
		}
		if (ret)
			return ret;
	} while (e->opt_kind == LWTUNNEL_IP_OPTS_GENEVE && *at == ',' && at++);
	return *at ? -EINVAL : 0;
}

int encap_parse_opts(struct np_args *a, struct np_encap *e, struct np_err *err)
{
	static const char *const what[] = {
		[LWTUNNEL_IP_OPTS_GENEVE] = "CLASS:TYPE:DATA, more of them after commas",
		[LWTUNNEL_IP_OPTS_VXLAN] = "a group policy (a number)",
		[LWTUNNEL_IP_OPTS_ERSPAN] = "VERSION:INDEX:DIRECTION:HWID",
	};
	const char *word = a->argv[a->at - 1];
	int ret;

	e->opt_kind = word[0] == 'g' ? LWTUNNEL_IP_OPTS_GENEVE :
		      word[0] == 'v' ? LWTUNNEL_IP_OPTS_VXLAN : LWTUNNEL_IP_OPTS_ERSPAN;
	ret = np_args_need(a, &word, what[e->opt_kind], err);
	if (ret)
		return ret;
	return parse_all(e, word) ? np_args_bad(a, what[e->opt_kind], err) : 0;
}
