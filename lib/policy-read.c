/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The strict reader: takes the bytes of one policy file apart and refuses every text that
 * iniparser would read as something else. Knows the grammar, not one key. Only computes.
 */

#include "policy-read.h"

#include <string.h>

#include "cleanup.h"
#include "policy-chars.h"
#include "str.h"

#define LINE_MAX_BYTES 1000 /* iniparser's buffer ends at 1,023 */

struct reader {
	struct policy_draft *draft;
	struct diag_list *diags;
	size_t line;           /* index of the physical line being read */
	bool in_section;       /* a section has begun */
	bool section_is_wrong; /* its header was refused: its keys are read but not kept */
};

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

/* The end of [start, end) without trailing blanks; a carriage return was reported already. */
static const char *trim_end(const char *start, const char *end)
{
	while (end > start && (is_blank(end[-1]) || end[-1] == '\r'))
		end--;
	return end;
}

static struct draft_span span_at(const struct reader *reader, const char *start, const char *end)
{
	size_t begin = reader->draft->lines[reader->line];

	return (struct draft_span){
		.text = start,
		.length = (size_t)(end - start),
		.line = (unsigned)reader->line + 1,
		.column = (unsigned)((size_t)(start - reader->draft->bytes) - begin) + 1,
	};
}

static struct diag_place place_at(const struct reader *reader, const char *start, const char *end)
{
	struct draft_span span = span_at(reader, start, end);

	return policy_draft_place(reader->draft, &span);
}

static void refuse(const struct reader *reader, const char *start, const char *end, const char *id,
	const char *text)
{
	struct diag_place place = place_at(reader, start, end);

	diag_error(reader->diags, &place, id, NULL, "%s", text);
}

/* Adds a line's bytes to the joined line's; says once where it gets too long. */
static void check_length(const struct reader *reader, struct draft_line line, size_t *joined)
{
	size_t before = *joined;

	*joined += (size_t)(line.end - line.start);
	if (before <= LINE_MAX_BYTES && *joined > LINE_MAX_BYTES)
		refuse(reader, line.start + (LINE_MAX_BYTES - before), line.end, "line-too-long",
			"a line has at most 1,000 bytes, those joined to it included "
			"(labels split a list)");
}

/* A backslash that iniparser would take for a continuation: the last non-blank of the line. */
static const char *find_continuation(struct draft_line line)
{
	const char *end = trim_end(line.start, line.end);

	return end > line.start && end[-1] == '\\' ? end - 1 : NULL;
}

static void read_comment(struct reader *reader, struct draft_line line)
{
	const char *backslash = find_continuation(line);
	size_t joined = 0;

	check_length(reader, line, &joined);
	if (backslash)
		refuse(reader, backslash, backslash + 1, "comment-continues",
			"a comment may not end in \"\\\": the next line would be part of it");
}

/* Reports a name of the wrong form; with the lower-case one where that is all. */
static void refuse_name(const struct reader *reader, const char *start, const char *end,
	const char *id, const char *text)
{
	struct diag_place place = place_at(reader, start, end);
	char lower[64];
	size_t n = (size_t)(end - start);
	bool better = n < sizeof(lower) && policy_lower(start, n, lower) && is_label(lower, n);

	diag_error(reader->diags, &place, id, better ? lower : NULL, "%s", text);
}

/* "[name]" and nothing else. Whether it was one. */
static bool read_section_name(
	const struct reader *reader, const char *start, const char *end, struct draft_span *ret)
{
	const char *close = memchr(start, ']', (size_t)(end - start));
	const char *name = start + 1;

	if (!close) {
		refuse(reader, start, end, "syntax", "a section header ends in \"]\"");
		return false;
	}
	if (close + 1 != end) {
		const char *rest = skip_blanks(close + 1, end);

		refuse(reader, rest, end, "syntax", "nothing may follow a section header");
		return false;
	}
	if (close > name && (is_blank(*name) || is_blank(close[-1]))) {
		refuse(reader, start, end, "section-blank",
			"no blanks between the brackets of a section header");
		return false;
	}
	if (!is_key_name(name, (size_t)(close - name))) {
		refuse_name(reader, name, close > name ? close : name + 1, "bad-section-name",
			"a section's name is lower case letters, digits and \"-\", beginning with "
			"a letter");
		return false;
	}
	*ret = span_at(reader, name, close);
	return true;
}

