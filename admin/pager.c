/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fork and exec of the pager. What the environment names is not started with privileges that it
 * does not know of: only less is known to have a secure mode.
 */

#include "pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "str.h"

#define LESS_OPTIONS "FRSXMK" /* systemd's default */

static pid_t pager;

bool pager_always(const void *values)
{
	(void)values;
	return true;
}

/* Who logged in, whatever has become of them since: proc_pid_loginuid(5). */
static bool is_who_logged_in(void)
{
	_cleanup_file_ FILE *file = fopen("/proc/self/loginuid", "re");
	unsigned uid;

	return file && fscanf(file, "%u", &uid) == 1 && uid == geteuid();
}

static bool is_yes(const char *text)
{
	static const char *const words[] = {"1", "yes", "y", "true", "t", "on"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

static bool is_no(const char *text)
{
	static const char *const words[] = {"0", "no", "n", "false", "f", "off"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

struct choice {
	const char *named; /* by the environment; NULL: not at all */
	bool trusted;      /* so that it may be started */
	bool secure;
	bool none;
};

static struct choice choose(void)
{
	const char *secure = getenv("SYSTEMD_PAGERSECURE");
	struct choice choice = {.named = getenv("SYSTEMD_PAGER"), .secure = true};

	if (!choice.named)
		choice.named = getenv("PAGER");
	choice.none = choice.named && (choice.named[0] == '\0' || strcmp(choice.named, "cat") == 0);
	if (!secure)
		choice.secure = !is_who_logged_in();
	else if (is_no(secure))
		choice.secure = false;
	/* What is neither yes nor no is no reason to trust anything. */
	choice.trusted = secure && (is_yes(secure) || is_no(secure));
	return choice;
}

static bool is_wanted(const struct admin *admin)
{
	const char *term = getenv("TERM");

	return !admin->no_pager && !admin->json && isatty(STDOUT_FILENO) && term &&
	       strcmp(term, "dumb") != 0;
}

static void set_environment(const struct choice *choice)
{
	const char *options = getenv("SYSTEMD_LESS");
	const char *charset = getenv("SYSTEMD_LESSCHARSET");

	setenv("LESS", options ? options : LESS_OPTIONS, 1);
	if (charset && *charset)
		setenv("LESSCHARSET", charset, 1);
	if (choice->secure)
		setenv("LESSSECURE", "1", 1);
	else
		unsetenv("LESSSECURE");
}

static _Noreturn void be_pager(const struct choice *choice, int input)
{
	signal(SIGINT, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (dup2(input, STDIN_FILENO) < 0)
		_exit(EXIT_FAILURE);
	set_environment(choice);
	if (choice->named && choice->trusted)
		execlp("sh", "sh", "-c", choice->named, NULL);
	if (!choice->secure)
		execlp("pager", "pager", NULL);
	execlp("less", "less", NULL);
	if (!choice->secure)
		execlp("more", "more", NULL);
	/* Nothing is there: the terminal it is. */
	execlp("cat", "cat", NULL);
	_exit(EXIT_FAILURE);
}

void pager_open(const struct admin *admin)
{
	struct choice choice = choose();
	int ends[2];

	if (choice.none || !is_wanted(admin) || pipe2(ends, O_CLOEXEC) < 0)
		return;
	fflush(stdout);
	pager = fork();
	if (pager == 0)
		be_pager(&choice, ends[0]);
	/* Without one all goes to the terminal. */
	if (pager > 0 && dup2(ends[1], STDOUT_FILENO) >= 0)
		signal(SIGINT, SIG_IGN); /* the pager's own */
	fd_close(ends[0]);
	fd_close(ends[1]);
}

void pager_close(void)
{
	if (pager <= 0)
		return;
	/* It sees the end only when nobody can write any more. */
	close(STDOUT_FILENO);
	while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
		;
	pager = 0;
}
