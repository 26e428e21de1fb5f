// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <bsd/string.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lvsctl/args.h"
#include "lvsctl/endpoint.h"
#include "lvsctl/fullnat_lvs.h"

#define PERSISTENT_DEFAULT 360

static int digits(const char *word, int base, int64_t min, int64_t max, int64_t *v)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(word, &end, base);
	if (*end || end == word || errno == ERANGE || n < min || n > max)
		return -EINVAL;
	*v = n;
	return 0;
}

int lvs_number(const char *word, int64_t min, int64_t max, int64_t *v)
{
	return digits(word, 10, min, max, v);
}

int lvs_verb_number(const char *word, int64_t min, int64_t max, int64_t *v)
{
	if (*word < '0' || *word > '9')
		return -EINVAL;
	return digits(word, word[1] == 'x' || word[1] == 'X' ? 16 : 10, min, max, v);
}

static int bad(struct np_err *err, const struct lvs_option *o, const char *value)
{
	return np_err_set(err, EINVAL, "\"%s\" will not do for --%s: %s", value, o->name,
			  o->arg ? o->arg : "no value");
}

static int endpoint(struct lvs_endpoint *e, const struct lvs_request *r,
		    const struct lvs_option *o, const char *value, struct np_err *err)
{
	int ret = lvs_endpoint_parse(e, value, r->svc.protocol, err);

	if (ret)
		np_err_prefix(err, "\"%s\" will not do for --%s", value, o->name);
	return ret;
}

static int number(struct lvs_request *r, const struct lvs_option *o, const char *value,
		  struct np_err *err)
{
	void *to = (char *)r + o->offset;
	int64_t v;

	if (lvs_number(value, o->min, o->max, &v))
		return np_err_set(err, EINVAL, "\"%s\" will not do for --%s: a number from %lld to "
				  "%lld", value, o->name, (long long)o->min, (long long)o->max);
	if (o->kind == LVS_K_U8)
		*(uint8_t *)to = (uint8_t)v;
	else if (o->kind == LVS_K_U16)
		*(uint16_t *)to = (uint16_t)v;
	else
		*(uint32_t *)to = (uint32_t)v;
	return 0;
}

static int service(struct lvs_request *r, const struct lvs_option *o, const char *value,
		   struct np_err *err)
{
	struct lvs_endpoint e;
	int ret;

	r->svc.protocol = (uint8_t)o->min;
	ret = endpoint(&e, r, o, value, err);
	if (ret)
		return ret;
	r->svc.af = e.af;
	r->svc.port = e.port;
	memcpy(r->svc.addr, e.addr, sizeof(e.addr));
	if (e.af == AF_INET6)
		r->svc.netmask = 128;
	return 0;
}

static int server(struct lvs_request *r, const struct lvs_option *o, const char *value,
		  struct np_err *err)
{
	struct lvs_endpoint e;
	int ret = endpoint(&e, r, o, value, err);

	if (ret)
		return ret;
	r->dest.af = e.af;
	r->dest.port = e.has_port ? e.port : r->svc.port;
	memcpy(r->dest.addr, e.addr, sizeof(e.addr));
	return 0;
}

static int fwmark(struct lvs_request *r, const struct lvs_option *o, const char *value,
		  struct np_err *err)
{
	int64_t v;

	if (lvs_number(value, r->saved ? INT32_MIN : 1, UINT32_MAX, &v) || !v)
		return bad(err, o, value);
	r->svc.af = AF_INET;
	r->svc.protocol = IPPROTO_TCP; /* names of ports are those of TCP */
	r->svc.fwmark = (uint32_t)v;
	return 0;
}

static int netmask(struct lvs_request *r, const struct lvs_option *o, const char *value,
		   struct np_err *err)
{
	long v;

	if (r->svc.af != AF_INET6)
		return lvs_address4(value, &r->svc.netmask) ? 0 : bad(err, o, value);
	/* What follows the number is of no account, as in ipvsadm. */
	v = strtol(value, NULL, 10);
	if (v < 1 || v > 128)
		return bad(err, o, value);
	r->svc.netmask = (uint32_t)v;
	return 0;
}

/* The group's family is that of its address. */
static int group(struct lvs_request *r, const struct lvs_option *o, const char *value,
		 struct np_err *err)
{
	struct np_lvs_daemon *d = &r->daemon;

