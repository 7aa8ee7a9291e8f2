/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "packet.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "require.h"
#include "sock.h"

static uint8_t byte(const uint8_t **data, size_t *size)
{
	if (*size == 0)
		return 0;
	--*size;
	return *(*data)++;
}

static int descriptor(bool sealed)
{
	static const uint64_t program[8];
	static int memfd = -1, null = -1;

	if (memfd < 0) {
		memfd = memfd_new_sealed("fuzz", program, sizeof(program));
		null = open("/dev/null", O_RDWR | O_CLOEXEC);
		require(memfd >= 0 && null >= 0);
	}
	return sealed ? memfd : null;
}

void packet_send(int sock, const uint8_t **data, size_t *size, size_t expected)
{
	size_t n_fds = byte(data, size) % (SOCK_FDS_MAX + 1);
	uint8_t sealed = byte(data, size), odd = byte(data, size);
	size_t length = odd < 240 ? expected : (size_t)odd * 32, n;
	uint8_t packet[PACKET_MAX] = {0};
	int fds[SOCK_FDS_MAX];

	n = *size < length ? *size : length;
	memcpy(packet, *data, n);
	*data += n;
	*size -= n;
	for (size_t i = 0; i < n_fds; i++)
		fds[i] = descriptor(sealed >> (i % 8) & 1);
	require(sock_send(sock, packet, length, fds, n_fds, 0) == 0);
}

void packet_check_descriptors(void)
{
	static int first = -1;
	int lowest;

	descriptor(true);
	lowest = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	require(lowest >= 0);
	close(lowest);
	if (first < 0)
		first = lowest;
	require(lowest == first);
}
