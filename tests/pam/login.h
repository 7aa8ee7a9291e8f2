/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A login program as small as can be: one PAM handle, and what its user was told. */

#include <security/pam_appl.h>
#include <stdbool.h>

struct login {
	pam_handle_t *pamh;
	int n_messages;    /* to the user */
	int style;         /* of the last one: PAM_ERROR_MSG ... */
	char message[512]; /* the last one */
};

/*
 * Starts a PAM transaction whose session stack is `module` with `options` (required) and
 * pam_permit(8) after it. The login must stay where it is until login_end().
 */
void login_start(struct login *login, const char *service, const char *user, const char *module,
	const char *options);

/* The same by sshd, of nobody, who has that policy. */
void login_prepare(struct login *login, const char *module, const char *policy);

/* And opens the session, without a word to the user; the way out, when its supervisor is gone, too.
 */
void login_enter(struct login *login, const char *module, const char *policy);
void login_leave(struct login *login);

/* pam_open_session(3). */
int login_open(struct login *login, int flags);

/* The value of SANDLOCK_SESSION in the session's environment, or NULL. */
const char *login_session(const struct login *login);

/* Whether the user was told once, in the agreed words. */
bool login_was_told(const struct login *login);

/* pam_close_session(3). */
int login_close(struct login *login);

/* pam_end(3). */
void login_end(struct login *login);
