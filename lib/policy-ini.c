/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The second reader: iniparser, behind the only door to it. It gets the bytes that the strict
 * reader accepted, from a memfd that nobody can change, and has to find the same sections, keys
 * and values. Only what iniparser 4.1 has is used; it takes a path, not a descriptor.
 */

#include "policy-ini.h"

#include <iniparser/iniparser.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "fd.h"
#include "str.h"

/* Entry names are "section:key.label"; both readers take lines of about a thousand bytes. */
#define ENTRY_MAX 2100

static int ignore_message(const char *format, ...)
{
	return 0;
}

static dictionary *load(int fd)
{
	char path[sizeof("/proc/self/fd/") + 12];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	/* The default prints to standard error, which may be anything in a login program's child.
	 */
	iniparser_set_error_callback(ignore_message);
	return iniparser_load(path);
}

static void free_dictionary(dictionary **dictionary)
{
	if (*dictionary)
		iniparser_freedict(*dictionary);
}

/* iniparser joins lines by dropping the "\" and the newline; the draft's span still has both. */
static void join(const struct draft_span *value, char *ret)
{
	const char *end = value->text + value->length;

	for (const char *p = value->text; p < end; p++) {
		if (*p == '\\' && p + 1 < end && p[1] == '\n')
			p++;
		else
			*ret++ = *p;
	}
	*ret = '\0';
}

static void refuse(const struct policy_draft *draft, struct diag_list *diags,
	const struct draft_span *at, const char *text)
{
	struct diag_place place = {.file = draft->file, .included_from = draft->included_from};

	if (at)
		place = policy_draft_place(draft, at);
	diag_error(diags, &place, "readers-disagree", NULL, "%s", text);
}

static int compare_key(const struct policy_draft *draft, const struct draft_key *key,
	dictionary *dictionary, struct diag_list *diags)
{
	const struct draft_span *section = &draft->sections[key->section].name;
	_cleanup_free_ char *value = malloc(key->value.length + 1);
	char entry[ENTRY_MAX];
	const char *found;

	if (!value)
		return -ENOMEM;
	join(&key->value, value);
	snprintf(entry, sizeof(entry), "%.*s:%.*s%s%.*s", (int)section->length, section->text,
		(int)key->name.length, key->name.text, key->label.length ? "." : "",
		(int)key->label.length, key->label.length ? key->label.text : "");
	found = iniparser_getstring(dictionary, entry, NULL);
	if (!found || strcmp(found, value) != 0)
		refuse(draft, diags, &key->name,
			found ? "iniparser reads another value for this key"
			      : "iniparser does not find this key");
	return 0;
}

static void compare_section(const struct policy_draft *draft, const struct draft_section *section,
	dictionary *dictionary, struct diag_list *diags)
{
	static const char absent[] = "";
	char entry[ENTRY_MAX];

	/* A section is an entry without a value: NULL, where a missing one gives the default. */
	snprintf(entry, sizeof(entry), "%.*s", (int)section->name.length, section->name.text);
	if (iniparser_getstring(dictionary, entry, absent) != NULL)
		refuse(draft, diags, &section->name, "iniparser does not find this section");
}

int policy_draft_compare(const struct policy_draft *draft, struct diag_list *diags)
{
	_cleanup_close_ int fd = memfd_new_sealed("sandlock-policy", draft->bytes, draft->size);
	_cleanup_(free_dictionary) dictionary *dictionary = NULL;

	if (fd < 0)
		return fd;
	dictionary = load(fd);
	if (!dictionary) {
		refuse(draft, diags, NULL, "iniparser cannot read this file");
		return 0;
	}
	/* All of ours are there, and nothing else is: the sets are the same. */
	for (size_t i = 0; i < draft->n_sections; i++)
		compare_section(draft, &draft->sections[i], dictionary, diags);
	for (size_t i = 0; i < draft->n_keys; i++) {
		int r = compare_key(draft, &draft->keys[i], dictionary, diags);
		if (r < 0)
			return r;
	}
	if ((size_t)dictionary->n != draft->n_sections + draft->n_keys)
		refuse(draft, diags, NULL, "iniparser reads keys or sections that are not there");
	return 0;
}

int policy_draft_load(const char *file, const char *included_from, const void *bytes, size_t size,
	struct diag_list *diags, struct policy_draft **ret)
{
	struct policy_draft *draft = NULL;
	size_t errors = diags->n_errors;
	int r;

	r = policy_draft_read(file, included_from, bytes, size, diags, &draft);
	if (r < 0)
		return r;
	/* A text that is refused anyway need not be read twice. */
	if (diags->n_errors == errors)
		r = policy_draft_compare(draft, diags);
	if (r < 0) {
		policy_draft_free(draft);
		return r;
	}
	*ret = draft;
	return 0;
}
