// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsctl apply against a kernel that refuses: how many sends, what is undone, what is said. */
#include <linux/genetlink.h>
#include <linux/ip_vs.h>

#include "lvsctl/apply.h"
#include "lvsctl/plan_read.h"
#include "mock_nl.h"
#include "unit.h"

struct kernel {
	struct mock mock;
	char log[512];     /* a letter a command, as ipvsadm's */
	unsigned refuse;   /* the number of the command that is refused; 0: none */
	unsigned refuse_2; /* and another one */
	int code;
};

static void obey(struct mock *m, const struct nlmsghdr *nlh)
{
	static const char letters[] = { [IPVS_CMD_NEW_SERVICE] = 'A', [IPVS_CMD_SET_SERVICE] = 'E',
		[IPVS_CMD_DEL_SERVICE] = 'D', [IPVS_CMD_NEW_DEST] = 'a', [IPVS_CMD_SET_DEST] = 'e',
		[IPVS_CMD_DEL_DEST] = 'd' };
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(nlh);
	struct kernel *k = m->arg;
	size_t len = strlen(k->log);

	k->log[len] = letters[g->cmd];
	if (len + 1 == k->refuse || len + 1 == k->refuse_2)
		mock_ack(m, nlh, k->code, NULL);
	else if (nlh->nlmsg_flags & NLM_F_ACK)
		mock_ack(m, nlh, 0, NULL);
}

static void read_text(struct lvs_table *t, const char *text)
{
	struct np_err err = NP_ERR_INIT;
	FILE *fp = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	if (lvs_plan_read(t, fp, "file", &err))
		unit_ok(false, "%s", err.text);
	fclose(fp);
}

/* Applies; what the kernel was told must be log. Returns the errno. */
static int apply(struct kernel *k, const char *have, const char *want, const char *log,
	struct np_err *err)
{
	struct lvs_table a = { 0 }, b = { 0 };
	struct lvs_plan plan = { 0 };
	struct np_lvs v = { .family = 30 };
	int ret;

	k->mock.handle = obey;
	k->mock.arg = k;
	v.nl = mock_open(&k->mock);
	read_text(&a, have);
	read_text(&b, want);
	lvs_plan_make(&plan, &a, &b, err);
	ret = lvs_plan_apply(&v, &plan, err);
	unit_str(k->log, log, "what the kernel is told");
	np_lvs_close(&v);
	mock_clear(&k->mock);
	lvs_plan_clean(&plan);
	lvs_table_clean(&a);
	lvs_table_clean(&b);
	return ret;
}

#define HAVE "-A -t 10.0.0.1:80 -s wlc\n-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 1\n" \
	"-a -t 10.0.0.1:80 -r 10.1.0.2:80 -m -w 1\n-A -f 9 -s rr\n-a -f 9 -r 10.1.0.9\n"
#define WANT "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 7\n" \
	"-a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w 1\n-A -f 8 -s sh\n-a -f 8 -r 10.1.0.9\n"

static void refusal(unsigned number, int code, const char *log, const char *text)
{
	struct kernel k = { .refuse = number, .code = code };
	struct np_err err = NP_ERR_INIT;

	unit_int(apply(&k, HAVE, WANT, log, &err), -code, "refused");
	unit_str(err.text, text, "what is said");
	unit_ok(err.refused, "by the kernel");
}

int main(void)
{
	struct kernel k = { 0 };
	struct np_err err = NP_ERR_INIT;

	unit_int(apply(&k, HAVE, WANT, "EaeAadD", &err), 0, "adds and edits, then deletes");
	unit_int(k.mock.sends, 2, "in two sends");
	k = (struct kernel){ 0 };
	unit_int(apply(&k, HAVE, HAVE, "", &err), 0, "nothing to do");
	unit_int(k.mock.sends, 0, "nothing sent");
	refusal(2, EINVAL, "EaeAa" "dDeE", "the kernel refuses -a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w 1: "
		"not an address of a real server; 4 others were made and undone, the table is as it was");
	refusal(4, ENOENT, "EaeAa" "dedE", "the kernel refuses -A -f 8 -s sh: its scheduler or "
		"persistence engine is not there, nor its module; "
		"4 others were made and undone, the table is as it was");
	refusal(7, EPERM, "EaeAadD" "adDedE", "the kernel refuses -D -f 9: Operation not permitted; "
		"6 others were made and undone, the table is as it was");
	k = (struct kernel){ .refuse = 5, .refuse_2 = 7, .code = ENOMEM };
	unit_int(apply(&k, HAVE, WANT, "EaeAa" "DedE", &err), -ENOMEM, "undoing is refused, too");
	unit_ok(strstr(err.text, "of undoing them 1 step was refused as well") != NULL, "%s", err.text);
	return unit_done();
}
