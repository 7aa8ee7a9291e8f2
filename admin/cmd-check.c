/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin check: everything that is wrong with policy files, in one run. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "config.h"
#include "diag-print.h"
#include "kernel-check.h"
#include "policy-cache.h"
#include "policy-file.h"
#include "policy-judge.h"
#include "sarif.h"
#include "str.h"
#include "text.h"
#include "wider.h"

#define STDIN_NAME "<stdin>"

struct check_options {
	bool all;
	bool this_kernel;
	bool strict;
};

static const struct option_spec options[] = {
	{"all", 'a', NULL, "every file of the live folders, ownership included", OPTION_FLAG,
		offsetof(struct check_options, all)},
	{"this-kernel", 'k', NULL, "also what this kernel cannot enforce", OPTION_FLAG,
		offsetof(struct check_options, this_kernel)},
	{"strict", 's', NULL, "warnings fail", OPTION_FLAG, offsetof(struct check_options, strict)},
};

struct check {
	struct admin *admin;
	const struct check_options *options;
	struct policy_dirs dirs;
	struct json json;
	bool sarif;
	size_t n_files, n_valid, n_errors, n_warnings;
};

static void put_file(
	struct check *check, const char *path, const struct diag_list *diags, bool valid)
{
	json_begin_object(&check->json, NULL);
	json_string(&check->json, "file", path);
	json_bool(&check->json, "valid", valid);
	json_begin_array(&check->json, "diagnostics");
	for (size_t i = 0; i < diags->n_items; i++)
		if (!diags->items[i].accepted)
			diag_put_json(&check->json, &diags->items[i]);
	json_end_array(&check->json);
	json_begin_array(&check->json, "accepted");
	for (size_t i = 0; i < diags->n_items; i++)
		if (diags->items[i].accepted)
			diag_put_json(&check->json, &diags->items[i]);
	json_end_array(&check->json);
	json_end_object(&check->json);
}

static void put_sarif(struct check *check, const struct diag_list *diags)
{
	for (size_t i = 0; i < diags->n_items; i++)
		sarif_put(check->admin, &check->json, &diags->items[i]);
}

static void print_file(
	struct check *check, const char *path, const struct diag_list *diags, bool valid)
{
	for (size_t i = 0; i < diags->n_items; i++)
		if (!diags->items[i].accepted)
			diag_print(check->admin, &diags->items[i]);
	if (valid) {
		text_printf("%s: valid", path);
		putchar('\n');
	}
}

/* What who asks may not read, or only this kernel lacks, is not the text's fault. */
static int status_of(const struct diag_list *diags)
{
	if (diag_list_not_permitted(diags))
		return EXIT_NOT_PERMITTED;
	return kernel_check_only(diags) ? EXIT_LACKS : EXIT_NO;
}

/* Shows one file's findings, and lets them count. */
static void report(struct check *check, const char *path, const struct diag_list *diags)
{
	size_t n_warnings = diag_list_warnings(diags);
	bool valid = !diag_failed(diags) && !(check->options->strict && n_warnings > 0);

	check->n_files++;
	check->n_valid += valid;
	check->n_errors += diags->n_errors;
	check->n_warnings += n_warnings;
	if (diags->out_of_memory)
		admin_out_of_memory(check->admin);
	if (check->sarif)
		put_sarif(check, diags);
	else if (check->admin->json)
		put_file(check, path, diags, valid);
	else
		print_file(check, path, diags, valid);
	if (!valid)
		admin_result(check->admin, status_of(diags));
}

/* A text that could not be read is none that is valid. */
static void report_unreadable(struct check *check, const char *path, int error)
{
	const struct diag_list none = DIAG_LIST_INIT;

	check->n_files++;
	if (check->admin->json && !check->sarif)
		put_file(check, path, &none, false);
	admin_fail(check->admin, admin_status_of(error), "%s: %s", path, strerror(-error));
}

static int read_stream(FILE *stream, char **ret, size_t *ret_size)
{
	_cleanup_str_ struct str text = STR_INIT;
	char buffer[4096];
	size_t n;

	/* One byte too many is for the reader to refuse. */
	while (text.length <= POLICY_FILE_MAX && (n = fread(buffer, 1, sizeof(buffer), stream)) > 0)
		str_add(&text, buffer, n);
	if (ferror(stream))
		return errno ? -errno : -EIO;
	*ret_size = text.length;
	*ret = str_take(&text);
	return *ret ? 0 : -ENOMEM;
}

/* A text that comes from a pipe can be read only once, and has no place to judge. */
static int check_stream(
	struct check *check, const char *name, FILE *stream, struct diag_list *diags)
{
	_cleanup_free_ char *bytes = NULL;
	size_t size;
	int r = read_stream(stream, &bytes, &size);

