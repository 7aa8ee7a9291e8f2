/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What depends on the user: specifiers, and what they turn a path into. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "policy-check.h"
#include "policy-lookup.h"
#include "policy-path.h"
#include "str.h"

static const struct policy_dirs dirs = {
	.root = "", .confdir = "/nonexistent", .vendordir = "/nonexistent", .any_owner = true};

/* An identity of one group, all of it borrowed. */
struct person {
	struct identity identity;
	gid_t gid;
	char *group;
};

static const struct identity *person(
	struct person *person, const char *home, const char *shell, const char *group)
{
	*person = (struct person){.gid = 100, .group = (char *)(uintptr_t)group};
	person->identity = (struct identity){
		.user = (char *)(uintptr_t) "alice",
		.uid = 1000,
		.gid = 100,
		.home = (char *)(uintptr_t)home,
		.shell = (char *)(uintptr_t)shell,
		.groups = &person->gid,
		.n_groups = 1,
		.group_names = &person->group,
	};
	return &person->identity;
}

static void test_paths(void **state)
{
	static const struct {
		const char *home, *shell, *group;
		const char *word;
		bool changes;
		const char *path; /* NULL: refused with id */
		const char *id;
	} rows[] = {
		{"/home/a", "/bin/sh", "g", "%h/x", true, "/home/a/x", NULL},
		{"/home/a", "", "g", "%s", false, "/bin/sh", NULL},
		{"/home/a", "/bin/sh", "g", "%t", true, "/run/user/1000", NULL},
		{"/home/a", "/bin/sh", "g", "/srv/%g/%u%%", true, "/srv/g/alice%", NULL},
		/* What a specifier stands for is taken as it is. */
		{"/home/a\\x2e\\x2e", "/bin/sh", "g", "%h", true, "/home/a\\x2e\\x2e", NULL},
		{"/home/%u", "/bin/sh", "g", "%h", true, "/home/%u", NULL},
		{"/home/a b", "/bin/sh", "g", "%h", true, "/home/a b", NULL},
		{"/", "/bin/sh", "g", "%h", false, "/", NULL},
		{"/", "/bin/sh", "g", "%h", true, NULL, "path-root"},
		{"//.", "/bin/sh", "g", "%h/", true, NULL, "path-root"},
		{"/", "/bin/sh", "g", "%h/work", true, "//work", NULL},
		{"", "/bin/sh", "g", "%h", false, NULL, "empty-specifier"},
		{"", "/bin/sh", "g", "%h/", true, NULL, "empty-specifier"},
		{"home", "/bin/sh", "g", "%h", false, NULL, "path-not-absolute"},
		{"/home/a", "sh", "g", "%s", false, NULL, "path-not-absolute"},
		{"/home/../etc", "/bin/sh", "g", "%h", false, NULL, "path-dotdot"},
		{"/home/a", "/bin/sh", "..", "/srv/%g", false, NULL, "path-dotdot"},
		{"/home/a", "/bin/sh", "../x", "/srv/%g", false, NULL, "path-dotdot"},
		{"/home/a", "/bin/sh", "", "/srv/%g", false, NULL, "empty-specifier"},
		{"/home/a", "/bin/sh", NULL, "/srv/%g", false, NULL, "empty-specifier"},
		/* Halves that make a ".." together. */
		{"/home/.", "/bin/sh", "g", "%h.", false, NULL, "path-dotdot"},
		{"/home/a", "/bin/sh", "g", "/srv/.\\x2e", false, NULL, "path-dotdot"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct path_error error = {0};
		_cleanup_free_ char *path = NULL;
		struct person who;
		bool missing;
		int r = policy_path_parse(rows[i].word, strlen(rows[i].word),
			person(&who, rows[i].home, rows[i].shell, rows[i].group), rows[i].changes,
			&path, &missing, &error);

		assert_int_equal(r, rows[i].path ? 0 : PATH_E_SYNTAX);
		if (rows[i].path)
			assert_string_equal(path, rows[i].path);
		else
			assert_string_equal(error.id, rows[i].id);
	}
}

static void test_path_too_long(void **state)
{
	char home[5000] = "/";
	struct path_error error = {0};
	struct person who;
	char *path = NULL;
	bool missing;

	(void)state;
	memset(home + 1, 'x', sizeof(home) - 2);
	assert_int_equal(policy_path_parse("%h", 2, person(&who, home, "", "g"), false, &path,
				 &missing, &error),
		PATH_E_SYNTAX);
	assert_string_equal(error.id, "path-too-long");
}

/* Without a user the specifiers stand, and what can be judged is. */
static void test_standing(void **state)
{
	_cleanup_free_ char *path = NULL;
	struct path_error error = {0};
	bool missing = false;

	(void)state;
	assert_int_equal(
		policy_path_parse("-%h/\\x25h%%", 11, NULL, true, &path, &missing, &error), 0);
	assert_string_equal(path, "%h/%h%%");
	assert_true(missing);
	assert_int_equal(
		policy_path_parse("%q", 2, NULL, true, &path, &missing, &error), PATH_E_SYNTAX);
}

/* A policy of one text, or NULL with the id of its first error. */
static struct policy *check_text(
	const char *text, const struct identity *identity, char id[static 32])
{
	const struct policy_check_options options = {
		.dirs = &dirs, .identity = identity, .name = "group/x"};
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy_draft *draft = NULL;
	struct policy *policy = NULL;
	int r;

	assert_int_equal(policy_draft_load("x.ini", NULL, text, strlen(text), &diags, &draft), 0);
	r = policy_check(&options, draft, &diags, &policy);
	assert_int_equal(r, diag_failed(&diags) ? POLICY_E_INVALID : 0);
	snprintf(id, 32, "%s", r ? diag_first_error(&diags)->id : "");
	policy_draft_free(draft);
	diag_list_done(&diags);
	return policy;
}

/* A home of "/" refuses exactly those whose home it is. */
static void test_root_home(void **state)
{
	static const char text[] = "[filesystem]\nwrite = %h\n";
	struct person who;
	struct policy *policy;
	char id[32];

	(void)state;
	policy = check_text(text, person(&who, "/home/a", "", "g"), id);
	assert_non_null(policy);
	policy_free(policy);
	policy = check_text(text, NULL, id);
	assert_non_null(policy);
	assert_string_equal(policy->filesystem.rules[0].path, "%h");
	policy_free(policy);
	assert_null(check_text(text, person(&who, "/", "", "g"), id));
	assert_string_equal(id, "path-root");
}

/* UNIX sockets: beneath what may be written, or beneath the usual places. */
static void test_unix_trees(void **state)
{
	static const struct {
		const char *text, *home;
		const char *trees[4];
	} rows[] = {
		{"[filesystem]\nwrite = /w\nread = /r\n", "/home/a", {NULL}},
		{"[network]\n[filesystem]\nwrite = /w\nread = /r\nwrite-execute = /x\n"
		 "device = /dev\nrights.s = make_sock,write_file:/s\n",
			"/home/a", {"/w", "/x", NULL}},
		{"[network]\n[filesystem]\n", "/home/a", {NULL}},
		{"[network]\n", "/home/a", {"/home/a", "/tmp", "/var/tmp", NULL}},
		{"[network]\n", "", {"/tmp", "/var/tmp", NULL}},
		/* A home that everything lies beneath opens nothing. */
		{"[network]\n", "/", {"/tmp", "/var/tmp", NULL}},
		{"[network]\n", "/./", {"/tmp", "/var/tmp", NULL}},
		{"[network]\n", "home/a", {"/tmp", "/var/tmp", NULL}},
		{"[network]\nunix = /run/x\n", "/h", {"/h", "/tmp", "/var/tmp", NULL}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct person who;
		char id[32];
		struct policy *policy = check_text(
			rows[i].text, person(&who, rows[i].home, "", "g"), id);
		size_t n = 0;

		assert_non_null(policy);
		for (; rows[i].trees[n]; n++) {
			assert_true(n < policy->network.n_unix_trees);
			assert_string_equal(policy->network.unix_trees[n].path, rows[i].trees[n]);
		}
		assert_int_equal(policy->network.n_unix_trees, n);
		policy_free(policy);
	}
}

static void test_serves(void **state)
{
	static const struct {
		const char *text;
		bool serves;
	} rows[] = {
		{"", true},
		{"[filesystem]\nread = /\n", true},
		{"[policy]\nservices = sshd\n", true},
		{"[policy]\nservices = login su-l sshd\n", true},
		{"[policy]\nservices = login su-l\n", false},
		{"[policy]\nservices = sshd-x\n", false},
		/* These are wrong: the file must be found so, not be passed over. */
		{"[policy]\nservices = SSHD\n", true},
		{"[policy]\nservices = log\\x69n\n", true},
		{"[policy]\nservices.x = login\n", true},
		{"[log]\nservices = login\n", true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct diag_list diags = DIAG_LIST_INIT;
		struct policy_draft *draft = NULL;

		assert_int_equal(policy_draft_load("x.ini", NULL, rows[i].text,
					 strlen(rows[i].text), &diags, &draft),
			0);
		assert_false(diag_failed(&diags));
		assert_int_equal(policy_draft_serves(draft, "sshd"), rows[i].serves);
		policy_draft_free(draft);
	}
}

static void hash_of(const char *text, uint8_t ret[32], struct policy_set **ret_set)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy_set *set = NULL;
	struct person who;

	assert_int_equal(policy_load_bytes(&dirs, person(&who, "/home/a", "", "g"), "x", text,
				 strlen(text), &diags, &set),
		0);
	memcpy(ret, set->hash, 32);
	if (ret_set)
		*ret_set = set;
	else
		policy_set_free(set);
	diag_list_done(&diags);
}

/* The fingerprint follows the meaning, not the wording. */
static void test_hash(void **state)
{
	static const char base[] = "[filesystem]\nread = /a /b\n[network]\nconnect = 10.0.0.1:22\n";
	static const char *const same[] = {
		"# x\n[filesystem]\n  read = /a \\\n  /b\n\n[network]\nconnect=10.0.0.1:22\n",
		"[policy]\ndescription = x\n[filesystem]\nread = /a /b\n[network]\n"
		"connect = tcp://10.0.0.1/32:22-22\nbind = none\n",
	};
	static const char *const other[] = {
		"[filesystem]\nread = /a\n[network]\nconnect = 10.0.0.1:22\n",
		"[filesystem]\nread = /a -/b\n[network]\nconnect = 10.0.0.1:22\n",
		"[filesystem]\nread.x = /a /b\n[network]\nconnect = 10.0.0.1:22\n",
		"[filesystem]\nlist = /a /b\n[network]\nconnect = 10.0.0.1:22\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = 10.0.0.1:23\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = 10.0.0.1:22\nbind = any\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = 10.0.0.1:22\n[ipc]\nsignal = "
		"any\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = 10.0.0.1:22\n[log]\ndenials = "
		"no\n",
		"[filesystem]\nread = /a /b\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = udp://10.0.0.1:22\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = a.example.org:22\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = b.example.org:22\n",
		"[filesystem]\nread = /a /b\n[network]\ndeny = 10.0.0.1:22\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = 10.0.0.1:22\ndeny = *:23\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = 10.0.0.1:22\ndeny = *:24\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = 10.0.0.1:22\nunix = /x\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = 10.0.0.1:22\nunix = -/x\n",
		"[filesystem]\nread = /a /b\n[network]\nconnect = 10.0.0.1:22\nresolve = 1h\n",
	};
	uint8_t hash[32], found[ARRAY_SIZE(other)][32];

	(void)state;
	hash_of(base, hash, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
		hash_of(same[i], found[0], NULL);
		assert_memory_equal(found[0], hash, sizeof(hash));
	}
	for (size_t i = 0; i < ARRAY_SIZE(other); i++) {
		hash_of(other[i], found[i], NULL);
		assert_memory_not_equal(found[i], hash, sizeof(hash));
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(found[i], found[j], sizeof(hash));
	}
}

static void test_rule_ids(void **state)
{
	struct policy_set *set = NULL;
	uint8_t hash[32];

	(void)state;
	hash_of("[filesystem]\nwrite.w = /a\n[network]\nconnect = any\nbind = 22\n"
		"unix.db = /run/db\ndeny.meta = 10.0.0.1\nresolve = 1h\n[ipc]\nsignal = any\n",
		hash, &set);
	assert_int_equal(set->n_rules, 6);
	assert_string_equal(policy_set_rule_id(set, 1), "x:filesystem.write.w");
	assert_string_equal(policy_set_rule_id(set, 2), "x:network.connect");
	assert_string_equal(policy_set_rule_id(set, 3), "x:network.deny.meta");
	assert_string_equal(policy_set_rule_id(set, 4), "x:network.bind");
	assert_string_equal(policy_set_rule_id(set, 5), "x:network.unix.db");
	assert_string_equal(policy_set_rule_id(set, 6), "x:ipc.signal");
	assert_string_equal(policy_set_rule_id(set, 0), "-");
	assert_string_equal(policy_set_rule_id(set, 7), "-");
	assert_string_equal(policy_set_rule_id(set, UINT32_MAX), "-");
	assert_string_equal(policy_set_rule_id(NULL, 1), "-");
	assert_int_equal(set->layers[0]->network.unix_trees[0].rule.number, 1);
	assert_int_equal(set->layers[0]->network.deny_rules[0].rule.number, 3);
	assert_int_equal(set->layers[0]->network.unix_rules[0].rule.number, 5);
	policy_set_free(set);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_path_too_long),
		cmocka_unit_test(test_standing),
		cmocka_unit_test(test_root_home),
		cmocka_unit_test(test_unix_trees),
		cmocka_unit_test(test_serves),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_rule_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
