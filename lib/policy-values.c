/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The types of policy values, and the small things all handlers do. */

#include <stdarg.h>
#include <stdio.h>

#include "policy-apply.h"
#include "policy-chars.h"
#include "policy-path.h"
#include "span.h"
#include "str.h"

void check_refuse(struct policy_check *check, const struct draft_span *at, const char *id,
	const char *suggestion, const char *format, ...)
{
	struct diag_place place = policy_draft_place(check->draft, at);
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	if (text)
		diag_error(check->diags, &place, id, suggestion, "%s", text);
	else
		check_out_of_memory(check);
}

void *check_out_of_memory(struct policy_check *check)
{
	if (check->error == 0)
		check->error = -ENOMEM;
	return NULL;
}

char *check_unescape(struct policy_check *check, const struct draft_span *word)
{
	char *plain = malloc(word->length + 1);
	size_t n = 0;

	if (!plain)
		return check_out_of_memory(check);
	for (size_t i = 0; i < word->length; n++) {
		int value = escape_value(word->text + i, word->length - i);

		plain[n] = value >= 0 ? (char)value : word->text[i];
		i += value >= 0 ? ESCAPE_LENGTH : 1;
	}
	plain[n] = '\0';
	return plain;
}

/* Doubles at the powers of two. */
void *check_grow(struct policy_check *check, void *items, size_t n, size_t size)
{
	char *grown = items;

	if (n == 0 || (n & (n - 1)) == 0)
		grown = reallocarray(items, n ? 2 * n : 1, size);
	if (!grown)
		return check_out_of_memory(check);
	memset(grown + n * size, 0, size);
	return grown;
}

const char *check_keep(struct policy_check *check, const char *text)
{
	const char *kept = texts_add(&check->policy->texts, text, strlen(text));

	return kept ? kept : check_out_of_memory(check);
}

/* "group/students+base:network.connect.dns". NULL without memory. */
static const char *make_id(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct str *id = &check->scratch;

	id->length = 0;
	str_puts(id, check->options->name);
	if (check->include) {
		str_add_char(id, '+');
		str_puts(id, check->include);
	}
	str_add_char(id, ':');
	str_puts(id, key->section);
	str_add_char(id, '.');
	str_puts(id, key->name);
	if (draft->label.length > 0) {
		str_add_char(id, '.');
		str_add(id, draft->label.text, draft->label.length);
	}
	return id->failed ? check_out_of_memory(check) : check_keep(check, id->text);
}

bool check_rule(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word, struct rule *ret)
{
	struct rule_texts *texts = &check->texts;

	if (texts->draft != check->draft) {
		texts->file = check_keep(check, check->draft->file);
		texts->draft = texts->file ? check->draft : NULL;
	}
	if (texts->key != draft) {
		texts->id = make_id(check, key, draft);
		texts->key = texts->id ? draft : NULL;
	}
	if (!texts->draft || !texts->key)
		return false;
	*ret = (struct rule){
		.id = texts->id, .file = texts->file, .line = word->line, .column = word->column};
	return true;
}

struct draft_span check_part(const struct draft_span *word, size_t offset, size_t length)
{
	struct draft_span part = *word;

	if (memchr(word->text, '\\', word->length) || offset > word->length)
		return part;
	part.text += offset;
	part.column += (unsigned)offset;
	part.length = length < word->length - offset ? length : word->length - offset;
	return part;
}

bool check_path(struct policy_check *check, const struct draft_span *word, size_t offset,
	bool changes, struct path_rule *rule)
{
	struct path_error error;
	int r = policy_path_expand(word->text + offset, word->length - offset,
		check->options->identity, changes, &check->scratch, &rule->may_be_missing, &error);

	if (r < 0)
		check_out_of_memory(check);
	if (r == 0)
		rule->path = check_keep(check, check->scratch.text);
	if (r == PATH_E_SYNTAX) {
		struct draft_span at = check_part(word, offset + error.offset, error.length);

		check_refuse(check, &at, error.id, NULL, "%s", error.text);
	}
	return r == 0 && rule->path;
}

/* "a, b or c" of "a|b|c". */
static void add_choices(struct str *str, const char *choices)
{
	while (*choices) {
		size_t n = strcspn(choices, "|");
		const char *next = choices + n + (choices[n] == '|');

		str_add(str, choices, n);
		if (*next)
			str_puts(str, strchr(next, '|') ? ", " : " or ");
		choices = next;
	}
}

bool check_choice(struct policy_check *check, const struct policy_key *key,
	const struct draft_span *word, size_t *ret_index)
{
	_cleanup_str_ struct str choices = STR_INIT;
	char buffer[32];

	if (!str_in_choices(word->text, word->length, key->choices, ret_index)) {
		add_choices(&choices, key->choices);
		check_refuse(check, word, "bad-choice",
			str_nearest_choice(
				word->text, word->length, key->choices, buffer, sizeof(buffer)),
			"\"%.*s\" is not %s", (int)word->length, word->text,
			choices.text ? choices.text : key->choices);
		return false;
	}
	return true;
}

