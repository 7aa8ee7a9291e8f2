/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of the language: everything that a key is, in one row. Nothing but the table. */

#include "access.h"
#include "cleanup.h"
#include "policy-apply.h"

#define FIRST "0.1" /* the version that brought a key; keys without one come later */

/* A row is a paragraph; a line per member would make it a page. */
/* clang-format off */
const struct policy_key policy_keys[] = {
	/* [policy] */
	{
		.section = "policy", .name = "description", .type = KEY_TEXT, .since = FIRST,
		.help = "what this policy is for",
		.man = "One line for people; shown by sandlock-admin.",
		.apply = apply_description,
	},
	{
		.section = "policy", .name = "mode", .type = KEY_CHOICE, .since = FIRST,
		.choices = "enforce|complain", .fallback = "enforce",
		.help = "enforce, or only log what would be denied",
		.man = "With complain this policy denies nothing, and what it would deny is logged; "
		       "policies beside it that enforce hold all the same. Not in an included file.",
		.apply = apply_mode,
	},
	{
		.section = "policy", .name = "include", .type = KEY_NAME, .list = true, .since = FIRST,
		.help = "policies whose keys are added to this one",
		.man = "Each name is looked up as NAME.ini in the include folder of the "
		       "configuration, then of the package. Included files may include others, "
		       "three levels below the first. Lists are united; of a single value the "
		       "nearer file's holds.",
		.apply = apply_names,
	},
	{
		.section = "policy", .name = "services", .type = KEY_NAME, .list = true, .since = FIRST,
		.fallback = "all services", .help = "PAM services the file counts for",
		.man = "For a login through a service that is not named the file is as good as "
		       "absent. Not in an included file.",
		.apply = apply_services,
	},
	/* [filesystem] */
	{
		.section = "filesystem", .name = "read", .type = KEY_PATH, .list = true,
		.label = KEY_LABEL_ALLOWED, .since = FIRST, .access = ACCESS_READ,
		.help = "read files and list folders",
		.man = "Grants reading of files and listing of folders beneath the paths.",
		.apply = apply_paths,
	},
	{
		.section = "filesystem", .name = "execute", .type = KEY_PATH, .list = true,
		.label = KEY_LABEL_ALLOWED, .since = FIRST, .access = ACCESS_EXECUTE,
		.help = "read and execute",
		.man = "Grants what read does, and execution. A program needs it for itself and "
		       "for its dynamic loader.",
		.apply = apply_paths,
	},
	{
		.section = "filesystem", .name = "write", .type = KEY_PATH, .list = true,
		.label = KEY_LABEL_ALLOWED, .since = FIRST, .access = ACCESS_WRITE,
		.help = "read, write, create, remove and rename",
		.man = "Grants what read does, and writing, truncating, creating, removing and "
		       "renaming beneath the paths, sockets and fifos included; neither execution "
		       "nor device nodes. UNIX sockets beneath may be connected to. Refused on /.",
		.apply = apply_paths,
	},
	{
		.section = "filesystem", .name = "write-execute", .type = KEY_PATH, .list = true,
		.label = KEY_LABEL_ALLOWED, .since = FIRST, .access = ACCESS_WRITE_EXECUTE,
		.help = "what write grants, and execute",
		.man = "Grants what write does, and execution: for homes in which programs are "
		       "built. Refused on /.",
		.apply = apply_paths,
	},
	{
		.section = "filesystem", .name = "list", .type = KEY_PATH, .list = true,
		.label = KEY_LABEL_ALLOWED, .since = FIRST, .access = ACCESS_LIST,
		.help = "list folders only",
		.man = "Grants listing of the folders beneath the paths, not reading of files.",
		.apply = apply_paths,
	},
	{
		.section = "filesystem", .name = "device", .type = KEY_PATH, .list = true,
		.label = KEY_LABEL_ALLOWED, .since = FIRST, .access = ACCESS_DEVICE,
		.help = "read, write and ioctl on device files",
		.man = "Grants reading, writing and ioctl(2) on the devices beneath the paths. "
		       "Refused on /.",
		.apply = apply_paths,
	},
	{
		.section = "filesystem", .name = "rights", .type = KEY_RIGHTS, .list = true,
		.label = KEY_LABEL_REQUIRED, .since = FIRST,
		.help = "raw kernel rights, for experts",
		.man = "Words of the form RIGHT,RIGHT...:PATH with the names of landlock(7) in "
		       "lower case, for example read_file,make_sock:/run/x. Always has a label.",
		.apply = apply_rights,
	},
	{
		.section = "filesystem", .name = "hide", .type = KEY_PATH, .list = true,
		.label = KEY_LABEL_ALLOWED, .help = "paths masked in a private mount namespace",
		.man = "Takes paths out of a wider grant by covering them in the session's own "
		       "mount namespace.",
	},
	/* [network] */
	{
		.section = "network", .name = "connect", .type = KEY_ENDPOINT, .list = true,
		.label = KEY_LABEL_ALLOWED, .choices = "any|none", .since = FIRST,
		.fallback = "none where the section is present, any where only deny is written",
		.help = "where connections and datagrams may go",
		.man = "Endpoints of the form [tcp://|udp://|icmp://]TARGET[:PORTS]; tcp where "
		       "none is written. TARGET is an IPv4 address, an IPv6 address in brackets, "
		       "either with /PREFIX, a host name, or *. PORTS are numbers and ranges with "
		       "commas, or *; without them it means all, and icmp has none. Multicast and "
		       "broadcast addresses only where an endpoint names them; any takes them in. "
		       "At most 64 different names.",
		.apply = apply_connect,
	},
	{
		.section = "network", .name = "deny", .type = KEY_ENDPOINT, .list = true,
		.label = KEY_LABEL_ALLOWED, .since = FIRST,
		.help = "endpoints taken out of connect",
		.man = "Endpoints as in connect, but no names. What deny has in it is refused, "
		       "whatever connect says. Without connect everything else is allowed.",
		.apply = apply_deny,
	},
	{
		.section = "network", .name = "bind", .type = KEY_PORTS, .list = true,
		.label = KEY_LABEL_ALLOWED, .choices = "any|none", .since = FIRST,
		.fallback = "none where the section is present",
		.help = "local TCP ports one may listen on",
		.man = "Port numbers and ranges. Port 0 and listening without bind(2), where the "
		       "kernel picks a port, need any.",
		.apply = apply_bind,
	},
	{
		.section = "network", .name = "unix", .type = KEY_PATH, .list = true,
		.label = KEY_LABEL_ALLOWED, .since = FIRST,
		.help = "UNIX sockets one may connect or send to",
		.man = "Sockets, or folders with everything beneath. They come on top of those "
		       "beneath a write grant (where files are not restricted: beneath the home, "
		       "/tmp and /var/tmp) and those of name services and logging. Without a "
		       "[filesystem] section a socket of the user's own can be moved or linked to "
		       "beneath them. Refused on /.",
		.apply = apply_unix,
	},
	{
		.section = "network", .name = "resolve", .type = KEY_DURATION, .min = 10,
		.max = 604800, .choices = "login", .since = FIRST, .fallback = "login",
		.help = "when host names are resolved again",
		.man = "login: once, when the session opens. A duration: each time it has passed, "
		       "too. From 10s to 7d. A name grants the addresses of its last "
		       "look-up, which are logged; one that does not resolve grants nothing. Of "
		       "several policies the shortest duration holds.",
		.apply = apply_resolve,
	},
	/* [ipc] */
	{
		.section = "ipc", .name = "signal", .type = KEY_CHOICE, .choices = "session|any",
		.since = FIRST, .fallback = "session where the kernel can",
		.help = "whom signals may reach",
		.man = "session: only processes of this session.", .apply = apply_signal,
	},
	{
		.section = "ipc", .name = "abstract-unix", .type = KEY_CHOICE,
		.choices = "session|any", .since = FIRST,
		.fallback = "session where the kernel can",
		.help = "whose abstract UNIX sockets may be reached",
		.man = "session: only those that a process of this session has bound.",
		.apply = apply_abstract_unix,
	},
	{
		.section = "ipc", .name = "sysv", .type = KEY_BOOL, .since = FIRST, .fallback = "no",
		.help = "System V IPC and POSIX message queues",
		.man = "no: System V memory, queues and semaphores and POSIX queues are denied. They "
		       "belong to the machine, not to the session.",
		.apply = apply_sysv,
	},
	/* [syscalls] */
	{
		.section = "syscalls", .name = "profile", .type = KEY_CHOICE, .since = FIRST,
		.choices = "essential|minimal|io-heavy|compute|network|unrestricted",
		.fallback = "unrestricted", .help = "an allow list of system calls",
		.man = "Each contains those before it; unrestricted leaves only what is always "
		       "denied. It holds from the shell on, not for the login program.",
		.apply = apply_profile,
	},
	{
		.section = "syscalls", .name = "allow", .type = KEY_SYSCALL, .list = true,
		.label = KEY_LABEL_ALLOWED, .since = FIRST, .help = "calls added to the profile",
		.man = "Names of system calls and @sets as systemd.exec(5) has them. Also lifts "
		       "those of the denials below that may be lifted, where every policy of the "
		       "session does. A set with a call that can never be allowed is refused.",
		.apply = apply_allow,
	},
	{
		.section = "syscalls", .name = "deny", .type = KEY_SYSCALL, .list = true,
		.label = KEY_LABEL_ALLOWED, .since = FIRST, .help = "calls taken out of the profile",
		.man = "Names of system calls and @sets; wins over allow. What a [network] section "
		       "decides about, connect(2) for one, cannot be denied beside it.",
		.apply = apply_deny_calls,
	},
	{
		.section = "syscalls", .name = "error", .type = KEY_ERRNO, .since = FIRST,
		.choices = "kill|log", .fallback = "EPERM", .help = "what a denied call gets",
		.man = "The name of an errno value; kill: the process ends; log: the call is "
		       "allowed. Of kill and log the kernel's audit tells, of an errno nothing does. "
		       "It is for what profile and deny deny, not for what always is.",
		.apply = apply_error,
	},
	/* [limits] */
	{
		.section = "limits", .name = "memory", .type = KEY_SIZE,
		.help = "memory of the whole session", .man = "With K, M, G or T, powers of 1024.",
	},
	{
		.section = "limits", .name = "processes", .type = KEY_NUMBER,
		.help = "processes and threads of the session", .man = "Counted together.",
	},
	{
		.section = "limits", .name = "open-files", .type = KEY_NUMBER,
		.help = "open files of each process", .man = "As RLIMIT_NOFILE.",
	},
	{
		.section = "limits", .name = "file-size", .type = KEY_SIZE,
		.help = "the largest file a process may write", .man = "As RLIMIT_FSIZE.",
	},
	{
		.section = "limits", .name = "cpu-time", .type = KEY_DURATION,
		.help = "processor time of each process", .man = "As RLIMIT_CPU.",
	},
	{
		.section = "limits", .name = "cpus", .type = KEY_CPUS, .list = true,
		.help = "processor cores", .man = "Core numbers and ranges, for example 0-3 7.",
	},
	{
		.section = "limits", .name = "core-dumps", .type = KEY_BOOL,
		.help = "whether core dumps are written", .man = "As RLIMIT_CORE.",
	},
	{
		.section = "limits", .name = "session-time", .type = KEY_DURATION,
		.help = "how long a session may last", .man = "The session is ended then.",
	},
	/* [session] */
	{
		.section = "session", .name = "env", .type = KEY_ENV, .list = true,
		.label = KEY_LABEL_ALLOWED, .help = "environment variables",
		.man = "Words of the form NAME=value; the value may be empty.",
	},
	{
		.section = "session", .name = "clean-env", .type = KEY_BOOL,
		.help = "start from an empty environment",
		.man = "What the client sent is dropped.",
	},
	{
		.section = "session", .name = "directory", .type = KEY_PATH,
		.help = "the working directory", .man = "A missing one refuses the login.",
	},
	{
		.section = "session", .name = "umask", .type = KEY_OCTAL, .help = "the umask",
		.man = "Octal digits.",
	},
	{
		.section = "session", .name = "gpu", .type = KEY_GPUS, .list = true,
		.choices = "none|all", .help = "graphics processors",
		.man = "None, all, or numbers.",
	},
	{
		.section = "session", .name = "aslr", .type = KEY_BOOL,
		.help = "address space randomisation", .man = "no: as setarch -R.",
	},
	{
		.section = "session", .name = "huge-pages", .type = KEY_BOOL,
		.help = "transparent huge pages", .man = "no: as PR_SET_THP_DISABLE.",
	},
	{
		.section = "session", .name = "hostname", .type = KEY_TEXT,
		.help = "the host name the session sees", .man = "In a UTS namespace of its own.",
	},
	{
		.section = "session", .name = "hosts", .type = KEY_CHOICE,
		.choices = "pinned|system", .help = "where host names are looked up",
		.man = "pinned: only the names of the policy, as resolved at login.",
	},
	{
		.section = "session", .name = "processes-visible", .type = KEY_CHOICE,
		.choices = "own|all", .help = "which processes /proc shows",
		.man = "own: those of the user.",
	},
	{
		.section = "session", .name = "private-tmp", .type = KEY_BOOL,
		.help = "a /tmp of the session's own", .man = "Gone when the session ends.",
	},
	{
		.section = "session", .name = "home", .type = KEY_CHOICE,
		.choices = "as-is|read-only|discard", .help = "what becomes of the home",
		.man = "discard: changes go to an overlay that is thrown away.",
	},
	{
		.section = "session", .name = "root", .type = KEY_PATH,
		.help = "another root folder", .man = "A missing one refuses the login.",
	},
	{
		.section = "session", .name = "banner", .type = KEY_BOOL,
		.help = "tell the user that the session is confined", .man = "One line at login.",
	},
	/* [log] */
	{
		.section = "log", .name = "denials", .type = KEY_BOOL, .since = FIRST,
		.fallback = "yes", .help = "whether denials are logged",
		.man = "no: they are counted, not logged.", .apply = apply_denials,
	},
	{
		.section = "log", .name = "rate-limit", .type = KEY_RATE, .min = 1, .max = 10000,
		.since = FIRST, .fallback = "20/s", .help = "how many events are logged",
		.man = "number/s or number/min. Up to 200 that have not come lately are logged at "
		       "once, whatever the rate. What is beyond is counted, and the count logged.",
		.apply = apply_rate_limit,
	},
	/* [lint] */
	{
		.section = "lint", .name = "accept", .type = KEY_TEXT, .label = KEY_LABEL_REQUIRED,
		.since = FIRST, .help = "the reason why a warning is meant so",
		.man = "The label is the ID of a warning, as sandlock-admin check prints it in "
		       "brackets; it is no longer shown, and no longer fails with --strict. In an "
		       "included file it holds for the warnings about that file.",
		.apply = apply_accept,
	},
	/* sandlock.conf */
	{
		.section = "sandlock", .name = "no-policy", .type = KEY_CHOICE,
		.choices = "allow|deny", .since = FIRST, .fallback = "allow",
		.help = "what becomes of users whom no file applies to",
		.man = "allow: only mandatory.d holds for them, and without one they are not "
		       "confined. deny: they are refused, whatever is in mandatory.d.",
		.apply = apply_no_policy,
	},
	{
		.section = "sandlock", .name = "exempt-groups", .type = KEY_GROUP, .list = true,
		.since = FIRST, .help = "groups whose members are not confined",
		.man = "Holds whatever files exist for them, mandatory.d included.",
		.apply = apply_exempt_groups,
	},
	{
		.section = "sandlock", .name = "min-uid", .type = KEY_NUMBER, .max = 4294967294,
		.since = FIRST, .fallback = "1000",
		.help = "users below are not confined",
		.man = "Unless they have a file of their own in users/.", .apply = apply_min_uid,
	},
	{
		.section = "sandlock", .name = "on-old-kernel", .type = KEY_CHOICE,
		.choices = "refuse|degrade", .since = FIRST, .fallback = "refuse",
		.help = "what to do with keys that this kernel cannot enforce",
		.man = "refuse: the login is refused. degrade: the key is left out, and an event "
		       "says so.",
		.apply = apply_on_old_kernel,
	},
	{
		.section = "sandlock", .name = "lookup-timeout", .type = KEY_DURATION, .min = 1,
		.max = 60, .since = FIRST, .fallback = "5s",
		.help = "how long the user and group lookup may take",
		.man = "A slower one refuses the login. From 1s to 1min.",
		.apply = apply_lookup_timeout,
	},
};
/* clang-format on */

const size_t n_policy_keys = ARRAY_SIZE(policy_keys);