static void read_section(struct reader *reader, struct draft_line line, const char *start)
{
	struct policy_draft *draft = reader->draft;
	size_t joined = 0;
	struct draft_span name;

	check_length(reader, line, &joined);
	reader->in_section = true;
	reader->section_is_wrong = !read_section_name(
		reader, start, trim_end(start, line.end), &name);
	if (!reader->section_is_wrong)
		draft->sections[draft->n_sections++] = (struct draft_section){.name = name};
}

/* "name" or "name.label" in [start, end). */
static bool read_key_name(
	const struct reader *reader, const char *start, const char *end, struct draft_key *key)
{
	const char *dot = memchr(start, '.', (size_t)(end - start));
	const char *name_end = dot ? dot : end;

	if (start == end) {
		refuse(reader, end, end + 1, "syntax", "a key is missing before \"=\"");
		return false;
	}
	if (!is_key_name(start, (size_t)(name_end - start))) {
		refuse_name(reader, start, name_end > start ? name_end : start + 1, "bad-key-name",
			"a key is lower case letters, digits and \"-\", beginning with a letter");
		return false;
	}
	if (dot && !is_label(dot + 1, (size_t)(end - dot - 1))) {
		refuse_name(reader, dot + 1 < end ? dot + 1 : dot, end, "bad-label",
			"a label is lower case letters, digits and \"-\", beginning with a letter "
			"or digit");
		return false;
	}
	key->name = span_at(reader, start, name_end);
	if (dot)
		key->label = span_at(reader, dot + 1, end);
	return true;
}

/* A wrong escape is underlined as far as a right one would go. */
static const char *fault_end(const struct char_fault *fault, const char *p, const char *end)
{
	size_t length = fault->first == '\\' ? ESCAPE_LENGTH : 1;

	return length < (size_t)(end - p) ? p + length : end;
}

/* The end of the word at `word`; *ret_ok says whether it may stand there. */
static const char *read_word(const struct reader *reader, const char *word, const char *end,
	bool first_of_value, bool *ret_ok)
{
	const char *p = word;

	for (*ret_ok = true; p < end && !is_blank(*p); p++) {
		const struct char_fault *fault = policy_value_char(
			p, (size_t)(end - p), p == word && first_of_value);

		if (!fault)
			continue;
		*ret_ok = false;
		refuse(reader, p, fault_end(fault, p, end), fault->id, fault->text);
	}
	return p;
}

/*
 * The words of [start, end), which is what one physical line adds to the value. Those that were
 * refused are left out: nothing more is to be said about them.
 */
static void read_words(const struct reader *reader, const char *start, const char *end,
	struct draft_key *key, bool *first)
{
	struct policy_draft *draft = reader->draft;
	const char *p = skip_blanks(start, end);

	while (p < end) {
		const char *word = p;
		bool ok;

		p = read_word(reader, word, end, *first, &ok);
		*first = false;
		/* What stands behind a "#" was meant as a comment. */
		if (*word == '#' || *word == ';')
			return;
		if (ok && key->n_words++ == 0)
			key->words = &draft->words[draft->n_words];
		if (ok)
			draft->words[draft->n_words++] = span_at(reader, word, p);
		p = skip_blanks(p, end);
	}
}

/* Whether the line that a "\" announces is one that can go on with the value. */
static bool check_next_line(const struct reader *reader, const char *backslash)
{
	const struct policy_draft *draft = reader->draft;
	struct reader next = *reader;
	struct draft_line line;
	const char *start;

	next.line++;
	if (next.line >= draft->n_lines) {
		refuse(reader, backslash, backslash + 1, "continuation-ends",
			"the file ends inside a continuation");
		return false;
	}
	line = draft_line(draft, next.line);
	start = skip_blanks(line.start, trim_end(line.start, line.end));
	if (start == trim_end(line.start, line.end)) {
		refuse(&next, line.start, line.start + 1, "continuation-ends",
			"an empty line inside a continuation");
		return false;
	}
	if (*start == '#' || *start == ';') {
		refuse(&next, start, line.end, "comment-in-continuation",
			"a comment inside a continuation");
		return false;
	}
	if (start == line.start) {
		refuse(&next, start, start + 1, "continuation-start",
			"a line that goes on with a value begins with a blank");
		return false;
	}
	return true;
}

