// SPDX-License-Identifier: GPL-2.0-or-later
/* prt nat save and restore: what is saved, and what of it is taken when it does not come whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ip/nat.h"
#include "ip/sink.h"
#include "tests/unit/nat_table.h"
#include "tests/unit/unit.h"

#define TWO "add dst 203.0.113.1 to 10.0.0.1\nadd src 10.0.0.2 to 203.0.113.2\n"
#define SAVED(mappings) "# prt nat save: begin\n" mappings "# prt nat save: end\n"

static struct prt p;

/* A file of this text, and its name. */
static int file(const char *text, size_t len, char name[64])
{
	int fd = memfd_create("nat", MFD_CLOEXEC);

	snprintf(name, 64, "/proc/self/fd/%d", fd);
	return fd >= 0 && write(fd, text, len) == (ssize_t)len ? fd : -1;
}

static int restore(const char *text, size_t len, bool replace, struct np_err *err)
{
	char name[64], *argv[] = { name, NULL, NULL };
	struct np_args a = { 1, argv, 0 };
	int fd = file(text, len, name), ret;

	if (replace) {
		argv[a.argc++] = name;
		argv[0] = (char *)(uintptr_t)"--replace";
	}
	*err = (struct np_err)NP_ERR_INIT;
	ret = nat_restore(&p, &a, err);
	close(fd);
	return ret;
}

/* The text is taken, and the table has so many mappings then. */
static void taken(const char *text, bool replace, size_t n, const char *name)
{
	struct np_err err;

	if (!unit_int(restore(text, strlen(text), replace, &err), 0, name))
		printf("# %s\n", err.text);
	unit_int((long long)mod.used.n, (long long)n, "with its mappings");
}

static void refused(const char *text, const char *want)
{
	const size_t n = mod.used.n;
	struct np_err err;

	unit_int(restore(text, strlen(text), false, &err), -EINVAL, want);
	if (!unit_ok(strstr(err.text, want) != NULL, "says so"))
		printf("# %s\n", err.text);
	unit_ok(mod.used.n == n && !mod.begun, "and changes nothing");
}

static char *saved(void)
{
	int fd = memfd_create("saved", MFD_CLOEXEC);
	char *argv[] = { NULL };
	struct np_args a = { 0, argv, 0 };
	char *text = calloc(1, 1000);
	struct np_err err;

	p.show.fp = prt_sink_open(&p.sink, fd);
	unit_int(nat_save(&p, &a, &err), 0, "a table is saved");
	fclose(p.show.fp);
	prt_sink_free(p.sink);
	unit_ok(text && pread(fd, text, 999, 0) > 0, "as text");
	close(fd);
	return text;
}

static void test_save(void)
{
	char *text;

	start();
	p.nat = nat;
	text = saved();
	unit_str(text, SAVED(""), "nothing");
	free(text);
	taken(TWO, false, 2, "lines by hand");
	text = saved();
	unit_str(text, SAVED(TWO), "between the lines that say where it begins and where it ends");
	free(text);
	stop();
}

/* Reads all that is there, and returns how much it was. */
static size_t drain(int fd)
{
	char buf[4096];
	size_t total = 0;
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		total += (size_t)n;
	return total;
}

/* A pipe whose reader is late takes a part, then nothing, then perhaps something again. */
static void test_hole(void)
{
	static char much[100000];
	struct prt_sink *sink;
	int fds[2] = { -1, -1 };
	size_t size;
	FILE *fp;

	unit_ok(!pipe2(fds, O_NONBLOCK | O_CLOEXEC), "a pipe that does not wait");
	size = (size_t)fcntl(fds[1], F_SETPIPE_SZ, 4096);
	fp = prt_sink_open(&sink, fds[1]);
	memset(much, 'x', sizeof(much));
	fwrite(much, 1, sizeof(much), fp);
	unit_int(fflush(fp), EOF, "is full");
	unit_int(prt_sink_error(sink), EAGAIN, "with the reason");
	unit_int((long long)drain(fds[0]), (long long)size, "and has the beginning");
	unit_int((long long)prt_sink_written(sink), (long long)size, "which is what was written");
	fputs("# prt nat save: end\n", fp);
	unit_int(fflush(fp), EOF, "what comes after a hole fails");
	unit_int((long long)drain(fds[0]), 0, "and is not written");
	unit_int(prt_sink_error(sink), EAGAIN, "the first error is the one that is told");
	fclose(fp);
	prt_sink_free(sink);
	close(fds[0]);
	close(fds[1]);
}

