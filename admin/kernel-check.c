/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Puts a valid policy beside the kernel's Landlock ABI. */

#include "kernel-check.h"

#include <errno.h>
#include <string.h>

#include "fd.h"
#include "named-file.h"
#include "policy-check.h"
#include "policy-judge.h"
#include "ruleset.h"

#define FINDING "kernel"

/* Where a key is written. The line itself is at hand only for the file that was read here. */
static struct diag_place place_of(const struct policy_draft *draft, const struct rule *rule)
{
	struct diag_place place = {.file = draft->file};

	if (!rule || !rule->file)
		return place;
	place.file = rule->file;
	place.line = rule->line;
	if (strcmp(rule->file, draft->file) == 0 && rule->line > 0 &&
		rule->line <= draft->n_lines) {
		size_t start = draft->lines[rule->line - 1];
		size_t end = draft->lines[rule->line];

		while (end > start && draft->bytes[end - 1] == '\n')
			end--;
		place.column = rule->column;
		place.length = 1;
		place.source_line = draft->bytes + start;
		place.source_length = end - start;
	}
	return place;
}

static void add_gaps(const struct policy_draft *draft, const struct policy *policy, unsigned abi,
	struct diag_list *diags)
{
	struct ruleset_gap gaps[RULESET_GAPS_MAX];
	size_t n = ruleset_gaps(policy, abi, gaps);

	for (size_t i = 0; i < n; i++) {
		struct diag_place place = place_of(draft, gaps[i].rule);

		diag_error(diags, &place, FINDING, NULL, "%s needs %s; this kernel has ABI %u",
			gaps[i].key, gaps[i].needs, abi);
	}
}

static int check_draft(const struct policy_dirs *dirs, const char *name,
	const struct policy_draft *draft, struct diag_list *diags)
{
	const struct policy_check_options options = {.dirs = dirs, .name = name};
	struct diag_list again = DIAG_LIST_INIT; /* the caller has these findings already */
	struct policy *policy = NULL;
	int abi = ruleset_abi();
	int r;

	if (abi < 0)
		return abi;
	r = policy_check(&options, draft, &again, &policy);
	diag_list_done(&again);
	if (r != 0)
		return r < 0 ? r : -EINVAL;
	add_gaps(draft, policy, (unsigned)abi, diags);
	policy_free(policy);
	return 0;
}

int kernel_check_text(const struct policy_dirs *dirs, const char *name, const void *bytes,
	size_t size, struct diag_list *diags)
{
	struct diag_list again = DIAG_LIST_INIT;
	struct policy_draft *draft = NULL;
	int r = policy_draft_load(name, NULL, bytes, size, &again, &draft);

	diag_list_done(&again);
	if (r < 0)
		return r;
	r = check_draft(dirs, name, draft, diags);
	policy_draft_free(draft);
	return r;
}

int kernel_check_file(const struct policy_dirs *dirs, const char *path, struct diag_list *diags)
{
	_cleanup_close_ int fd = -1;
	_cleanup_free_ char *bytes = NULL;
	size_t size;
	int r;

	if (policy_kind_of(path) == POLICY_KIND_CONF)
		return 0;
	fd = named_file_open(path);
	if (fd < 0)
		return fd;
	r = fd_read_all(fd, POLICY_FILE_MAX, &bytes, &size);
	if (r < 0)
		return r;
	return kernel_check_text(dirs, path, bytes, size, diags);
}

bool kernel_check_only(const struct diag_list *diags)
{
	for (size_t i = 0; i < diags->n_items; i++)
		if (diags->items[i].severity == DIAG_ERROR &&
			strcmp(diags->items[i].id, FINDING) != 0)
			return false;
	return diags->n_errors > 0;
}
