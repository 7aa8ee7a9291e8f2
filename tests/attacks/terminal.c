/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Terminal injection: characters put into the input of the own terminal, where a less confined
 * process may read them later. Takes a new pty for its terminal and looks for the character.
 *
 *	terminal tiocsti|tiocsti-junk
 */

#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "attack.h"

/* In a session of its own, so that the pty can become the controlling terminal. */
static int inject(int terminal, unsigned long long junk)
{
	const char letter = 'x';
	char seen = 0;

	if (setsid() < 0 || ioctl(terminal, TIOCSCTTY, 0) < 0)
		return untried("TIOCSCTTY failed");
	if (syscall(SYS_ioctl, terminal, TIOCSTI | junk, &letter) < 0)
		return stopped_by("ioctl");
	fcntl(terminal, F_SETFL, O_NONBLOCK);
	if (read(terminal, &seen, 1) != 1 || seen != letter)
		return stopped("ioctl said yes, but nothing arrived");
	return succeeded("a character in the terminal's input");
}

static int attack(unsigned long long junk)
{
	struct termios raw;
	int master, slave, status;
	pid_t child;

	need(openpty(&master, &slave, NULL, NULL, NULL) == 0, "openpty");
	need(tcgetattr(slave, &raw) == 0, "tcgetattr");
	cfmakeraw(&raw);
	need(tcsetattr(slave, TCSANOW, &raw) == 0, "tcsetattr");
	child = fork();
	need(child >= 0, "fork");
	if (child == 0)
		_exit(inject(slave, junk));
	need(waitpid(child, &status, 0) == child, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : STOPPED;
}

static int plain(char **args)
{
	return attack(0);
}

static int with_junk(char **args)
{
	return attack(JUNK);
}

static const struct trick tricks[] = {
	{"tiocsti", plain, 0},
	{"tiocsti-junk", with_junk, 0},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
