/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* HELLO, see PROTOCOL.md. */

#include "hello.h"

#include <errno.h>

#include "fd.h"
#include "sock.h"

static bool is_good(const struct wire_hello *hello, size_t n_fds)
{
	size_t wanted_fds = hello->flags & WIRE_HELLO_POLICY_FD ? 1 : 0;

	return hello->type == WIRE_HELLO && hello->version == WIRE_VERSION && n_fds == wanted_fds &&
	       wire_string_ok(hello->user, sizeof(hello->user)) &&
	       wire_string_ok(hello->service, sizeof(hello->service)) &&
	       wire_string_ok(hello->tty, sizeof(hello->tty)) &&
	       wire_string_ok(hello->rhost, sizeof(hello->rhost)) &&
	       wire_string_ok(hello->policy_dir, sizeof(hello->policy_dir)) &&
	       wire_string_ok(hello->policy_name, sizeof(hello->policy_name));
}

int hello_receive(int channel, struct wire_hello *ret_hello, int *ret_policy)
{
	_cleanup_close_ int fd = -1;
	struct wire_hello hello;
	size_t n_fds = 0;
	int r = sock_receive(channel, &hello, sizeof(hello), &fd, 1, &n_fds, 0);

	if (r < 0)
		return r;
	if (!is_good(&hello, n_fds) || (fd >= 0 && !memfd_is_sealed(fd)))
		return -EPROTO;
	*ret_hello = hello;
	*ret_policy = take_fd(&fd);
	return 0;
}
