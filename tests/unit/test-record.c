/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What reaches the journal: this test is the journal. It takes the records from the socket where
 * systemd-journald listens, in a mount namespace of its own, so that the machine's never sees one.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "cleanup.h"
#include "journal-socket.h"
#include "journal.h"
#include "record.h"

#define SOCKET "/run/systemd/journal/socket"

static int journal = -1;
static char record[8192]; /* the last one taken: lines of KEY=value, a NUL before and after each */

static struct rule rule = {.number = 1, .id = (char *)"group/students:network.deny"};
static const struct rule *rules[] = {&rule};
static struct policy layers[] = {
	{.name = (char *)"group/students"}, {.name = (char *)"mandatory/10-site"}};
static struct policy *layer_pointers[] = {&layers[0], &layers[1]};
static struct policy_set set = {
	.layers = layer_pointers,
	.n_layers = 2,
	.rules = rules,
	.n_rules = 1,
	.hash = {0xab, 0xcd},
};
static struct note note = {(char *)"group/students:filesystem.read.x", (char *)"/srv/x",
	(char *)"no such file or directory"};
static struct supervisor supervisor = {
	.hello = {.user = "alice", .service = "sshd", .tty = "ssh", .rhost = "192.0.2.7"},
	.id = "0123456789abcdef0123456789abcdef",
	.identity = {.user = (char *)"alice", .uid = 4321},
	.set = &set,
	.abi = 7,
};

static int start_journal(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SOCKET};

	unlink(SOCKET);
	journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return bind(journal, (struct sockaddr *)&address, sizeof(address));
}

static int enter(void)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 ||
		mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
		mount("tmpfs", "/run", "tmpfs", 0, NULL) < 0) {
		fprintf(stderr, "skipped: needs root and mount namespaces\n");
		return 77;
	}
	if (mkdir("/run/systemd", 0755) < 0 || mkdir("/run/systemd/journal", 0755) < 0)
		return 1;
	return start_journal() < 0 ? 1 : 0;
}

static void take_record(void)
{
	ssize_t n = recv(journal, record + 1, sizeof(record) - 2, 0);

	assert_true(n > 0);
	record[0] = '\n';
	record[n + 1] = '\0';
}

static void assert_no_record(void)
{
	assert_int_equal(recv(journal, record, sizeof(record), 0), -1);
	assert_int_equal(errno, EAGAIN);
}

/* The record has the line `field` once, and no other line with its key. */
static void assert_field(const char *field)
{
	char line[512], key[64];
	const char *found;

	snprintf(line, sizeof(line), "\n%s\n", field);
	snprintf(key, sizeof(key), "\n%.*s=", (int)strcspn(field, "="), field);
	found = strstr(record, key);
	if (!strstr(record, line))
		fail_msg("no %s in:%s", field, record);
	assert_null(strstr(found + 1, key));
}

static void assert_fields(const char *const *fields)
{
	for (size_t i = 0; fields[i]; i++)
		assert_field(fields[i]);
}

static void assert_no_field(const char *key)
{
	char text[64];

	snprintf(text, sizeof(text), "\n%s=", key);
	assert_null(strstr(record, text));
}

static const char *const common[] = {
	"SYSLOG_IDENTIFIER=sandlock",
	"SYSLOG_FACILITY=10",
	"SANDLOCK_SESSION=0123456789abcdef0123456789abcdef",
	"SANDLOCK_USER=alice",
	"SANDLOCK_UID=4321",
	"SANDLOCK_SERVICE=sshd",
	"SANDLOCK_TTY=ssh",
	"SANDLOCK_RHOST=192.0.2.7",
	"SANDLOCK_POLICIES=group/students mandatory/10-site",
	"SANDLOCK_POLICY_HASH=abcd000000000000000000000000000000000000000000000000000000000000",
	"SANDLOCK_MODE=enforce",
	"SANDLOCK_ABI=7",
	NULL,
};

static int sequence(void)
{
	const char *field = strstr(record, "\nSANDLOCK_SEQ=");

	assert_non_null(field);
	return atoi(strchr(field, '=') + 1);
}

