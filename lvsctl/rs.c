// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsctl rs start|stop|status: argv to request, and what is printed. */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <bsd/string.h>
#include <stdio.h>
#include <sys/socket.h>

#include "lib/addr.h"
#include "lib/ifname.h"
#include "lib/json_write.h"
#include "lib/out.h"
#include "lvsctl/rs.h"
#include "lvsctl/verbs_host.h"
#include "lvsctl/written.h"

static const struct np_opt no_opts[] = { { 0, NULL, NULL, NULL, 0, NULL } };

struct request {
	struct rs_vip vip;
	bool has_vip, has_model, has_dev, json, pretty;
};

static int parse_vip(struct rs_vip *vip, const char *word, int at, struct np_err *err)
{
	struct np_addr a;
	char text[NP_ADDR_STRLEN];

	if (np_addr_parse(&a, word, AF_UNSPEC) || !a.len || np_addr_is_zero(&a) ||
	    np_addr_is_multicast(&a) || (a.family != AF_INET && a.family != AF_INET6))
		return np_err_word(err, EINVAL, at, "\"%s\" is no address of a service", word);
	vip->addr.family = a.family;
	vip->addr.bits = (uint8_t)a.bits;
	memcpy(vip->addr.b, a.b, a.len);
	/* Neither may be the source of what the real server itself begins. */
	vip->addr.scope = a.family == AF_INET ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
	vip->addr.deprecated = a.family == AF_INET6;
	(void)strlcpy(vip->text, np_addr_text(a.family, a.b, a.len, text), sizeof(vip->text));
	return 0;
}

static int parse_word(struct request *r, int argc, char **argv, int *at, struct np_err *err)
{
	const char *word = argv[*at];
	bool tun = !strcmp(word, "tun");

	if (!strcmp(word, "dev")) {
		if (++*at >= argc)
			return np_err_word(err, EINVAL, argc - 1, "dev needs a device");
		if (np_ifname_copy(r->vip.dev, argv[*at]))
			return np_err_word(err, EINVAL, *at, "\"%s\" is not " NP_IFNAME_EXPECTED,
					   argv[*at]);
		r->has_dev = true;
	} else if (tun || !strcmp(word, "dr")) {
		r->vip.model = tun ? RS_TUN : RS_DR;
		r->has_model = true;
	} else if (r->has_vip) {
		return np_err_word(err, EINVAL, *at, "unknown word \"%s\": "
				   "dr, tun and dev DEV can stand here", word);
	} else {
		r->has_vip = true;
		return parse_vip(&r->vip, word, *at, err);
	}
	return 0;
}

/* opts: lvs_json_opts, or none. */
static int parse(struct request *r, const struct np_opt *opts, int argc, char **argv, int at,
		 struct np_err *err)
{
	struct np_opt_iter it = { .opts = opts, .argc = argc, .argv = argv, .at = at };
	const struct np_opt *opt;
	const char *arg;
	int ret = 0;

	*r = (struct request){ 0 };
	while (ret >= 0 && it.at < argc) {
		ret = np_opt_next(&it, &opt, &arg, err);
		if (ret > 0) {
			*(opt->id == LVS_JSON ? &r->json : &r->pretty) = true;
		} else if (!ret && it.at < argc) {
			ret = parse_word(r, argc, argv, &it.at, err);
			it.at++;
		}
	}
	return ret < 0 ? ret : 0;
}

/* What was not said is as it was started, else as it is by default. */
static void complete_request(struct request *r, const struct rs_state *s)
{
	const struct rs_vip *known = rs_state_vip(s, &r->vip);

	if (known && !r->has_model && !r->has_dev) {
		r->vip.model = known->model;
		(void)strlcpy(r->vip.dev, known->dev, sizeof(r->vip.dev));
	}
	if (!r->vip.dev[0])
		(void)strlcpy(r->vip.dev, rs_default_dev(r->vip.model, r->vip.addr.family),
			      sizeof(r->vip.dev));
}

static int open_all(struct rs_ctx *c, bool write, struct np_err *err)
{
	int ret;

	*c = (struct rs_ctx){ .state.dir = -1 };
	ret = np_nl_open(&c->nl, NETLINK_ROUTE, err);
	return ret ? ret : rs_state_open(&c->state, write, err);
}

static void close_all(struct rs_ctx *c)
{
	rs_state_close(&c->state);
	np_nl_close(c->nl);
}

