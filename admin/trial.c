/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads policies where they lie, and judges what they would become. Writes nothing. */

#include "trial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "fd.h"
#include "named-file.h"
#include "remedy.h"
#include "str.h"

int trial_read(const struct policy *layer, char **ret, size_t *ret_size)
{
	_cleanup_close_ int fd = named_file_open(layer->file);

	return fd < 0 ? fd : fd_read_all(fd, POLICY_FILE_MAX, ret, ret_size);
}

static int ask(const struct policy_set *set, const struct identity *identity,
	const struct denial *denial, char **ret_fault)
{
	_cleanup_(remedy_done) struct remedy remedy = {0};
	int r = remedy_of(set, set->layers[0], identity, denial, &remedy);

	if (r < 0 || remedy.kind == REMEDY_NOT_NEEDED)
		return r;
	*ret_fault = str_format(
		"%s would not be allowed all the same", denial->object ? denial->object : "it");
	return *ret_fault ? 0 : -ENOMEM;
}

static char *words_of(const struct diag_list *diags)
{
	const struct diag *error = diag_first_error(diags);

	if (!error)
		return strdup("the policy would not be valid");
	return str_format("%s [%s]", error->text, error->id);
}

int trial_run(const struct admin *admin, const struct subject *subject, size_t layer,
	const struct edit *edit, const struct denial *const *denials, size_t n_denials,
	char **ret_fault)
{
	const struct policy_dirs dirs = {
		.root = admin->root,
		.confdir = SANDLOCK_CONFDIR,
		.vendordir = SANDLOCK_VENDORDIR,
		.any_owner = *admin->root,
	};
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	_cleanup_free_ char *text = edit_text(edit);
	struct policy_set *set = NULL;
	int r;

	*ret_fault = NULL;
	if (!text)
		return -ENOMEM;
	r = policy_load_bytes(&dirs, &subject->identity, subject->set->layers[layer]->file, text,
		strlen(text), &diags, &set);
	if (r > 0) {
		*ret_fault = words_of(&diags);
		return *ret_fault ? 0 : -ENOMEM;
	}
	if (r < 0)
		return r;
	/* As the subject was: of one that complains any line would do. */
	set->layers[0]->complain = false;
	for (size_t i = 0; i < n_denials && r == 0 && !*ret_fault; i++)
		r = ask(set, &subject->identity, denials[i], ret_fault);
	policy_set_free(set);
	return r;
}
