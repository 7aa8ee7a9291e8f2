/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The base filter, simulated: every call of interest with its arguments and the action expected,
 * under every specification, and with junk in the high half of every argument.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "expect.h"
#include "fd.h"
#include "filters.h"
#include "rows.h"

#define JUNK(argument) (0xdeadbeef00000000ULL | (argument))

static uint32_t run(const struct built_filter *filter, const struct seccomp_data *call)
{
	uint32_t action = 0;

	assert_int_equal(bpf_run(filter->program, filter->length, call, &action), 0);
	return action;
}

/* The one pointer that is looked at: what is junk elsewhere makes it another pointer. */
static bool is_pointer(const struct row *row, size_t argument)
{
	return argument == 4 && strcmp(row->call, "sendto") == 0;
}

static void check_row(const struct built_filter *filter, unsigned spec, const struct row *row)
{
	struct seccomp_data call = {.arch = filters_arch(&filter->spec)}, junk;
	uint32_t expected = expect_row(row, &filter->spec);

	call.nr = seccomp_syscall_resolve_name_arch(call.arch, row->call);
	if (call.nr < 0)
		return; /* not on this architecture, or not known to this libseccomp */
	for (size_t a = 0; a < ARRAY_SIZE(row->args); a++)
		call.args[a] = row->args[a];
	junk = call;
	for (size_t a = 0; a < ARRAY_SIZE(row->args); a++)
		if (!is_pointer(row, a))
			junk.args[a] = JUNK(junk.args[a]);
	if (run(filter, &call) != expected || run(filter, &junk) != expected)
		fail_msg("%s(%#x, %#x, %#x, %#x) under specification %u: %#x, with junk %#x, "
			 "want %#x",
			row->call, row->args[0], row->args[1], row->args[2], row->args[3], spec,
			run(filter, &call), run(filter, &junk), expected);
}

static void test_rows(void **state)
{
	for (unsigned spec = 0; spec < SPECS; spec++)
		for (size_t i = 0; i < n_rows; i++)
			check_row(&filters[spec], spec, &rows[i]);
}

/* A pointer is one in all its 64 bits, and may have a low half of zero. */
static void test_address_pointers(void **state)
{
	static const uint64_t pointers[] = {1, 0x80000000, 0xffffffff, 0x100000000, 0x7fff00000000,
		0x8000000000000000, UINT64_MAX};
	for (unsigned spec = 0; spec < SPECS; spec++) {
		struct seccomp_data call = {.arch = filters_arch(&filters[spec].spec)};
		uint32_t notified = filters[spec].spec.notify_send ? NOTIFY : ALLOW;

		call.nr = seccomp_syscall_resolve_name_arch(call.arch, "sendto");
		call.args[3] = 0x4000;
		call.args[4] = 0;
		assert_int_equal(run(&filters[spec], &call), ALLOW);
		for (size_t i = 0; i < ARRAY_SIZE(pointers); i++) {
			call.args[4] = pointers[i];
			assert_int_equal(run(&filters[spec], &call), notified);
		}
		call.args[3] = 0x20000000;
		assert_int_equal(run(&filters[spec], &call), FAILS(EOPNOTSUPP));
	}
}

static struct endpoint_rule by_tcp[] = {{.endpoint = {.protocol = ENDPOINT_TCP}}};
static struct endpoint_rule by_icmp[] = {
	{.endpoint = {.protocol = ENDPOINT_TCP}}, {.endpoint = {.protocol = ENDPOINT_ICMP}}};

static struct endpoint_rule all_groups[] = {{.endpoint = {.protocol = ENDPOINT_UDP,
						     .target = ENDPOINT_INET,
						     .address = {224},
						     .prefix = 4}}};
static struct endpoint_rule one_group6[] = {{.endpoint = {.protocol = ENDPOINT_UDP,
						     .target = ENDPOINT_INET6,
						     .address = {0xff, 2, [15] = 0xfb},
						     .prefix = 128}}};
static struct endpoint_rule everything[] = {
	{.endpoint = {.protocol = ENDPOINT_UDP, .target = ENDPOINT_ANY}}};
static struct port_range mdns[] = {{5353, 5353}};
static struct endpoint_rule one_port[] = {
	{.endpoint = {
		 .protocol = ENDPOINT_UDP, .target = ENDPOINT_ANY, .ports = mdns, .n_ports = 1}}};
static struct endpoint_rule one_network[] = {
	{.endpoint = {.target = ENDPOINT_INET, .address = {10}, .prefix = 8}}};

static struct policy nothing = {.name = NULL};
static struct policy files = {.filesystem.present = true};
static struct policy anything = {
	.network = {.present = true, .connect = LIST_ANY, .bind = LIST_ANY}};
static struct policy no_listening = {.network = {.present = true, .connect = LIST_ANY}};
static struct policy web = {.network = {.present = true,
				    .connect = LIST_LISTED,
				    .connect_rules = by_tcp,
				    .n_connect_rules = ARRAY_SIZE(by_tcp),
				    .bind = LIST_ANY}};
