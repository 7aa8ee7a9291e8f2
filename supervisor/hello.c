/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* HELLO, see PROTOCOL.md. */

#include "hello.h"

#include <errno.h>
#include <unistd.h>

#include "fd.h"
#include "sock.h"

static bool is_good(const struct wire_hello *hello)
{
	return hello->type == WIRE_HELLO && hello->version == WIRE_VERSION &&
	       wire_string_ok(hello->user, sizeof(hello->user)) &&
	       wire_string_ok(hello->service, sizeof(hello->service)) &&
	       wire_string_ok(hello->tty, sizeof(hello->tty)) &&
	       wire_string_ok(hello->rhost, sizeof(hello->rhost)) &&
	       wire_string_ok(hello->policy_dir, sizeof(hello->policy_dir)) &&
	       wire_string_ok(hello->policy_name, sizeof(hello->policy_name));
}

static bool has_its_fds(const struct wire_hello *hello, size_t n_fds)
{
	return n_fds == (hello->flags & WIRE_HELLO_POLICY_FD ? 1 : 0);
}

int hello_receive(int channel, struct wire_hello *ret_hello, int *ret_policy)
{
	_cleanup_close_ int fd = -1;
	struct wire_hello hello;
	size_t n_fds = 0;
	int r = sock_receive(channel, &hello, sizeof(hello), &fd, 1, &n_fds, 0);

	if (r < 0)
		return r;
	if (!is_good(&hello) || !has_its_fds(&hello, n_fds) || (fd >= 0 && !memfd_is_sealed(fd)))
		return -EPROTO;
	*ret_hello = hello;
	*ret_policy = take_fd(&fd);
	return 0;
}

int hello_read(int fd, struct wire_hello *ret)
{
	struct wire_hello hello;
	ssize_t n = pread(fd, &hello, sizeof(hello), 0);

	if (n < 0)
		return -errno;
	if (n != (ssize_t)sizeof(hello) || !is_good(&hello))
		return -EPROTO;
	*ret = hello;
	return 0;
}
