/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks every layer about every denial, and has the policy check judge what comes of it. */

#include "proposal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "fd.h"
#include "named-file.h"
#include "str.h"
#include "when.h"

char *proposal_text(const struct proposal_line *line)
{
	return str_format("%s = %s", line->remedy.key, line->remedy.word);
}

/* Takes `why` over. */
static int omit(struct proposal *proposal, const struct tally_item *item, char *why)
{
	struct proposal_omission *grown = reallocarray(
		proposal->omissions, proposal->n_omissions + 1, sizeof(*grown));

	if (grown)
		proposal->omissions = grown;
	if (!grown || !why) {
		free(why);
		return -ENOMEM;
	}
	proposal->omissions[proposal->n_omissions++] = (struct proposal_omission){item, why};
	return 0;
}

static int keep_line(struct proposal *proposal, const struct tally_item *item, size_t layer,
	struct remedy *remedy)
{
	struct proposal_line *grown = reallocarray(
		proposal->lines, proposal->n_lines + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	proposal->lines = grown;
	proposal->lines[proposal->n_lines++] = (struct proposal_line){item, layer, *remedy};
	*remedy = (struct remedy){0};
	return 0;
}

static int take_remedy(struct proposal *proposal, const struct tally_item *item, size_t layer,
	struct remedy *remedy)
{
	const struct subject *subject = proposal->subject;
	const char *objection = remedy_objection(&item->denial, &subject->identity);

