/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a command of sandlock-admin is: one row of the table in main.c, one file with its run
 * function. `struct admin` is what all of them share: the common options, and what went wrong.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json.h"

/* Exit codes; where several apply admin_fail() keeps the graver one. */
enum {
	EXIT_YES = 0, /* yes, valid, done */
	EXIT_NO = 1,  /* no, invalid, denied */
	EXIT_USAGE = 2,
	EXIT_MISSING = 3, /* no such user, session or file */
	EXIT_NOT_PERMITTED = 4,
	EXIT_LACKS = 5, /* this system lacks it */
	EXIT_BUG = 70,
	EXIT_UNCONFINED = 125,  /* run: no command was started */
	EXIT_CANNOT_EXEC = 126, /* run: as a shell says it */
	EXIT_NOT_FOUND = 127,
};

struct command;
struct table;

/* What an OPTION_FORMAT says. */
struct option_format {
	bool wanted;
	const char *name; /* behind "=", or NULL */
};

struct admin_texts {
	char **items;
	size_t n;
};

struct admin {
	const struct command *command; /* NULL until it is known */
	const char *root;              /* "" or another file-system root, no '/' at its end */
	bool json;
	struct option_format format; /* of the JSON */
	size_t columns;              /* of the terminal; 0: none, lines are not broken */
	bool color;
	bool help;
	bool version;
	bool no_color;
	bool no_pager;
	bool json_begun;                  /* the command has written its object */
	struct admin_texts errors, notes; /* what standard error says, for JSON */
	int status;
};

/* A row of an option table: where in the command's own struct its value goes. */
enum option_kind {
	OPTION_FLAG,   /* bool */
	OPTION_STRING, /* const char * */
	OPTION_FORMAT, /* struct option_format: a flag that may have a value behind "=" */
};

struct option_spec {
	const char *name;     /* long */
	char letter;          /* short, or 0 */
	const char *argument; /* what help calls its value; NULL for flags */
	const char *help;
	enum option_kind kind;
	size_t offset;
};

struct command {
	const char *name;
	const char *synopsis;
	const char *summary; /* one line */
	const char *help;    /* more lines, or NULL */
	const char *actions; /* what ACTION in the synopsis may be, "a|b|c"; or NULL */
	const struct option_spec *options;
	size_t n_options;
	size_t values_size;    /* of the struct that its options go to */
	bool stops_at_operand; /* what follows the first operand is somebody else's */
	const char *no_root;   /* why it cannot take --root, or NULL */
	bool wraps;            /* what is wider than the terminal is broken between words */
	bool (*pages)(const void *values); /* whether it may print much; NULL: no */
	const char *formats;               /* "a|b": what --json= may ask for, or NULL */
	/* values: that struct, zeroed before parsing; argv: the operands. Returns the exit code. */
	int (*run)(struct admin *admin, const void *values, int argc, char **argv);
};

extern const struct command command_check;
extern const struct command command_doctor;
extern const struct command command_filter;
extern const struct command command_keys;
extern const struct command command_lock;
extern const struct command command_log;
extern const struct command command_run;
extern const struct command command_sessions;
extern const struct command command_sets;
extern const struct command command_show;
extern const struct command command_terminate;
extern const struct command command_status;
extern const struct command command_suggest;
extern const struct command command_test;
extern const struct command command_why;
extern const struct command command_unlock;

/*
 * Parses argv[1..] by the common options and the command's own (NULL: none yet); *ret_operand is
 * the index of the first operand. False after a usage error, which has been reported.
 */
bool options_parse(struct admin *admin, const struct command *command, void *values, int argc,
	char **argv, int *ret_operand);

/* Each option that a command takes, its own and the common ones; NULL: the common ones alone. */
typedef void option_fn(void *userdata, const struct option_spec *option);
void options_each(const struct command *command, option_fn *hear, void *userdata);

/* What --help prints of a command's options and the common ones; NULL: the common ones alone. */
void options_print(const struct command *command);

/*
 * Says what went wrong on standard error ("sandlock-admin: ..."), keeps it for the "errors" of
 * --json and makes `status` the exit code unless a graver one is set. Returns the exit code.
 */
int admin_fail(struct admin *admin, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Says something on standard error that is no failure, and keeps it for the "notes" of --json. */
void admin_note(struct admin *admin, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As admin_fail, without a word: the result itself said it. */
int admin_result(struct admin *admin, int status);

/* A usage error: what is wrong, and where to read on. Always EXIT_USAGE. */
int admin_usage(struct admin *admin, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * "unknown KIND", a usage error, and "no such KIND", which is EXIT_MISSING; with the word that was
 * probably meant, or NULL.
 */
int admin_unknown(struct admin *admin, const char *kind, const char *word, const char *nearest);
int admin_missing(struct admin *admin, const char *kind, const char *word, const char *nearest);

/* What a file that cannot be read at all makes the exit code. error: a negative errno. */
int admin_status_of(int error);

int admin_out_of_memory(struct admin *admin);

void admin_texts_done(struct admin_texts *texts);

/*
 * Begins the command's JSON object with its schema; ends it with the errors so far, and with the
 * notes that no object has had.
 */
void admin_json_begin(struct admin *admin, struct json *json);
void admin_json_end(struct admin *admin, struct json *json);

/* Terminal colours: the escape sequence, or "" where none is wanted. */
enum color {
	COLOR_NONE,
	COLOR_ERROR,
	COLOR_WARNING,
	COLOR_STRONG,
	COLOR_FAINT,
};
const char *admin_color(const struct admin *admin, enum color color);

/*
 * Prints a table whose rows were added with the result r, its titles in a colour; where memory ran
 * out, only that. The table is empty then. Whether it was printed.
 */
bool admin_table(struct admin *admin, struct table *table, enum color titles, int r);
