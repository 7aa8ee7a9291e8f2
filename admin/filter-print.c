/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Prints what filter-rows.c says. */

#include "filter-print.h"

#include <linux/filter.h>
#include <stdio.h>
#include <sys/stat.h>

#include "calls.h"
#include "fd.h"
#include "filter-rows.h"
#include "ruleset.h"
#include "screen.h"
#include "table.h"
#include "text.h"

#define INDENT 4

int filters_make(const struct policy_set *set, struct filters *ret)
{
	struct filters filters = FILTERS_NONE;
	int abi = ruleset_abi();
	int r;

	if (abi < 0)
		return abi;
	filters.spec = filter_spec(set, (unsigned)abi);
	r = filter_build(&filters.spec, &filters.program);
	if (r == 0 && filter_profile_needed(set)) {
		filter_profile_plan(set, SYSCALLS_NATIVE, &filters.profile);
		r = filter_profile_compile(&filters.profile, &filters.second);
	}
	if (r < 0)
		filters_done(&filters);
	else
		*ret = filters;
	return r;
}

void filters_done(struct filters *filters)
{
	fd_close(filters->program);
	fd_close(filters->second);
}

static size_t count_instructions(int memfd)
{
	struct stat st;

	return fstat(memfd, &st) == 0 ? (size_t)st.st_size / sizeof(struct sock_filter) : 0;
}

/* Text */

static int add_row(void *userdata, const struct filter_row *row)
{
	const char *const cells[] = {
		row->calls, row->when[0] ? row->when : "always", row->answer, row->why};

	return table_add(userdata, cells);
}

static bool print_rows(struct admin *admin, const struct filter_spec *spec)
{
	static const struct table_column columns[] = {
		{"CALL", .wrap = true}, {"WHEN", .wrap = true}, {"ANSWER"}, {"WHY", .wrap = true}};
	struct table table = TABLE_INIT(columns);

	return admin_table(admin, &table, COLOR_FAINT, filter_rows(spec, add_row, &table));
}

static void print_sockets(struct admin *admin, const struct filter_spec *spec)
{
	_cleanup_str_ struct str sockets = STR_INIT;

	filter_rows_sockets(spec, &sockets);
	if (sockets.failed) {
		admin_out_of_memory(admin);
		return;
	}
	puts("socket and socketpair: any other kind is EPROTONOSUPPORT or EAFNOSUPPORT");
	text_print_paragraph(sockets.text, INDENT, screen_prose(admin->columns));
}

static void print_base(struct admin *admin, const struct filters *filters)
{
	printf("%sBase filter%s: everything of the session, %zu instructions\n",
		admin_color(admin, COLOR_STRONG), admin_color(admin, COLOR_NONE),
		count_instructions(filters->program));
	puts("a0 to a5 are the low 32 bits of the arguments. What is not named is allowed;\n"
	     "calls that nobody knows and those of other architectures are ENOSYS.\n");
	if (!print_rows(admin, &filters->spec))
		return;
	putchar('\n');
	print_sockets(admin, &filters->spec);
}

static int print_action(void *userdata, const char *answer, const struct syscalls *calls)
{
	const struct admin *admin = userdata;

	printf("%s, %u calls\n", answer, syscalls_count(calls));
	return calls_print(calls, INDENT, screen_prose(admin->columns));
}

static void print_second(struct admin *admin, const struct filters *filters)
{
	if (filters->second < 0) {
		printf("\n%sNo second filter%s: no profile, and no call is denied\n",
			admin_color(admin, COLOR_STRONG), admin_color(admin, COLOR_NONE));
		return;
	}
	printf("\n%sSecond filter%s: from the shell on, %zu instructions\n",
		admin_color(admin, COLOR_STRONG), admin_color(admin, COLOR_NONE),
		count_instructions(filters->second));
	puts("What the base filter denies stays denied.\n");
	if (filter_actions(&filters->profile, print_action, admin) < 0)
		admin_out_of_memory(admin);
}

void filters_print(struct admin *admin, const struct filters *filters)
{
	print_base(admin, filters);
	print_second(admin, filters);
}

/* JSON */

static void put_words(struct json *json, const char *key, const char *words)
{
	size_t length;

	json_begin_array(json, key);
	for (; (length = syscall_next_word(&words)) > 0; words += length) {
		char word[SYSCALL_NAME_MAX];

		snprintf(word, sizeof(word), "%.*s", (int)length, words);
		json_string(json, NULL, word);
	}
	json_end_array(json);
}

static int put_row(void *userdata, const struct filter_row *row)
{
	struct json *json = userdata;

	json_begin_object(json, NULL);
	put_words(json, "calls", row->calls);
	json_string(json, "when", row->when[0] ? row->when : NULL);
	json_string(json, "answer", row->answer);
	json_string(json, "why", row->why);
	json_end_object(json);
	return 0;
}

static int put_action(void *userdata, const char *answer, const struct syscalls *calls)
{
	struct json *json = userdata;
	int r;

	json_begin_object(json, NULL);
	json_string(json, "answer", answer);
	r = calls_put_json(json, "calls", calls);
	json_end_object(json);
	return r;
}

static int put_base(struct json *json, const struct filters *filters)
{
	_cleanup_str_ struct str sockets = STR_INIT;
	int r;

	filter_rows_sockets(&filters->spec, &sockets);
	json_begin_object(json, "base");
	json_number(json, "instructions", count_instructions(filters->program));
	json_bool(json, "supervised", filter_supervised(&filters->spec));
	json_begin_array(json, "rules");
	r = filter_rows(&filters->spec, put_row, json);
	json_end_array(json);
	put_words(json, "sockets", sockets.text ? sockets.text : "");
	json_end_object(json);
	return sockets.failed ? -ENOMEM : r;
}

static int put_second(struct json *json, const struct filters *filters)
{
	int r;

	if (filters->second < 0) {
		json_null(json, "second");
		return 0;
	}
	json_begin_object(json, "second");
	json_number(json, "instructions", count_instructions(filters->second));
	json_begin_array(json, "actions");
	r = filter_actions(&filters->profile, put_action, json);
	json_end_array(json);
	json_end_object(json);
	return r;
}

void filters_put_json(struct admin *admin, struct json *json, const struct filters *filters)
{
	int r = put_base(json, filters);

	if (r == 0)
		r = put_second(json, filters);
	if (r < 0)
		admin_out_of_memory(admin);
}
