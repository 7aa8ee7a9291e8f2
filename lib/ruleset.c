/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a policy layer asks of Landlock, and what it cannot have at an ABI. Pure. */

#include "ruleset.h"

#include <string.h>

#include "access.h"
#include "cleanup.h"

/*
 * Beyond this many, ports are left to the supervisor alone, who decides on every connect and listen
 * in any case: a second line of defence is not worth thousands of system calls per login.
 */
#define PORTS_MAX 256

/*
 * What an unrestricted layer handles and grants everywhere. A domain that handles no file right
 * may mount (which would undo other layers' rules). From ABI 2 any other handled right denies
 * REFER unless it is granted; at ABI 1 it is denied in every domain (EXDEV, mv copies instead).
 */
#define UNRESTRICTED_FS (LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_REFER)

#define ABI_FILES        1
#define ABI_REFER        2
#define ABI_TRUNCATE     3
#define ABI_NET          4
#define ABI_IOCTL_DEV    5
#define ABI_SCOPED       6
#define ABI_LOG_FLAGS    7
#define ABI_RESOLVE_UNIX 9
#define ABI_UDP          10

static size_t range_size(const struct port_range *range)
{
	return (size_t)(range->last - range->first) + 1;
}

static size_t count_ports(const struct endpoint *endpoint)
{
	size_t n = 0;

	for (size_t i = 0; i < endpoint->n_ports; i++)
		n += range_size(&endpoint->ports[i]);
	return n;
}

/* Whether ports alone say something about where the layer may connect or send to. */
static bool connect_by_port(const struct policy *policy, enum endpoint_protocol protocol)
{
	size_t n = 0;

	if (policy->network.connect != LIST_LISTED)
		return policy->network.connect == LIST_NONE;
	for (size_t i = 0; i < policy->network.n_connect_rules; i++) {
		const struct endpoint *endpoint = &policy->network.connect_rules[i].endpoint;
		if (endpoint->protocol != protocol)
			continue;
		if (endpoint->n_ports == 0)
			return false;
		n += count_ports(endpoint);
	}
	return n <= PORTS_MAX;
}

static bool bind_by_port(const struct policy *policy)
{
	size_t n = 0;

	for (size_t i = 0; i < policy->network.n_bind_rules; i++)
		n += range_size(&policy->network.bind_rules[i].range);
	return policy->network.bind != LIST_ANY && n <= PORTS_MAX;
}

static bool wants_scope(enum scope_setting setting)
{
	return setting != SCOPE_ANY;
}

bool ruleset_names_rights(const struct rule *rule)
{
	return rule->id && strstr(rule->id, ":filesystem.rights");
}

struct ruleset_plan ruleset_plan(const struct policy *policy, unsigned abi)
{
	struct ruleset_plan plan = {
		.handled_fs = policy->filesystem.present ? UINT64_MAX : UNRESTRICTED_FS,
	};

	/* A [filesystem] section alone says nothing of sockets. */
	if (!policy->network.present)
		plan.handled_fs &= ~LANDLOCK_ACCESS_FS_RESOLVE_UNIX;
	else
		plan.handled_fs |= LANDLOCK_ACCESS_FS_RESOLVE_UNIX;
	plan.handled_fs &= access_at_abi(abi);
	if (policy->network.present && abi >= ABI_NET) {
		plan.tcp_connect_by_port = connect_by_port(policy, ENDPOINT_TCP);
		plan.tcp_bind_by_port = bind_by_port(policy);
	}
	/* Not BIND_UDP: [network] bind is about TCP, and whoever sends binds a port, too. */
	if (policy->network.present && abi >= ABI_UDP)
		plan.udp_connect_by_port = connect_by_port(policy, ENDPOINT_UDP);
	if (plan.tcp_connect_by_port)
		plan.handled_net |= LANDLOCK_ACCESS_NET_CONNECT_TCP;
	if (plan.udp_connect_by_port)
		plan.handled_net |= LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP;
	if (plan.tcp_bind_by_port)
		plan.handled_net |= LANDLOCK_ACCESS_NET_BIND_TCP;
	if (abi >= ABI_SCOPED && wants_scope(policy->ipc.signal))
		plan.scoped |= LANDLOCK_SCOPE_SIGNAL;
	if (abi >= ABI_SCOPED && wants_scope(policy->ipc.abstract_unix))
		plan.scoped |= LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET;
	return plan;
}

/* One demand: who makes it, below which ABI it fails, and where it is written. */
struct demand {
	const char *key;
	unsigned abi;
	const char *needs;
	bool (*made)(const struct policy *policy, const struct rule **ret_rule);
};

static const struct rule *written(const struct rule *rule)
{
	return rule->id ? rule : NULL;
}

static bool demands_files(const struct policy *policy, const struct rule **ret_rule)
{
	if (policy->filesystem.n_rules > 0)
		*ret_rule = &policy->filesystem.rules[0].rule;
	return policy->filesystem.present;
}

