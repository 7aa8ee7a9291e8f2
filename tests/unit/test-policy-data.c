/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Runs over tests/data: every text of bad/ gives exactly the findings beside it, and so does every
 * text of warn/, which is valid all the same; every text of good/ gives the policy beside it. With
 * SANDLOCK_TEST_UPDATE set the files beside are written anew, to be read before they are committed.
 * Names that begin with "conf-" are sandlock.conf's.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "fd.h"
#include "lints.h"
#include "policy-check.h"
#include "policy-judge.h"
#include "policy-text.h"
#include "str.h"

#define BAD_MIN  60
#define GOOD_MIN 20
#define WARN_MIN 8

static char data[PATH_MAX];
static struct policy_dirs dirs = {.root = "", .vendordir = "/nonexistent", .any_owner = true};

static char group_users[] = "users", group_lab[] = "lab";
static gid_t groups[] = {100, 1200};
static char *group_names[] = {group_users, group_lab};
static char user[] = "alice", home[] = "/home/alice", shell[] = "/bin/bash";
static const struct identity alice = {
	.user = user,
	.uid = 1000,
	.gid = 100,
	.home = home,
	.shell = shell,
	.groups = groups,
	.n_groups = 2,
	.group_names = group_names,
};

static char *path_of(const char *folder, const char *file, const char *ending)
{
	char *path;

	assert_true(asprintf(&path, "%s/%s/%s%s", data, folder, file, ending) > 0);
	return path;
}

static char *read_file(const char *path, size_t *ret_size)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *bytes = NULL;

	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	assert_int_equal(fd_read_all(fd, 1024 * 1024, &bytes, ret_size), 0);
	return bytes;
}

static bool is_conf(const char *name)
{
	return strncmp(name, "conf-", 5) == 0;
}

/* `data` is where the tree happens to lie; the files beside the texts must not know. */
static void add_without_data(struct str *str, const char *text)
{
	const char *found;

	while ((found = strstr(text, data))) {
		str_add(str, text, (size_t)(found - text));
		str_puts(str, "DATA");
		text = found + strlen(data);
	}
	str_puts(str, text);
}

static void add_diag(struct str *str, const struct diag *diag)
{
	add_without_data(str, diag->file);
	str_addf(str, ":%u:%u+%u: %s: ", diag->line, diag->column, diag->length,
		diag->severity == DIAG_ERROR ? "error" : "warning");
	add_without_data(str, diag->text);
	str_addf(str, " [%s]", diag->id);
	if (diag->suggestion)
		str_addf(str, " suggests %s", diag->suggestion);
	if (diag->included_from) {
		str_puts(str, " included from ");
		add_without_data(str, diag->included_from);
	}
	if (diag->accepted)
		str_addf(str, " accepted: %s", diag->accepted);
	str_add_char(str, '\n');
}

static void compare(const char *folder, const char *name, struct str *actual)
{
	_cleanup_free_ char *path = path_of(folder, name, ".expected");
	_cleanup_free_ char *text = str_take(actual), *expected = NULL;
	size_t size;

	assert_non_null(text);
	if (getenv("SANDLOCK_TEST_UPDATE")) {
		FILE *file = fopen(path, "we");

		assert_non_null(file);
		fputs(text, file);
		assert_int_equal(fclose(file), 0);
	}
	expected = read_file(path, &size);
	if (strcmp(text, expected) != 0)
		fail_msg("%s/%s:\n%s--- expected:\n%s", folder, name, text, expected);
}

/* What is underlined lies in the line that is shown. */
static void check_place(const char *name, const struct diag *diag)
{
	if (diag->column == 0)
		return;
	assert_non_null(diag->source_line);
	if (diag->column + diag->length > strlen(diag->source_line) + 2 &&
		strlen(diag->source_line) > 0 && !strchr("\r", diag->source_line[0]) &&
		strcmp(diag->id, "nul") != 0)
		fail_msg("%s: %u+%u is outside \"%s\"", name, diag->column, diag->length,
			diag->source_line);
}

static void find(const char *name, const char *bytes, size_t size, struct diag_list *ret)
{
	assert_int_equal(policy_check_text(&dirs, name, bytes, size,
				 is_conf(name) ? POLICY_KIND_CONF : POLICY_KIND_POLICY, ret),
		0);
}

/* Those that depend on the machine. */
static bool is_of_machine(const struct diag *diag)
{
	return strcmp(diag->id, "missing-path") == 0 || strncmp(diag->id, "shell-", 6) == 0;
}

/* Of texts that are there for their syntax nobody minds what they grant. */
static bool is_advice(const struct diag *diag)
{
	static const char ids[] = "empty-policy|network-any|persistence|home-write-execute|"
				  "writes-system";

	return is_of_machine(diag) || str_in_choices(diag->id, strlen(diag->id), ids, NULL);
}

