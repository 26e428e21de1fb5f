// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/spawn.h"
#include "trace/cgroup.h"
#include "trace/interrupt.h"
#include "trace/packet.h"

#define KILL_US 1000000
#define PAUSE_US 10000

/* In the child: tells why it is not the command, if it is not. */
static _Noreturn void become(char *const argv[], const char *cgroup, int tell)
{
	int code = cgroup ? -cgroup_enter(cgroup) : 0;

	signal(SIGPIPE, SIG_DFL);
	if (!code) {
		execvp(argv[0], argv);
		code = errno;
	}
	if (write(tell, &code, sizeof(code)) < 0)
		_exit(126);
	_exit(code == ENOENT ? 127 : 126);
}

int command_start(struct command *c, char *const argv[], const char *cgroup, struct np_err *err)
{
	int ends[2], code = 0;

	c->status = -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return np_err_set(err, errno, "pipe: %s", strerror(errno));
	c->pid = fork();
	if (!c->pid)
		become(argv, cgroup, ends[1]);
	if (c->pid < 0)
		code = errno;
	close(ends[1]);
	if (c->pid > 0 && read(ends[0], &code, sizeof(code)) > 0)
		c->status = np_spawn_wait(c->pid);
	close(ends[0]);
	return code ? np_err_set(err, code, "%s: %s", argv[0], strerror(code)) : 0;
}

static void look(struct command *c, int64_t now_us)
{
	int status;

	if (waitpid(c->pid, &status, WNOHANG) != c->pid)
		return;
	c->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	c->over_us = now_us + LIVE_QUIET_US;
}

bool command_is_over(struct command *c, int64_t now_us)
{
	if (c->status < 0)
		look(c, now_us);
	if (c->status >= 0)
		return now_us >= c->over_us;
	if (interrupted == SIGTERM || interrupted == SIGHUP)
		kill(c->pid, interrupted);
	interrupted = 0;
	if (c->timeout_us && now_us >= c->timeout_us) {
		kill(c->pid, c->over_us ? SIGKILL : SIGTERM);
		c->timed_out = true;
		c->over_us = now_us;
		c->timeout_us = now_us + KILL_US;
	}
	return false;
}

void command_end(struct command *c)
{
	if (c->pid <= 0 || c->status >= 0)
		return;
	kill(c->pid, SIGTERM);
	for (int us = 0; us < KILL_US && c->status < 0; us += PAUSE_US) {
		look(c, 0);
		if (c->status < 0)
			usleep(PAUSE_US);
	}
	if (c->status >= 0)
		return;
	kill(c->pid, SIGKILL);
	c->status = np_spawn_wait(c->pid);
}
