// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Linked into the programs of the sanitizer build. The supervisor is started with an empty
 * environment and without a terminal, so neither ASAN_OPTIONS nor standard error would do.
 * No leak check there: it has to trace the process, which the non-dumpable supervisor forbids;
 * the unit tests under valgrind look for leaks.
 */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
	return "log_path=/run/sanitizer/report:detect_leaks=0:abort_on_error=1:"
	       "allocator_may_return_null=1";
}

const char *__ubsan_default_options(void)
{
	return "log_path=/run/sanitizer/report:print_stacktrace=1:halt_on_error=1";
}

/* A worker may write no file: there a report ends it, and with it what is tested. */
const char *__tsan_default_options(void)
{
	return "log_path=/run/sanitizer/report:halt_on_error=1:exitcode=66";
}
