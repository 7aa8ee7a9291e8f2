/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Makes the ruleset that ruleset_plan() describes. Opens the paths of the policy, nothing else. */

#include "ruleset.h"

#include <errno.h>
#include <sys/syscall.h>

#include "access.h"
#include "cleanup.h"
#include "path-pin.h"
#include "ruleset-unix.h"

int ruleset_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (abi >= 0)
		return (int)abi;
	/* Not built in, or not enabled at boot. */
	return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
}

static int add_beneath(int ruleset, int parent, bool is_folder, uint64_t access)
{
	struct landlock_path_beneath_attr attr = {.parent_fd = parent};

	/* EINVAL for a folder's right on something else, ENOMSG for none at all. */
	attr.allowed_access = is_folder ? access : access & access_on_files();
	if (attr.allowed_access == 0)
		return 0;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &attr, 0) < 0)
		return -errno;
	return 0;
}

static int add_path(int ruleset, const char *path, uint64_t access)
{
	_cleanup_close_ int fd = -1;
	bool is_folder;
	int r;

	r = path_pin_kind(path, &fd, &is_folder);
	if (r < 0)
		return r;
	return add_beneath(ruleset, fd, is_folder, access);
}

/* EACCES: a home on NFS that root may not look into. Narrower in each case, so no failure. */
static bool is_missing(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -ELOOP || error == -EACCES;
}

static int add_path_rules(int ruleset, const struct policy *policy, uint64_t handled,
	ruleset_missing_fn *missing, void *userdata)
{
	for (size_t i = 0; i < policy->filesystem.n_rules; i++) {
		const struct path_rule *rule = &policy->filesystem.rules[i];
		int r = add_path(ruleset, rule->path, rule->access & handled);

		if (is_missing(r)) {
			if (missing && !rule->may_be_missing)
				missing(userdata, rule);
			continue;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int add_ports(int ruleset, const struct port_range *range, uint64_t access)
{
	for (unsigned port = range->first; port <= range->last; port++) {
		struct landlock_net_port_attr attr = {access, port};

		if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_NET_PORT, &attr, 0) < 0)
			return -errno;
	}
	return 0;
}

static int add_connect_rules(
	int ruleset, const struct policy *policy, enum endpoint_protocol protocol, uint64_t access)
{
	for (size_t i = 0; i < policy->network.n_connect_rules; i++) {
		const struct endpoint *endpoint = &policy->network.connect_rules[i].endpoint;

		if (endpoint->protocol != protocol)
			continue;
		for (size_t j = 0; j < endpoint->n_ports; j++) {
			int r = add_ports(ruleset, &endpoint->ports[j], access);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int add_bind_rules(int ruleset, const struct policy *policy)
{
	for (size_t i = 0; i < policy->network.n_bind_rules; i++) {
		int r = add_ports(ruleset, &policy->network.bind_rules[i].range,
			LANDLOCK_ACCESS_NET_BIND_TCP);
		if (r < 0)
			return r;
	}
	return 0;
}

int ruleset_compile(const struct policy *policy, unsigned abi, ruleset_missing_fn *missing,
	void *userdata, int *ret_fd)
{
	const struct ruleset_plan plan = ruleset_plan(policy, abi);
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = plan.handled_fs,
		.handled_access_net = plan.handled_net,
		.scoped = plan.scoped,
	};
	_cleanup_close_ int ruleset = -1;
	int r;

	if (abi == 0)
		return -EOPNOTSUPP;
	/* An older kernel takes the longer struct: what it does not know is zero (the plan's care).
	 */
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset < 0)
		return -errno;
	if (policy->filesystem.present)
		r = add_path_rules(ruleset, policy, plan.handled_fs, missing, userdata);
	else
		r = add_path(ruleset, "/", plan.handled_fs & ~LANDLOCK_ACCESS_FS_RESOLVE_UNIX);
	if (r == 0 && plan.handled_fs & LANDLOCK_ACCESS_FS_RESOLVE_UNIX)
		r = ruleset_add_unix(ruleset, policy);
	if (r == 0 && plan.tcp_connect_by_port)
		r = add_connect_rules(
			ruleset, policy, ENDPOINT_TCP, LANDLOCK_ACCESS_NET_CONNECT_TCP);
	if (r == 0 && plan.udp_connect_by_port)
		r = add_connect_rules(
			ruleset, policy, ENDPOINT_UDP, LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP);
	if (r == 0 && plan.tcp_bind_by_port)
		r = add_bind_rules(ruleset, policy);
	if (r < 0)
		return r;
	*ret_fd = take_fd(&ruleset);
	return 0;
}
