/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a session can still do when its supervisor is killed: once the file exists, tries the
 * forbidden TCP place, the forbidden UNIX socket and the secret file over and over. The session
 * should be ended under it.
 *
 *	orphan TCP-PLACE UNIX-PLACE SECRET SECONDS FILE
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"

static bool opens(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int main(int argc, char **argv)
{
	struct place tcp, local;
	time_t end;
	long tries = 0;

	if (argc != 6)
		return untried("usage: orphan TCP-PLACE UNIX-PLACE SECRET SECONDS FILE");
	tcp = place_parse(argv[1]);
	local = place_parse(argv[2]);
	puts("waiting");
	fflush(stdout);
	wait_for_file(argv[5]);
	end = time(NULL) + atoi(argv[4]);
	while (time(NULL) < end) {
		if (place_connect(&tcp, SOCK_STREAM) == 0)
			return succeeded("connected to %s on try %ld", argv[1], tries);
		if (place_connect(&local, SOCK_STREAM) == 0)
			return succeeded("connected to %s on try %ld", argv[2], tries);
		if (opens(argv[3]))
			return succeeded("opened %s on try %ld", argv[3], tries);
		tries++;
	}
	return stopped("%ld tries failed, but the session lives on", tries);
}