static struct policy ping = {.network = {.present = true,
				     .connect = LIST_LISTED,
				     .connect_rules = by_icmp,
				     .n_connect_rules = ARRAY_SIZE(by_icmp),
				     .bind = LIST_ANY}};

static struct policy sysv = {.ipc.sysv = true};

static struct syscall_rule debugging[] = {{.calls = {{[SYS_ptrace / 64] = 1UL << SYS_ptrace % 64,
						   [SYS_kcmp / 64] = 1UL << SYS_kcmp % 64}}}};
static struct syscall_rule comparing[] = {{.calls = {{[SYS_kcmp / 64] = 1UL << SYS_kcmp % 64}}}};
static struct policy debugger = {
	.syscalls = {.allow_rules = debugging, .n_allow_rules = ARRAY_SIZE(debugging)}};
static struct policy comparer = {
	.syscalls = {.allow_rules = comparing, .n_allow_rules = ARRAY_SIZE(comparing)}};
static struct policy denier = {.syscalls = {.allow_rules = debugging,
				       .n_allow_rules = ARRAY_SIZE(debugging),
				       .deny_rules = comparing,
				       .n_deny_rules = ARRAY_SIZE(comparing)}};

/* What is denied by default is lifted where every layer lifts it. */
static void test_lifted_denials(void **state)
{
	static const struct {
		struct policy *layers[2];
		bool sysv, ptrace, kcmp;
	} rows_of_layers[] = {
		{{NULL}, false, false, false},
		{{&nothing}, false, false, false},
		{{&sysv}, true, false, false},
		{{&sysv, &sysv}, true, false, false},
		{{&sysv, &nothing}, false, false, false},
		{{&nothing, &sysv}, false, false, false},
		{{&debugger}, false, true, true},
		{{&debugger, &nothing}, false, false, false},
		{{&debugger, &comparer}, false, false, true},
		{{&comparer, &debugger}, false, false, true},
		{{&denier}, false, true, false},
		{{&denier, &comparer}, false, false, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows_of_layers); i++) {
		struct policy **layers = (struct policy **)rows_of_layers[i].layers;
		const struct policy_set set = {
			.layers = layers, .n_layers = layers[0] ? layers[1] ? 2 : 1 : 0};
		struct filter_spec spec = filter_spec(&set, 7);

		assert_int_equal(spec.sysv, rows_of_layers[i].sysv);
		assert_int_equal(
			syscalls_have(&spec.allowed, SYS_ptrace), rows_of_layers[i].ptrace);
		assert_int_equal(syscalls_have(&spec.allowed, SYS_kcmp), rows_of_layers[i].kcmp);
		assert_int_equal(syscalls_count(&spec.allowed),
			rows_of_layers[i].ptrace + rows_of_layers[i].kcmp);
	}
}

static void test_specifications(void **state)
{
	static struct {
		struct policy *layers[2];
		struct filter_spec spec; /* beside a Landlock that knows truncation */
	} rows_of_layers[] = {
		{{NULL}, {0}},
		{{&nothing}, {0}},
		{{&files}, {0}},
		{{&anything}, {.notify_connect = true, .notify_send = true}},
		{{&web}, {.notify_connect = true, .notify_send = true, .guard_groups = true}},
		{{&files, &no_listening},
			{.notify_connect = true, .notify_send = true, .notify_listen = true}},
		{{&no_listening, &anything},
			{.notify_connect = true, .notify_send = true, .notify_listen = true}},
		{{&web, &ping}, {.notify_connect = true,
					.notify_send = true,
					.icmp = true,
					.guard_groups = true}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows_of_layers); i++) {
		struct policy **layers = rows_of_layers[i].layers;
		const struct policy_set set = {
			.layers = layers, .n_layers = layers[0] ? layers[1] ? 2 : 1 : 0};
		struct filter_spec expected = rows_of_layers[i].spec;
		bool has_files = layers[0] == &files;

		for (unsigned abi = 0; abi <= 11; abi++) {
			struct filter_spec got = filter_spec(&set, abi);

			expected.guard_truncate = has_files && (abi == 1 || abi == 2);
			if (memcmp(&got, &expected, sizeof(got)) != 0)
				fail_msg("row %zu at ABI %u", i, abi);
		}
	}
}

#define LIST(rules) rules, ARRAY_SIZE(rules)