bool check_bool(struct policy_check *check, const struct draft_span *word, bool *ret)
{
	static const char *const yes[] = {"true", "on", "1", "y", "True", "Yes", "YES", "enable"};
	static const char *const no[] = {"false", "off", "0", "n", "False", "No", "NO", "disable"};
	const char *meant = NULL;

	if (str_equal(word->text, word->length, "yes") ||
		str_equal(word->text, word->length, "no")) {
		*ret = word->text[0] == 'y';
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		if (str_equal(word->text, word->length, yes[i]))
			meant = "yes";
		if (str_equal(word->text, word->length, no[i]))
			meant = "no";
	}
	check_refuse(check, word, "bad-bool", meant, "\"%.*s\" is neither yes nor no",
		(int)word->length, word->text);
	return false;
}

bool check_name(struct policy_check *check, const struct draft_span *word)
{
	if (is_label(word->text, word->length))
		return true;
	check_refuse(check, word, "bad-name", NULL,
		"a name is lower case letters, digits and \"-\", beginning with a letter or digit");
	return false;
}

/* A number with one of the units behind it; *ret in the smallest unit. */
struct unit {
	const char *suffix; /* "" for a plain number */
	uint64_t factor;
};

static const struct unit *unit_find(
	const struct draft_span *word, const struct unit *units, size_t n_units, size_t *ret_digits)
{
	size_t digits = 0;

	while (digits < word->length && word->text[digits] >= '0' && word->text[digits] <= '9')
		digits++;
	*ret_digits = digits;
	for (size_t i = 0; i < n_units; i++)
		if (str_equal(word->text + digits, word->length - digits, units[i].suffix))
			return &units[i];
	return NULL;
}

static const char *limit_of(
	const struct policy_key *key, uint64_t value, char buffer[SPAN_TEXT_MAX])
{
	if (key->type == KEY_DURATION)
		return span_format(value, SPAN_PARTS, buffer);
	snprintf(buffer, SPAN_TEXT_MAX, "%llu", (unsigned long long)value);
	return buffer;
}

static void refuse_range(
	struct policy_check *check, const struct policy_key *key, const struct draft_span *word)
{
	char min[SPAN_TEXT_MAX], max[SPAN_TEXT_MAX];

	limit_of(key, key->min, min);
	if (key->max > 0)
		check_refuse(check, word, "out-of-range", NULL, "%.*s is out of range: %s to %s",
			(int)word->length, word->text, min, limit_of(key, key->max, max));
	else
		check_refuse(check, word, "out-of-range", NULL, "%.*s is out of range: at least %s",
			(int)word->length, word->text, min);
}

static bool check_units(struct policy_check *check, const struct policy_key *key,
	const struct draft_span *word, const struct unit *unit, size_t digits, const char *what,
	uint64_t *ret)
{
	uint64_t max = key->max ? key->max : UINT64_MAX, value = 0;
	int r = unit ? str_parse_number(word->text, digits, max / unit->factor, &value) : -EINVAL;

	if (r == -EINVAL) {
		check_refuse(check, word, "bad-number", NULL, "\"%.*s\" is no %s",
			(int)word->length, word->text, what);
		return false;
	}
	if (r < 0 || value * unit->factor < key->min) {
		refuse_range(check, key, word);
		return false;
	}
	*ret = value * unit->factor;
	return true;
}

bool check_number(struct policy_check *check, const struct policy_key *key,
	const struct draft_span *word, uint64_t *ret)
{
	static const struct unit units[] = {{"", 1}};
	size_t digits;
	const struct unit *unit = unit_find(word, units, ARRAY_SIZE(units), &digits);

	return check_units(check, key, word, unit, digits,
		"number (decimal digits, no sign, no leading 0)", ret);
}

bool check_duration(struct policy_check *check, const struct policy_key *key,
	const struct draft_span *word, uint64_t *ret)
{
	static const struct unit units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
	size_t digits;
	const struct unit *unit = unit_find(word, units, ARRAY_SIZE(units), &digits);

	return check_units(check, key, word, unit, digits,
		"duration (a number and s, min, h or d, for example 90s)", ret);
}

bool check_rate(struct policy_check *check, const struct policy_key *key,
	const struct draft_span *word, uint64_t *ret, unsigned *ret_period)
{
	static const struct unit units[] = {{"/s", 1}, {"/min", 1}};
	size_t digits;
	const struct unit *unit = unit_find(word, units, ARRAY_SIZE(units), &digits);

	if (!check_units(check, key, word, unit, digits,
		    "rate (a number and /s or /min, for example 20/s)", ret))
		return false;
	*ret_period = unit == &units[1] ? 60 : 1;
	return true;
}
