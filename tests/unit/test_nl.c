// SPDX-License-Identifier: GPL-2.0-or-later
/* lib/nl.h against a mock kernel. */
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <sys/socket.h>

#include "tests/unit/mock_nl.h"
#include "tests/unit/unit.h"

static struct nlmsghdr *request(struct np_nl *nl, uint16_t type, uint16_t flags)
{
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, type, flags, sizeof(struct rtmsg), &extra);

	((struct rtmsg *)extra)->rtm_family = AF_INET;
	return nlh;
}

static void ok_handler(struct mock *m, const struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_flags & NLM_F_ACK)
		mock_ack(m, nlh, 0, NULL);
}

static void refuse_handler(struct mock *m, const struct nlmsghdr *nlh)
{
	mock_ack(m, nlh, EEXIST, m->arg);
}

static void warning(void *arg, const char *text)
{
	snprintf(arg, 64, "%s", text);
}

static void warn_handler(struct mock *m, const struct nlmsghdr *nlh)
{
	mock_ack(m, nlh, 0, "think twice");
}

static void silent_handler(struct mock *m, const struct nlmsghdr *nlh)
{
	(void)m, (void)nlh;
}

static void cut_handler(struct mock *m, const struct nlmsghdr *nlh)
{
	struct nlmsghdr e = { .nlmsg_len = sizeof(e) + 2, .nlmsg_type = NLMSG_ERROR,
			      .nlmsg_seq = nlh->nlmsg_seq };
	char buf[sizeof(e) + 2] = { 0 };

	memcpy(buf, &e, sizeof(e));
	mock_push(m, buf, sizeof(buf));
}

static void test_talk(void)
{
	struct mock m = { .handle = ok_handler };
	struct np_nl *nl = mock_open(&m);
	struct np_err err = NP_ERR_INIT;
	char text[64] = "";

	np_nl_on_warning(nl, warning, text);
	unit_int(np_nl_talk(nl, request(nl, RTM_NEWROUTE, 0), &err), 0, "an ack is success");
	m.send_error = EINTR;
	unit_int(np_nl_talk(nl, request(nl, RTM_NEWROUTE, 0), &err), 0,
		 "an interrupted send is tried again");
	mock_push(&m, NULL, -EINTR);
	unit_int(np_nl_talk(nl, request(nl, RTM_NEWROUTE, 0), &err), 0,
		 "an interrupted receive too");
	m.handle = refuse_handler;
	unit_int(np_nl_talk(nl, request(nl, RTM_NEWROUTE, 0), &err), -EEXIST, "a refusal");
	unit_str(err.text, "RTNETLINK answers: File exists", "in ip's words");
	unit_ok(err.refused, "is marked as the kernel's");
	m.arg = (void *)(uintptr_t)"no such thing";
	np_nl_talk(nl, request(nl, RTM_NEWROUTE, 0), &err);
	unit_str(err.text, "RTNETLINK answers: File exists\nError: no such thing.",
		 "with the extended ack");
	m.handle = warn_handler;
	unit_int(np_nl_talk(nl, request(nl, RTM_NEWROUTE, 0), &err), 0, "a warning is no error");
	unit_str(text, "Warning: think twice.", "but it is told");
	m.handle = silent_handler;
	unit_int(np_nl_talk(nl, request(nl, RTM_NEWROUTE, 0), &err), -EAGAIN,
		 "an answer that never comes is no hang");
	mock_push(&m, NULL, -ENOBUFS);
	unit_int(np_nl_talk(nl, request(nl, RTM_NEWROUTE, 0), &err), -ENOBUFS,
		 "nor one that was lost");
	m.handle = cut_handler;
	unit_int(np_nl_talk(nl, request(nl, RTM_NEWROUTE, 0), &err), -EBADMSG, "a cut answer");
	m.send_error = ENOBUFS;
	unit_int(np_nl_talk(nl, request(nl, RTM_NEWROUTE, 0), &err), -ENOBUFS,
		 "a send that fails is told");
	unit_ok(!err.refused, "and is no refusal");
	mock_clear(&m);
	np_nl_close(nl);
}

/* A dump of three; the first m->count tries are interrupted, each in another way. */
static void dump_handler(struct mock *m, const struct nlmsghdr *nlh)
{
	bool bad = m->count > 0;
	bool lost = bad && m->count % 3 == 1;
	bool cut = bad && m->count % 3 == 2;	/* before what is behind it: DONE alone says so */

	if (bad)
		m->count--;
	for (int i = 1; i <= 3; i++) {
		if (lost && i == 2)
			mock_push(m, NULL, -ENOBUFS);
		else
			mock_data(m, nlh, RTM_NEWROUTE,
				  (uint16_t)(NLM_F_MULTI | (bad && !cut && i == 2 ? NLM_F_DUMP_INTR : 0)),
				  i);
	}
	mock_data(m, nlh, NLMSG_DONE, (uint16_t)(NLM_F_MULTI | (cut ? NLM_F_DUMP_INTR : 0)),
		  m->arg ? -ENOENT : 0);
}

