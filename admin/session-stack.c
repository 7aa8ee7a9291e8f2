/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reads pam.d(5) as libpam does: "@include" takes all of a file, "include" the lines of the type,
 * "substack" too, but as a stack of its own, which counts as one module where modules are skipped.
 */

#include "session-stack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "named-file.h"
#include "str.h"

#define LEVELS_MAX  16 /* of includes: PAM_SUBSTACK_MAX_LEVEL of libpam */
#define ENTRIES_MAX 512

/* Where libpam looks, the first that has the file. */
static const char *const folders[] = {"/etc/pam.d", "/usr/lib/pam.d", "/usr/share/pam.d"};

struct reading {
	const char *root;
	struct session_stack *stack;
	unsigned includes; /* how deep */
};

static int read_service(struct reading *reading, const char *service, unsigned level);

/* In place of "required" and the like: pam.d(5). */
static const struct {
	const char *word;
	int on_success;
	int otherwise;
} controls[] = {
	{"required", PAM_GOES_ON, PAM_DENIES},
	{"requisite", PAM_GOES_ON, PAM_STOPS},
	{"sufficient", PAM_SUCCEEDS, PAM_GOES_ON},
	{"optional", PAM_GOES_ON, PAM_GOES_ON},
};

static bool parse_action(const char *word, size_t length, int *ret)
{
	static const struct {
		const char *word;
		int action;
	} words[] = {
		{"ok", PAM_GOES_ON},
		{"ignore", PAM_GOES_ON},
		{"reset", PAM_GOES_ON},
		{"bad", PAM_DENIES},
		{"die", PAM_STOPS},
		{"done", PAM_SUCCEEDS},
	};
	uint64_t jump;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_equal(word, length, words[i].word)) {
			*ret = words[i].action;
			return true;
		}
	if (str_parse_number(word, length, ENTRIES_MAX, &jump) != 0)
		return false;
	*ret = (int)jump;
	return true;
}

static void add_action(struct stack_entry *entry, int action)
{
	if (entry->n_actions < PAM_ACTIONS_MAX)
		entry->actions[entry->n_actions++] = action;
}

/* "[success=1 default=ignore]": what is not named does what default says, else "bad". */
static bool parse_list(const char *list, struct stack_entry *entry)
{
	int success = 0, otherwise = PAM_DENIES, action;
	bool has_success = false;

	for (const char *p = list + 1; *(p += strspn(p, " \t")) && *p != ']';) {
		size_t n = strcspn(p, " \t]"), name = strcspn(p, "= \t]");

		if (name >= n || !parse_action(p + name + 1, n - name - 1, &action))
			return false;
		if (str_equal(p, name, "success")) {
			success = action;
			has_success = true;
		} else if (str_equal(p, name, "default")) {
			otherwise = action;
		} else {
			add_action(entry, action);
		}
		p += n;
	}
	entry->on_success = has_success ? success : otherwise;
	add_action(entry, entry->on_success);
	add_action(entry, otherwise);
	return true;
}

static bool parse_control(const char *control, struct stack_entry *entry)
{
	if (*control == '[')
		return parse_list(control, entry);
	for (size_t i = 0; i < ARRAY_SIZE(controls); i++) {
		if (strcasecmp(control, controls[i].word) != 0)
			continue;
		entry->on_success = controls[i].on_success;
		add_action(entry, controls[i].on_success);
		add_action(entry, controls[i].otherwise);
		return true;
	}
	return false;
}

/* A later reason does not take the place of the first. 0 or -ENOMEM. */
static int set_broken(struct reading *reading, const char *file, unsigned line, const char *why)
{
	if (!reading->stack->broken)
		reading->stack->broken = str_format("%s:%u: %s", file, line, why);
	return reading->stack->broken ? 0 : -ENOMEM;
}

/* One line, taken apart. */
struct line {
	const char *file;
	unsigned number;
	unsigned level;
	char *type, *control, *module, *arguments;
};

