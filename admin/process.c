/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads /proc/PID/{stat,ns/uts,environ}, for display only: nothing is decided on it. */

#include "process.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "str.h"

#define PATH_SIZE   64
#define ENVIRON_MAX (1024 * 1024)

struct stat_line {
	char state;
	pid_t parent;
	uint64_t start;
};

/* proc(5): comm may hold anything, but ends at the last ')'. */
static bool read_stat(pid_t pid, struct stat_line *ret)
{
	char path[PATH_SIZE];
	_cleanup_close_ int fd = -1;
	_cleanup_free_ char *text = NULL;
	const char *rest;
	size_t size;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fd_read_all(fd, 4096, &text, &size) < 0)
		return false;
	rest = strrchr(text, ')');
	return rest && sscanf(rest + 1,
			       " %c %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
			       " %*s %*s %" SCNu64,
			       &ret->state, &ret->parent, &ret->start) == 3;
}

uint64_t process_start(pid_t pid)
{
	struct stat_line line;

	return read_stat(pid, &line) ? line.start : 0;
}

bool process_is(pid_t pid, uint64_t start)
{
	struct stat_line line;

	return read_stat(pid, &line) && line.start == start && line.state != 'Z';
}

/* The number of a process's UTS namespace, 0 when it cannot be seen. */
static ino_t uts_of(pid_t pid)
{
	char path[PATH_SIZE];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/uts", (int)pid);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

/* Whether "SANDLOCK_SESSION=<id>" is in the environment; -1 when that cannot be seen. */
static int carries_session(pid_t pid, const char *session)
{
	char path[PATH_SIZE];
	_cleanup_close_ int fd = -1;
	_cleanup_free_ char *text = NULL;
	static const char name[] = "SANDLOCK_SESSION=";
	size_t size;

	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fd_read_all(fd, ENVIRON_MAX, &text, &size) < 0)
		return -1;
	for (const char *p = text; p < text + size; p += strlen(p) + 1)
		if (strncmp(p, name, strlen(name)) == 0 && strcmp(p + strlen(name), session) == 0)
			return 1;
	return 0;
}

static void ask_by_namespace(struct process_query *query, ino_t uts, pid_t pid)
{
	struct stat_line line;

	if (uts == 0 || uts_of(pid) != uts || pid == query->supervisor || !read_stat(pid, &line))
		return;
	/* The worker. Nothing of the session is ever the supervisor's child. */
	if (line.parent != query->supervisor && line.state != 'Z')
		query->count++;
}

static void ask(struct process_query *query, ino_t uts, pid_t pid)
{
	if (query->supervisor)
		ask_by_namespace(query, uts, pid);
	else if (carries_session(pid, query->session) == 1)
		query->count++;
}

/* A supervisor without a namespace of its own has that of the whole system. */
static ino_t prepare(struct process_query *query, ino_t system_uts)
{
	ino_t uts = query->supervisor ? uts_of(query->supervisor) : 0;

	query->count = 0;
	if (query->supervisor)
		query->known = uts != 0 && uts != system_uts;
	else
		query->known = geteuid() == 0;
	return query->known ? uts : 0;
}

void process_count(struct process_query *queries, size_t n_queries)
{
	_cleanup_free_ ino_t *uts = calloc(n_queries + 1, sizeof(*uts));
	ino_t system_uts = uts_of(1);
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	for (size_t i = 0; i < n_queries; i++)
		queries[i].known = false;
	if (!proc || !uts) {
		if (proc)
			closedir(proc);
		return;
	}
	for (size_t i = 0; i < n_queries; i++)
		uts[i] = prepare(&queries[i], system_uts);
	while ((entry = readdir(proc))) {
		uint64_t pid;

		if (str_parse_number(entry->d_name, strlen(entry->d_name), INT32_MAX, &pid) < 0)
			continue;
		for (size_t i = 0; i < n_queries; i++)
			if (queries[i].known)
				ask(&queries[i], uts[i], (pid_t)pid);
	}
	closedir(proc);
}