	switch (remedy->kind) {
	case REMEDY_NOT_NEEDED:
		return 0;
	case REMEDY_REMOVE:
		return omit(proposal, item,
			str_format("%s denies it (%s:%u)", remedy->rule->id, remedy->rule->file,
				remedy->rule->line));
	case REMEDY_NONE:
		return omit(proposal, item, strdup(remedy->why));
	default:
		return objection ? omit(proposal, item, strdup(objection))
				 : keep_line(proposal, item, layer, remedy);
	}
}

/* What one layer makes impossible the others need not allow. */
static int ask_layers(struct proposal *proposal, const struct tally_item *item)
{
	const struct subject *subject = proposal->subject;
	size_t before = proposal->n_omissions;
	int r = 0;

	for (size_t i = 0; i < subject->set->n_layers && r == 0; i++) {
		_cleanup_(remedy_done) struct remedy remedy = {0};

		r = remedy_of(subject->set, subject->set->layers[i], &subject->identity,
			&item->denial, &remedy);
		if (r == 0)
			r = take_remedy(proposal, item, i, &remedy);
		if (proposal->n_omissions > before)
			break;
	}
	return r;
}

bool proposal_is_needed(const void *userdata, const struct tally_item *item)
{
	const struct subject *subject = userdata;

	for (size_t i = 0; i < subject->set->n_layers; i++) {
		_cleanup_(remedy_done) struct remedy remedy = {0};

		/* Without memory now there will be none later, where it is reported. */
		if (remedy_of(subject->set, subject->set->layers[i], &subject->identity,
			    &item->denial, &remedy) < 0 ||
			remedy.kind != REMEDY_NOT_NEEDED)
			return true;
	}
	return false;
}

static int read_policy(const char *path, char **ret, size_t *ret_size)
{
	_cleanup_close_ int fd = named_file_open(path);

	return fd < 0 ? fd : fd_read_all(fd, POLICY_FILE_MAX, ret, ret_size);
}

static char *comment_of(const struct tally_item *item)
{
	char day[WHEN_TEXT_MAX];

	return str_format("suggested: %" PRIu64 " denial%s in %zu session%s, last on %.10s",
		item->count, item->count == 1 ? "" : "s", item->n_sessions,
		item->n_sessions == 1 ? "" : "s", when_format_utc(item->last, day));
}

static int add_line(struct edit *edit, const struct proposal_line *line)
{
	_cleanup_free_ char *comment = comment_of(line->item);
	const struct remedy *remedy = &line->remedy;

	if (!comment)
		return -ENOMEM;
	return edit_add(edit, remedy->section, remedy->key, remedy->labels, remedy->word, comment);
}

/* Whether the new policy does what it was made for; *ret_fault says why it does not. */
static int ask_again(const struct proposal *proposal, size_t layer, const struct policy_set *set,
	char **ret_fault)
{
	for (size_t i = 0; i < proposal->n_lines; i++) {
		const struct proposal_line *line = &proposal->lines[i];
		_cleanup_(remedy_done) struct remedy remedy = {0};
		int r;

		if (line->layer != layer)
			continue;
		r = remedy_of(set, set->layers[0], &proposal->subject->identity,
			&line->item->denial, &remedy);
		if (r < 0)
			return r;
		if (remedy.kind == REMEDY_NOT_NEEDED)
			continue;
		*ret_fault = str_format("%s would not be allowed all the same",
			line->item->denial.object ? line->item->denial.object : "it");
		return *ret_fault ? 0 : -ENOMEM;
	}
	return 0;
}

static char *first_error(const struct diag_list *diags)
{
	for (size_t i = 0; i < diags->n_items; i++)
		if (diags->items[i].severity == DIAG_ERROR)
			return str_format("%s [%s]", diags->items[i].text, diags->items[i].id);
	return strdup("it would not be valid");
}

static int check(const struct admin *admin, struct proposal *proposal, size_t layer)
{
	const struct policy_dirs dirs = {
		.root = admin->root,
		.confdir = SANDLOCK_CONFDIR,
		.vendordir = SANDLOCK_VENDORDIR,
		.any_owner = *admin->root,
	};
	const struct policy *policy = proposal->subject->set->layers[layer];
	_cleanup_free_ char *text = edit_text(&proposal->edits[layer]);
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy_set *set = NULL;
	int r;

	if (!text)
		return -ENOMEM;
	r = policy_load_bytes(&dirs, &proposal->subject->identity, policy->file, text, strlen(text),
		&diags, &set);
	if (r == 0) {
		/* As the subject was: of one that complains any line would do. */
		set->layers[0]->complain = false;
		r = ask_again(proposal, layer, set, &proposal->faults[layer]);
	} else if (r > 0) {
		proposal->faults[layer] = first_error(&diags);
		r = 0;
	}
	policy_set_free(set);
	diag_list_done(&diags);
	return r;
}

static int change_layer(const struct admin *admin, struct proposal *proposal, size_t layer)
{
	const struct policy *policy = proposal->subject->set->layers[layer];
	struct edit *edit = &proposal->edits[layer];
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = read_policy(policy->file, &text, &size);

	if (r == 0)
		r = edit_begin(edit, text, size);
	for (size_t i = 0; i < proposal->n_lines && r == 0; i++)
		if (proposal->lines[i].layer == layer)
			r = add_line(edit, &proposal->lines[i]);
	if (r == 0 && edit->n_added > 0)
		r = check(admin, proposal, layer);
	return r;
}

int proposal_make(struct admin *admin, const struct subject *subject, const struct tally *tally,
	struct proposal *ret)
{
	int r = 0;

	*ret = (struct proposal){.subject = subject};
	for (size_t i = 0; i < tally->n_items && r == 0; i++)
		r = ask_layers(ret, &tally->items[i]);
	for (size_t i = 0; i < subject->set->n_layers && r == 0; i++)
		r = change_layer(admin, ret, i);
	return r;
}

void proposal_done(struct proposal *proposal)
{
	for (size_t i = 0; i < proposal->n_lines; i++)
		remedy_done(&proposal->lines[i].remedy);
	for (size_t i = 0; i < proposal->n_omissions; i++)
		free(proposal->omissions[i].why);
	for (size_t i = 0; i < POLICY_LAYERS_MAX; i++) {
		edit_done(&proposal->edits[i]);
		free(proposal->faults[i]);
	}
	free(proposal->lines);
	free(proposal->omissions);
}

void proposal_print(const struct admin *admin, const struct proposal *proposal, FILE *file)
{
	const struct policy_set *set = proposal->subject->set;

	for (size_t i = 0; i < set->n_layers; i++)
		if (proposal->edits[i].n_added > 0 && !proposal->faults[i])
			edit_print(&proposal->edits[i], set->layers[i]->file + strlen(admin->root),
				file);
}
