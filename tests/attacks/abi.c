/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The kernel's other doors on x86_64: int 0x80 with the 32-bit numbers, and the x32 numbers. A
 * filter that looks at the number alone takes them for different calls.
 *
 *	abi int80-connect|int80-socketcall|x32-connect PLACE
 */

#include "attack.h"

#ifdef __x86_64__

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Numbers of arch/x86/entry/syscalls/syscall_32.tbl. */
enum { I386_SOCKETCALL = 102, I386_SOCKET = 359, I386_CONNECT = 362 };
enum { CALL_SOCKET = 1, CALL_CONNECT = 3 };
#define X32 0x40000000L

/* Arguments must lie where 32 bits reach. */
struct low {
	uint32_t call[3];
	struct sockaddr_storage address;
};

static struct low *low_new(const struct place *place)
{
	struct low *low = mmap(NULL, sizeof(*low), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	need(low != MAP_FAILED, "mmap");
	memcpy(&low->address, &place->address, place->length);
	return low;
}

static uint32_t address_of(const void *p)
{
	return (uint32_t)(uintptr_t)p;
}

static long int80(long number, uint32_t a, uint32_t b, uint32_t c)
{
	long r;

	__asm__ volatile("int $0x80"
			 : "=a"(r)
			 : "a"(number), "b"((long)a), "c"((long)b), "d"((long)c)
			 : "memory", "r8", "r9", "r10", "r11");
	r = (int)r;
	if (r < 0) {
		errno = (int)-r;
		return -1;
	}
	return r;
}

static int int80_connect(char **args)
{
	struct place place = place_parse(args[0]);
	struct low *low = low_new(&place);
	long fd = int80(I386_SOCKET, place.address.ss_family, SOCK_STREAM, 0);

	if (fd < 0)
		return stopped_by("socket");
	if (int80(I386_CONNECT, (uint32_t)fd, address_of(&low->address), place.length) < 0)
		return stopped_by("connect");
	return succeeded("connected by int 0x80");
}

static int int80_socketcall(char **args)
{
	struct place place = place_parse(args[0]);
	struct low *low = low_new(&place);
	long fd;

	low->call[0] = place.address.ss_family;
	low->call[1] = SOCK_STREAM;
	fd = int80(I386_SOCKETCALL, CALL_SOCKET, address_of(low->call), 0);
	if (fd < 0)
		return stopped_by("socketcall(socket)");
	low->call[0] = (uint32_t)fd;
	low->call[1] = address_of(&low->address);
	low->call[2] = place.length;
	if (int80(I386_SOCKETCALL, CALL_CONNECT, address_of(low->call), 0) < 0)
		return stopped_by("socketcall(connect)");
	return succeeded("connected by int 0x80 socketcall");
}

/* The socket of this architecture: what a filter would let by is connect alone. */
static int int80_mixed(char **args)
{
	struct place place = place_parse(args[0]);
	struct low *low = low_new(&place);
	int fd = place_socket(&place, SOCK_STREAM);

	need(fd >= 0, "socket");
	if (int80(I386_CONNECT, (uint32_t)fd, address_of(&low->address), place.length) < 0)
		return stopped_by("connect");
	return succeeded("connected by int 0x80");
}

static int x32_connect(char **args)
{
	struct place place = place_parse(args[0]);
	int fd = place_socket(&place, SOCK_STREAM);

	need(fd >= 0, "socket");
	if (syscall(SYS_connect | X32, fd, &place.address, (long)place.length) < 0)
		return stopped_by("connect");
	return succeeded("connected by x32");
}

static const struct trick tricks[] = {
	{"int80-connect", int80_connect, 1},
	{"int80-mixed", int80_mixed, 1},
	{"int80-socketcall", int80_socketcall, 1},
	{"x32-connect", x32_connect, 1},
};

/* A filter may answer a foreign architecture with a signal; a kernel without it does, too. */
static void on_signal(int number)
{
	_exit(stopped("killed by signal %d", number));
}

int main(int argc, char **argv)
{
	signal(SIGSEGV, on_signal);
	signal(SIGSYS, on_signal);
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}

#else

int main(void)
{
	return untried("this architecture has no other doors");
}

#endif