struct seen {
	int sum, restarts;
	bool stubborn;
	int stop;
};

static int see(const struct nlmsghdr *nlh, void *arg)
{
	struct seen *s = arg;

	s->sum += *(const int *)mnl_nlmsg_get_payload(nlh);
	return s->stop;
}

static int again(void *arg)
{
	struct seen *s = arg;

	s->restarts++;
	s->sum = 0;
	return s->stubborn ? -1 : 0;
}

static void test_dump(void)
{
	struct mock m = { .handle = dump_handler };
	struct np_nl *nl = mock_open(&m);
	struct np_err err = NP_ERR_INIT;
	struct seen s = { 0 };
	struct np_nl_sink sink = { see, again, &s };

	unit_int(np_nl_dump(nl, request(nl, RTM_GETROUTE, 0), &sink, &err), 0, "a dump");
	unit_int(s.sum, 6, "gives all");
	m.count = 3;
	unit_int(np_nl_dump(nl, request(nl, RTM_GETROUTE, 0), &sink, &err), 0,
		 "one that was interrupted, one that was cut off, and one that lost a message, are "
		 "asked again");
	unit_int(s.restarts, 3, "each");
	unit_int(s.sum, 6, "and end with all, once");
	m.count = 1000;
	unit_int(np_nl_dump(nl, request(nl, RTM_GETROUTE, 0), &sink, &err), -EAGAIN,
		 "a list that never holds still is given up");
	m.count = 1;
	s = (struct seen){ .stubborn = true };
	unit_int(np_nl_dump(nl, request(nl, RTM_GETROUTE, 0), &sink, &err), -EAGAIN,
		 "what is printed already cannot be listed anew, which is an error");
	s = (struct seen){ .stop = -ENOMEM };
	err = (struct np_err)NP_ERR_INIT;
	m.count = 0;
	unit_int(np_nl_dump(nl, request(nl, RTM_GETROUTE, 0), &sink, &err), -ENOMEM,
		 "a sink that stops");
	unit_str(err.text, "out of memory", "for want of memory says so");
	unit_int((long long)m.tail - (long long)m.head, 0, "leaves nothing unread");
	s = (struct seen){ 0 };
	m.arg = &m;
	unit_int(np_nl_dump(nl, request(nl, RTM_GETROUTE, 0), &sink, &err), -ENOENT,
		 "an errno at the end of a dump");
	unit_ok(err.refused, "is a refusal");
	m.handle = refuse_handler;
	m.arg = NULL;
	unit_int(np_nl_dump(nl, request(nl, RTM_GETROUTE, 0), &sink, &err), -EEXIST,
		 "and so is an error instead of a dump");
	mock_clear(&m);
	np_nl_close(nl);
}

/* A kernel of 600 routes at most: fails the message whose table is in m->arg, says what is there. */
struct table {
	bool there[1024];
	unsigned fail_from, fail_to;
	bool lose_last;
};

static void table_handler(struct mock *m, const struct nlmsghdr *nlh)
{
	struct table *t = m->arg;
	const struct rtmsg *r = mnl_nlmsg_get_payload(nlh);
	unsigned id = r->rtm_table << 8 | r->rtm_tos;
	bool fail = nlh->nlmsg_type == RTM_NEWROUTE && id >= t->fail_from && id <= t->fail_to;

	if (nlh->nlmsg_type == RTM_NEWROUTE && !fail)
		t->there[id] = true;
	if (nlh->nlmsg_type == RTM_DELROUTE)
		t->there[id] = false;
	if (fail)
		mock_ack(m, nlh, EINVAL, NULL);
	else if (nlh->nlmsg_flags & NLM_F_ACK && !t->lose_last)
		mock_ack(m, nlh, 0, NULL);
}

struct failures {
	unsigned n;
	uint32_t first;
};

static void failed(void *arg, uint32_t tag, const struct np_err *err)
{
	struct failures *f = arg;

	(void)err;
	if (!f->n++)
		f->first = tag;
}

