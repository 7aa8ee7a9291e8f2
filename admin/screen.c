/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks the environment and the terminal, tty_ioctl(4). */

#include "screen.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "str.h"

#define COLUMNS_MIN 40
#define COLUMNS_MAX 10000 /* of a COLUMNS that is meant */

/* 0 where it is not set or no number. */
static size_t wanted_columns(void)
{
	const char *text = getenv("COLUMNS");
	uint64_t columns;

	if (!text || str_parse_number(text, strlen(text), COLUMNS_MAX, &columns) < 0)
		return 0;
	return (size_t)columns;
}

static size_t terminal_columns(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

size_t screen_columns(int fd)
{
	size_t columns;

	if (!isatty(fd))
		return 0;
	columns = wanted_columns();
	if (columns == 0)
		columns = terminal_columns(fd);
	if (columns == 0)
		return SCREEN_USUAL;
	return columns < COLUMNS_MIN ? COLUMNS_MIN : columns;
}

size_t screen_prose(size_t columns)
{
	return columns > 0 && columns < SCREEN_USUAL ? columns : SCREEN_USUAL;
}
