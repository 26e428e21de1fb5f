// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/args.h"

#include <errno.h>

#include "tests/unit/unit.h"

static const char *files[16];

static int parse(struct show_request *req, struct np_err *err, int argc, const char **argv)
{
	int at = 1, ret;

	*req = (struct show_request){ .files = files };
	*err = (struct np_err)NP_ERR_INIT;
	ret = args_options(req, argc, (char **)argv, &at, err);
	if (ret)
		return ret;
	return args_show(req, argc, (char **)argv, at + 1, err);
}

#define PARSE(...) parse(&req, &err, \
	(int)(sizeof((const char *[]){ "pkttrace", __VA_ARGS__ }) / sizeof(char *)), \
	(const char *[]){ "pkttrace", __VA_ARGS__, NULL })

static void test_good(void)
{
	struct show_request req;
	struct np_err err;

	unit_int(PARSE("show"), 0, "no option at all");
	unit_ok(req.format == SHOW_TEXT && !req.n_files, "text, and no file named");
	PARSE("-j", "show", "--rules", "f", "a.log");
	unit_ok(req.format == SHOW_JSON && req.n_rules == 1 && req.n_files == 1,
		"options before and after the verb");
	unit_str(req.rules[0], "f", "a file of rules");
	unit_str(req.files[0], "a.log", "a file");
	PARSE("show", "a", "-b", "b", "--", "-c");
	unit_ok(req.format == SHOW_BRIEF && req.n_files == 3, "options between files");
	unit_str(req.files[2], "-c", "a file that looks like an option");
	PARSE("show", "-");
	unit_str(req.n_files == 1 ? req.files[0] : NULL, "-", "stdin");
	PARSE("show", "--pcapng", "-", "x");
	unit_ok(req.format == SHOW_PCAPNG && req.n_files == 1, "a capture");
	unit_str(req.pcapng, "-", "to stdout");
	PARSE("show", "-c=never", "--utc", "-f", "-v", "-j", "-j");
	unit_ok(req.color == NP_COLOR_NEVER && req.utc && req.follow && req.verbose, "flags");
	PARSE("show", "-c");
	unit_int(req.color, NP_COLOR_ALWAYS, "-c alone");
	PARSE("show", "--since", "-10min", "--ended=vanished,dropped");
	unit_int(req.select.n, 2, "what to select");
}

static void test_bad(void)
{
	struct show_request req;
	struct np_err err;

	unit_int(PARSE("show", "-j", "-b"), -EINVAL, "two forms");
	unit_str(err.text, "--json and --brief: one form at a time", "are named");
	unit_int(PARSE("show", "a", "--src", "x"), -EINVAL, "no address");
	unit_int(err.word, 4, "its word is to blame");
	unit_int(PARSE("show", "--src=x", "a"), -EINVAL, "no address after =");
	unit_int(err.word, 2, "the option is to blame");
	unit_int(PARSE("show", "--colour=maybe"), -EINVAL, "unknown option");
	unit_str(err.text, "unknown option \"--colour=maybe\": did you mean \"--color\"?", "nearest");
	unit_int(PARSE("show", "-c=maybe"), -EINVAL, "unknown colour");
	unit_int(PARSE("show", "-p"), -EINVAL, "--pretty without JSON");
	unit_int(PARSE("show", "-jp", "-f"), -EINVAL, "--pretty with --follow");
	unit_int(PARSE("show", "--dot", "-f"), -EINVAL, "a graph with --follow");
	unit_int(PARSE("show", "--s", "x"), -EINVAL, "ambiguous");
}

int main(void)
{
	test_good();
	test_bad();
	return unit_done();
}