static int add_entry(struct reading *reading, const struct line *line, const char *module)
{
	struct session_stack *stack = reading->stack;
	const char *slash = module ? strrchr(module, '/') : NULL;
	struct stack_entry *grown, entry = {.line = line->number, .level = line->level};

	if (stack->n_entries == ENTRIES_MAX)
		return -E2BIG;
	entry.is_optional = line->type[0] == '-';
	if (module && !parse_control(line->control, &entry))
		return set_broken(reading, line->file, line->number, "cannot be understood");
	grown = reallocarray(stack->entries, stack->n_entries + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	stack->entries = grown;
	entry.module = module ? strdup(slash ? slash + 1 : module) : NULL;
	entry.control = strdup(line->control);
	entry.file = strdup(line->file);
	entry.arguments = strdup(line->arguments);
	grown[stack->n_entries++] = entry;
	return (module && !entry.module) || !entry.control || !entry.file || !entry.arguments
		       ? -ENOMEM
		       : 0;
}

/* The line's words: type, control (a list in brackets is one), module. */
static void split(char *text, struct line *line)
{
	char *p = text + strspn(text, " \t");

	line->type = p;
	p += strcspn(p, " \t");
	p += *p ? (*p = '\0', 1) : 0;
	p += strspn(p, " \t");
	line->control = p;
	p += *p == '[' ? strcspn(p, "]") + (strchr(p, ']') != NULL) : strcspn(p, " \t");
	p += *p ? (*p = '\0', 1) : 0;
	p += strspn(p, " \t");
	line->module = p;
	p += strcspn(p, " \t");
	p += *p ? (*p = '\0', 1) : 0;
	line->arguments = p;
}

static int include(
	struct reading *reading, const struct line *line, const char *service, unsigned level)
{
	int r = read_service(reading, service, level);

	if (r == -ENOENT)
		return set_broken(reading, line->file, line->number, "includes what is not there");
	return r;
}

static int take_line(struct reading *reading, struct line *line)
{
	const char *type = line->type + (line->type[0] == '-');
	int r;

	if (strcmp(line->type, "@include") == 0)
		return include(reading, line, line->control, line->level);
	if (strcasecmp(type, "session") != 0)
		return 0;
	if (strcmp(line->control, "include") == 0)
		return include(reading, line, line->module, line->level);
	if (strcmp(line->control, "substack") != 0)
		return add_entry(reading, line, line->module);
	r = add_entry(reading, line, NULL);
	return r == 0 ? include(reading, line, line->module, line->level + 1) : r;
}

/* A comment goes to the end of the line, and a backslash before it goes on in the next. */
static int read_lines(struct reading *reading, FILE *file, const char *name, unsigned level)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_str_ struct str joined = STR_INIT;
	size_t size = 0;
	int r = 0;

	for (unsigned number = 1; r == 0 && getline(&text, &size, file) >= 0; number++) {
		struct line line = {.file = name, .number = number, .level = level};
		size_t n = strcspn(text, "#\n");
		bool goes_on = text[n] == '\n' && n > 0 && text[n - 1] == '\\';

		str_add(&joined, text, n - goes_on);
		str_puts(&joined, " ");
		if (goes_on)
			continue;
		if (joined.failed)
			return -ENOMEM;
		split(joined.text, &line);
		if (*line.type)
			r = take_line(reading, &line);
		str_done(&joined);
		joined = STR_INIT;
	}
	return r == 0 && ferror(file) ? -EIO : r;
}

static int read_service(struct reading *reading, const char *service, unsigned level)
{
	int r = -ENOENT;

	if (reading->includes == LEVELS_MAX)
		return -ELOOP;
	for (size_t i = 0; i < ARRAY_SIZE(folders) && r == -ENOENT; i++) {
		_cleanup_free_ char *name = str_format("%s%s%s", *service == '/' ? "" : folders[i],
			*service == '/' ? "" : "/", service);
		_cleanup_free_ char *path = name ? str_format("%s%s", reading->root, name) : NULL;
		_cleanup_file_ FILE *file = path ? named_file_stream(path) : NULL;

		if (!path)
			return -ENOMEM;
		r = file ? 0 : -errno;
		reading->includes++;
		if (file)
			r = read_lines(reading, file, name, level);
		reading->includes--;
	}
	return r;
}

int session_stack_read(const char *root, const char *service, struct session_stack *ret)
{
	struct session_stack stack = {0};
	struct reading reading = {.root = root, .stack = &stack};
	int r = read_service(&reading, service, 0);

	if (r < 0) {
		session_stack_done(&stack);
		return r;
	}
	*ret = stack;
	return 0;
}

void session_stack_done(struct session_stack *stack)
{
	for (size_t i = 0; i < stack->n_entries; i++) {
		free(stack->entries[i].module);
		free(stack->entries[i].control);
		free(stack->entries[i].file);
		free(stack->entries[i].arguments);
	}
	free(stack->entries);
	free(stack->broken);
	*stack = (struct session_stack){0};
}
