/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rulesets: the plan and the gaps for every ABI, as tables. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "access.h"
#include "cleanup.h"
#include "ruleset.h"

#define ABI_MAX 11

/* Ports 1 to 256 and one more: the most that connect expands, and too many. */
static struct port_range few[] = {{1, 256}}, many[] = {{1, 256}, {1000, 1000}};
static struct port_range ssh[] = {{22, 22}};

static struct endpoint_rule to_ssh[] = {
	{.endpoint = {.target = ENDPOINT_ANY, .ports = ssh, .n_ports = 1}}};
static struct endpoint_rule to_few[] = {
	{.endpoint = {.target = ENDPOINT_ANY, .ports = few, .n_ports = 1}}};
static struct endpoint_rule to_many[] = {
	{.endpoint = {.target = ENDPOINT_ANY, .ports = many, .n_ports = 2}}};
static struct endpoint_rule to_few_and_ssh[] = {
	{.endpoint = {.target = ENDPOINT_ANY, .ports = few, .n_ports = 1}},
	{.endpoint = {.target = ENDPOINT_INET, .prefix = 8, .ports = ssh, .n_ports = 1}}};
static struct endpoint_rule to_host[] = {
	{.endpoint = {.target = ENDPOINT_ANY, .ports = ssh, .n_ports = 1}},
	{.endpoint = {.target = ENDPOINT_INET, .prefix = 32}}};
static struct endpoint_rule to_name_server[] = {
	{.endpoint = {.target = ENDPOINT_ANY, .ports = ssh, .n_ports = 1}},
	{.endpoint = {.protocol = ENDPOINT_UDP, .prefix = 32, .ports = ssh, .n_ports = 1}}};
static struct endpoint_rule to_udp_host[] = {
	{.endpoint = {.target = ENDPOINT_ANY, .ports = ssh, .n_ports = 1}},
	{.endpoint = {.protocol = ENDPOINT_UDP, .target = ENDPOINT_INET, .prefix = 32}}};

#define CONNECT_TO(list)                                                                           \
	.connect = LIST_LISTED, .connect_rules = list, .n_connect_rules = ARRAY_SIZE(list)

static struct port_rule bind_few[] = {{.range = {1, 255}}, {.range = {65535, 65535}}};
static struct port_rule bind_many[] = {{.range = {1, 256}}, {.range = {65535, 65535}}};

#define BIND_ON(list) .bind = LIST_LISTED, .bind_rules = list, .n_bind_rules = ARRAY_SIZE(list)

static void test_handled_fs(void **state)
{
	static const uint64_t expected[ABI_MAX + 1][2] = {
		/* without [filesystem]: make_block and refer; with: all there is */
		[0] = {0, 0},
		[1] = {0x0800, 0x1fff},
		[2] = {0x2800, 0x3fff},
		[3] = {0x2800, 0x7fff},
		[4] = {0x2800, 0x7fff},
		[5] = {0x2800, 0xffff},
		[6] = {0x2800, 0xffff},
		[7] = {0x2800, 0xffff},
		[8] = {0x2800, 0xffff},
		[9] = {0x2800, 0xffff},
		[10] = {0x2800, 0xffff},
		[11] = {0x2800, 0xffff},
	};
	static const struct policy absent = {.name = NULL}, present = {.filesystem.present = true};

	for (unsigned abi = 0; abi <= ABI_MAX; abi++) {
		assert_int_equal(ruleset_plan(&absent, abi).handled_fs, expected[abi][0]);
		assert_int_equal(ruleset_plan(&present, abi).handled_fs, expected[abi][1]);
	}
}

/* Sockets by path: where [network] says something of them, and the kernel has the right. */
static void test_handled_sockets(void **state)
{
	static const struct policy network = {.network.present = true};
	static const struct policy both = {.network.present = true, .filesystem.present = true};

	for (unsigned abi = 0; abi <= ABI_MAX; abi++) {
		uint64_t right = abi >= 9 ? LANDLOCK_ACCESS_FS_RESOLVE_UNIX : 0;

		assert_int_equal(ruleset_plan(&network, abi).handled_fs & (1 << 16), right);
		assert_int_equal(ruleset_plan(&both, abi).handled_fs & (1 << 16), right);
	}
}

