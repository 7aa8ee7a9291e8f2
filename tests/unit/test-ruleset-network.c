/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What compiled rulesets let a child reach under this kernel, at every ABI it has. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "cleanup.h"
#include "confined.h"
#include "ruleset.h"

static int socket_op(int type, int (*op)(int, const struct sockaddr *, socklen_t), const char *port)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	_cleanup_close_ int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		return 1000 + errno;
	return op(fd, (struct sockaddr *)&in, sizeof(in)) < 0 ? errno : 0;
}

static int op_bind(const char *port)
{
	return socket_op(SOCK_STREAM, bind, port);
}

static int op_connect(const char *port)
{
	return socket_op(SOCK_STREAM, connect, port);
}

static int op_connect_udp(const char *port)
{
	return socket_op(SOCK_DGRAM, connect, port);
}

static int op_bind_udp(const char *port)
{
	return socket_op(SOCK_DGRAM, bind, port);
}

static int send_letter(int fd, const struct sockaddr *address, socklen_t length)
{
	return sendto(fd, "x", 1, 0, address, length) == 1 ? 0 : -1;
}

static int op_send_udp(const char *port)
{
	return socket_op(SOCK_DGRAM, send_letter, port);
}

/* The server is outside of the domain. */
static int op_connect_unix(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (fd < 0)
		return 1000 + errno;
	return connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? errno : 0;
}

static void test_network(void **state)
{
	static struct port_range ssh = {22, 22};
	static struct endpoint_rule to_ssh = {
		.endpoint = {.target = ENDPOINT_ANY, .ports = &ssh, .n_ports = 1}};
	static struct port_rule bind_rule = {.range = {42100, 42110}};
	const struct policy listed = {.network = {.present = true,
					      .connect = LIST_LISTED,
					      .connect_rules = &to_ssh,
					      .n_connect_rules = 1,
					      .bind = LIST_LISTED,
					      .bind_rules = &bind_rule,
					      .n_bind_rules = 1}};
	const struct policy none = {.network.present = true};
	const struct policy any = {
		.network = {.present = true, .connect = LIST_ANY, .bind = LIST_ANY}};
	const struct policy unrestricted = {.name = NULL};
	unsigned newest = abi_or_skip();

	for (unsigned abi = 1; abi <= newest; abi++) {
		bool handled = abi >= 4;
		assert_true(confined(&listed, abi, op_connect, "22") != EACCES);
		assert_int_equal(confined(&listed, abi, op_connect, "1") == EACCES, handled);
		assert_int_equal(confined(&none, abi, op_connect, "22") == EACCES, handled);
		assert_true(confined(&any, abi, op_connect, "1") != EACCES);
		assert_true(confined(&listed, abi, op_bind, "42110") != EACCES);
		assert_int_equal(confined(&listed, abi, op_bind, "42111") == EACCES, handled);
		assert_int_equal(confined(&listed, abi, op_bind, "0") == EACCES, handled);
		assert_int_equal(confined(&none, abi, op_bind, "42110") == EACCES, handled);
		assert_int_equal(confined(&any, abi, op_bind, "0"), 0);
		assert_true(confined(&unrestricted, abi, op_connect, "1") != EACCES);
	}
}

/* Beside the connect rules for TCP; binding and whatever has no port are left alone. */
static void test_udp(void **state)
{
	static struct port_range ssh = {22, 22}, name_server = {53, 53};
	static struct endpoint_rule rules[] = {
		{.endpoint = {.target = ENDPOINT_ANY, .ports = &ssh, .n_ports = 1}},
		{.endpoint = {.protocol = ENDPOINT_UDP,
			 .target = ENDPOINT_ANY,
			 .ports = &name_server,
			 .n_ports = 1}},
	};
	const struct policy listed = {.network = {.present = true,
					      .connect = LIST_LISTED,
					      .connect_rules = rules,
					      .n_connect_rules = ARRAY_SIZE(rules)}};
	const struct policy none = {.network.present = true};
	const struct policy any = {.network = {.present = true, .connect = LIST_ANY}};
	unsigned newest = abi_or_skip();

	for (unsigned abi = 1; abi <= newest; abi++) {
		int refused = abi >= 10 ? EACCES : 0;

		assert_int_equal(confined(&listed, abi, op_connect_udp, "53"), 0);
		assert_int_equal(confined(&listed, abi, op_send_udp, "53"), 0);
		assert_int_equal(confined(&listed, abi, op_connect_udp, "22"), refused);
		assert_int_equal(confined(&listed, abi, op_send_udp, "22"), refused);
		assert_int_equal(confined(&none, abi, op_send_udp, "53"), refused);
		assert_int_equal(confined(&any, abi, op_send_udp, "22"), 0);
		assert_int_equal(confined(&none, abi, op_bind_udp, "0"), 0);
		assert_int_equal(confined(&listed, abi, op_connect, "53") == EACCES, abi >= 4);
	}
}

static char scratch[] = "/tmp/sandlock-test-XXXXXX";

struct server {
	char folder[48], path[64];
	int fd;
};

/* A folder in the scratch folder, and a server on a socket in it. */
static struct server server_in(const char *folder)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct server server = {.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};

	snprintf(server.folder, sizeof(server.folder), "%s/%s", scratch, folder);
	snprintf(server.path, sizeof(server.path), "%s/socket", server.folder);
	assert_int_equal(mkdir(server.folder, 0700), 0);
	strcpy(address.sun_path, server.path);
	assert_true(server.fd >= 0);
	assert_int_equal(bind(server.fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(server.fd, 64), 0);
	return server;
}

static void server_down(const struct server *server)
{
	close(server->fd);
	unlink(server->path);
	assert_int_equal(rmdir(server->folder), 0);
}

static void test_unix_sockets(void **state)
{
	struct server tree, named, outside;
	struct path_rule trees[1], rules[1];
	const struct policy policy = {.network = {.present = true,
					      .unix_trees = trees,
					      .n_unix_trees = 1,
					      .unix_rules = rules,
					      .n_unix_rules = 1}};
	const struct policy files = {.filesystem.present = true};
	unsigned newest = abi_or_skip();

	assert_non_null(mkdtemp(scratch));
	tree = server_in("tree");
	named = server_in("named");
	outside = server_in("outside");
	trees[0] = (struct path_rule){.path = tree.folder};
	rules[0] = (struct path_rule){.path = named.path};
	for (unsigned abi = 1; abi <= newest; abi++) {
		assert_int_equal(confined(&policy, abi, op_connect_unix, tree.path), 0);
		assert_int_equal(confined(&policy, abi, op_connect_unix, named.path), 0);
		assert_int_equal(confined(&policy, abi, op_connect_unix, outside.path),
			abi >= 9 ? EACCES : 0);
		assert_int_equal(confined(&files, abi, op_connect_unix, outside.path), 0);
	}
	server_down(&tree);
	server_down(&named);
	server_down(&outside);
	assert_int_equal(rmdir(scratch), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_network),
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_unix_sockets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
