/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One path word of a policy. Never looks at the file system. */

#include "policy-path.h"

#include <limits.h>
#include <string.h>

#include "cleanup.h"
#include "policy-chars.h"
#include "str.h"

struct parse {
	const char *word;
	size_t length;
	const struct identity *identity;
	struct path_error *error;
};

static int refuse(
	const struct parse *parse, size_t offset, size_t length, const char *id, const char *text)
{
	*parse->error = (struct path_error){id, text, offset, length};
	return PATH_E_SYNTAX;
}

static const char *group_name(const struct identity *identity)
{
	for (size_t i = 0; i < identity->n_groups; i++)
		if (identity->groups[i] == identity->gid)
			return identity->group_names[i];
	return NULL;
}

static void add_text(struct str *str, const char *text)
{
	if (text)
		str_puts(str, text);
}

static void add_home(struct str *str, const struct identity *identity)
{
	add_text(str, identity->home);
}

static void add_user(struct str *str, const struct identity *identity)
{
	add_text(str, identity->user);
}

static void add_uid(struct str *str, const struct identity *identity)
{
	str_addf(str, "%u", (unsigned)identity->uid);
}

static void add_group(struct str *str, const struct identity *identity)
{
	add_text(str, group_name(identity));
}

static void add_gid(struct str *str, const struct identity *identity)
{
	str_addf(str, "%u", (unsigned)identity->gid);
}

static void add_runtime(struct str *str, const struct identity *identity)
{
	str_addf(str, "/run/user/%u", (unsigned)identity->uid);
}

/* An empty shell field is /bin/sh: passwd(5). */
static void add_shell(struct str *str, const struct identity *identity)
{
	add_text(str, identity->shell && *identity->shell ? identity->shell : "/bin/sh");
}

static void add_percent(struct str *str, const struct identity *identity)
{
	(void)identity;
	str_add_char(str, '%');
}

static const struct specifier {
	char letter;
	bool is_path; /* a path may begin with it */
	void (*add)(struct str *str, const struct identity *identity);
} specifiers[] = {
	{'h', true, add_home},
	{'u', false, add_user},
	{'U', false, add_uid},
	{'g', false, add_group},
	{'G', false, add_gid},
	{'t', true, add_runtime},
	{'s', true, add_shell},
	{'%', false, add_percent},
};

/* The specifier at the start of text, or NULL. */
static const struct specifier *specifier_at(const char *text, size_t length)
{
	for (size_t i = 0; length >= 2 && text[0] == '%' && i < ARRAY_SIZE(specifiers); i++)
		if (specifiers[i].letter == text[1])
			return &specifiers[i];
	return NULL;
}

static int expand_specifier(const struct parse *parse, size_t at, struct str *str)
{
	const struct specifier *specifier = specifier_at(parse->word + at, parse->length - at);
	size_t before = str->length;

	if (!specifier)
		return refuse(parse, at, at + 1 < parse->length ? 2 : 1, "unknown-specifier",
			"unknown specifier; there are %h home, %u user, %U uid, %g group, %G gid, "
			"%t /run/user/UID, %s shell, %%");
	if (!parse->identity) {
		str_add(str, parse->word + at, 2);
		return 0;
	}
	specifier->add(str, parse->identity);
	if (str->length == before && !str->failed)
		return refuse(
			parse, at, 2, "empty-specifier", "this specifier is empty for this user");
	return 0;
}

/* How far a word goes on without a specifier or an escape; at least one. */
static size_t plain_length(const char *text, size_t length)
{
	size_t n = 1;

	while (n < length && text[n] != '%' && text[n] != '\\')
		n++;
	return n;
}

static int expand(const struct parse *parse, size_t start, struct str *str)
{
	for (size_t i = start; i < parse->length;) {
		int value = escape_value(parse->word + i, parse->length - i);
		int r;

		if (value >= 0) {
			str_add_char(str, (char)value);
			i += ESCAPE_LENGTH;
		} else if (parse->word[i] == '%') {
			r = expand_specifier(parse, i, str);
			if (r != 0)
				return r;
			i += 2;
		} else {
			size_t n = plain_length(parse->word + i, parse->length - i);

			str_add(str, parse->word + i, n);
			i += n;
		}
	}
	return str->failed ? -ENOMEM : 0;
}

/* Walks the components: whether one is "..", and whether any is a name. */
static bool has_dotdot(const char *path, bool *ret_is_root)
{
	*ret_is_root = true;
	for (const char *p = path; *p;) {
		size_t n = 0;

		while (p[n] && p[n] != '/')
			n++;
		if (n == 2 && p[0] == '.' && p[1] == '.')
			return true;
		if (n > 1 || (n == 1 && p[0] != '.'))
			*ret_is_root = false;
		p += n + (p[n] == '/');
	}
	return false;
}

static int check_expanded(const struct parse *parse, const char *path, size_t length, bool changes)
{
	bool is_root;

	if (has_dotdot(path, &is_root))
		return refuse(parse, 0, parse->length, "path-dotdot",
			"a path may not have a component \"..\"");
	if (parse->identity && path[0] != '/')
		return refuse(parse, 0, parse->length, "path-not-absolute",
			"the path is not absolute for this user");
	if (changes && is_root)
		return refuse(parse, 0, parse->length, "path-root",
			"\"/\" may not be granted for anything that writes or sends");
	if (length >= PATH_MAX)
		return refuse(parse, 0, parse->length, "path-too-long",
			"the path is longer than the kernel takes");
	return 0;
}

int policy_path_expand(const char *word, size_t length, const struct identity *identity,
	bool changes, struct str *ret, bool *ret_may_be_missing, struct path_error *ret_error)
{
	const struct parse parse = {word, length, identity, ret_error};
	size_t start = length > 0 && word[0] == '-';
	const struct specifier *first = specifier_at(word + start, length - start);
	int r;

	ret->length = 0;
	if (start == length)
		return refuse(&parse, 0, length, "path-not-absolute", "a path is missing");
	if (word[start] != '/' && !(first && first->is_path))
		return refuse(&parse, start, length - start, "path-not-absolute",
			"a path begins with /, %h, %t or %s");
	r = expand(&parse, start, ret);
	if (r != 0)
		return r;
	r = check_expanded(&parse, ret->text, ret->length, changes);
	if (r == 0)
		*ret_may_be_missing = start > 0;
	return r;
}

int policy_path_parse(const char *word, size_t length, const struct identity *identity,
	bool changes, char **ret, bool *ret_may_be_missing, struct path_error *ret_error)
{
	_cleanup_str_ struct str str = STR_INIT;
	bool may_be_missing;
	char *path;
	int r = policy_path_expand(
		word, length, identity, changes, &str, &may_be_missing, ret_error);

	if (r != 0)
		return r;
	path = str_take(&str);
	if (!path)
		return -ENOMEM;
	*ret = path;
	*ret_may_be_missing = may_be_missing;
	return 0;
}
