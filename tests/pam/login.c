/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* PAM's application side. */

#include "login.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "process.h"
#include "stage.h"

#define REFUSAL                                                                                    \
	"^sandlock: this login could not be confined; ask the administrator \\([0-9a-f]{8}\\)$"

static int converse(
	int n, const struct pam_message **messages, struct pam_response **ret, void *userdata)
{
	struct login *login = userdata;

	for (int i = 0; i < n; i++) {
		login->n_messages++;
		login->style = messages[i]->msg_style;
		snprintf(login->message, sizeof(login->message), "%s", messages[i]->msg);
	}
	*ret = calloc((size_t)n, sizeof(**ret));
	return *ret ? PAM_SUCCESS : PAM_BUF_ERR;
}

void login_start(struct login *login, const char *service, const char *user, const char *module,
	const char *options)
{
	const struct pam_conv conversation = {converse, login};
	char path[256], text[2048];

	snprintf(path, sizeof(path), "%s/%s", STAGE_SERVICES, service);
	assert_in_range(snprintf(text, sizeof(text),
				"session required %s %s\n"
				"session required pam_permit.so\n",
				module, options),
		1, sizeof(text) - 1);
	stage_write(path, text);
	*login = (struct login){0};
	assert_int_equal(
		pam_start_confdir(service, user, &conversation, STAGE_SERVICES, &login->pamh),
		PAM_SUCCESS);
}

void login_prepare(struct login *login, const char *module, const char *policy)
{
	stage_policy("users/nobody.ini", policy);
	login_start(login, "sshd", "nobody", module, STAGE_OPTIONS);
}

void login_enter(struct login *login, const char *module, const char *policy)
{
	login_prepare(login, module, policy);
	assert_int_equal(login_open(login, 0), PAM_SUCCESS);
	assert_int_equal(login->n_messages, 0);
}

void login_leave(struct login *login)
{
	assert_int_equal(login_close(login), PAM_SUCCESS);
	login_end(login);
	assert_true(process_supervisors_end());
}

int login_open(struct login *login, int flags)
{
	return pam_open_session(login->pamh, flags);
}

const char *login_session(const struct login *login)
{
	return pam_getenv(login->pamh, "SANDLOCK_SESSION");
}

bool login_was_told(const struct login *login)
{
	regex_t refusal;
	bool matches;

	assert_int_equal(regcomp(&refusal, REFUSAL, REG_EXTENDED | REG_NOSUB), 0);
	matches = regexec(&refusal, login->message, 0, NULL, 0) == 0;
	regfree(&refusal);
	return login->n_messages == 1 && login->style == PAM_ERROR_MSG && matches;
}

int login_close(struct login *login)
{
	return pam_close_session(login->pamh, 0);
}

void login_end(struct login *login)
{
	assert_int_equal(pam_end(login->pamh, PAM_SUCCESS), PAM_SUCCESS);
	login->pamh = NULL;
}
