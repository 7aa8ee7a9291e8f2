/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The policy as everything after the check sees it: complete, consistent and const.
 *
 * bytes -> policy_draft (policy-ini.h) -> policy (policy-check.h) -> policy_set (policy-lookup.h).
 * A policy is one file with its includes resolved, specifiers expanded, for one identity. A
 * policy_set is all layers that apply to one session; a thing is allowed when every layer allows
 * it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "endpoint.h"
#include "profile.h"
#include "syscalls.h"
#include "texts.h"

#define POLICY_LAYERS_MAX 6            /* Landlock has 16; the user's own tools need some */
#define POLICY_FILE_MAX   (256 * 1024) /* bytes */

/* Whom a session belongs to, as the name service says. */
struct identity {
	char *user;
	uid_t uid;
	gid_t gid;
	char *home;
	char *shell;
	gid_t *groups; /* getgrouplist(3), gid included */
	size_t n_groups;
	char **group_names;  /* NULL where a gid has no name; n_groups of them */
	bool groups_pending; /* gid is the only one yet: identity_lookup_groups() has the rest */
	bool by_files;       /* of another root: there is no name service to ask about it */
};

/* One rule: its stable name and where it is written. Its texts are the policy's. */
struct rule {
	unsigned number; /* 1.. within the policy_set; 0 is "no rule" */
	const char *id;  /* "group/students:network.connect.dns" */
	const char *file;
	unsigned line, column;
};

/* access: LANDLOCK_ACCESS_FS_* bits (landlock-uapi.h), as the newest known ABI names them. */
struct path_rule {
	struct rule rule;
	const char *path; /* absolute, expanded, unescaped; of the policy's texts */
	uint64_t access;
	bool may_be_missing; /* written with a leading '-' */
};

struct endpoint_rule {
	struct rule rule;
	struct endpoint endpoint;
};

struct port_rule {
	struct rule rule;
	struct port_range range;
};

/* A word of [syscalls]: a call or a @set, and what it stands for on this machine. */
struct syscall_rule {
	struct rule rule;
	char *word;
	struct syscalls calls;
};

/* A warning of the check that is meant so. */
struct lint_accept {
	const char *id; /* static */
	char *reason;
	char *file; /* where it is written */
};

/* What a call gets that [syscalls] denies: a positive errno, or */
#define SYSCALLS_KILL (-1)
#define SYSCALLS_LOG  (-2) /* allowed, and the kernel's audit has it */

/* A key whose values are a list, `any` or `none`. */
enum list_kind {
	LIST_NONE,   /* written `none`, or not written where that is the default */
	LIST_ANY,    /* written `any` */
	LIST_LISTED, /* see the list */
};

/* A key with a default that is enforced where the kernel can, and demanded once written. */
enum scope_setting {
	SCOPE_UNSET, /* not written: session where the kernel can */
	SCOPE_SESSION,
	SCOPE_ANY,
};

struct policy {
	char *name; /* "user/alice", "group/students", "default", "mandatory/10-site" */
	char *file;
	char *description;    /* or NULL */
	bool complain;        /* denies nothing: what it would deny is recorded */
	const char *services; /* the words of the key, NULL: every service; in texts */
	struct rule services_rule;

	struct {
		bool present; /* present: everything not listed is denied */
		struct path_rule *rules;
		size_t n_rules;
	} filesystem;

	struct {
		bool present; /* present: only what is listed */
		enum list_kind connect;
		struct rule connect_any; /* the rule of `any`, id NULL otherwise */
		struct endpoint_rule *connect_rules;
		size_t n_connect_rules;
		/* Taken out of what connect allows; with deny alone, connect is LIST_ANY. */
		struct endpoint_rule *deny_rules;
		size_t n_deny_rules;
		unsigned resolve; /* seconds between look-ups of names, 0: at login only */
		struct rule resolve_rule;
		enum list_kind bind;
		struct rule bind_any;
		struct port_rule *bind_rules;
		size_t n_bind_rules;
		/*
		 * Trees beneath which UNIX sockets may be connected to: the write grants, or where
		 * files are not restricted the home, /tmp and /var/tmp. access is unused.
		 */
		struct path_rule *unix_trees;
		size_t n_unix_trees;
		/* `unix`: sockets by their path, or folders of them. access is unused. */
		struct path_rule *unix_rules;
		size_t n_unix_rules;
	} network;

	struct {
		enum scope_setting signal;
		enum scope_setting abstract_unix;
		struct rule signal_rule; /* id NULL where not written */
		struct rule abstract_unix_rule;
		bool sysv; /* System V IPC and POSIX queues; default no */
		struct rule sysv_rule;
	} ipc;

	/* Allowed is what the profile and `allow` have and `deny` has not. */
	struct {
		enum profile profile;
		struct rule profile_rule; /* id NULL where not written */
		struct syscall_rule *allow_rules;
		size_t n_allow_rules;
		struct syscall_rule *deny_rules;
		size_t n_deny_rules;
		int error; /* default EPERM */
		struct rule error_rule;
	} syscalls;

	struct texts texts; /* what rules point to; many have the same id and file */

	struct {
		struct lint_accept *accepts;
		size_t n_accepts;
	} lint;

	struct {
		bool denials; /* default yes */
		struct rule denials_rule;
		unsigned rate;         /* events ... */
		unsigned rate_period;  /* ... per this many seconds */
		struct rule rate_rule; /* id NULL where not written */
	} log;
};

/* sandlock.conf */
struct settings {
	bool deny_without_policy; /* no-policy = deny */
	char **exempt_groups;
	size_t n_exempt_groups;
	uid_t min_uid;
	bool degrade_on_old_kernel;
	unsigned lookup_timeout; /* seconds */
};

#define SETTINGS_DEFAULT ((struct settings){.min_uid = 1000, .lookup_timeout = 5})

struct policy_set {
	struct settings settings;
	struct policy **layers;
	size_t n_layers;
	const struct rule **rules; /* rules[n - 1] has number n */
	size_t n_rules;
	uint8_t hash[32]; /* SHA-256 of the resolved policy */
};

/* NULL-safe, return NULL. */
struct policy *policy_free(struct policy *policy);
struct policy_set *policy_set_free(struct policy_set *set);
void identity_done(struct identity *identity);
void settings_done(struct settings *settings);

/* Whether any layer enforces. In a session where none does nothing is denied. */
bool policy_set_enforces(const struct policy_set *set);

/* What the layers together make of [log] and `resolve`, as their fields above have it. */
bool policy_set_logs_denials(const struct policy_set *set);
void policy_set_rate(const struct policy_set *set, unsigned *ret_rate, unsigned *ret_period);
unsigned policy_set_resolve(const struct policy_set *set);

#define POLICY_RATE 20 /* a second, where none is written */

/* SANDLOCK_MODE: "enforce", "complain", or "mixed" where some layers do and some do not. */
const char *policy_set_mode(const struct policy_set *set);

/* The id of rule `number`, or "-" for 0 and anything out of range (it may come from a worker). */
const char *policy_set_rule_id(const struct policy_set *set, unsigned number);