	d->af = strchr(value, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(d->af, value, d->group) != 1 ||
	    (d->af == AF_INET ? (d->group[0] & 0xf0) != 0xe0 : d->group[0] != 0xff))
		return np_err_set(err, EINVAL, "\"%s\" will not do for --%s: no multicast address",
				  value, o->name);
	return 0;
}

static int tun_type(struct lvs_request *r, const struct lvs_option *o, const char *value,
		    struct np_err *err)
{
	const struct lvs_word *w = lvs_word(o->words, value);

	if (!w)
		return np_err_set(err, EINVAL, "\"%s\" is no type of tunnel: ipip, gue, gre",
				  value);
	r->dest.tun_type = (uint8_t)w->value;
	return 0;
}

static int fullnat(struct lvs_request *r, const struct lvs_option *o, const char *value,
		   struct np_err *err)
{
	(void)o;
	return lvs_fullnat_parse(&r->dest, value, err);
}

static int sort(struct lvs_request *r, const struct lvs_option *o, const char *value,
		struct np_err *err)
{
	(void)o, (void)err;
	r->sort = value;
	return 0;
}

static int timeout(struct lvs_request *r, const struct lvs_option *o, const char *value,
		   struct np_err *err)
{
	r->svc.flags |= IP_VS_SVC_F_PERSISTENT;
	r->svc.timeout = PERSISTENT_DEFAULT;
	return value ? number(r, o, value, err) : 0;
}

static int ipv6(struct lvs_request *r, const struct lvs_option *o, const char *value,
		struct np_err *err)
{
	(void)value;
	if (!r->svc.fwmark)
		return np_err_set(err, EINVAL, "--%s goes with -f, and stands after it", o->name);
	r->svc.af = AF_INET6;
	r->svc.netmask = 128;
	return 0;
}

/* What is longer is cut. A line's reader skips its program's name wherever that stands. */
_Static_assert(sizeof(((struct np_lvs_svc *)0)->sched) == LVS_STRING, "the scheduler fits");
_Static_assert(sizeof(((struct np_lvs_svc *)0)->pe) == LVS_STRING, "the engine fits");
_Static_assert(sizeof(((struct np_lvs_daemon *)0)->ifn) == LVS_STRING, "the device fits");

static int string(struct lvs_request *r, const struct lvs_option *o, const char *value,
		  struct np_err *err)
{
	if (r->saved && lvs_is_skipped(value))
		return np_err_set(err, EINVAL, "\"%s\" will not do for --%s: a restore skips it",
				  value, o->name);
	strlcpy((char *)r + o->offset, value, LVS_STRING);
	return 0;
}

static int plain(struct lvs_request *r, const struct lvs_option *o, const char *value,
		 struct np_err *err)
{
	void *to = (char *)r + o->offset;

	(void)err;
	switch (o->kind) {
	case LVS_K_POINTER:
		*(const char **)to = value;
		break;
	case LVS_K_FORWARD:
		r->dest.fwd = (uint32_t)o->min;
		break;
	case LVS_K_SVC_FLAG:
		r->svc.flags |= (uint32_t)o->min;
		break;
	case LVS_K_TUN_FLAG:
		r->dest.tun_flags |= (uint16_t)o->min;
		break;
	default:
		break;
	}
	return 0;
}

typedef int reader(struct lvs_request *r, const struct lvs_option *o, const char *value,
		   struct np_err *err);

static reader *const readers[] = {
	[LVS_K_SERVICE] = service, [LVS_K_FWMARK] = fwmark,   [LVS_K_SERVER] = server,
	[LVS_K_U32] = number,      [LVS_K_U16] = number,      [LVS_K_U8] = number,
	[LVS_K_TIMEOUT] = timeout, [LVS_K_NETMASK] = netmask, [LVS_K_FULLNAT] = fullnat,
	[LVS_K_TUN_TYPE] = tun_type, [LVS_K_GROUP] = group,   [LVS_K_IPV6] = ipv6,
	[LVS_K_SORT] = sort,       [LVS_K_STRING] = string,   [LVS_K_SCHEDULER] = string,
};

int lvs_value(struct lvs_request *r, const struct lvs_option *o, const char *value,
	      struct np_err *err)
{
	reader *read = readers[o->kind];

	return read ? read(r, o, value, err) : plain(r, o, value, err);
}
