// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/grow.h"

int np_spawn_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* It hears of a reader that went away, though we may not. Returns 0 or an errno. */
static int default_sigpipe(posix_spawnattr_t *attr)
{
	sigset_t set;
	int ret = posix_spawnattr_init(attr);

	if (ret)
		return ret;
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	ret = posix_spawnattr_setsigdefault(attr, &set);
	return ret ? ret : posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGDEF);
}

/* Its stdout is the pipe's end. Returns 0 or -errno. */
static int start(char *const argv[], int end, bool quiet, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int ret = default_sigpipe(&attr);

	if (ret)
		return -ret;
	ret = posix_spawn_file_actions_init(&files);
	if (ret)
		return -ret;
	ret = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	if (!ret)
		ret = posix_spawn_file_actions_adddup2(&files, end, 1);
	if (!ret && quiet)
		ret = posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	if (!ret)
		ret = posix_spawnp(pid, argv[0], &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return -ret;
}

/* Returns 0 or -errno. */
static int read_all(int fd, size_t max, char **text, size_t *len)
{
	size_t cap = 0;

	for (;;) {
		char *more = np_grow(*text, *len, &cap, 4096 + 1, 1);
		ssize_t n;

		if (!more)
			return -ENOMEM;
		*text = more;
		n = read(fd, more + *len, cap - *len - 1);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			*len += (size_t)n;
		more[*len] = '\0';
		if (!n)
			return 0;
		if (*len > max)
			return -EFBIG;
	}
}

int np_spawn_text(char *const argv[], size_t max, char **text, size_t *len)
{
	int ends[2], ret, status;
	pid_t pid;

	*text = NULL;
	*len = 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	ret = start(argv, ends[1], true, &pid);
	close(ends[1]);
	if (!ret) {
		ret = read_all(ends[0], max, text, len);
		close(ends[0]); /* one that writes on gets SIGPIPE */
		status = np_spawn_wait(pid);
		if (!ret)
			return status;
	} else {
		close(ends[0]);
	}
	free(*text);
	*text = NULL;
	return ret;
}

int np_spawn_pipe(char *const argv[], pid_t *pid, int *fd)
{
	int ends[2], ret;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	ret = start(argv, ends[1], false, pid);
	close(ends[1]);
	if (ret)
		close(ends[0]);
	else
		*fd = ends[0];
	return ret;
}
