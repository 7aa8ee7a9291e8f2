/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Makes a BPF program of the tables in filter-rules.c. The door to libseccomp. */

#include "filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>

#include "access.h"
#include "cleanup.h"
#include "fd.h"
#include "filter-head.h"
#include "filter-rules.h"

/*
 * Where call numbers of the architectures' own tables end and the common ones begin (Linux 5.1).
 * Nothing below FIRST_CHECKED is younger than libseccomp; looking each number up is what costs.
 */
#define FIRST_CHECKED    300
#define FIRST_COMMON     424
#define UNKNOWN_IN_A_ROW 8

static bool connects_by_icmp(const struct policy *layer)
{
	for (size_t i = 0; i < layer->network.n_connect_rules; i++)
		if (layer->network.connect_rules[i].endpoint.protocol == ENDPOINT_ICMP)
			return true;
	return false;
}

/* Whether a rule of `deny` takes groups out, or all of them with everything else. */
static bool denies_groups(const struct endpoint *endpoint)
{
	static const struct net_address groups[] = {
		{.family = AF_INET, .bytes = {224}},
		{.family = AF_INET6, .bytes = {0xff}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		if (endpoint->n_ports == 0 &&
			endpoint_covers(endpoint, endpoint->protocol, &groups[i]))
			return true;
	return endpoint_is_multicast(endpoint);
}

/* Reports of membership go to no port by no protocol: one rule that names a group is for all. */
static bool joins_groups(const struct policy *layer)
{
	for (size_t i = 0; i < layer->network.n_deny_rules; i++)
		if (denies_groups(&layer->network.deny_rules[i].endpoint))
			return false;
	for (size_t i = 0; i < layer->network.n_connect_rules; i++)
		if (endpoint_is_multicast(&layer->network.connect_rules[i].endpoint))
			return true;
	return layer->network.connect == LIST_ANY;
}

/* What a layer says of [syscalls] allow and deny, whatever its profile. */
static struct syscalls lifted_by(const struct policy *layer)
{
	struct syscalls lifted = {0};

	for (size_t i = 0; i < layer->syscalls.n_allow_rules; i++)
		syscalls_unite(&lifted, &layer->syscalls.allow_rules[i].calls);
	for (size_t i = 0; i < layer->syscalls.n_deny_rules; i++)
		syscalls_remove(&lifted, &layer->syscalls.deny_rules[i].calls);
	return lifted;
}

/*
 * A layer in complain mode has no say in what the others' filter denies. Where all of them complain
 * the filter is the one that they would have, and denies nothing.
 */
static bool counts(const struct filter_spec *spec, const struct policy *layer)
{
	return spec->complain || !layer->complain;
}

/* Every layer must allow, and one that says nothing does not. */
static void lift_denials(struct filter_spec *spec, const struct policy_set *set)
{
	bool first = true;

	spec->sysv = set->n_layers > 0;
	for (size_t i = 0; i < set->n_layers; i++) {
		struct syscalls lifted = lifted_by(set->layers[i]);

		if (!counts(spec, set->layers[i]))
			continue;
		spec->sysv = spec->sysv && set->layers[i]->ipc.sysv;
		if (first)
			spec->allowed = lifted;
		syscalls_intersect(&spec->allowed, &lifted);
		first = false;
	}
}

/* connect = any is notified too: it does not say which UNIX sockets may be reached. */
static void add_network(struct filter_spec *spec, const struct policy *layer)
{
	spec->notify_connect = true;
	spec->notify_send = true;
	spec->notify_listen |= layer->network.bind != LIST_ANY;
	if (!counts(spec, layer))
		return;
	spec->watch_network = false;
	spec->icmp |= connects_by_icmp(layer);
	spec->guard_groups |= !joins_groups(layer);
}

struct filter_spec filter_spec(const struct policy_set *set, unsigned abi)
{
	struct filter_spec spec = {.complain = !policy_set_enforces(set), .watch_network = true};

	lift_denials(&spec, set);

	for (size_t i = 0; i < set->n_layers; i++) {
		const struct policy *layer = set->layers[i];

		if (layer->filesystem.present && abi > 0 && counts(&spec, layer))
			spec.guard_truncate |= !(access_at_abi(abi) & LANDLOCK_ACCESS_FS_TRUNCATE);
		if (layer->network.present)
			add_network(&spec, layer);
	}
	spec.watch_network &= spec.notify_connect;
	return spec;
}

static bool is_known(uint32_t arch, uint32_t number)
{
	_cleanup_free_ char *name = syscall_name(arch, number);

	return name != NULL;
}

/* The first number from `from` on behind which libseccomp knows none, for a while. */
static uint32_t first_unknown(uint32_t arch, uint32_t from)
{
	uint32_t unknown = from;

	for (uint32_t number = from; number - unknown < UNKNOWN_IN_A_ROW; number++)
		if (is_known(arch, number))
			unknown = number + 1;
	return unknown;
}

static uint32_t action_of(const struct filter_rule *rule)
{
	if (rule->error == FILTER_NOTIFY)
		return SCMP_ACT_NOTIFY;
	return SCMP_ACT_ERRNO((uint16_t)rule->error);
}

static struct scmp_arg_cmp low_half(unsigned argument, uint32_t mask, uint32_t value)
{
	return (struct scmp_arg_cmp){argument, SCMP_CMP_MASKED_EQ, mask, value};
}

static int add_tests(scmp_filter_ctx filter, const struct filter_rule *rule, int call,
	struct scmp_arg_cmp compares[FILTER_TESTS_MAX], unsigned n);

/* A test for any of several bits is a rule for each. */
static int add_bits(scmp_filter_ctx filter, const struct filter_rule *rule, int call,
	struct scmp_arg_cmp compares[FILTER_TESTS_MAX], unsigned n)
{
	const struct filter_test *test = &rule->tests[n];
	int r = 0;

	for (uint32_t bits = test->mask; bits != 0 && r == 0; bits &= bits - 1) {
		uint32_t bit = bits & -bits;

		compares[n] = low_half(test->argument, bit, bit);
		r = add_tests(filter, rule, call, compares, n + 1);
	}
	return r;
}

/* Adds the rule with its tests from number `n` on. */
static int add_tests(scmp_filter_ctx filter, const struct filter_rule *rule, int call,
	struct scmp_arg_cmp compares[FILTER_TESTS_MAX], unsigned n)
{
	const struct filter_test *test = &rule->tests[n];

	if (n == FILTER_TESTS_MAX || test->kind == FILTER_TEST_NONE)
		return seccomp_rule_add_exact_array(filter, action_of(rule), call, n, compares);
	if (test->kind == FILTER_TEST_ANY)
		return add_bits(filter, rule, call, compares, n);
	compares[n] = low_half(test->argument, test->mask, test->value);
	if (test->kind == FILTER_TEST_POINTER)
		compares[n] = (struct scmp_arg_cmp){test->argument, SCMP_CMP_NE, 0, 0};
	return add_tests(filter, rule, call, compares, n + 1);
}

static int add_rules(scmp_filter_ctx filter, const struct filter_spec *spec)
{
	for (size_t i = 0; i < n_filter_rules; i++) {
		const struct filter_rule *rule = &filter_rules[i];
		struct scmp_arg_cmp compares[FILTER_TESTS_MAX];
		unsigned call;
		int r;

		/* Not on this architecture, or too new for libseccomp: then it is ENOSYS anyway. */
		if (syscall_number(spec->arch, rule->call, strlen(rule->call), &call) != 0 ||
			!filter_rule_applies(rule, spec, call))
			continue;
		/* libseccomp takes numbers of the machine it runs on, and translates them. */
		r = add_tests(filter, rule, seccomp_syscall_resolve_name(rule->call), compares, 0);
		if (r < 0)
			return r;
	}
	return 0;
}

static int set_arch(scmp_filter_ctx filter, uint32_t arch)
{
	int r;

	if (arch == SYSCALLS_NATIVE || arch == seccomp_arch_native())
		return 0;
	r = seccomp_arch_add(filter, arch);
	return r < 0 ? r : seccomp_arch_remove(filter, SCMP_ARCH_NATIVE);
}

static int set_attributes(scmp_filter_ctx filter)
{
	int r;

	r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
	if (r < 0)
		return r;
	/* A binary tree over the call numbers instead of a list. */
	return seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
}

static int write_head(int fd, const struct filter_spec *spec)
{
	const struct filter_gap gaps[] = {
		{first_unknown(spec->arch, FIRST_CHECKED), FIRST_COMMON - 1},
		{first_unknown(spec->arch, FIRST_COMMON), UINT32_MAX},
	};
	const struct filter_head_spec calls = {
		.arch = spec->arch == SYSCALLS_NATIVE ? seccomp_arch_native() : spec->arch,
		.gaps = gaps,
		.n_gaps = ARRAY_SIZE(gaps),
	};
	struct filter_head head;
	int r;

	r = filter_head_make(spec, &calls, &head);
	if (r < 0)
		return r;
	return fd_write_all(fd, head.program, head.length * sizeof(head.program[0]));
}

/*
 * What a return of the program does where nothing is denied. Calls that the filter makes look
 * absent are not told of: programs ask for them all the time and do without.
 */
static uint32_t complained(uint32_t action)
{
	uint32_t error = action & SECCOMP_RET_DATA;

	if ((action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
		return action;
	return error == ENOSYS || error == EBUSY ? SECCOMP_RET_ALLOW : SECCOMP_RET_USER_NOTIF;
}

/* The program as it would deny is the one that tells what would be denied: no second table. */
static int complain(int fd)
{
	_cleanup_free_ char *bytes = NULL;
	struct sock_filter *program;
	size_t size;
	int r = fd_read_all(fd, BPF_MAXINSNS * sizeof(*program), &bytes, &size);

	if (r < 0)
		return r;
	program = (struct sock_filter *)bytes;
	for (size_t i = 0; i < size / sizeof(*program); i++)
		if (program[i].code == (BPF_RET | BPF_K))
			program[i].k = complained(program[i].k);
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	return fd_write_all(fd, bytes, size);
}

static void cleanup_filter(scmp_filter_ctx *filter)
{
	seccomp_release(*filter);
}

int filter_build(const struct filter_spec *spec, int *ret_memfd)
{
	_cleanup_(cleanup_filter) scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	_cleanup_close_ int fd = -1;
	int r;

	if (!filter)
		return -ENOMEM;
	r = set_arch(filter, spec->arch);
	if (r < 0)
		return r;
	r = set_attributes(filter);
	if (r < 0)
		return r;
	r = add_rules(filter, spec);
	if (r < 0)
		return r;
	fd = memfd_create("sandlock-filter", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	r = write_head(fd, spec);
	if (r < 0)
		return r;
	/* Jumps are relative: the exported program works behind the head as it would alone. */
	r = seccomp_export_bpf(filter, fd);
	if (r < 0)
		return r;
	r = spec->complain ? complain(fd) : 0;
	if (r < 0)
		return r;
	r = memfd_seal(fd);
	if (r < 0)
		return r;
	*ret_memfd = take_fd(&fd);
	return 0;
}