static void test_handled_net(void **state)
{
	static const struct {
		struct policy policy;
		bool connect, udp, bind;
	} rows[] = {
		{{.network = {.present = false, CONNECT_TO(to_ssh)}}, false, false, false},
		{{.network = {.present = true}}, true, true, true},
		{{.network = {.present = true, .connect = LIST_ANY}}, false, false, true},
		{{.network = {.present = true, .bind = LIST_ANY}}, true, true, false},
		{{.network = {.present = true, .connect = LIST_ANY, .bind = LIST_ANY}}, false,
			false, false},
		{{.network = {.present = true, .bind = LIST_LISTED}}, true, true, true},
		{{.network = {.present = true, CONNECT_TO(to_ssh)}}, true, true, true},
		{{.network = {.present = true, CONNECT_TO(to_few)}}, true, true, true},
		{{.network = {.present = true, CONNECT_TO(to_many)}}, false, true, true},
		{{.network = {.present = true, CONNECT_TO(to_few_and_ssh)}}, false, true, true},
		{{.network = {.present = true, CONNECT_TO(to_host)}}, false, true, true},
		{{.network = {.present = true, CONNECT_TO(to_name_server)}}, true, true, true},
		{{.network = {.present = true, CONNECT_TO(to_udp_host)}}, true, false, true},
		{{.network = {.present = true, BIND_ON(bind_few)}}, true, true, true},
		{{.network = {.present = true, BIND_ON(bind_many)}}, true, true, false},
	};

	for (unsigned abi = 0; abi <= ABI_MAX; abi++) {
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			struct ruleset_plan plan = ruleset_plan(&rows[i].policy, abi);
			bool connect = rows[i].connect && abi >= 4, bind = rows[i].bind && abi >= 4;
			bool udp = rows[i].udp && abi >= 10;

			if (plan.tcp_connect_by_port != connect || plan.tcp_bind_by_port != bind ||
				plan.udp_connect_by_port != udp)
				fail_msg("row %zu at ABI %u", i, abi);
			assert_int_equal(plan.handled_net,
				(connect ? LANDLOCK_ACCESS_NET_CONNECT_TCP : 0) |
					(bind ? LANDLOCK_ACCESS_NET_BIND_TCP : 0) |
					(udp ? LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP : 0));
		}
	}
}

static void test_scoped(void **state)
{
	static const struct {
		enum scope_setting signal, abstract_unix;
		uint64_t scoped;
	} rows[] = {
		{SCOPE_UNSET, SCOPE_UNSET, 3},
		{SCOPE_SESSION, SCOPE_SESSION, 3},
		{SCOPE_ANY, SCOPE_UNSET, 1},
		{SCOPE_SESSION, SCOPE_ANY, 2},
		{SCOPE_ANY, SCOPE_ANY, 0},
	};

	for (unsigned abi = 0; abi <= ABI_MAX; abi++) {
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			struct policy policy = {.ipc = {.signal = rows[i].signal,
							.abstract_unix = rows[i].abstract_unix}};
			assert_int_equal(
				ruleset_plan(&policy, abi).scoped, abi >= 6 ? rows[i].scoped : 0);
		}
	}
}

static char dev[] = "/dev", dev_shm[] = "/dev/shm/x", devil[] = "/devil", root[] = "/",
	    home[] = "/home/alice";
static char rule_id[] = "user/alice:some.key";

/* A policy with one grant. */
#define GRANT(rule) .filesystem = {.present = true, .rules = rule, .n_rules = 1}

static struct path_rule read_dev[] = {{.path = dev, .access = ACCESS_READ}};
static struct path_rule list_dev[] = {{.path = dev, .access = ACCESS_LIST}};
static struct path_rule device_dev[] = {{.path = dev, .access = ACCESS_DEVICE}};
static struct path_rule write_shm[] = {{.path = dev_shm, .access = ACCESS_WRITE}};
static struct path_rule device_home[] = {{.path = home, .access = ACCESS_DEVICE}};
static struct path_rule write_home[] = {{.path = home, .access = ACCESS_WRITE}};
static struct path_rule fill_home[] = {{.path = home, .access = LANDLOCK_ACCESS_FS_WRITE_FILE}};
static struct path_rule read_devil[] = {{.path = devil, .access = ACCESS_READ}};
static char rights_id[] = "user/alice:filesystem.rights.x";

/* One right, named. */
#define NAMED(right)                                                                               \
	{                                                                                          \
		{                                                                                  \
			.rule = {.id = rights_id}, .path = home, .access = right                   \
		}                                                                                  \
	}
static struct path_rule sends[] = NAMED(LANDLOCK_ACCESS_FS_RESOLVE_UNIX);
static struct path_rule controls[] = NAMED(LANDLOCK_ACCESS_FS_IOCTL_DEV | ACCESS_READ);
static struct path_rule empties[] = NAMED(LANDLOCK_ACCESS_FS_TRUNCATE);
static struct path_rule refers[] = NAMED(LANDLOCK_ACCESS_FS_REFER);
static struct path_rule makes[] = NAMED(LANDLOCK_ACCESS_FS_MAKE_REG);
static struct path_rule read_root[] = {{.path = root, .access = ACCESS_READ}};
static struct port_rule bind_rules[] = {{.rule = {.id = rule_id}, .range = {8000, 8000}}};