static unsigned run_batch(struct np_nl *nl, struct failures *f, enum np_nl_batch_mode mode,
			  unsigned n, struct table *t)
{
	struct np_nl_batch how = { mode, failed, f };
	struct np_err err = NP_ERR_INIT;
	unsigned there = 0;

	np_nl_batch_begin(nl, &how, &err);
	for (unsigned i = 0; i < n && !np_nl_stopped(nl); i++) {
		struct nlmsghdr *nlh = request(nl, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
		struct rtmsg *r = mnl_nlmsg_get_payload(nlh);

		r->rtm_table = (uint8_t)(i >> 8);
		r->rtm_tos = (uint8_t)i;
		np_nl_tag(nl, i);
		np_nl_submit(nl, nlh, &err);
	}
	np_nl_batch_end(nl);
	for (unsigned i = 0; i < 1024; i++)
		there += t->there[i];
	return there;
}

static void test_batch(void)
{
	struct table t = { .fail_from = 9999 };
	struct mock m = { .handle = table_handler, .arg = &t };
	struct np_nl *nl = mock_open(&m);
	struct failures f = { 0 };

	unit_int(run_batch(nl, &f, NP_NL_STOP, 600, &t), 600, "a batch does it all");
	unit_int(m.sends, 3, "in a few sends");
	unit_int(m.recvs, 3, "and as many receives");
	unit_int(f.n, 0, "without a failure");

	t = (struct table){ .fail_from = 300, .fail_to = 300 };
	unit_int(run_batch(nl, &f, NP_NL_STOP, 600, &t), 300,
		 "what follows a failure is not there");
	unit_int(f.n, 1, "one failure is told");
	unit_int(f.first, 300, "that of the line");

	t = (struct table){ .fail_from = 300, .fail_to = 309 };
	f = (struct failures){ 0 };
	unit_int(run_batch(nl, &f, NP_NL_GO_ON, 600, &t), 590, "or it is, if wanted");
	unit_int(f.n, 10, "and each failure is told");

	t = (struct table){ .fail_from = 9999, .lose_last = true };
	f = (struct failures){ 0 };
	run_batch(nl, &f, NP_NL_GO_ON, 10, &t);
	unit_int(f.n, 10, "a lost ack is a failure of what it was to tell");
	mock_clear(&m);
	np_nl_close(nl);
}

/* Messages of a dump that are given back: three of them are more than a batch keeps. */
static void test_long_messages(void)
{
	static _Alignas(struct nlmsghdr) char room[24 * 1024];
	struct mock m = { .handle = ok_handler };
	struct np_nl *nl = mock_open(&m);
	struct failures f = { 0 };
	struct np_nl_batch how = { NP_NL_GO_ON, failed, &f };
	struct nlmsghdr *nlh = (void *)room;

	nlh->nlmsg_len = 15 * 1024;
	nlh->nlmsg_type = RTM_DELROUTE;
	np_nl_batch_begin(nl, &how, NULL);
	for (int i = 0; i < 3; i++)
		np_nl_submit(nl, nlh, NULL);
	unit_int(m.sends, 0, "long ones are kept back while there is room");
	nlh->nlmsg_len = sizeof(room);
	for (int i = 0; i < 3; i++)
		np_nl_submit(nl, nlh, NULL);
	unit_int(m.sends, 4, "longer ones go at once, behind those");
	unit_int(np_nl_batch_end(nl), 0, "and all of them are done");
	mock_clear(&m);
	np_nl_close(nl);
}

/* Questions are answered in order, after the changes before them. */
static void get_handler(struct mock *m, const struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_type == RTM_GETROUTE && ++m->count == 3)
		mock_ack(m, nlh, ENETUNREACH, NULL);
	else if (nlh->nlmsg_type == RTM_GETROUTE)
		mock_data(m, nlh, RTM_NEWROUTE, 0, (int)m->count);
	else
		ok_handler(m, nlh);
}

static int note(const struct nlmsghdr *nlh, void *arg)
{
	char **text = arg;

	*(*text)++ = (char)('0' + *(const int *)mnl_nlmsg_get_payload(nlh));
	**text = '\0';
	return 0;
}

static char *asked_at;
static int note_global(const struct nlmsghdr *nlh, void *arg)
{
	(void)arg;
	return note(nlh, &asked_at);
}

static void test_ask(void)
{
	struct mock m = { .handle = get_handler };
	struct np_nl *nl = mock_open(&m);
	struct failures f = { 0 };
	struct np_nl_batch how = { NP_NL_GO_ON, failed, &f };
	char text[16] = "";

	for (int pass = 0; pass < 2; pass++) {
		asked_at = text;
		m.count = 0;
		how.mode = pass ? NP_NL_STOP : NP_NL_GO_ON;
		np_nl_batch_begin(nl, &how, NULL);
		for (int i = 0; i < 5; i++)
			np_nl_ask(nl, request(nl, RTM_GETROUTE, 0), note_global, NULL, 0, NULL);
		unit_int(np_nl_batch_end(nl), -ECANCELED, "a question without an answer");
		unit_str(text, pass ? "12" : "1245",
			 pass ? "ends the batch" : "or only its own line");
	}
	mock_clear(&m);
	np_nl_close(nl);
}

int main(void)
{
	test_talk();
	test_dump();
	test_batch();
	test_long_messages();
	test_ask();
	return unit_done();
}