static void test_open(void **state)
{
	static const char *const opened[] = {"MESSAGE_ID=9e46d8d3308d45e0a0b5ac2c5024f9f8",
		"PRIORITY=6", "SANDLOCK_EVENT=session-open",
		"MESSAGE=Session 01234567 of alice by sshd from 192.0.2.7 opened", NULL};
	static const char *const degraded[] = {"MESSAGE_ID=c885b038ba9f4872808348092029a22a",
		"PRIORITY=4", "SANDLOCK_EVENT=degraded", "SANDLOCK_OBJECT=/srv/x",
		"SANDLOCK_RULE=group/students:filesystem.read.x",
		"MESSAGE=/srv/x: no such file or directory", NULL};
	char pid[64];
	int first;

	supervisor.notes = &note;
	supervisor.n_notes = 1;
	record_open(&supervisor);
	take_record();
	assert_fields(common);
	assert_fields(opened);
	snprintf(pid, sizeof(pid), "SANDLOCK_SUPERVISOR_PID=%d", (int)getpid());
	assert_field(pid);
	first = sequence();
	take_record();
	assert_fields(common);
	assert_fields(degraded);
	assert_int_equal(sequence(), first + 1);
	assert_no_record();
}

static struct wire_denial denial(void)
{
	return (struct wire_denial){
		.type = WIRE_DENIED,
		.action = WIRE_ACTION_CONNECT,
		.pid = 4711,
		.error = ECONNREFUSED,
		.rule = 1,
		.protocol = IPPROTO_TCP,
		.call = SYS_connect,
		.object = "192.0.2.1:25",
		.comm = "telnet",
		.exe = "/usr/bin/telnet",
	};
}

static void test_denied(void **state)
{
	static const char *const fields[] = {"MESSAGE_ID=495201f75ee04d52b48e983cb1a6ad0f",
		"PRIORITY=5", "SANDLOCK_EVENT=denied-network", "SANDLOCK_ACTION=connect",
		"SANDLOCK_OBJECT=192.0.2.1:25", "SANDLOCK_RIGHT=net.connect_tcp",
		"SANDLOCK_RULE=group/students:network.deny", "SANDLOCK_ERRNO=111",
		"SANDLOCK_PID=4711", "SANDLOCK_COMM=telnet", "SANDLOCK_EXE=/usr/bin/telnet",
		"SANDLOCK_SYSCALL=connect", "SANDLOCK_PROTOCOL=tcp",
		"MESSAGE=Denied connect to 192.0.2.1:25 for alice (pid 4711, telnet)", NULL};
	struct wire_denial denied = denial();

	record_denied(&supervisor, &denied);
	take_record();
	assert_fields(common);
	assert_fields(fields);
	assert_no_record();
}

static void test_denied_datagram(void **state)
{
	static const char *const fields[] = {"SANDLOCK_ACTION=send", "SANDLOCK_OBJECT=192.0.2.1:25",
		"SANDLOCK_PROTOCOL=udp", "SANDLOCK_SYSCALL=sendmmsg",
		"MESSAGE=Denied send to udp://192.0.2.1:25 for alice (pid 4711)", NULL};
	struct wire_denial denied = denial();

	denied.comm[0] = '\0'; /* of a process that is gone by then */
	denied.action = WIRE_ACTION_SEND;
	denied.protocol = IPPROTO_UDP;
	denied.call = SYS_sendmmsg;
	record_denied(&supervisor, &denied);
	take_record();
	assert_fields(fields);
	assert_no_field("SANDLOCK_RIGHT");
	denied.call = UINT32_MAX;
	record_denied(&supervisor, &denied);
	take_record();
	assert_no_field("SANDLOCK_SYSCALL");
}

/* Every action has words, and a rule number from a worker names a rule or nothing. */
static void test_denied_by_no_rule(void **state)
{
	static const uint32_t numbers[] = {0, 2, UINT32_MAX};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		for (uint32_t action = 0; action < WIRE_ACTION_MAX; action++) {
			struct wire_denial denied = denial();

			denied.rule = numbers[i];
			denied.action = action;
			denied.protocol = 0;
			record_denied(&supervisor, &denied);
			take_record();
			assert_field("SANDLOCK_RULE=-");
			assert_no_field("SANDLOCK_RIGHT");
			assert_null(strstr(record, "(null)"));
			assert_non_null(strstr(record, "\nSANDLOCK_ACTION="));
			/* Opening a file takes one of several calls: it is not told which. */
			if (action == WIRE_ACTION_OPEN)
				continue;
			assert_non_null(strstr(record, "\nSANDLOCK_SYSCALL="));
		}
}

/* Names that a session chooses cannot add fields or lines. */
static void test_forged(void **state)
{
	struct wire_denial denied = denial();

	snprintf(denied.comm, sizeof(denied.comm), "\nMESSAGE=x\033");
	snprintf(denied.object, sizeof(denied.object), "/tmp/a\nSANDLOCK_USER=root\nMESSAGE=b");
	snprintf(denied.exe, sizeof(denied.exe), "/tmp/\xff\\");
	record_denied(&supervisor, &denied);
	take_record();
	assert_field("SANDLOCK_USER=alice");
	assert_field("SANDLOCK_COMM=\\x0aMESSAGE=x\\x1b");
	assert_field("SANDLOCK_OBJECT=/tmp/a\\x0aSANDLOCK_USER=root\\x0aMESSAGE=b");
	assert_field("SANDLOCK_EXE=/tmp/\\xff\\x5c");
	assert_field("MESSAGE=Denied connect to /tmp/a\\x0aSANDLOCK_USER=root\\x0aMESSAGE=b for "
		     "alice (pid 4711, \\x0aMESSAGE=x\\x1b)");
}

