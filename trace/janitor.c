// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/janitor.h"

#include <bsd/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/spawn.h"

/* In the child: waits for the end of the pipe, which no other process has. */
static _Noreturn void wait_and_clean(int fd, void (*clean)(void *arg), void *arg)
{
	char c;

	setsid();
	prctl(PR_SET_NAME, "np-janitor"); /* not one of those that killall ends by name */
	/* its stdout is somebody's pipe, who waits for the end of it */
	for (int i = 0; i < fd; i++)
		close(i);
	closefrom(fd + 1);
	while (read(fd, &c, 1) < 0 && errno == EINTR)
		;
	clean(arg);
	_exit(0);
}

int janitor_start(struct janitor *j, void (*clean)(void *arg), void *arg, struct np_err *err)
{
	sigset_t all, before;
	int ends[2];

	*j = (struct janitor){ .fd = -1 };
	if (pipe2(ends, O_CLOEXEC) < 0)
		return np_err_set(err, errno, "pipe: %s", strerror(errno));
	/* a Ctrl-C must not find it before it waits */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	j->pid = fork();
	if (j->pid)
		sigprocmask(SIG_SETMASK, &before, NULL);
	if (!j->pid) {
		close(ends[1]);
		wait_and_clean(ends[0], clean, arg);
	}
	close(ends[0]);
	if (j->pid > 0) {
		j->fd = ends[1];
		return 0;
	}
	close(ends[1]);
	j->pid = 0;
	return np_err_set(err, errno, "fork: %s", strerror(errno));
}

void janitor_end(struct janitor *j)
{
	if (!j->pid)
		return;
	close(j->fd);
	np_spawn_wait(j->pid);
	j->pid = 0;
}

void janitor_dismiss(struct janitor *j)
{
	if (j->pid)
		kill(j->pid, SIGKILL);
	janitor_end(j);
}
