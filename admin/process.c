/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads /proc/PID/{stat,ns/uts,environ}, mostly for display; process.h says what for. */

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

pid_t process_parent(pid_t pid)
{
	struct stat_line line;

	return read_stat(pid, &line) ? line.parent : 0;
}

bool process_each(process_each_fn *each, void *userdata)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	bool found = false;
	uint64_t pid;

	while (proc && !found && (entry = readdir(proc)))
		found = str_parse_number(entry->d_name, strlen(entry->d_name), INT32_MAX, &pid) ==
				0 &&
			each((pid_t)pid, userdata);
	if (proc)
		closedir(proc);
	return found;
}

/* The number of a process's UTS namespace, 0 when it cannot be seen. */
static ino_t uts_of(pid_t pid)
{
	char path[PATH_SIZE];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/uts", (int)pid);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

/* The value of SANDLOCK_SESSION a process was started with, NULL without one. */
static char *session_of(pid_t pid)
{
	static const char name[] = "SANDLOCK_SESSION=";
	char path[PATH_SIZE];
	_cleanup_close_ int fd = -1;
	_cleanup_free_ char *text = NULL;
	size_t size;

	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fd_read_all(fd, ENVIRON_MAX, &text, &size) < 0)
		return NULL;
	for (const char *p = text; p < text + size; p += strlen(p) + 1)
		if (strncmp(p, name, strlen(name)) == 0)
			return strdup(p + strlen(name));
	return NULL;
}

bool process_is_of(pid_t pid, const char *session, uid_t uid)
{
	_cleanup_free_ char *its = session_of(pid);
	char path[PATH_SIZE];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	return its && strcmp(its, session) == 0 && stat(path, &st) == 0 && st.st_uid == uid;
}

/* What the queries need to know of every process, looked up once. */
struct walk {
	struct process_query *queries;
	size_t n_queries;
	ino_t *uts; /* of each query's supervisor, 0 without one */
	bool by_namespace, by_environment;
};

static void ask_namespace(struct walk *walk, pid_t pid)
{
	ino_t uts = uts_of(pid);
	struct stat_line line;

	for (size_t i = 0; uts != 0 && i < walk->n_queries; i++) {
		struct process_query *query = &walk->queries[i];

		if (uts != walk->uts[i] || pid == query->supervisor || !read_stat(pid, &line))
			continue;
		/* The worker. Nothing of the session is ever the supervisor's child. */
		if (line.parent != query->supervisor && line.state != 'Z')
			query->count++;
	}
}

static void ask_environment(struct walk *walk, pid_t pid)
{
	_cleanup_free_ char *session = session_of(pid);

	for (size_t i = 0; session && i < walk->n_queries; i++) {
		struct process_query *query = &walk->queries[i];

		if (query->supervisor == 0 && query->known && strcmp(session, query->session) == 0)
			query->count++;
	}
}

static void walk_processes(struct walk *walk, DIR *proc)
{
	struct dirent *entry;

	while ((entry = readdir(proc))) {
		uint64_t pid;

		if (str_parse_number(entry->d_name, strlen(entry->d_name), INT32_MAX, &pid) < 0)
			continue;
		if (walk->by_namespace)
			ask_namespace(walk, (pid_t)pid);
		if (walk->by_environment)
			ask_environment(walk, (pid_t)pid);
	}
}

/* A supervisor without a namespace of its own has that of the whole system: no answer. */
static void prepare(struct walk *walk, size_t i, ino_t system_uts)
{
	struct process_query *query = &walk->queries[i];
	ino_t uts = query->supervisor ? uts_of(query->supervisor) : 0;

	query->count = 0;
	if (query->supervisor) {
		query->known = uts != 0 && uts != system_uts;
		walk->uts[i] = query->known ? uts : 0;
		walk->by_namespace = walk->by_namespace || query->known;
	} else {
		query->known = geteuid() == 0;
		walk->by_environment = walk->by_environment || query->known;
	}
}

void process_count(struct process_query *queries, size_t n_queries)
{
	_cleanup_free_ ino_t *uts = calloc(n_queries + 1, sizeof(*uts));
	struct walk walk = {.queries = queries, .n_queries = n_queries, .uts = uts};
	ino_t system_uts = uts_of(1);
	DIR *proc;

	for (size_t i = 0; i < n_queries; i++)
		queries[i].known = false;
	if (!uts)
		return;
	proc = opendir("/proc");
	if (!proc)
		return;
	for (size_t i = 0; i < n_queries; i++)
		prepare(&walk, i, system_uts);
	walk_processes(&walk, proc);
	closedir(proc);
}
