/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The strict reader against iniparser: whatever the first accepts, the second reads alike. Texts
 * are those of tests/data/good, and very many that differ from them by a few bytes.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

#include "fd.h"
#include "policy-ini.h"
#include "policy.h"
#include "str.h"

#define MUTATIONS_PER_TEXT 400

static const char text[] = "[policy]\n"
			   "description = a  b \\\n"
			   "  c\n"
			   "\n"
			   "[filesystem]\n"
			   "\tread.data = /srv/a /srv/b \\\n"
			   " /srv/c\n"
			   "list=/\n";

static struct policy_draft *read_text(
	const char *bytes, size_t size, struct diag_list *diags, bool strictly)
{
	struct policy_draft *draft = NULL;

	if (strictly)
		assert_int_equal(policy_draft_read("t", NULL, bytes, size, diags, &draft), 0);
	else
		assert_int_equal(policy_draft_load("t", NULL, bytes, size, diags, &draft), 0);
	return draft;
}

static void check_span(
	const struct draft_span *span, const char *expected, unsigned line, unsigned column)
{
	assert_true(str_equal(span->text, span->length, expected));
	assert_int_equal(span->line, line);
	assert_int_equal(span->column, column);
}

static void test_draft(void **state)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy_draft *draft = read_text(text, strlen(text), &diags, false);
	struct diag_place place;

	(void)state;
	assert_int_equal(diags.n_items, 0);
	assert_int_equal(draft->n_sections, 2);
	check_span(&draft->sections[0].name, "policy", 1, 2);
	check_span(&draft->sections[1].name, "filesystem", 5, 2);
	assert_int_equal(draft->sections[1].n_keys, 2);
	assert_int_equal(draft->n_keys, 3);
	check_span(&draft->keys[0].name, "description", 2, 1);
	assert_int_equal(draft->keys[0].label.length, 0);
	check_span(&draft->keys[0].value, "a  b \\\n  c", 2, 15);
	check_span(&draft->keys[1].name, "read", 6, 2);
	check_span(&draft->keys[1].label, "data", 6, 7);
	assert_int_equal(draft->keys[1].section, 1);
	assert_int_equal(draft->keys[1].n_words, 3);
	check_span(&draft->keys[1].words[1], "/srv/b", 6, 21);
	check_span(&draft->keys[1].words[2], "/srv/c", 7, 2);
	check_span(&draft->keys[2].words[0], "/", 8, 6);
	place = policy_draft_place(draft, &draft->keys[1].words[2]);
	assert_string_equal(place.file, "t");
	assert_int_equal(place.length, 6);
	assert_true(str_equal(place.source_line, place.source_length, " /srv/c"));
	policy_draft_free(draft);
}

/* The comparison sees every kind of difference: it is shown drafts that are not the text's. */
static void test_disagreement(void **state)
{
	static const struct {
		const char *find, *replace; /* of equal length */
		size_t n_keys, n_sections;  /* to forget */
		bool differs;
	} rows[] = {
		{"", "", 0, 0, false},
		{"/srv/b", "/srv/x", 0, 0, true},
		{"list", "hide", 0, 0, true},
		{"data", "date", 0, 0, true},
		{"[filesystem]", "[filesistem]", 0, 0, true},
		{"[policy]", "[police]", 0, 0, true},
		{"a  b", "a\t b", 0, 0, true},
		{"", "", 1, 0, true},
		{"", "", 0, 1, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct diag_list diags = DIAG_LIST_INIT;
		struct policy_draft *draft = read_text(text, strlen(text), &diags, true);
		struct policy_draft *other = read_text(text, strlen(text), &diags, true);
		char *place = strstr(other->bytes, rows[i].find);

		/* `draft` keeps its spans in a text that `other` reads differently. */
		memcpy(place, rows[i].replace, strlen(rows[i].replace));
		draft->n_keys -= rows[i].n_keys;
		draft->n_sections -= rows[i].n_sections;
		char *own = draft->bytes;
		draft->bytes = other->bytes;
		assert_int_equal(policy_draft_compare(draft, &diags), 0);
		draft->bytes = own;
		assert_int_equal(diag_failed(&diags), rows[i].differs);
		if (rows[i].differs)
			assert_string_equal(diags.items[0].id, "readers-disagree");
		policy_draft_free(draft);
		policy_draft_free(other);
		diag_list_done(&diags);
	}
}

static void test_too_big(void **state)
{
	size_t size = POLICY_FILE_MAX + 1;
	_cleanup_free_ char *bytes = malloc(size);
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy_draft *draft;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, '\n', size);
	draft = read_text(bytes, size - 1, &diags, false);
	assert_false(diag_failed(&diags));
	policy_draft_free(draft);
	draft = read_text(bytes, size, &diags, false);
	assert_true(diag_failed(&diags));
	assert_string_equal(diags.items[0].id, "file-too-big");
	policy_draft_free(draft);
	diag_list_done(&diags);
}