static void test_suppressed(void **state)
{
	static const char *const fields[] = {"MESSAGE_ID=d5f8e9a2a0f242508520d95bd50d16e1",
		"PRIORITY=4", "SANDLOCK_EVENT=suppressed", "SANDLOCK_SUPPRESSED=12345678901", NULL};

	record_suppressed(&supervisor, 12345678901);
	take_record();
	assert_fields(common);
	assert_fields(fields);
}

static void test_failed(void **state)
{
	static const char *const fields[] = {"MESSAGE_ID=9efdd2c5483c459e916d4edb1deaf999",
		"PRIORITY=2", "SANDLOCK_EVENT=supervisor-failed", "SANDLOCK_ERRNO=71", NULL};

	record_failed(&supervisor, "the worker is gone", -EPROTO);
	take_record();
	assert_fields(common);
	assert_fields(fields);
}

static const struct wire_counters counters = {.notifications = 300, .denied = 7};

static void test_close(void **state)
{
	static const char *const fields[] = {"MESSAGE_ID=f91c731ea69845ae8bb374c46ad612bc",
		"PRIORITY=6", "SANDLOCK_EVENT=session-close", "SANDLOCK_DENIED=7",
		"SANDLOCK_NOTIFICATIONS=300", "SANDLOCK_SECONDS=60", NULL};

	clock_gettime(CLOCK_MONOTONIC, &supervisor.started);
	supervisor.started.tv_sec -= 60;
	record_close(&supervisor, &counters, NULL);
	take_record();
	assert_fields(common);
	assert_fields(fields);
	assert_no_field("SANDLOCK_LOST");
}

/* A journal that is dead or was never there loses records; the next one says how many. */
static void test_lost(void **state)
{
	assert_int_equal(journal_lost(), 0);
	close(journal);
	record_suppressed(&supervisor, 1);
	assert_int_equal(journal_lost(), 1);
	assert_int_equal(unlink(SOCKET), 0);
	record_suppressed(&supervisor, 1);
	assert_int_equal(journal_lost(), 2);
	assert_int_equal(start_journal(), 0);
	record_close(&supervisor, &counters, NULL);
	take_record();
	assert_field("SANDLOCK_LOST=2");
	assert_int_equal(journal_lost(), 2);
}

static size_t take_all(void)
{
	size_t n = 0;

	while (recv(journal, record, sizeof(record), 0) > 0)
		n++;
	return n;
}

/* A journal that has stopped: as much as fits is kept and comes later, in order; nobody waits. */
static void test_full(void **state)
{
	unsigned long before = journal_lost(), sent = 0, in_kernel;

	assert_int_equal(journal_socket_fd(), -1);
	while (journal_socket_fd() < 0) {
		record_suppressed(&supervisor, ++sent);
		assert_in_range(sent, 1, 100000); /* net.unix.max_dgram_qlen, or the buffer */
	}
	in_kernel = sent - 1;
	for (size_t i = 1; i < JOURNAL_SOCKET_QUEUE_MAX + 5; i++)
		record_suppressed(&supervisor, ++sent);
	assert_int_equal(journal_lost() - before, 5);
	journal_finish(); /* gives up */
	assert_int_equal(journal_lost() - before, 5);

	assert_int_equal(take_all(), in_kernel);
	for (unsigned long n = in_kernel + 1; journal_socket_fd() >= 0; n++) {
		char line[64];

		journal_socket_flush();
		take_record();
		snprintf(line, sizeof(line), "SANDLOCK_SUPPRESSED=%lu", n);
		assert_field(line);
	}
	take_all();
	record_close(&supervisor, &counters, NULL);
	take_record();
	assert_int_equal(journal_lost() - before, 5);
}

/* A journal that is started anew is found again. */
static void test_restarted(void **state)
{
	close(journal);
	assert_int_equal(start_journal(), 0);
	record_suppressed(&supervisor, 7);
	take_record();
	assert_field("SANDLOCK_SUPPRESSED=7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_denied),
		cmocka_unit_test(test_denied_datagram),
		cmocka_unit_test(test_denied_by_no_rule),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_suppressed),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_close),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_restarted),
	};
	int r = enter();

	if (r != 0)
		return r;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