static void compare_findings(const char *folder, const char *name, const struct diag_list *diags)
{
	_cleanup_str_ struct str actual = STR_INIT;

	for (size_t i = 0; i < diags->n_items; i++) {
		if (is_of_machine(&diags->items[i]))
			continue;
		add_diag(&actual, &diags->items[i]);
		if (diags->items[i].severity == DIAG_WARNING &&
			!lint_find(diags->items[i].id, strlen(diags->items[i].id)))
			fail_msg("%s: no policy could accept %s", name, diags->items[i].id);
		check_place(name, &diags->items[i]);
	}
	compare(folder, name, &actual);
}

static void check_bad(const char *name, const char *bytes, size_t size)
{
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;

	find(name, bytes, size, &diags);
	compare_findings("bad", name, &diags);
	if (!diag_failed(&diags))
		fail_msg("bad/%s.ini passes", name);
}

static void check_warn(const char *name, const char *bytes, size_t size)
{
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;

	find(name, bytes, size, &diags);
	compare_findings("warn", name, &diags);
	if (diag_failed(&diags) || diags.n_items == 0)
		fail_msg("warn/%s.ini: %s", name, diags.n_items ? "refused" : "no warning");
}

static void fail_with_diags(const char *name, const struct diag_list *diags)
{
	_cleanup_str_ struct str str = STR_INIT;

	for (size_t i = 0; i < diags->n_items; i++)
		add_diag(&str, &diags->items[i]);
	fail_msg("good/%s.ini:\n%s", name, str.text);
}

static void check_good_policy(const char *name, const char *bytes, size_t size)
{
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	_cleanup_str_ struct str actual = STR_INIT, text = STR_INIT;
	struct policy_set *set = NULL;

	if (policy_load_bytes(&dirs, &alice, name, bytes, size, &diags, &set) != 0)
		fail_with_diags(name, &diags);
	assert_int_equal(set->n_layers, 1);
	policy_text_add(&text, set->layers[0]);
	assert_false(text.failed);
	add_without_data(&actual, text.text);
	compare("good", name, &actual);
	policy_set_free(set);
}

static void check_good_conf(const char *name, const char *bytes, size_t size)
{
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	_cleanup_str_ struct str actual = STR_INIT;
	struct policy_draft *draft = NULL;
	struct settings settings;

	assert_int_equal(policy_draft_load(name, NULL, bytes, size, &diags, &draft), 0);
	if (settings_check(draft, &diags, &settings) != 0)
		fail_with_diags(name, &diags);
	str_addf(&actual, "no-policy %s\n", settings.deny_without_policy ? "deny" : "allow");
	str_addf(&actual, "on-old-kernel %s\n",
		settings.degrade_on_old_kernel ? "degrade" : "refuse");
	str_addf(&actual, "min-uid %u\nlookup-timeout %u\n", settings.min_uid,
		settings.lookup_timeout);
	for (size_t i = 0; i < settings.n_exempt_groups; i++)
		str_addf(&actual, "exempt %s\n", settings.exempt_groups[i]);
	compare("good", name, &actual);
	settings_done(&settings);
	policy_draft_free(draft);
}

static void check_good(const char *name, const char *bytes, size_t size)
{
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;

	find(name, bytes, size, &diags);
	for (size_t i = 0; i < diags.n_items; i++)
		if (!is_advice(&diags.items[i]) && !diags.items[i].accepted)
			fail_with_diags(name, &diags);
	if (is_conf(name))
		check_good_conf(name, bytes, size);
	else
		check_good_policy(name, bytes, size);
}

static void run_folder(const char *folder, size_t least,
	void (*check)(const char *name, const char *bytes, size_t size))
{
	_cleanup_free_ char *path = path_of(folder, "", "");
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		_cleanup_free_ char *file = NULL, *bytes = NULL;
		char *dot = strrchr(entry->d_name, '.');
		size_t size;

		if (!dot || strcmp(dot, ".ini") != 0)
			continue;
		file = path_of(folder, entry->d_name, "");
		*dot = '\0';
		bytes = read_file(file, &size);
		check(entry->d_name, bytes, size);
		n++;
	}
	closedir(dir);
	assert_true(n >= least);
}

static void test_bad(void **state)
{
	(void)state;
	run_folder("bad", BAD_MIN, check_bad);
}

static void test_good(void **state)
{
	(void)state;
	run_folder("good", GOOD_MIN, check_good);
}

static void test_warn(void **state)
{
	(void)state;
	run_folder("warn", WARN_MIN, check_warn);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_warn),
	};
	const char *folder = getenv("SANDLOCK_TEST_DATA");

	if (!folder || !realpath(folder, data)) {
		fprintf(stderr, "SANDLOCK_TEST_DATA does not name the folder of test data\n");
		return 1;
	}
	dirs.confdir = data;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
