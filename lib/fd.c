/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* File descriptors and memfds. Makes no assumption about who calls: no stdio, no globals. */

#include "fd.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define READ_FIRST 8191 /* with its NUL two pages */

#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

int fd_move_above(int fd, int minimum)
{
	int moved;

	if (fd >= minimum)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, minimum);
	if (moved < 0)
		return -errno;
	fd_close(fd);
	return moved;
}

int memfd_seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, ALL_SEALS) < 0 ? -errno : 0;
}

bool memfd_is_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & ALL_SEALS) == ALL_SEALS;
}

int memfd_new_sealed(const char *name, const void *bytes, size_t size)
{
	_cleanup_close_ int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int r;

	if (fd < 0)
		return -errno;
	r = fd_write_all(fd, bytes, size);
	if (r < 0)
		return r;
	r = memfd_seal(fd);
	if (r < 0)
		return r;
	return take_fd(&fd);
}

/* Most files are small: what is never touched is not allocated either. */
static size_t next_room(size_t room, size_t most)
{
	const size_t next = room ? 2 * room : READ_FIRST;

	return next < most ? next : most;
}

typedef ssize_t read_fn(int fd, void *buffer, size_t size, off_t offset);

/* For what has no offset. */
static ssize_t read_on(int fd, void *buffer, size_t size, off_t offset)
{
	(void)offset;
	return read(fd, buffer, size);
}

static int read_all(int fd, read_fn *read_some, size_t max, char **ret, size_t *ret_size)
{
	_cleanup_free_ char *bytes = NULL;
	size_t size = 0, room = 0;

	for (;;) {
		ssize_t n;

		if (size == room) {
			char *grown;

			/* One byte more than allowed tells a file of max bytes from a longer one.
			 */
			room = next_room(room, max + 1);
			grown = realloc(bytes, room + 1);
			if (!grown)
				return -ENOMEM;
			bytes = grown;
		}
		n = read_some(fd, bytes + size, room - size, (off_t)size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		size += (size_t)n;
		if (size > max)
			return -E2BIG;
	}
	bytes[size] = '\0';
	*ret = take_ptr(bytes);
	*ret_size = size;
	return 0;
}

int fd_read_all(int fd, size_t max, char **ret, size_t *ret_size)
{
	return read_all(fd, pread, max, ret, ret_size);
}

int fd_read_stream(int fd, size_t max, char **ret, size_t *ret_size)
{
	return read_all(fd, read_on, max, ret, ret_size);
}

int fd_write_all(int fd, const void *bytes, size_t size)
{
	const uint8_t *p = bytes;

	while (size > 0) {
		ssize_t n = write(fd, p, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		size -= (size_t)n;
	}
	return 0;
}
