// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsctl mark add|del|list: argv to request, and what is printed. */
#include "lvsctl/mark.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/args.h"
#include "lib/json_write.h"
#include "lib/out.h"
#include "lvsctl/args.h"
#include "lvsctl/endpoint.h"
#include "lvsctl/protocol.h"
#include "lvsctl/verbs_host.h"
#include "lvsctl/written.h"

#define PORTS_MAX 64

struct request {
	struct lvs_mark marks[PORTS_MAX]; /* the same but for the port */
	size_t n;
};

/* The ports of 10.0.0.1:80,443 behind the first, which r->marks[0] has. */
static int parse_ports(struct request *r, const char *service, struct np_err *err)
{
	char word[64];
	uint16_t port;

	for (const char *p = strchr(service, ','); p; p = strchr(p, ',')) {
		if (!np_word_head(word, sizeof(word), ++p, ','))
			return np_err_set(err, EINVAL, "a port of more than %zu characters",
					  sizeof(word) - 1);
		if (!*word)
			return np_err_set(err, EINVAL, "behind a \",\" stands no port");
		if (!lvs_port(word, r->marks[0].protocol, &port))
			return np_err_set(err, EINVAL, "\"%s\" is no port", word);
		if (r->n == PORTS_MAX)
			return np_err_set(err, EINVAL, "more than %d ports", PORTS_MAX);
		r->marks[r->n] = r->marks[0];
		r->marks[r->n++].port = port;
	}
	return 0;
}

/* Where ipvsadm has no say: [2001:db8::1] needs no port, and [10.0.0.1]:80 loses none. */
static int parse_endpoint(struct lvs_endpoint *e, char *word, uint8_t protocol, struct np_err *err)
{
	size_t len = strlen(word);
	bool brackets = *word == '[';
	int ret;

	if (brackets && word[len - 1] == ']') {
		word[len - 1] = '\0';
		word++;
	}
	ret = lvs_endpoint_parse(e, word, protocol, err);
	if (!ret && brackets && e->af != AF_INET6)
		return np_err_set(err, EINVAL, "brackets are for IPv6");
	return ret;
}

/* 10.0.0.1:80,443  [2001:db8::1]:80  10.0.0.1 (all ports) */
static int parse_service(struct request *r, const char *word, uint8_t protocol,
			 struct np_err *err)
{
	struct lvs_endpoint e;
	char first[LVS_ENDPOINT_WORD];
	int ret;

	if (!np_word_head(first, sizeof(first), word, ','))
		return np_err_set(err, EINVAL, "more than %zu characters", sizeof(first) - 1);
	if (strchr(first, '/')) /* else a resolver would be asked for it */
		return np_err_set(err, EINVAL, "one address, and no \"/\"");
	ret = parse_endpoint(&e, first, protocol, err);
	if (ret)
		return ret;
	r->n = 1;
	r->marks[0] = (struct lvs_mark){ .af = e.af, .protocol = protocol, .port = e.port };
	memcpy(r->marks[0].addr, e.addr, sizeof(e.addr));
	if (!strchr(word, ','))
		return 0;
	if (!e.has_port)
		return np_err_set(err, EINVAL, "ports stand behind ADDRESS:PORT");
	return parse_ports(r, word, err);
}

static int parse(struct request *r, bool need_mark, int argc, char **argv, int at,
		 struct np_err *err)
{
	int64_t mark = 0;
	uint8_t protocol;
	int ret;

	if (argc - at < (need_mark ? 3 : 2))
		return np_err_word(err, EINVAL, argc - 1,
				   "VIP:PORT[,PORT…] PROTOCOL%s are wanted",
				   need_mark ? " MARK" : "");
	if (argc - at > 3)
		return np_err_word(err, EINVAL, at + 3, "one word too many");
	protocol = lvs_protocol_parse(argv[at + 1]);
	if (!protocol)
		return np_err_word(err, EINVAL, at + 1, "\"%s\" is not tcp, udp or sctp",
				   argv[at + 1]);
	if (argc - at == 3 && lvs_verb_number(argv[at + 2], 1, UINT32_MAX, &mark))
		return np_err_word(err, EINVAL, at + 2, "\"%s\" is no mark", argv[at + 2]);
	ret = parse_service(r, argv[at], protocol, err);
	if (ret) {
		/* cut, lest a long word leave no space for the reason */
		np_err_prefix(err, "\"%.200s\" is no service", argv[at]);
		err->word = at;
		return ret;
	}
	for (size_t i = 0; i < r->n; i++)
		r->marks[i].fwmark = (uint32_t)mark;
	return 0;
}