/* A small generator of our own: the same texts on every machine. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Pieces that mean something to one of the readers. */
static const char *const pieces[] = {"\\", "\\\n", " \\\n ", "\n", "\r", "\r\n", "=", " = ", "[",
	"]", "[x]", "#", ";", "\"", "'", "\t", " ", "%", ":", ".", "x", "X", "\xc3\xa9", "\xff",
	"\x01", "\x0b", "\x0c", "\xc2\xa0", "\xe2\x80\xa8", "\\x20", "read = /", "\nread = /\n",
	"\n[a]\n", "\nx=y", "''", "\"\"", "= =", "\n\n", "\n ", "  "};

/* Replaces, inserts or removes a few times. Returns the new size, at most size + 64. */
static size_t mutate(char *bytes, size_t size, uint32_t *seed)
{
	for (unsigned n = 1 + next_random(seed) % 3; n > 0; n--) {
		size_t at = size ? next_random(seed) % (size + 1) : 0;
		size_t cut = next_random(seed) % 4 == 0 ? next_random(seed) % 8 : 0;
		const char *piece = pieces[next_random(seed) % ARRAY_SIZE(pieces)];
		size_t length = next_random(seed) % 5 == 0 ? 0 : strlen(piece);

		cut = cut < size - at ? cut : size - at;
		memmove(bytes + at + length, bytes + at + cut, size - at - cut);
		memcpy(bytes + at, piece, length);
		size += length - cut;
	}
	return size;
}

struct counts {
	size_t texts, accepted, refused;
};

/* An accepted text on which the two differ is the hole that this is about. */
static void check_agreement(const char *name, const char *bytes, size_t size, struct counts *counts)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy_draft *draft = read_text(bytes, size, &diags, false);

	for (size_t i = 0; i < diags.n_items; i++)
		if (strcmp(diags.items[i].id, "readers-disagree") == 0)
			fail_msg("%s: %s, line %u, of:\n%.*s", name, diags.items[i].text,
				diags.items[i].line, (int)size, bytes);
	counts->accepted += !diag_failed(&diags);
	counts->refused += diag_failed(&diags);
	policy_draft_free(draft);
	diag_list_done(&diags);
}

static void run_text(const char *folder, const char *name, struct counts *counts)
{
	_cleanup_free_ char *path = NULL, *bytes = NULL, *mutated = NULL;
	_cleanup_close_ int fd = -1;
	uint32_t seed = 1;
	size_t size;

	assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fd_read_all(fd, POLICY_FILE_MAX, &bytes, &size), 0);
	mutated = malloc(size + 64);
	assert_non_null(mutated);
	for (const char *p = name; *p; p++)
		seed = seed * 31 + (unsigned char)*p;
	check_agreement(name, bytes, size, counts);
	for (size_t i = 0; i < MUTATIONS_PER_TEXT; i++) {
		memcpy(mutated, bytes, size);
		check_agreement(name, mutated, mutate(mutated, size, &seed), counts);
	}
	counts->texts++;
}

static void test_mutations(void **state)
{
	_cleanup_free_ char *folder = NULL;
	struct counts counts = {0};
	struct dirent *entry;
	DIR *dir;

	(void)state;
	assert_true(asprintf(&folder, "%s/good", getenv("SANDLOCK_TEST_DATA")) > 0);
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir)))
		if (strstr(entry->d_name, ".ini"))
			run_text(folder, entry->d_name, &counts);
	closedir(dir);
	assert_true(counts.texts >= 20);
	assert_true(counts.accepted >= counts.texts * 20);
	assert_true(counts.refused >= counts.texts * 20);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_draft),
		cmocka_unit_test(test_disagreement),
		cmocka_unit_test(test_too_big),
		cmocka_unit_test(test_mutations),
	};

	if (!getenv("SANDLOCK_TEST_DATA")) {
		fprintf(stderr, "SANDLOCK_TEST_DATA does not name the folder of test data\n");
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
