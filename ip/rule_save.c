// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <unistd.h>

#include "ip/rule.h"
#include "ip/savefile.h"

/* The first four bytes of a file of rules, in host byte order (ip/iprule.c of iproute2). */
#define RULE_MAGIC 0x71706986

static int save_one(const struct np_rule *rule, const struct nlmsghdr *nlh, void *arg)
{
	const struct prt *p = arg;

	(void)rule;
	/* A failed write is found when the stream is closed. */
	(void)!fwrite(nlh, 1, np_rule_msg_len(nlh), p->show.fp);
	return 0;
}

static int save_restart(void *arg)
{
	struct prt *p = arg;

	if (prt_list_restart(p))
		return -1;
	savefile_begin(p->show.fp, RULE_MAGIC);
	return 0;
}

int rule_save(struct prt *p, struct np_args *a, struct np_err *err)
{
	struct np_rule_sink sink = { save_one, save_restart, p };
	bool json = p->want_json;
	int ret;

	if (np_args_next(a))
		return np_args_fail(a, err, "\"rule save\" saves all rules and takes no selector");
	if (isatty(STDOUT_FILENO))
		return np_err_set(err, EINVAL, "a save file is binary: "
				  "it is not written to a terminal");
	p->want_json = false;
	p->whole = true;
	ret = prt_list_begin(p, err);
	if (!ret) {
		savefile_begin(p->show.fp, RULE_MAGIC);
		ret = np_rule_dump(p->nl, prt_family(p), &sink, err);
		/* the status of ip, which is not 2 */
		if (ret && err)
			err->refused = false;
	}
	p->want_json = json;
	return ret;
}

static int restore_one(const void *msg, size_t len, void *arg, struct np_err *err)
{
	struct prt *p = arg;
	int ret = np_rule_restore(p->nl, msg, len, err);

	return ret == -EEXIST ? 0 : ret;
}

int rule_restore(struct prt *p, struct np_args *a, struct np_err *err)
{
	int ret;

	(void)a; /* iproute2 ignores words here */
	if (isatty(STDIN_FILENO))
		return np_err_set(err, EINVAL, "a save file is binary: "
				  "it is not read from a terminal");
	ret = savefile_check(stdin, RULE_MAGIC, err);
	if (!ret)
		ret = savefile_read(stdin, restore_one, p, err);
	/* The status of a restore that the kernel refused is that of ip, which is not 2. */
	if (err)
		err->refused = false;
	return ret;
}