static int change(bool add, int argc, char **argv, int at, struct np_err *err)
{
	struct request r = { .n = 0 };
	struct np_nft *nft;
	int ret = parse(&r, add, argc, argv, at, err);

	if (!ret)
		ret = np_nft_open(&nft, err);
	if (ret)
		return ret;
	ret = add ? lvs_marks_add(nft, r.marks, r.n, err) : lvs_marks_del(nft, r.marks, r.n, err);
	np_nft_close(nft);
	return ret;
}

static int add(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	(void)ctx;
	return change(true, argc, argv, at, err);
}

static int del(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	(void)ctx;
	return change(false, argc, argv, at, err);
}

/* As `mark add` takes it. */
static void show_text(FILE *fp, const struct lvs_mark *m)
{
	char words[LVS_MARK_COMMENT];

	fprintf(fp, "%s %u\n", lvs_mark_words(m, words), m->fwmark);
}

static void show_json(struct np_json *j, const struct lvs_mark *m)
{
	char addr[INET6_ADDRSTRLEN] = "?";

	inet_ntop(m->af, m->addr, addr, sizeof(addr));
	np_json_open(j, NULL, '{');
	np_json_str(j, "address", addr);
	if (m->port)
		np_json_uint(j, "port", m->port);
	np_json_str(j, "protocol", lvs_protocol_word(m->protocol, "?"));
	np_json_uint(j, "fwmark", m->fwmark);
	np_json_close(j, '}');
}

static int show(const struct lvs_mark *marks, size_t n, bool json, bool pretty,
		struct np_err *err)
{
	struct np_out out;
	struct np_json j;

	np_out_init(&out, stdout, NP_COLOR_NEVER);
	np_json_init(&j, stdout, pretty);
	if (json)
		np_json_open(&j, NULL, '[');
	for (size_t i = 0; i < n; i++) {
		if (json)
			show_json(&j, &marks[i]);
		else
			show_text(stdout, &marks[i]);
	}
	if (json) {
		np_json_close(&j, ']');
		np_json_end(&j);
	}
	return lvs_written(&out, err);
}

static int list(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct lvs_mark *marks = NULL;
	struct np_nft *nft;
	bool json = false, pretty = false;
	size_t n = 0;
	int ret = lvs_json_words(&json, &pretty, argc, argv, at, err);

	(void)ctx;
	if (ret)
		return ret;
	ret = np_nft_open(&nft, err);
	if (ret)
		return ret;
	ret = lvs_marks_list(nft, &marks, &n, err);
	if (!ret)
		ret = show(marks, n, json, pretty, err);
	free(marks);
	np_nft_close(nft);
	return ret;
}

const struct np_cmd lvs_mark_cmds[] = {
	{ "add", "VIP:PORT[,PORT…] PROTOCOL MARK", "mark what goes there",
	  add, NULL, NULL, NULL },
	{ "del", "VIP:PORT[,PORT…] PROTOCOL [MARK]", "mark it no more",
	  del, NULL, NULL, NULL },
	{ "list", "[-j]", "the marks, as add takes them", list, lvs_json_opts, NULL, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};

int lvs_mark_run(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	const struct np_cmd *cmd;

	if (at >= argc)
		return list(ctx, argc, argv, at, err);
	cmd = np_cmd_find(lvs_mark_cmds, argv[at], at, err);
	return cmd ? cmd->run(ctx, argc, argv, at + 1, err) : -err->code;
}