static bool path_beneath(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static bool beneath_devices(const char *path)
{
	return path_beneath(path, "/dev") && !path_beneath(path, "/dev/shm") &&
	       !path_beneath(path, "/dev/mqueue");
}

/* A grant that opens devices but not their ioctls: below ABI 5 the one brings the other. */
static bool opens_devices_without_ioctl(const struct path_rule *rule)
{
	static const uint64_t opening = LANDLOCK_ACCESS_FS_READ_FILE |
					LANDLOCK_ACCESS_FS_WRITE_FILE;

	if (!(rule->access & opening) || (rule->access & LANDLOCK_ACCESS_FS_IOCTL_DEV))
		return false;
	return beneath_devices(rule->path) || strcmp(rule->path, "/") == 0;
}

/* A grant to write without emptying: below ABI 3 the one brings the other. Devices have no end. */
static bool writes_without_truncation(const struct path_rule *rule)
{
	return (rule->access & LANDLOCK_ACCESS_FS_WRITE_FILE) &&
	       !(rule->access & LANDLOCK_ACCESS_FS_TRUNCATE) && !beneath_devices(rule->path);
}

static bool demands_of_a_grant(const struct policy *policy,
	bool (*made)(const struct path_rule *rule), const struct rule **ret_rule)
{
	for (size_t i = 0; policy->filesystem.present && i < policy->filesystem.n_rules; i++) {
		if (!made(&policy->filesystem.rules[i]))
			continue;
		*ret_rule = &policy->filesystem.rules[i].rule;
		return true;
	}
	return false;
}

static bool demands_no_ioctl(const struct policy *policy, const struct rule **ret_rule)
{
	return demands_of_a_grant(policy, opens_devices_without_ioctl, ret_rule);
}

static bool demands_no_truncation(const struct policy *policy, const struct rule **ret_rule)
{
	return demands_of_a_grant(policy, writes_without_truncation, ret_rule);
}

/* The word of `rights` is the right itself; what other keys grant is what a kernel knows of it. */
static bool demands_right(const struct policy *policy, uint64_t right, const struct rule **ret_rule)
{
	for (size_t i = 0; policy->filesystem.present && i < policy->filesystem.n_rules; i++) {
		const struct path_rule *rule = &policy->filesystem.rules[i];

		if (!(rule->access & right) || !ruleset_names_rights(&rule->rule))
			continue;
		*ret_rule = &rule->rule;
		return true;
	}
	return false;
}

static bool demands_resolve_unix(const struct policy *policy, const struct rule **ret_rule)
{
	return demands_right(policy, LANDLOCK_ACCESS_FS_RESOLVE_UNIX, ret_rule);
}

static bool demands_ioctl_dev(const struct policy *policy, const struct rule **ret_rule)
{
	return demands_right(policy, LANDLOCK_ACCESS_FS_IOCTL_DEV, ret_rule);
}

static bool demands_truncate(const struct policy *policy, const struct rule **ret_rule)
{
	return demands_right(policy, LANDLOCK_ACCESS_FS_TRUNCATE, ret_rule);
}

static bool demands_refer(const struct policy *policy, const struct rule **ret_rule)
{
	return demands_right(policy, LANDLOCK_ACCESS_FS_REFER, ret_rule);
}

static bool demands_signal(const struct policy *policy, const struct rule **ret_rule)
{
	*ret_rule = written(&policy->ipc.signal_rule);
	return policy->ipc.signal == SCOPE_SESSION;
}

/* With [network] the supervisor decides on every connect and send. */
static bool demands_abstract_unix(const struct policy *policy, const struct rule **ret_rule)
{
	*ret_rule = written(&policy->ipc.abstract_unix_rule);
	return policy->ipc.abstract_unix == SCOPE_SESSION && !policy->network.present;
}

/*
 * The newest need of a key comes first: it implies the others. [network] is not here: the
 * supervisor enforces it on every kernel that has user notification. Nor is REFER, but where it is
 * named: without it Landlock denies more, not less. Emptying what may not be written is held back
 * by the filter where Landlock cannot (filter_spec()).
 */
static const struct demand demands[] = {
	{"filesystem", ABI_IOCTL_DEV, "Landlock ABI 5 (Linux 6.10), to hold back device ioctls",
		demands_no_ioctl},
	{"filesystem", ABI_TRUNCATE, "Landlock ABI 3 (Linux 6.2), to let write but not truncate",
		demands_no_truncation},
	{"filesystem", ABI_FILES, "Landlock (Linux 5.13)", demands_files},
	{"filesystem.rights", ABI_RESOLVE_UNIX, "Landlock ABI 9 (Linux 7.1), for resolve_unix",
		demands_resolve_unix},
	{"filesystem.rights", ABI_IOCTL_DEV, "Landlock ABI 5 (Linux 6.10), for ioctl_dev",
		demands_ioctl_dev},
	{"filesystem.rights", ABI_TRUNCATE, "Landlock ABI 3 (Linux 6.2), for truncate",
		demands_truncate},
	{"filesystem.rights", ABI_REFER, "Landlock ABI 2 (Linux 5.19), for refer", demands_refer},
	{"ipc.signal", ABI_SCOPED, "Landlock ABI 6 (Linux 6.12)", demands_signal},
	{"ipc.abstract-unix", ABI_SCOPED, "Landlock ABI 6 (Linux 6.12)", demands_abstract_unix},
};

_Static_assert(ARRAY_SIZE(demands) <= RULESET_GAPS_MAX, "room for a gap of each kind");

size_t ruleset_gaps(
	const struct policy *policy, unsigned abi, struct ruleset_gap ret[RULESET_GAPS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(demands); i++) {
		const struct rule *rule = NULL;

		if (abi >= demands[i].abi || !demands[i].made(policy, &rule))
			continue;
		if (n > 0 && strcmp(ret[n - 1].key, demands[i].key) == 0)
			continue;
		ret[n++] = (struct ruleset_gap){demands[i].key, demands[i].needs, rule};
	}
	return n;
}

uint32_t ruleset_restrict_flags(const struct policy_set *set, unsigned abi)
{
	if (abi < ABI_LOG_FLAGS)
		return 0;
	for (size_t i = 0; i < set->n_layers; i++)
		if (set->layers[i]->log.denials && !set->layers[i]->complain)
			return LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON;
	return LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF;
}