static void check_backslash(
	const struct reader *reader, struct draft_line line, const char *backslash)
{
	if (backslash + 1 < line.end)
		refuse(reader, backslash + 1, line.end, "blank-after-backslash",
			"no blank behind the \"\\\" of a continuation");
	if (backslash == line.start || !is_blank(backslash[-1]))
		refuse(reader, backslash, backslash + 1, "continuation-blank",
			"a blank before the \"\\\" of a continuation: a word never crosses lines");
}

/* The value from `start` on, over as many physical lines as it has. Whether there is one. */
static bool read_value(struct reader *reader, const char *start, struct draft_key *key)
{
	size_t joined = 0;
	bool first = true;

	for (;;) {
		struct draft_line line = draft_line(reader->draft, reader->line);
		const char *backslash = find_continuation(line);

		if (!backslash) {
			check_length(reader, line, &joined);
			read_words(reader, start, trim_end(start, line.end), key, &first);
			return !first;
		}
		check_length(reader, (struct draft_line){line.start, backslash}, &joined);
		read_words(reader, start, backslash, key, &first);
		check_backslash(reader, line, backslash);
		if (!check_next_line(reader, backslash))
			return !first;
		reader->line++;
		start = draft_line(reader->draft, reader->line).start;
	}
}

/* Passes over what is no key, its continuations included. */
static void skip_value(struct reader *reader)
{
	size_t joined = 0;

	for (; reader->line < reader->draft->n_lines; reader->line++) {
		struct draft_line line = draft_line(reader->draft, reader->line);

		check_length(reader, line, &joined);
		if (!find_continuation(line))
			return;
	}
}

static bool check_has_section(const struct reader *reader, const char *start, const char *end)
{
	if (reader->in_section)
		return !reader->section_is_wrong;
	refuse(reader, start, end, "key-outside-section",
		"a key stands in a section; none has begun");
	return false;
}

static void keep_key(struct reader *reader, struct draft_key *key)
{
	struct policy_draft *draft = reader->draft;
	const struct draft_span *last = &key->words[key->n_words - 1];

	key->value = key->words[0];
	key->value.length = (size_t)(last->text + last->length - key->value.text);
	key->section = draft->n_sections - 1;
	draft->sections[key->section].n_keys++;
	draft->keys[draft->n_keys++] = *key;
}

static void read_key(struct reader *reader, struct draft_line line, const char *start)
{
	const char *equals = memchr(start, '=', (size_t)(line.end - start));
	struct draft_key key = {0};
	const char *name_end;
	struct diag_place place;
	bool keep;

	if (!equals) {
		refuse(reader, start, trim_end(start, line.end), "syntax",
			"neither \"[section]\" nor \"key = value\" (a value goes on in the next "
			"line only behind a blank and \"\\\")");
		skip_value(reader);
		return;
	}
	name_end = trim_end(start, equals);
	place = place_at(reader, start, name_end > start ? name_end : equals + 1);
	keep = check_has_section(reader, start, name_end);
	keep = read_key_name(reader, start, name_end, &key) && keep;
	if (!read_value(reader, equals + 1, &key))
		diag_error(reader->diags, &place, "empty-value", NULL, "the value is empty");
	else if (keep && key.n_words > 0)
		keep_key(reader, &key);
}

static void read_line(struct reader *reader)
{
	struct draft_line line = draft_line(reader->draft, reader->line);
	const char *start = skip_blanks(line.start, line.end);
	const char *end = trim_end(start, line.end);

	if (reader->line == 0 && end - start >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0)
		start += 3; /* a byte order mark: reported as a character, no need to stumble over
			       it */
	if (start == end) {
		size_t joined = 0;

		check_length(reader, line, &joined);
	} else if (*start == '#' || *start == ';') {
		read_comment(reader, line);
	} else if (*start == '[') {
		read_section(reader, line, start);
	} else {
		read_key(reader, line, start);
	}
}

void policy_read_lines(struct policy_draft *draft, struct diag_list *diags)
{
	struct reader reader = {.draft = draft, .diags = diags};

	for (reader.line = 0; reader.line < draft->n_lines; reader.line++)
		read_line(&reader);
}
