/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the module says: the reason to the log, one line without internals to the user. */

#include <security/pam_modules.h>
#include <stdint.h>

/*
 * Logs why there is no session (authpriv.err, with the session's short id) and, unless `flags` has
 * PAM_SILENT, tells the user whom to ask. id may be NULL where there is no session yet.
 */
void report_refusal(pam_handle_t *pamh, int flags, const uint8_t *id, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * One line for the user of a session in complain mode. Not where the program's own output is a pipe
 * or a file: su(1) writes what modules say among what its command says.
 */
void report_complain(pam_handle_t *pamh, int flags);
