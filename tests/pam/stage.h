/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The stage of one test: a fresh file system on /run in a mount namespace of this test program, so
 * that nothing is left on the machine however the test ends, and no record reaches its journal.
 * Its folders are root's alone, as policies demand.
 */

#define STAGE_POLICY   "/run/policy"
#define STAGE_SERVICES "/run/pam.d"
#define STAGE_INSIDE   "/run/inside"  /* a folder that STAGE_FILES grants */
#define STAGE_OUTSIDE  "/run/outside" /* one that it does not */

#define STAGE_OPTIONS "policy-dir=" STAGE_POLICY

/* Nothing to supervise: files only. */
#define STAGE_FILES                                                                                \
	"[filesystem]\n"                                                                           \
	"execute = /usr /proc /etc\n"                                                              \
	"write = " STAGE_INSIDE "\n"

/* With a worker and a listener. */
#define STAGE_SUPERVISED                                                                           \
	STAGE_FILES "[network]\n"                                                                  \
		    "connect = 192.0.2.1:443\n"

/* To be called once, first of all: 0, or 77 (skipped) with the reason on stderr. */
int stage_enter(void);

/* A cmocka setup function: an empty stage, without any policy. */
int stage_setup(void **state);

/* Writes a file whose folder exists. */
void stage_write(const char *path, const char *text);

/* Writes a policy file; name is relative to STAGE_POLICY. */
void stage_policy(const char *name, const char *text);
