/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Messages to the log and to the user. */

#include "report.h"

#include <security/pam_ext.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "session.h"

#define REASON_MAX 512

/* A name that a client gives may hold anything, and a log is read on a terminal. */
static void escape(char *to, size_t size, const char *from)
{
	static const char digits[] = "0123456789abcdef";

	for (; *from && size > 4; from++) {
		unsigned char c = (unsigned char)*from;

		if (c >= 0x20 && c < 0x7f && c != '\\') {
			*to++ = *from;
			size--;
			continue;
		}
		*to++ = '\\';
		*to++ = 'x';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
		size -= 4;
	}
	*to = '\0';
}

void report_refusal(pam_handle_t *pamh, int flags, const uint8_t *id, const char *format, ...)
{
	char text[SESSION_ID_TEXT] = "--------";
	uint8_t drawn[SESSION_ID_BYTES];
	char reason[REASON_MAX], escaped[2 * REASON_MAX];
	va_list arguments;

	/* Without a session, an id still ties what the user reports to the line in the log. */
	if (!id && session_id_new(drawn) == 0)
		id = drawn;
	if (id)
		session_id_format(id, text);
	va_start(arguments, format);
	vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);

	escape(escaped, sizeof(escaped), reason);
	pam_syslog(pamh, LOG_ERR, "session refused (%.8s): %s", text, escaped);
	if (!(flags & PAM_SILENT))
		pam_error(pamh,
			"sandlock: this login could not be confined; ask the administrator (%.8s)",
			text);
}

void report_complain(pam_handle_t *pamh, int flags)
{
	struct stat st;

	if (flags & PAM_SILENT || fstat(STDOUT_FILENO, &st) < 0 || !S_ISCHR(st.st_mode))
		return;
	pam_info(pamh, "sandlock: complain mode: nothing is denied, what would be is recorded");
}