static void test_gaps(void **state)
{
	enum { SIGNAL_ROW = 14 };
	static const struct {
		struct policy policy;
		const char *key;
		unsigned last; /* the newest ABI with the gap, 0 with key NULL: none ever */
		const struct rule *rule;
	} rows[] = {
		{{.name = NULL}, NULL, 0, NULL},
		{{.filesystem.present = true}, "filesystem", 0, NULL},
		{{GRANT(read_devil)}, "filesystem", 0, &read_devil[0].rule},
		{{GRANT(device_dev)}, "filesystem", 0, &device_dev[0].rule},
		{{GRANT(list_dev)}, "filesystem", 0, &list_dev[0].rule},
		{{GRANT(write_shm)}, "filesystem", 0, &write_shm[0].rule},
		{{GRANT(write_home)}, "filesystem", 0, &write_home[0].rule},
		{{GRANT(fill_home)}, "filesystem", 2, &fill_home[0].rule},
		{{GRANT(device_home)}, "filesystem", 2, &device_home[0].rule},
		{{GRANT(read_dev)}, "filesystem", 4, &read_dev[0].rule},
		{{GRANT(read_root)}, "filesystem", 4, &read_root[0].rule},
		{{.network.present = true}, NULL, 0, NULL},
		{{.network = {.present = true, BIND_ON(bind_rules)}}, NULL, 0, NULL},
		{{.network = {.present = true, .bind = LIST_ANY}}, NULL, 0, NULL},
		{{.ipc = {.signal = SCOPE_SESSION, .signal_rule = {.id = rule_id}}}, "ipc.signal",
			5, &rows[SIGNAL_ROW].policy.ipc.signal_rule},
		{{.ipc.signal = SCOPE_ANY}, NULL, 0, NULL},
		{{.ipc.abstract_unix = SCOPE_SESSION}, "ipc.abstract-unix", 5, NULL},
		{{.ipc.abstract_unix = SCOPE_ANY}, NULL, 0, NULL},
		{{.ipc.abstract_unix = SCOPE_SESSION,
			 .network = {.present = true, .bind = LIST_ANY}},
			NULL, 0, NULL},
	};

	for (unsigned abi = 0; abi <= ABI_MAX; abi++) {
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			struct ruleset_gap gaps[RULESET_GAPS_MAX];
			size_t n = ruleset_gaps(&rows[i].policy, abi, gaps);
			bool expected = rows[i].key && abi <= rows[i].last;

			if (n != expected)
				fail_msg("row %zu at ABI %u: %zu gaps", i, abi, n);
			if (!expected)
				continue;
			assert_string_equal(gaps[0].key, rows[i].key);
			assert_ptr_equal(gaps[0].rule, rows[i].rule);
			assert_true(strlen(gaps[0].needs) > 0);
		}
	}
}

static void test_several_gaps(void **state)
{
	static const struct policy all = {.filesystem.present = true,
		.network.present = true,
		.ipc = {.signal = SCOPE_SESSION, .abstract_unix = SCOPE_SESSION}};
	static const size_t expected[ABI_MAX + 1] = {2, 1, 1, 1, 1, 1};
	struct ruleset_gap gaps[RULESET_GAPS_MAX];

	for (unsigned abi = 0; abi <= ABI_MAX; abi++)
		assert_int_equal(ruleset_gaps(&all, abi, gaps), expected[abi]);
}

/* A right that is named is demanded; all need Landlock at all. */
static void test_gaps_of_rights(void **state)
{
	static const struct {
		struct policy policy;
		unsigned since;
		const struct rule *rule;
	} rows[] = {
		{{GRANT(sends)}, 9, &sends[0].rule},
		{{GRANT(controls)}, 5, &controls[0].rule},
		{{GRANT(empties)}, 3, &empties[0].rule},
		{{GRANT(refers)}, 2, &refers[0].rule},
		{{GRANT(makes)}, 0, NULL},
	};

	for (unsigned abi = 1; abi <= ABI_MAX; abi++) {
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			struct ruleset_gap gaps[RULESET_GAPS_MAX];
			size_t n = ruleset_gaps(&rows[i].policy, abi, gaps);

			assert_int_equal(n, abi < rows[i].since);
			if (n == 0)
				continue;
			assert_string_equal(gaps[0].key, "filesystem.rights");
			assert_ptr_equal(gaps[0].rule, rows[i].rule);
		}
	}
}

static void test_restrict_flags(void **state)
{
	static struct policy quiet = {.log.denials = false}, loud = {.log.denials = true};
	struct policy *layers[] = {&quiet, &loud};
	const struct policy_set none = {.layers = layers, .n_layers = 1};
	const struct policy_set some = {.layers = layers, .n_layers = 2};

	for (unsigned abi = 0; abi <= ABI_MAX; abi++) {
		assert_int_equal(ruleset_restrict_flags(&some, abi),
			abi >= 7 ? LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON : 0);
		assert_int_equal(ruleset_restrict_flags(&none, abi),
			abi >= 7 ? LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handled_fs),
		cmocka_unit_test(test_handled_sockets),
		cmocka_unit_test(test_handled_net),
		cmocka_unit_test(test_scoped),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_several_gaps),
		cmocka_unit_test(test_gaps_of_rights),
		cmocka_unit_test(test_restrict_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
