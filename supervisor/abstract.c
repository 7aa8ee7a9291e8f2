/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Whose an abstract name is: the members' descriptors tell. Not /proc/net/unix, which leaves out
 * lines when sockets are closed while it is read, and prints a file called "@name" as the name.
 */

#include "abstract.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "act.h"
#include "members.h"

#ifndef SO_NETNS_COOKIE /* Linux 5.14 */
#define SO_NETNS_COOKIE 71
#endif

struct abstract_name {
	const char *bytes; /* without the leading NUL */
	size_t length;
	int type; /* SOCK_* */
	uint64_t network;
};

/* The namespace that the socket was made in, wherever its holder is. */
static bool get_network(int sock, uint64_t *ret)
{
	socklen_t size = sizeof(*ret);

	return getsockopt(sock, SOL_SOCKET, SO_NETNS_COOKIE, ret, &size) == 0;
}

static bool is_named(int sock, const struct abstract_name *name)
{
	struct sockaddr_un address;
	socklen_t length = sizeof(address);

	if (getsockname(sock, (struct sockaddr *)&address, &length) < 0)
		return false;
	return address.sun_family == AF_UNIX &&
	       length == offsetof(struct sockaddr_un, sun_path) + 1 + name->length &&
	       address.sun_path[0] == '\0' &&
	       memcmp(address.sun_path + 1, name->bytes, name->length) == 0;
}

/*
 * Whether this is the socket that the kernel finds by the name. One end of a connection says the
 * name of its listener, too, and does not have it: what listens is bound.
 */
static bool has_name(int sock, const void *userdata)
{
	const struct abstract_name *name = userdata;
	int type, listens = 1;
	uint64_t network;

	if (!is_named(sock, name) || act_get_option(sock, SO_TYPE, &type) < 0 || type != name->type)
		return false;
	if (type != SOCK_DGRAM && act_get_option(sock, SO_ACCEPTCONN, &listens) < 0)
		return false;
	return listens && get_network(sock, &network) && network == name->network;
}

int abstract_hold(int sock, const char *name, size_t length)
{
	struct abstract_name wanted = {.bytes = name, .length = length};

	if (act_get_option(sock, SO_TYPE, &wanted.type) < 0 || !get_network(sock, &wanted.network))
		return -1;
	return members_find_socket(has_name, &wanted);
}
