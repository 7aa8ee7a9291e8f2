/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a word to a policy_set, by the code that a login uses. */

#include "subject.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "policy-judge.h"
#include "str.h"

bool subject_is_file(const char *word)
{
	size_t length = strlen(word);

	return strchr(word, '/') || (length > 4 && strcmp(word + length - 4, ".ini") == 0);
}

const char *subject_own_name(void)
{
	const struct passwd *pw = getpwuid(geteuid());

	return pw ? pw->pw_name : NULL;
}

bool subject_is_user(const struct admin *admin, const char *name)
{
	struct identity identity = {0};
	int r;

	if (!*admin->root)
		return getpwnam(name) != NULL;
	r = identity_read(admin->root, name, &identity);
	identity_done(&identity);
	return r != -ENOENT;
}

static void report_error(struct admin *admin, const struct diag *diag)
{
	char position[DIAG_POSITION_MAX];

	admin_fail(admin, diag_not_permitted(diag) ? EXIT_NOT_PERMITTED : EXIT_NO, "%s%s: %s [%s]",
		diag->file, diag_position(diag, position), diag->text, diag->id);
}

static void report_invalid(struct admin *admin, const struct diag_list *diags)
{
	if (diags->n_errors == 0)
		admin_out_of_memory(admin);
	for (size_t i = 0; i < diags->n_items; i++)
		if (diags->items[i].severity == DIAG_ERROR)
			report_error(admin, &diags->items[i]);
}

static bool judge(
	struct admin *admin, int r, const struct diag_list *diags, struct subject *subject)
{
	switch (r) {
	case 0:
		return true;
	case POLICY_E_NONE:
		subject->unconfined = "no policy applies";
		return true;
	case POLICY_E_EXEMPT:
		subject->unconfined = "exempt";
		return true;
	case POLICY_E_DENIED:
		subject->unconfined = "no policy applies, so there is no login (no-policy = deny)";
		subject->refused = true;
		return true;
	case POLICY_E_INVALID:
		report_invalid(admin, diags);
		return false;
	default:
		admin_fail(admin, admin_status_of(r), "%s: %s", subject->word, strerror(-r));
		return false;
	}
}

static int load(const struct policy_dirs *dirs, const struct identity *identity, const char *path,
	struct diag_list *diags, struct policy_set **ret)
{
	_cleanup_free_ char *bytes = NULL;
	size_t size;
	int r = policy_read_named(dirs, path, diags, &bytes, &size);

	if (r != 0)
		return r;
	return policy_load_bytes(dirs, identity, path, bytes, size, diags, ret);
}

static bool find_policies(struct admin *admin, const char *service, struct subject *subject)
{
	bool is_file = subject_is_file(subject->word);
	struct policy_dirs dirs = {
		.root = admin->root,
		.confdir = SANDLOCK_CONFDIR,
		.vendordir = SANDLOCK_VENDORDIR,
		.any_owner = is_file || *admin->root,
	};
	struct diag_list diags = DIAG_LIST_INIT;
	bool found;
	int r;

	if (is_file)
		r = load(&dirs, &subject->identity, subject->word, &diags, &subject->set);
	else
		r = policy_lookup(&dirs, &subject->identity, service, &diags, &subject->set);
	found = judge(admin, r, &diags, subject);
	diag_list_done(&diags);
	return found;
}

bool subject_load_for(
	struct admin *admin, const struct subject *whose, const char *path, struct subject *ret)
{
	const struct policy_dirs dirs = {
		.root = admin->root,
		.confdir = SANDLOCK_CONFDIR,
		.vendordir = SANDLOCK_VENDORDIR,
		.any_owner = true,
	};
	struct diag_list diags = DIAG_LIST_INIT;
	bool found;

	*ret = (struct subject){.word = path};
	found = judge(admin, load(&dirs, &whose->identity, path, &diags, &ret->set), &diags, ret);
	diag_list_done(&diags);
	return found;
}

/* A file is for who runs this, whatever root its includes come from. */
static int find_identity(
	struct admin *admin, const char *word, const char **ret_user, struct identity *ret)
{
	const char *user = subject_is_file(word) ? subject_own_name() : word;

	*ret_user = user;
	if (!user)
		return -ENOENT;
	if (*admin->root && user == word)
		return identity_read(admin->root, user, ret);
	return identity_lookup(user, ret);
}

bool subject_find(struct admin *admin, const char *word, const char *service, struct subject *ret)
{
	const char *user;
	int r = find_identity(admin, word, &user, &ret->identity);

	ret->word = word;
	if (r == -ENOENT)
		admin_fail(admin, EXIT_MISSING, "no such user: %s", user ? user : "who runs this");
	else if (r < 0)
		admin_fail(admin, EXIT_BUG, "looking up %s: %s", user, strerror(-r));
	return r == 0 && find_policies(admin, service, ret);
}

void subject_enforce(struct subject *subject)
{
	for (size_t i = 0; subject->set && i < subject->set->n_layers; i++) {
		struct policy *policy = subject->set->layers[i];

		subject->complains = subject->complains || policy->complain;
		policy->complain = false;
	}
}

void subject_print_complains(const struct admin *admin, const struct subject *subject)
{
	if (subject->complains && !admin->json)
		puts("In complain mode: what a policy in that mode denies here is only recorded.");
}

void subject_done(struct subject *subject)
{
	policy_set_free(subject->set);
	identity_done(&subject->identity);
}