	if (r < 0)
		return r;
	r = policy_check_text(&check->dirs, name, bytes, size, POLICY_KIND_POLICY, diags);
	if (r == 0 && check->options->this_kernel && !diag_failed(diags))
		r = kernel_check_text(&check->dirs, name, bytes, size, diags);
	return r;
}

static int check_pipe(struct check *check, const char *path, struct diag_list *diags)
{
	FILE *stream = fopen(path, "re");
	int r;

	if (!stream)
		return -errno;
	r = check_stream(check, path, stream, diags);
	fclose(stream);
	return r;
}

/* What a valid policy has to be asked besides. */
static int check_further(struct check *check, const char *path, struct diag_list *diags)
{
	int r = 0;

	if (check->options->this_kernel && !diag_failed(diags))
		r = kernel_check_file(&check->dirs, path, diags);
	if (r == 0 && !diag_failed(diags) && wider_is_about(&check->dirs, path))
		r = wider_check(&check->dirs, path, diags);
	return r;
}

static int check_path(struct check *check, const char *path, struct diag_list *diags)
{
	int r = policy_check_file(&check->dirs, path, diags);

	if (r == -ESPIPE)
		return check_pipe(check, path, diags);
	return r == 0 ? check_further(check, path, diags) : r;
}

static void check_operand(struct check *check, const char *operand)
{
	struct diag_list diags = DIAG_LIST_INIT;
	bool is_stdin = strcmp(operand, "-") == 0;
	const char *name = is_stdin ? STDIN_NAME : operand;
	int r = is_stdin ? check_stream(check, name, stdin, &diags)
			 : check_path(check, operand, &diags);

	if (r < 0)
		report_unreadable(check, name, r);
	else
		report(check, name, &diags);
	diag_list_done(&diags);
}

/* What the walk only names, or could not read, is no policy. */
static bool is_policy(const char *path, const struct diag_list *diags)
{
	const char *slash = strrchr(path, '/');

	return policy_file_is_policy(slash ? slash + 1 : path) && !diag_failed(diags);
}

static int judged(void *userdata, const char *path, struct diag_list *diags)
{
	struct check *check = userdata;
	int r = is_policy(path, diags) ? check_further(check, path, diags) : 0;

	if (r == 0)
		report(check, path, diags);
	return r;
}

static void check_all(struct check *check)
{
	int r = policy_check_all(&check->dirs, judged, check);

	if (r < 0)
		admin_fail(check->admin, admin_status_of(r), "%s%s: %s", check->dirs.root,
			check->dirs.confdir, strerror(-r));
	else if (check->n_files == 0)
		admin_fail(check->admin, EXIT_MISSING, "no policy files in %s%s", check->dirs.root,
			check->dirs.confdir);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void print_sum(const struct check *check)
{
	if (check->n_files < 2)
		return;
	printf("%zu files, %zu valid: %zu error%s, %zu warning%s\n", check->n_files, check->n_valid,
		check->n_errors, plural(check->n_errors), check->n_warnings,
		plural(check->n_warnings));
}

static void begin(struct check *check)
{
	check->sarif = check->admin->format.name != NULL;
	if (check->sarif) {
		sarif_begin(check->admin, &check->json);
	} else if (check->admin->json) {
		admin_json_begin(check->admin, &check->json);
		json_begin_array(&check->json, "files");
	}
}

static void end(struct check *check)
{
	if (check->sarif) {
		sarif_end(check->admin, &check->json);
	} else if (check->admin->json) {
		json_end_array(&check->json);
		admin_json_end(check->admin, &check->json);
	} else {
		print_sum(check);
	}
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	struct check check = {
		.admin = admin,
		.options = values,
		.dirs =
			{
				.root = admin->root,
				.confdir = SANDLOCK_CONFDIR,
				.vendordir = SANDLOCK_VENDORDIR,
				.any_owner = *admin->root != '\0',
			},
	};

	if (check.options->all == (argc > 0))
		return admin_usage(admin, "files, or --all");
	check.dirs.cache = policy_cache_new();
	if (!check.dirs.cache)
		return admin_out_of_memory(admin);
	begin(&check);
	for (int i = 0; i < argc; i++)
		check_operand(&check, argv[i]);
	if (check.options->all)
		check_all(&check);
	end(&check);
	policy_cache_free(check.dirs.cache);
	return admin->status;
}

const struct command command_check = {
	.name = "check",
	.synopsis = "[OPTION...] FILE... | --all",
	.summary = "Says what is wrong with policy files",
	.help = "Every error and warning of every file, with its place and, where one is near, "
		"the\n"
		"word that was probably meant. \"-\" is standard input; a file named sandlock.conf "
		"is\n"
		"read as such. A file's ownership counts only in the live folders.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct check_options),
	.formats = "sarif",
	.wraps = true,
	.run = run,
};
