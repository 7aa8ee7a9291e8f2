/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What doctor finds, and the parts that find it. */

#include "command.h"
#include "policy-lookup.h"

enum doctor_state {
	DOCTOR_FINE,
	DOCTOR_NOTE, /* to know, or what cannot be said from here */
	DOCTOR_OPEN, /* to be mended */
};

struct doctor_finding {
	enum doctor_state state;
	const char *id; /* static, stable */
	char *subject;  /* a service, a user, a file; or NULL */
	char *text;
	char *remedy; /* or NULL */
};

struct doctor {
	struct admin *admin;
	struct policy_dirs dirs;
	bool is_here; /* the machine itself, not another root */
	bool user_manager_confined;
	struct doctor_finding *findings;
	size_t n_findings;
	bool failed; /* one was lost for want of memory */
};

/* subject and remedy may be NULL; all are copied. */
void doctor_add(struct doctor *doctor, enum doctor_state state, const char *id, const char *subject,
	const char *remedy, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* The parts. */
void doctor_kernel(struct doctor *doctor);
void doctor_audit(struct doctor *doctor);
void doctor_journal(struct doctor *doctor);
void doctor_journald(struct doctor *doctor);
void doctor_supervisor(struct doctor *doctor);
void doctor_locks(struct doctor *doctor);
void doctor_policies(struct doctor *doctor);
void doctor_pam(struct doctor *doctor);
void doctor_sshd(struct doctor *doctor);
void doctor_sudo(struct doctor *doctor);
void doctor_linger(struct doctor *doctor);
void doctor_groups(struct doctor *doctor);

/* Reads a whole file beneath the root. NULL where it cannot be read; errno says why. */
char *doctor_read(const struct doctor *doctor, const char *path);

/* 1: the user is confined by some policy; 0: not; or -errno where it cannot be said. */
int doctor_confines(const struct doctor *doctor, const char *user);