/* Groups may be joined where every layer that restricts the network names some and denies none. */
static void test_groups(void **state)
{
	static const struct {
		enum list_kind connect;
		struct endpoint_rule *rules;
		size_t n_rules;
		struct endpoint_rule *denied;
		size_t n_denied;
		bool guarded;
	} lists[] = {
		{LIST_NONE, NULL, 0, NULL, 0, true},
		{LIST_ANY, NULL, 0, NULL, 0, false},
		{LIST_LISTED, LIST(by_tcp), NULL, 0, true},
		{LIST_LISTED, LIST(everything), NULL, 0, true},
		{LIST_LISTED, LIST(one_network), NULL, 0, true},
		{LIST_LISTED, LIST(all_groups), NULL, 0, false},
		{LIST_LISTED, LIST(one_group6), NULL, 0, false},
		{LIST_ANY, NULL, 0, LIST(one_network), false},
		{LIST_ANY, NULL, 0, LIST(one_port), false},
		{LIST_ANY, NULL, 0, LIST(everything), true},
		{LIST_ANY, NULL, 0, LIST(one_group6), true},
		{LIST_LISTED, LIST(one_group6), LIST(all_groups), true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		struct policy layer = {.network = {.present = true,
					       .connect = lists[i].connect,
					       .connect_rules = lists[i].rules,
					       .n_connect_rules = lists[i].n_rules,
					       .deny_rules = lists[i].denied,
					       .n_deny_rules = lists[i].n_denied}};
		struct policy *layers[] = {&layer, &nothing, &anything, &web};
		struct policy_set set = {.layers = layers, .n_layers = 3};

		if (filter_spec(&set, 7).guard_groups != lists[i].guarded)
			fail_msg("list %zu", i);
		set.n_layers = 4;
		assert_true(filter_spec(&set, 7).guard_groups);
		/* A layer that complains beside others denies nothing. */
		layer.complain = true;
		set.n_layers = 2;
		assert_false(filter_spec(&set, 7).guard_groups);
	}
}

/* What an instruction becomes where nothing is denied. */
static struct sock_filter complained(struct sock_filter instruction)
{
	uint32_t error = instruction.k & SECCOMP_RET_DATA;

	if (instruction.code != (BPF_RET | BPF_K) ||
		(instruction.k & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
		return instruction;
	/* What looks absent is there; what is denied is told of. */
	instruction.k = error == ENOSYS || error == EBUSY ? SECCOMP_RET_ALLOW
							  : SECCOMP_RET_USER_NOTIF;
	return instruction;
}

static void expect_complained(
	const struct built_filter *filter, const struct sock_filter *program, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const struct sock_filter wanted = complained(program[i]);

		assert_memory_equal(&program[i], &wanted, sizeof(wanted));
	}
	/* Where there is a supervisor in any case, the tests are the same, too. */
	if (!filter_supervised(&filter->spec))
		return;
	assert_int_equal(length, filter->length);
	for (size_t i = 0; i < length; i++) {
		const struct sock_filter wanted = complained(filter->program[i]);

		assert_memory_equal(&program[i], &wanted, sizeof(wanted));
	}
}

/* The same decisions, instruction by instruction, and none of them denies. */
static void test_complain(void **state)
{
	for (unsigned number = 0; number < SPECS; number++) {
		struct filter_spec spec = filters_spec(number);
		_cleanup_close_ int fd = -1;
		_cleanup_free_ char *bytes = NULL;
		size_t size;

		spec.complain = true;
		assert_int_equal(filter_build(&spec, &fd), 0);
		assert_true(memfd_is_sealed(fd));
		assert_int_equal(fd_read_all(fd, 1 << 20, &bytes, &size), 0);
		expect_complained(&filters[number], (const struct sock_filter *)bytes,
			size / sizeof(struct sock_filter));
	}
}

/* Beside a layer that enforces, one that complains makes the filter notify, and deny no more. */
static void test_mixed(void **state)
{
	static struct policy tells, lifts;
	struct policy *only[] = {&tells}, *both[] = {&nothing, &tells},
		      *other[] = {&tells, &nothing};
	struct policy *two[] = {&lifts, &web};
	const struct policy_set sets[] = {
		{.layers = only, .n_layers = 1},
		{.layers = both, .n_layers = 2},
		{.layers = other, .n_layers = 2},
		{.layers = two, .n_layers = 2},
	};
	struct filter_spec spec;

	tells = ping;
	tells.complain = true;
	lifts = nothing;
	lifts.complain = true;
	lifts.ipc.sysv = true;
	spec = filter_spec(&sets[0], 7);
	assert_true(spec.complain && spec.notify_connect && !spec.watch_network && spec.icmp);
	for (size_t i = 1; i < 3; i++) {
		spec = filter_spec(&sets[i], 7);
		assert_true(!spec.complain && spec.notify_connect && spec.watch_network);
		assert_false(spec.icmp);
	}
	spec = filter_spec(&sets[3], 7);
	assert_true(!spec.complain && spec.notify_connect && !spec.watch_network && !spec.sysv);
}

static void test_programs(void **state)
{
	size_t longest = 0;

	for (unsigned spec = 0; spec < SPECS; spec++) {
		assert_true(memfd_is_sealed(filters[spec].memfd));
		assert_true(filters[spec].length > 0 && filters[spec].length <= BPF_MAXINSNS);
		if (filters[spec].length > longest)
			longest = filters[spec].length;
	}
	print_message("longest program: %zu instructions\n", longest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_address_pointers),
		cmocka_unit_test(test_lifted_denials),
		cmocka_unit_test(test_specifications),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_complain),
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_programs),
	};

	return cmocka_run_group_tests(tests, filters_setup, filters_teardown);
}
