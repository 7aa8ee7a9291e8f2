/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Filling in an answer. */

#include "opening.h"

#include <stdarg.h>
#include <stdio.h>

#include "cleanup.h"

void opening_done(struct opening *opening)
{
	for (size_t i = 0; i < opening->n_fds; i++)
		fd_close(opening->fds[i]);
}

void opening_add(struct opening *opening, int fd)
{
	opening->fds[opening->n_fds++] = fd;
}

int opening_refuse(struct opening *opening, enum wire_reason reason, const char *format, ...)
{
	va_list arguments;

	opening->answer.type = WIRE_REFUSED;
	opening->answer.reason = reason;
	va_start(arguments, format);
	vsnprintf(opening->answer.text, sizeof(opening->answer.text), format, arguments);
	va_end(arguments);
	return OPENING_E_OVER;
}

int opening_unconfined(struct opening *opening, const char *why)
{
	opening->answer.type = WIRE_UNCONFINED;
	snprintf(opening->answer.text, sizeof(opening->answer.text), "%s", why);
	return OPENING_E_OVER;
}
