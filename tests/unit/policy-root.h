/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A folder of our own that stands for the root of the file system, and a user whose policies lie
 * in it. Owners can only be tried by root; the rest needs nobody.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#include "policy-lookup.h"
#include "str.h"

#define UNUSED __attribute__((unused))

static char root[] = "/tmp/sandlock-test-XXXXXX";
static struct policy_dirs dirs = {
	.root = root, .confdir = "/etc/sandlock", .vendordir = "/usr/share/sandlock"};

static char user[] = "alice", superuser[] UNUSED = "root", toor[] UNUSED = "toor",
	    home[] = "/home/alice", shell[] = "/bin/sh";
static char lab[] = "lab", students[] = "students";
static gid_t gids[] = {100, 101, 102};
static char *names[] = {students, NULL, lab};
static struct identity alice;

static const char some[] UNUSED = "[ipc]\nsignal = session\n";
static const char broken[] UNUSED = "[ipc]\nsignal = nobody\n";

/* `file` beneath confdir; it may climb out of it. */
static char *path_of(const char *file)
{
	char *path = str_format("%s/etc/sandlock/%s", root, file);

	assert_non_null(path);
	return path;
}

static void put(const char *file, const char *text)
{
	_cleanup_free_ char *path = path_of(file);
	FILE *out;

	for (char *p = path + strlen(root); (p = strchr(p + 1, '/'));) {
		*p = '\0';
		assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
		*p = '/';
	}
	out = fopen(path, "we");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level == 0 ? 0 : remove(path);
}

/* Each test begins with an empty root, and with alice of the groups students and lab. */
static int setup(void **state)
{
	(void)state;
	alice = (struct identity){
		.user = user,
		.uid = 1000,
		.gid = 100,
		.home = home,
		.shell = shell,
		.groups = gids,
		.n_groups = 3,
		.group_names = names,
	};
	dirs.any_owner = geteuid() != 0;
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int begin(void **state)
{
	(void)state;
	umask(022);
	return mkdtemp(root) && chmod(root, 0755) == 0 ? 0 : -1;
}

static int end(void **state)
{
	int r = setup(state);

	return r == 0 ? rmdir(root) : r;
}

/* Looks up and writes the result as text: "r: layer layer", with the first error's id. */
static UNUSED void expect(const char *service, const char *expected)
{
	struct diag_list diags = DIAG_LIST_INIT;
	_cleanup_str_ struct str text = STR_INIT;
	struct policy_set *set = NULL;
	int r = policy_lookup(&dirs, &alice, service, &diags, &set);
	const struct diag *first = diag_first_error(&diags);

	str_addf(&text, "%d", r);
	for (size_t i = 0; set && i < set->n_layers; i++)
		str_addf(&text, " %s", set->layers[i]->name);
	if (r == POLICY_E_INVALID)
		str_addf(&text, " %s", first ? first->id : "(no error)");
	assert_string_equal(text.text, expected);
	policy_set_free(set);
	diag_list_done(&diags);
}
