// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Linked into the programs of the sanitizer build. The supervisor is started with an empty
 * environment and without a terminal, so neither ASAN_OPTIONS nor standard error would do.
 * No leak check there: it has to trace the process, which the non-dumpable supervisor forbids;
 * the unit tests under valgrind look for leaks.
 */
#include <dlfcn.h>
#include <stdlib.h>

#define REPORT "/run/sanitizer/report"

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
	return "log_path=" REPORT ":detect_leaks=0:abort_on_error=1:"
	       "allocator_may_return_null=1";
}

const char *__ubsan_default_options(void)
{
	return "log_path=" REPORT ":print_stacktrace=1:halt_on_error=1";
}

/* A worker may write no file: there a report ends it, and with it what is tested. */
const char *__tsan_default_options(void)
{
	return "log_path=" REPORT ":halt_on_error=1:exitcode=66";
}

/*
 * gcc's two run times have a place for reports each, and one name for the function that sets it:
 * log_path above sets ASan's twice, and UBSan's would stay standard error. Who gives options of
 * his own reads that.
 */
__attribute__((constructor)) static void place_ubsan_reports(void)
{
	void *ubsan = dlopen("libubsan.so.1", RTLD_LAZY | RTLD_NOLOAD);
	void (*set)(const char *);

	if (!ubsan || getenv("ASAN_OPTIONS"))
		return;
	*(void **)&set = dlsym(ubsan, "__sanitizer_set_report_path");
	if (!set)
		abort();
	set(REPORT);
}
