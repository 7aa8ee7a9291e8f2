/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The journal's native protocol: one datagram of "FIELD=value" lines. Events are escaped, so none
 * has a line break. No library is needed for that.
 */

#include "journal-write.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "str.h"

static int send_text(const char *text, size_t length)
{
	const struct sockaddr_un journal = {
		.sun_family = AF_UNIX, .sun_path = "/run/systemd/journal/socket"};
	_cleanup_close_ int sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return -errno;
	if (sendto(sock, text, length, MSG_NOSIGNAL, (const struct sockaddr *)&journal,
		    sizeof(journal)) < 0)
		return -errno;
	return 0;
}

int journal_write(struct event *event)
{
	_cleanup_str_ struct str text = STR_INIT;
	int r = event->failed ? -ENOMEM : 0;

	for (size_t i = 0; i < event->n_fields; i++) {
		str_puts(&text, event->fields[i]);
		str_add_char(&text, '\n');
	}
	event_done(event);
	if (r == 0)
		r = text.failed ? -ENOMEM : send_text(text.text, text.length);
	return r;
}
