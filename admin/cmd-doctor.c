/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin doctor: what of this machine keeps policies from holding, and what to do. */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "doctor.h"
#include "fd.h"
#include "screen.h"
#include "str.h"
#include "text.h"

#define FILE_MAX (1024 * 1024)
#define INDENT   6

struct doctor_options {
	bool pam;
};

static const struct option_spec options[] = {
	{"pam", 'p', NULL, "only the ways in and the ways round", OPTION_FLAG,
		offsetof(struct doctor_options, pam)},
};

static const char *const state_names[] = {
	[DOCTOR_FINE] = "fine",
	[DOCTOR_NOTE] = "note",
	[DOCTOR_OPEN] = "open",
};

typedef void part_fn(struct doctor *doctor);

static const struct {
	part_fn *find;
	bool of_pam;
} parts[] = {
	{doctor_kernel, false},
	{doctor_supervisor, false},
	{doctor_locks, false},
	{doctor_policies, false},
	{doctor_audit, false},
	{doctor_journal, false},
	{doctor_journald, false},
	{doctor_pam, true},
	{doctor_sshd, true},
	{doctor_sudo, true},
	{doctor_linger, true},
	{doctor_groups, true},
};

static char *copy(const char *text, bool *failed)
{
	char *copied = text ? strdup(text) : NULL;

	*failed = *failed || (text && !copied);
	return copied;
}

void doctor_add(struct doctor *doctor, enum doctor_state state, const char *id, const char *subject,
	const char *remedy, const char *format, ...)
{
	struct doctor_finding *grown = reallocarray(
		doctor->findings, doctor->n_findings + 1, sizeof(*grown));
	struct doctor_finding finding = {.state = state, .id = id};
	va_list arguments;

	if (!grown) {
		doctor->failed = true;
		return;
	}
	doctor->findings = grown;
	va_start(arguments, format);
	if (vasprintf(&finding.text, format, arguments) < 0) {
		finding.text = NULL;
		doctor->failed = true;
	}
	va_end(arguments);
	finding.subject = copy(subject, &doctor->failed);
	finding.remedy = copy(remedy, &doctor->failed);
	grown[doctor->n_findings++] = finding;
}

char *doctor_read(const struct doctor *doctor, const char *path)
{
	_cleanup_free_ char *full = str_format("%s%s", doctor->dirs.root, path);
	_cleanup_close_ int fd = full ? open(full, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
				      : -1;
	char *bytes = NULL;
	size_t size;
	int r;

	if (fd < 0)
		return NULL;
	r = fd_read_all(fd, FILE_MAX, &bytes, &size);
	if (r < 0)
		errno = -r;
	return r < 0 ? NULL : bytes;
}

static void put_finding(struct json *json, const struct doctor_finding *finding)
{
	json_begin_object(json, NULL);
	json_string(json, "id", finding->id);
	json_string(json, "state", state_names[finding->state]);
	json_string(json, "subject", finding->subject);
	json_string(json, "text", finding->text);
	json_string(json, "remedy", finding->remedy);
	json_end_object(json);
}

static void put_json(struct doctor *doctor)
{
	struct json json;

	admin_json_begin(doctor->admin, &json);
	json_begin_array(&json, "findings");
	for (size_t i = 0; i < doctor->n_findings; i++)
		put_finding(&json, &doctor->findings[i]);
	json_end_array(&json);
	admin_json_end(doctor->admin, &json);
}

static void print_paragraph(const struct admin *admin, const char *text)
{
	_cleanup_free_ char *harmless = text_escape(text, strlen(text));

	if (harmless)
		text_print_paragraph(harmless, INDENT, screen_prose(admin->columns));
}

static void print_finding(struct admin *admin, const struct doctor_finding *finding)
{
	static const enum color colors[] = {
		[DOCTOR_FINE] = COLOR_FAINT,
		[DOCTOR_NOTE] = COLOR_WARNING,
		[DOCTOR_OPEN] = COLOR_ERROR,
	};

	printf("%s%s%s  ", admin_color(admin, colors[finding->state]), state_names[finding->state],
		admin_color(admin, COLOR_NONE));
	text_printf("%s%s[%s]", finding->subject ? finding->subject : "",
		finding->subject ? " " : "", finding->id);
	putchar('\n');
	print_paragraph(admin, finding->text ? finding->text : "");
	if (finding->remedy) {
		_cleanup_free_ char *remedy = str_format("-> %s", finding->remedy);

		print_paragraph(admin, remedy ? remedy : finding->remedy);
	}
}

static size_t count(const struct doctor *doctor, enum doctor_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < doctor->n_findings; i++)
		n += doctor->findings[i].state == state;
	return n;
}

/* What is to be mended comes last, next to the prompt. */
static void print(struct doctor *doctor)
{
	for (unsigned state = DOCTOR_FINE; state <= DOCTOR_OPEN; state++)
		for (size_t i = 0; i < doctor->n_findings; i++)
			if (doctor->findings[i].state == state)
				print_finding(doctor->admin, &doctor->findings[i]);
	printf("%zu open, %zu to note, %zu fine\n", count(doctor, DOCTOR_OPEN),
		count(doctor, DOCTOR_NOTE), count(doctor, DOCTOR_FINE));
}

static void done(struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->n_findings; i++) {
		free(doctor->findings[i].subject);
		free(doctor->findings[i].text);
		free(doctor->findings[i].remedy);
	}
	free(doctor->findings);
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	const struct doctor_options *wanted = values;
	struct doctor doctor = {
		.admin = admin,
		.is_here = *admin->root == '\0',
		.dirs = {.root = admin->root,
			.confdir = SANDLOCK_CONFDIR,
			.vendordir = SANDLOCK_VENDORDIR,
			.any_owner = *admin->root != '\0'},
	};

	if (argc > 0)
		return admin_usage(admin, "\"%s\" is too much", argv[0]);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].of_pam || !wanted->pam)
			parts[i].find(&doctor);
	if (doctor.failed)
		admin_out_of_memory(admin);
	if (count(&doctor, DOCTOR_OPEN) > 0)
		admin_result(admin, EXIT_NO);
	if (admin->json)
		put_json(&doctor);
	else
		print(&doctor);
	done(&doctor);
	return admin->status;
}

static bool pages(const void *values)
{
	(void)values;
	return true;
}

const struct command command_doctor = {
	.name = "doctor",
	.synopsis = "[OPTION...]",
	.summary = "Says what keeps policies from holding here",
	.help = "The kernel, the supervisor, policies, audit and journal; which login programs "
		"load the\n"
		"module, and what leads round it. Each finding comes with a remedy; exits with 1 "
		"if "
		"one\n"
		"is open.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct doctor_options),
	.pages = pages,
	.run = run,
};
