/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * One policy layer as a Landlock ruleset. What a layer asks for is computed (ruleset_plan) apart
 * from the system calls that make it (ruleset_compile), so that tests see every ABI.
 */

#include "policy.h"

struct ruleset_plan {
	uint64_t handled_fs;
	uint64_t handled_net;
	uint64_t scoped;
	bool tcp_connect_by_port; /* the connect rules are added as ports */
	bool udp_connect_by_port; /* those of udp:// */
	bool tcp_bind_by_port;
};

/* A written key that this kernel cannot enforce. */
struct ruleset_gap {
	const char *key;         /* static: "ipc.signal" */
	const char *needs;       /* static: "Landlock ABI 6 (Linux 6.12)" */
	const struct rule *rule; /* where it is written; borrowed, NULL where unknown */
};
#define RULESET_GAPS_MAX 16

/* ABI of the running kernel: 0 no Landlock, 1..; negative errno when it cannot be asked. */
int ruleset_abi(void);

/* Whether it is one of `rights`, which names rights one by one. */
bool ruleset_names_rights(const struct rule *rule);

/* What to handle under `abi`. Always handles at least one file right (mounts are refused then). */
struct ruleset_plan ruleset_plan(const struct policy *policy, unsigned abi);

/*
 * The written keys of `policy` that neither Landlock at `abi` nor the supervisor can enforce.
 * Returns how many, at most RULESET_GAPS_MAX.
 */
size_t ruleset_gaps(
	const struct policy *policy, unsigned abi, struct ruleset_gap ret[RULESET_GAPS_MAX]);

/* A path that a rule names and that does not exist; called once per such rule. */
typedef void ruleset_missing_fn(void *userdata, const struct path_rule *rule);

/*
 * Makes the ruleset; *ret_fd is close-on-exec. 0, -EOPNOTSUPP where abi is 0, or another negative
 * errno. A missing path grants nothing; `missing` (may be NULL) hears of those without a leading
 * '-'. A path behind a symlink that the user could have made counts as missing (path-pin.h).
 */
int ruleset_compile(const struct policy *policy, unsigned abi, ruleset_missing_fn *missing,
	void *userdata, int *ret_fd);

/*
 * Flags for landlock_restrict_self(2): denials after exec are logged where the kernel can, or none
 * at all when no layer wants them.
 */
uint32_t ruleset_restrict_flags(const struct policy_set *set, unsigned abi);