static int change(int argc, char **argv, int at, struct np_err *err,
		  int (*what)(struct rs_ctx *c, const struct rs_vip *vip, struct np_err *err))
{
	struct rs_ctx c;
	struct request r;
	int ret = parse(&r, no_opts, argc, argv, at, err);

	if (ret)
		return ret;
	if (!r.has_vip)
		return np_err_word(err, EINVAL, argc - 1, "the address of the service is missing");
	ret = open_all(&c, true, err);
	if (!ret) {
		complete_request(&r, &c.state);
		ret = what(&c, &r.vip, err);
	}
	for (char *rest = c.note, *line; (line = strsep(&rest, "\n")) && *line;)
		fprintf(stderr, "lvsctl: %s\n", line);
	close_all(&c);
	return ret;
}

static int start(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	(void)ctx;
	return change(argc, argv, at, err, rs_start);
}

static int stop(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	(void)ctx;
	return change(argc, argv, at, err, rs_stop);
}

struct show {
	struct np_out out;
	struct np_json json;
	bool want_json;
	enum rs_status worst;
};

static int show_one(struct rs_ctx *c, const struct rs_vip *vip, struct show *show,
		    struct np_err *err)
{
	struct rs_step step[RS_STEPS];
	enum rs_status is;
	size_t n;
	int ret = rs_probe(c, vip, step, &n, err);

	if (ret)
		return ret;
	if (show->want_json)
		rs_json(&show->json, vip, &c->state, step, n);
	else
		rs_text(&show->out, vip, &c->state, step, n);
	is = rs_status_of(step, n);
	if (show->worst != RS_PARTLY && is != RS_STARTED)
		show->worst = is;
	return 0;
}

static int show_all(struct rs_ctx *c, struct request *r, struct np_err *err)
{
	struct show show = { .want_json = r->json, .worst = RS_STARTED };
	int ret = 0;

	np_out_init(&show.out, stdout, NP_COLOR_AUTO);
	np_json_init(&show.json, stdout, r->pretty);
	if (r->json)
		np_json_open(&show.json, NULL, '[');
	if (r->has_vip)
		complete_request(r, &c->state);
	if (r->has_vip)
		ret = show_one(c, &r->vip, &show, err);
	else if (!c->state.n_vips)
		show.worst = RS_STOPPED;
	if (!r->has_vip && !c->state.n_vips && !r->json)
		fputs("nothing was started here by lvsctl rs start\n", stdout);
	for (size_t i = 0; !ret && !r->has_vip && i < c->state.n_vips; i++)
		ret = show_one(c, &c->state.vips[i], &show, err);
	if (r->json) {
		np_json_close(&show.json, ']');
		np_json_end(&show.json);
	}
	if (!ret)
		ret = lvs_written(&show.out, err);
	return ret ? ret : (int)show.worst;
}

static int status(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct rs_ctx c;
	struct request r;
	int ret = parse(&r, lvs_json_opts, argc, argv, at, err);

	(void)ctx;
	if (ret)
		return ret;
	ret = open_all(&c, false, err);
	if (!ret)
		ret = show_all(&c, &r, err);
	close_all(&c);
	return ret;
}

static void complete(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	static const char *const words[] = { "dr", "tun", "dev" };
	const char *last = argv[argc - 1];

	(void)cmd;
	if (argc - 1 <= at)
		return;
	if (!strcmp(argv[argc - 2], "dev"))
		fputs("<DEV>\n", fp);
	for (size_t i = 0; strcmp(argv[argc - 2], "dev") && i < 3; i++)
		if (!strncmp(words[i], last, strlen(last)))
			fprintf(fp, "%s\n", words[i]);
}

const struct np_cmd lvs_rs_cmds[] = {
	{ "start", "VIP [dr|tun] [dev DEV]", "make this host a real server of VIP", start,
	  NULL, NULL, complete },
	{ "stop", "VIP", "undo that, as it was found before", stop, NULL, NULL, NULL },
	{ "status", "[VIP [dr|tun] [dev DEV]] [-j]", "what is in place and what is not",
	  status, lvs_json_opts, NULL, complete },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};

int lvs_rs_run(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	const struct np_cmd *cmd;

	if (at >= argc)
		return np_err_word(err, EINVAL, argc - 1, "rs: start, stop or status?");
	cmd = np_cmd_find(lvs_rs_cmds, argv[at], at, err);
	return cmd ? cmd->run(ctx, argc, argv, at + 1, err) : -err->code;
}