static void test_forms(void)
{
	start();
	p.nat = nat;
	taken(SAVED(TWO), false, 2, "what was saved");
	taken(SAVED(TWO), true, 2, "in the place of the same");
	taken(SAVED("add dst 203.0.113.9 to 10.0.0.9\n"), true, 1, "with lines taken out by hand");
	taken(SAVED("") "\n# more\n" SAVED(TWO), true, 2, "two of them, one after the other");
	taken("# prt nat save\n" TWO, true, 2, "a save of old, which has no end");
	taken("# prt nat save\n", true, 0, "an empty one of old");
	taken("# mine\n" TWO, true, 2, "lines by hand");
	taken("# prt nat save: begin\r\n" "add dst 203.0.113.9 to 10.0.0.9\r\n" "# prt nat save: end\r\n",
	      true, 1, "with the ends of lines of others");
	taken(SAVED(""), false, 1, "nothing, added");
	taken(SAVED(""), true, 0, "nothing, as a table");
	stop();
}

static void test_parts(void)
{
	static const char whole[] = SAVED(TWO);
	struct np_err err;
	size_t wrong = 0;

	start();
	p.nat = nat;
	taken("add dst 203.0.113.7 to 10.0.0.7\n", false, 1, "a table that is there");
	/* but for the very last, the end of the last line */
	for (size_t len = 0; len < sizeof(whole) - 2; len++) {
		wrong += restore(whole, len, true, &err) != -EINVAL;
		restore(whole, len, false, &err);
		wrong += mod.used.n != 1 || mod.begun;
	}
	unit_int((long long)wrong, 0, "no part of a save changes it");
	refused("# prt nat save: begin\n" TWO, "\"# prt nat save: end\" is missing");
	refused("# prt nat save: begin\n" TWO "# prt nat save: ended\n", "is missing");
	refused("# prt nat save: begin\n" TWO SAVED(TWO), ":4: ");
	refused("# prt nat save: begin\n" TWO "# prt nat save\n", ":4: ");
	unit_int(restore("# prt nat save: end\n", 20, true, &err), -EINVAL, "an end alone");
	unit_ok(strstr(err.text, "nothing in it") != NULL, "is no table");
	stop();
}

#define END_MISSING "\"# prt nat save: end\" is missing"
#define BEGIN_MISSING "\"# prt nat save: begin\" is missing"
#define BEGINS "# prt nat save: begin\n"
#define ENDS "# prt nat save: end\n"
#define ONE "add dst 203.0.113.1 to 10.0.0.1\n"
#define OTHER "add dst 203.0.113.5 to 10.0.0.5\n"

/* Saves of several hosts, one behind the other, of which one was cut off anywhere. */
static void test_joined(void)
{
	static const char first[] = SAVED(TWO), second[] = SAVED(OTHER);
	const size_t whole = sizeof(first) - 1;
	char text[sizeof(first) + sizeof(second)];
	struct np_err err;
	size_t wrong = 0;

	start();
	p.nat = nat;
	taken("add dst 203.0.113.7 to 10.0.0.7\n", false, 1, "a table that is there");
	for (size_t len = 1; len < whole; len++) {
		memcpy(text, first, len);
		memcpy(text + len, second, sizeof(second));
		wrong += restore(text, strlen(text), true, &err) != -EINVAL;
		wrong += restore(text, strlen(text), false, &err) != -EINVAL;
	}
	unit_int((long long)wrong, 0, "a first one that was cut off is refused");
	wrong = 0;
	/* but for its very last, the end of a line */
	for (size_t from = 1; from < whole - 1; from++) {
		snprintf(text, sizeof(text), "%s%s", second, first + from);
		wrong += restore(text, strlen(text), true, &err) != -EINVAL;
	}
	unit_int((long long)wrong, 0, "and a second one whose head is lost");
	unit_ok(mod.used.n == 1 && !mod.begun, "and nothing is changed");
	refused(BEGINS ONE "add dst 203.0.113.2 to 10.0.0" SAVED(OTHER), ":3: " END_MISSING);
	refused("# prt nat save: beg" SAVED(OTHER), ":1: " END_MISSING);
	refused("# prt nat save\n" ONE "add dst 203.0.113.2 to 10.0.0# prt nat save\n" OTHER,
		":3: " END_MISSING);
	refused(ONE ENDS, ":2: " BEGIN_MISSING);
	refused("\n" SAVED(ONE) ENDS, ":5: " BEGIN_MISSING);
	stop();
}

static void test_indented(void)
{
	start();
	p.nat = nat;
	refused(" " BEGINS ONE, END_MISSING);
	refused("\t" BEGINS ONE "\t" BEGINS ONE "\t" ENDS, ":3: " END_MISSING);
	taken("\t" BEGINS "\t" ONE "\t" ENDS, true, 1, "a save behind blanks");
	taken(ONE "# of prt nat save: end\n" OTHER "# prt nat saves # all\n", true, 2,
	      "remarks that are like the lines of a save");
	taken("add dst 203.0.113.1 to 10.0.0.1 # the shop\n" "#" ONE, true, 1, "remarks of any kind");
	taken("\t" BEGINS "\t" ENDS, true, 0, "an empty one behind blanks");
	stop();
}

int main(void)
{
	p.show.links = np_links_new();
	np_links_offline(p.show.links);
	test_save();
	test_hole();
	test_forms();
	test_parts();
	test_joined();
	test_indented();
	np_links_free(p.show.links);
	return unit_done();
}
