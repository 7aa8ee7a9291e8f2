/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks every layer about every denial, and has the policy check judge what comes of it. */

#include "proposal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "permits.h"
#include "str.h"
#include "trial.h"
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
	const char *objection = item->barred ? "the permissions of the file deny it, too"
					     : remedy_objection(&item->denial, &subject->identity);

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

bool proposal_is_barred(const void *userdata, const struct tally_item *item)
{
	const struct subject *subject = userdata;

	return item->denial.what == DENIAL_PATH &&
	       !permits(&subject->identity, item->denial.object, item->denial.rights);
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
	return edit_add(edit, &(struct edit_line){.section = remedy->section,
				      .key = remedy->key,
				      .label = remedy->labels ? "suggested" : NULL,
				      .word = remedy->word,
				      .comment = comment});
}

static bool is_omitted(const struct proposal *proposal, const struct tally_item *item)
{
	for (size_t i = 0; i < proposal->n_omissions; i++)
		if (proposal->omissions[i].item == item)
			return true;
	return false;
}

/* Which of the lines for one layer's file can be in it together. */
struct fitting {
	const struct admin *admin;
	struct proposal *proposal;
	size_t layer;
	char *text; /* of the file */
	size_t size;
	bool *fits; /* of each line of the proposal */
	const struct denial **denials;
};

static void fitting_done(struct fitting *fitting)
{
	free(fitting->text);
	free(fitting->fits);
	free(fitting->denials);
}

static bool is_for(const struct fitting *fitting, size_t line)
{
	return fitting->proposal->lines[line].layer == fitting->layer;
}

/* Edits the file by the lines that fit and those from `first` up to `end`, and judges it. */
static int try_lines(const struct fitting *fitting, size_t first, size_t end, struct edit *edit,
	char **ret_fault)
{
	const struct proposal *proposal = fitting->proposal;
	size_t n = 0;
	int r = edit_begin(edit, fitting->text, fitting->size);

	for (size_t i = 0; i < proposal->n_lines && r == 0; i++) {
		if (!is_for(fitting, i) || !(fitting->fits[i] || (i >= first && i < end)))
			continue;
		r = add_line(edit, &proposal->lines[i]);
		fitting->denials[n++] = &proposal->lines[i].item->denial;
	}
	*ret_fault = NULL;
	if (r < 0 || n == 0)
		return r;
	return trial_run(fitting->admin, proposal->subject, fitting->layer, edit, fitting->denials,
		n, ret_fault);
}

static size_t count_for(const struct fitting *fitting, size_t first, size_t end)
{
	size_t n = 0;

	for (size_t i = first; i < end; i++)
		n += is_for(fitting, i);
	return n;
}

static int omit_line(const struct fitting *fitting, size_t first, size_t end, char *why)
{
	for (size_t i = first; i < end; i++)
		if (is_for(fitting, i))
			return omit(fitting->proposal, fitting->proposal->lines[i].item, why);
	free(why);
	return 0;
}

/* What cannot be added is found by halves, so that it takes nothing else along. */
static int fit(const struct fitting *fitting, size_t first, size_t end)
{
	_cleanup_(edit_done) struct edit edit = {0};
	size_t middle = first + (end - first) / 2, n = count_for(fitting, first, end);
	char *fault;
	int r;

	if (n == 0)
		return 0;
	r = try_lines(fitting, first, end, &edit, &fault);
	if (r < 0)
		return r;
	if (fault && n == 1)
		return omit_line(fitting, first, end, fault);
	for (size_t i = first; i < end && !fault; i++)
		fitting->fits[i] = true;
	if (!fault)
		return 0;
	free(fault);
	r = fit(fitting, first, middle);
	return r < 0 ? r : fit(fitting, middle, end);
}

static int fitting_begin(
	const struct admin *admin, struct proposal *proposal, size_t layer, struct fitting *ret)
{
	*ret = (struct fitting){
		.admin = admin,
		.proposal = proposal,
		.layer = layer,
		.fits = calloc(proposal->n_lines + 1, sizeof(*ret->fits)),
		.denials = calloc(proposal->n_lines + 1, sizeof(struct denial *)),
	};
	if (!ret->fits || !ret->denials)
		return -ENOMEM;
	return trial_read(proposal->subject->set->layers[layer], &ret->text, &ret->size);
}

static int fit_layer(const struct admin *admin, struct proposal *proposal, size_t layer)
{
	_cleanup_(fitting_done) struct fitting fitting = {0};
	int r = fitting_begin(admin, proposal, layer, &fitting);

	return r < 0 ? r : fit(&fitting, 0, proposal->n_lines);
}

/* What one layer cannot allow the others need not. */
static void drop_omitted(struct proposal *proposal)
{
	size_t kept = 0;

	for (size_t i = 0; i < proposal->n_lines; i++) {
		if (is_omitted(proposal, proposal->lines[i].item))
			remedy_done(&proposal->lines[i].remedy);
		else
			proposal->lines[kept++] = proposal->lines[i];
	}
	proposal->n_lines = kept;
}

static int change_layer(const struct admin *admin, struct proposal *proposal, size_t layer)
{
	_cleanup_(fitting_done) struct fitting fitting = {0};
	int r = fitting_begin(admin, proposal, layer, &fitting);

	return r < 0 ? r
		     : try_lines(&fitting, 0, proposal->n_lines, &proposal->edits[layer],
			       &proposal->faults[layer]);
}

int proposal_make(struct admin *admin, const struct subject *subject, const struct tally *tally,
	struct proposal *ret)
{
	int r = 0;

	*ret = (struct proposal){.subject = subject};
	for (size_t i = 0; i < tally->n_items && r == 0; i++)
		r = ask_layers(ret, &tally->items[i]);
	drop_omitted(ret);
	for (size_t i = 0; i < subject->set->n_layers && r == 0; i++)
		r = fit_layer(admin, ret, i);
	drop_omitted(ret);
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
