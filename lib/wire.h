/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Every message that crosses a process boundary, as a struct of fixed size. PROTOCOL.md tells the
 * story; here are the shapes. All sockets are SOCK_SEQPACKET: one message, one packet, exact size
 * and exact number of descriptors, anything else ends the talk closed. Both ends are always built
 * from the same tree, so host byte order; WIRE_VERSION refuses a mixed installation.
 *
 * Strings are NUL-terminated within their array; wire_string_ok() says so before they are used.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_VERSION       1
#define WIRE_SUPERVISOR_FD 3 /* the supervisor finds its end of the channel here */

#define WIRE_USER_MAX    257 /* LOGIN_NAME_MAX and its NUL */
#define WIRE_SERVICE_MAX 64
#define WIRE_TTY_MAX     64
#define WIRE_RHOST_MAX   256
#define WIRE_PATH_MAX    1024
#define WIRE_TEXT_MAX    256
#define WIRE_LAYERS_MAX  6

/* The channel: login program <-> supervisor. */

enum wire_type {
	WIRE_HELLO = 1,  /* module -> monitor, first message */
	WIRE_READY,      /* monitor -> module, answer: confine; descriptors follow */
	WIRE_UNCONFINED, /* monitor -> module, answer: no policy or exempt */
	WIRE_REFUSED,    /* monitor -> module, answer: no session */
	WIRE_ANNOUNCE,   /* child -> monitor on the channel: [pidfd, private socket] */
	WIRE_LISTENER,   /* child -> monitor on the private socket: the listener's number */
	WIRE_FAILED,     /* child -> monitor on the private socket: it could not be confined */
	WIRE_ACK,        /* monitor -> child on the private socket: go on */
	WIRE_ADOPT,      /* monitor -> worker: [listener] */
	WIRE_RELEASED,   /* worker -> monitor: a listener's last task is gone; counters */
	WIRE_DENIED,     /* worker -> monitor: one denial */
	WIRE_SUPPRESSED, /* worker -> monitor: some denials were only counted; counters */
	WIRE_NAME,       /* resolver -> monitor -> worker: what a host name resolved to */
	WIRE_WOULD_DENY, /* worker, watcher -> monitor: one denial that did not happen */
	WIRE_WRITE,      /* worker -> scribe: one value into a target's memory */
	WIRE_WRITTEN,    /* scribe -> worker: 0 or a negative errno */
	WIRE_COUNT,      /* monitor -> worker: what have you counted? */
	WIRE_COUNTED,    /* worker -> monitor: the answer, counters */
	WIRE_SEND,       /* worker -> herald: [socket], a datagram and who sends it */
	WIRE_SENT,       /* herald -> worker: how many bytes, or a negative errno */
	WIRE_UNSENT,     /* herald -> worker: not tried */
};

struct wire_hello {
	uint32_t type, version;
	uint8_t session[16];
	uint32_t flags; /* WIRE_HELLO_* */
	char user[WIRE_USER_MAX];
	char service[WIRE_SERVICE_MAX];
	char tty[WIRE_TTY_MAX];
	char rhost[WIRE_RHOST_MAX];
	char policy_dir[WIRE_PATH_MAX];  /* empty: the built-in one */
	char policy_name[WIRE_PATH_MAX]; /* with WIRE_HELLO_POLICY_FD: what to call it */
};
#define WIRE_HELLO_DEBUG     1u
#define WIRE_HELLO_POLICY_FD 2u /* one sealed memfd comes along and is the only policy */
#define WIRE_HELLO_SERVICE                                                                         \
	4u                 /* the service is not known to fork: refuse where a policy applies      \
			    */
#define WIRE_HELLO_SELF 8u /* the caller becomes the session itself, there is no child */

/* Why there is no session; the module maps it to a PAM return value. */
enum wire_reason {
	WIRE_REASON_NONE,
	WIRE_REASON_POLICY,   /* a policy that applies is broken or not to be trusted */
	WIRE_REASON_DENIED,   /* no policy and no-policy = deny */
	WIRE_REASON_KERNEL,   /* a written key that this kernel cannot enforce */
	WIRE_REASON_IDENTITY, /* unknown user, name service failed */
	WIRE_REASON_SERVICE,  /* a policy applies, but how the service starts its child is not known
			       */
	WIRE_REASON_SYSTEM,   /* a system call failed */
	WIRE_REASON_LOCKED,   /* the user is kept out */
};

/*
 * READY, UNCONFINED and REFUSED. With READY come, in this order: the UTS namespace that marks the
 * session (if WIRE_READY_UTS), n_rulesets Landlock rulesets, the BPF program, and the profile's (if
 * WIRE_READY_PROFILE).
 */
