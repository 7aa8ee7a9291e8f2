/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Numbers to sorted names. */

#include "calls.h"

#include <stdlib.h>
#include <string.h>

#include "str.h"
#include "table.h"
#include "text.h"

struct names {
	char *names[SYSCALLS_MAX];
	size_t n;
};

static void free_names(struct names **names)
{
	for (size_t i = 0; *names && i < (*names)->n; i++)
		free((*names)->names[i]);
	free(*names);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* NULL without memory. */
static struct names *sorted_names(const struct syscalls *calls)
{
	struct names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	for (unsigned number = 0; number < SYSCALLS_MAX; number++) {
		if (!syscalls_have(calls, number))
			continue;
		names->names[names->n] = syscall_name(SYSCALLS_NATIVE, number);
		if (!names->names[names->n]) {
			free_names(&names);
			return NULL;
		}
		names->n++;
	}
	qsort(names->names, names->n, sizeof(names->names[0]), compare);
	return names;
}

int calls_print(const struct syscalls *calls, size_t indent, size_t width)
{
	_cleanup_(free_names) struct names *names = sorted_names(calls);
	_cleanup_str_ struct str text = STR_INIT;

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < names->n; i++)
		str_addf(&text, "%s%s", i > 0 ? " " : "", names->names[i]);
	if (text.failed)
		return -ENOMEM;
	text_print_paragraph(text.text ? text.text : "", indent, width);
	return 0;
}

int calls_put_json(struct json *json, const char *key, const struct syscalls *calls)
{
	_cleanup_(free_names) struct names *names = sorted_names(calls);

	json_begin_array(json, key);
	for (size_t i = 0; names && i < names->n; i++)
		json_string(json, NULL, names->names[i]);
	json_end_array(json);
	return names ? 0 : -ENOMEM;
}
