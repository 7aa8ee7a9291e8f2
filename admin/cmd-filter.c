/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin filter: the filters of a session for review, in words or as the kernel gets them.
 */

#include <linux/filter.h>
#include <stdio.h>
#include <string.h>

#include "fd.h"
#include "filter-print.h"
#include "str.h"
#include "subject.h"
#include "text.h"

struct filter_options {
	bool bpf;
	bool second;
	const char *service;
};

static const struct option_spec options[] = {
	{"bpf", 0, NULL, "the base filter as raw BPF", OPTION_FLAG,
		offsetof(struct filter_options, bpf)},
	{"second", 0, NULL, "with --bpf: the second filter, of [syscalls]", OPTION_FLAG,
		offsetof(struct filter_options, second)},
	{"service", 0, "SERVICE", "as for a login by this PAM service", OPTION_STRING,
		offsetof(struct filter_options, service)},
};

/* An array of struct sock_filter, in the byte order of this machine. */
static void write_program(struct admin *admin, int memfd)
{
	_cleanup_free_ char *program = NULL;
	size_t size;
	int r = fd_read_all(memfd, BPF_MAXINSNS * sizeof(struct sock_filter), &program, &size);

	/* Whether it arrived is looked at when the program ends. */
	if (r == 0)
		fwrite(program, 1, size, stdout);
	else
		admin_fail(admin, EXIT_BUG, "reading the program: %s", strerror(-r));
}

static void export(struct admin *admin, const struct subject *subject,
	const struct filters *filters, bool second)
{
	if (second && filters->second < 0)
		admin_fail(admin, EXIT_NO, "%s: there is no second filter", subject->word);
	else
		write_program(admin, second ? filters->second : filters->program);
}

static void put_json(
	struct admin *admin, const struct subject *subject, const struct filters *filters)
{
	struct json json;

	admin_json_begin(admin, &json);
	json_bool(&json, "confined", filters != NULL);
	json_string(&json, "reason", subject->unconfined);
	if (filters)
		filters_put_json(admin, &json, filters);
	admin_json_end(admin, &json);
}

static void print_none(const struct subject *subject)
{
	text_printf("%s: %s: no filter", subject->word, subject->unconfined);
	putchar('\n');
}

static void show(struct admin *admin, const struct subject *subject,
	const struct filter_options *wanted, const struct filters *filters)
{
	if (wanted->bpf && !filters)
		admin_fail(admin, EXIT_NO, "%s: %s", subject->word, subject->unconfined);
	else if (wanted->bpf)
		export(admin, subject, filters, wanted->second);
	else if (admin->json)
		put_json(admin, subject, filters);
	else if (filters)
		filters_print(admin, filters);
	else
		print_none(subject);
	if (!wanted->bpf)
		subject_print_complains(admin, subject);
}

static void run_for(
	struct admin *admin, const struct subject *subject, const struct filter_options *wanted)
{
	struct filters filters;
	int r;

	if (!subject->set) {
		show(admin, subject, wanted, NULL);
		return;
	}
	r = filters_make(subject->set, &filters);
	if (r < 0) {
		admin_fail(admin, EXIT_BUG, "%s: %s", subject->word, strerror(-r));
		return;
	}
	show(admin, subject, wanted, &filters);
	filters_done(&filters);
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	const struct filter_options *wanted = values;
	struct subject subject = {.set = NULL};

	if (argc != 1)
		return admin_usage(admin, "a user or a file");
	if (wanted->second && !wanted->bpf)
		return admin_usage(admin, "--second is for --bpf");
	if (wanted->bpf && admin->json)
		return admin_usage(admin, "--bpf is no JSON");
	if (subject_find(admin, argv[0], wanted->service, &subject)) {
		if (!wanted->bpf)
			subject_enforce(&subject);
		run_for(admin, &subject, wanted);
	}
	subject_done(&subject);
	return admin->status;
}

static bool pages(const void *values)
{
	const struct filter_options *wanted = values;

	return !wanted->bpf;
}

const struct command command_filter = {
	.name = "filter",
	.synopsis = "[OPTION...] USER|FILE",
	.summary = "Shows the system-call filters of a session",
	.help = "In words, call by call; with --bpf as the program that the kernel gets: an array "
		"of\n"
		"struct sock_filter.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct filter_options),
	.pages = pages,
	.run = run,
};
