/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Looks at what a name stands for before it is opened: a fifo is waited for, a device may act. */

#include "named-file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "fd.h"

static int refuse_kind(mode_t mode)
{
	return S_ISREG(mode) ? 0 : S_ISDIR(mode) ? -EISDIR : -ESPIPE;
}

int named_file_open(const char *path)
{
	_cleanup_close_ int fd = -1;
	struct stat st;
	int r;

	/* To open a fifo, if only for a moment, lets its writer go on: it is looked at first. */
	if (stat(path, &st) < 0)
		return -errno;
	r = refuse_kind(st.st_mode);
	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	r = refuse_kind(st.st_mode);
	return r < 0 ? r : take_fd(&fd);
}

FILE *named_file_stream(const char *path)
{
	int fd = named_file_open(path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (fd < 0)
		errno = -fd;
	else if (!file)
		fd_close(fd);
	return file;
}

static int read_once(const char *path, size_t max, char **ret, size_t *ret_size)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);

	return fd < 0 ? -errno : fd_read_stream(fd, max, ret, ret_size);
}

int named_file_read(const char *path, size_t max, char **ret, size_t *ret_size, time_t *ret_written)
{
	_cleanup_close_ int fd = named_file_open(path);
	struct stat st;

	if (fd == -ESPIPE) {
		*ret_written = 0;
		return read_once(path, max, ret, ret_size);
	}
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	*ret_written = st.st_mtime;
	return fd_read_all(fd, max, ret, ret_size);
}