struct wire_answer {
	uint32_t type, version;
	uint32_t flags;  /* WIRE_READY_* */
	uint32_t reason; /* enum wire_reason */
	uint32_t uid;    /* of the user, with WIRE_READY_MOUNTS: whom the kernel is to charge */
	uint32_t n_rulesets;
	uint32_t restrict_flags;         /* for landlock_restrict_self(2) */
	uint32_t filter_flags;           /* for seccomp(2): SECCOMP_FILTER_FLAG_* */
	uint32_t n_instructions;         /* of the BPF program */
	uint32_t n_profile_instructions; /* of the profile's, with WIRE_READY_PROFILE */
	char text[WIRE_TEXT_MAX];        /* for the log, never for the user */
};
#define WIRE_READY_UTS       1u
#define WIRE_READY_SUPERVISE 2u /* the filter has a listener to hand over */
#define WIRE_READY_PROFILE   4u /* a second program, for where the shell starts */
#define WIRE_READY_COMPLAIN  8u /* nothing is denied: no rulesets, no no_new_privs */
#define WIRE_READY_MOUNTS                                                                          \
	16u /* the child takes a mount namespace of its own, in which its files are watched */

struct wire_short {
	uint32_t type;
	/*
	 * LISTENER: descriptor number, -1 without one; FAILED: -errno; WRITTEN: 0 or -errno; SENT:
	 * bytes or -errno; UNSENT: -errno
	 */
	int32_t value;
};

/* Worker -> monitor: nothing but these records. */

enum wire_action {
	WIRE_ACTION_CONNECT,
	WIRE_ACTION_LISTEN,
	WIRE_ACTION_SEND,
	WIRE_ACTION_OPEN,    /* of a file, by the watcher */
	WIRE_ACTION_SYSCALL, /* the object is the call's name */
	WIRE_ACTION_MAX,
};

#define WIRE_OBJECT_MAX 512 /* longest path that is worth a record */
#define WIRE_COMM_MAX   17  /* TASK_COMM_LEN and a NUL */
#define WIRE_EXE_MAX    256

/* Strings are untrusted bytes, cut to fit, always NUL-terminated. */
struct wire_denial {
	uint32_t type;
	uint32_t action;   /* enum wire_action */
	int32_t pid;       /* thread id of the caller */
	int32_t error;     /* the errno it got */
	uint32_t rule;     /* number in the policy set, 0 none */
	uint32_t protocol; /* IPPROTO_*, 0 for UNIX */
	uint32_t call;     /* its number; not of OPEN */
	uint32_t pad;
	uint64_t access;              /* OPEN: the one LANDLOCK_ACCESS_FS_* that is missing */
	char object[WIRE_OBJECT_MAX]; /* "host:port" or a path */
	char comm[WIRE_COMM_MAX];
	char exe[WIRE_EXE_MAX];
};

/* Counters since the start of the session: absolute, so that a lost record loses nothing. */
struct wire_counters {
	uint32_t type; /* WIRE_SUPPRESSED, WIRE_RELEASED, WIRE_COUNTED */
	uint32_t pad;
	uint64_t notifications, denied, suppressed, would;
};

/* One name of the session's table (names.h), anew. */
#define WIRE_ADDRESSES_MAX 32

struct wire_address {
	uint32_t family; /* AF_INET, AF_INET6 */
	uint8_t bytes[16];
};

struct wire_name {
	uint32_t type;
	uint32_t index; /* in the table that both sides made of the same policy set */
	uint32_t n_addresses;
	struct wire_address addresses[WIRE_ADDRESSES_MAX];
};

/* Worker -> scribe. */
struct wire_write {
	uint32_t type;
	int32_t pid; /* thread id of the target, which is waiting in a notified call */
	uint64_t address;
	uint32_t value, pad;
};

#define WIRE_BYTES_MAX 65536

/* Worker -> herald. The one message without a fixed size: it ends behind the last byte. */
struct wire_send {
	uint32_t type;
	int32_t pid; /* process that sends, as the receiver shall see it */
	uint32_t flags, pad;
	char bytes[WIRE_BYTES_MAX];
};

/* Whether a string field ends within its array. */
bool wire_string_ok(const char *field, size_t size);

/* Whether what is in a denial may be looked at: its action is one, its strings end. */
bool wire_denial_ok(const struct wire_denial *denial);

/* Copies a string into a field. 0, or -ENAMETOOLONG when it does not fit. */
int wire_string_set(char *field, size_t size, const char *value);
