/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a program needs to be started: its loader and the libraries it names itself. */

#include <stdbool.h>
#include <stddef.h>

#define ELF_NEEDED_MAX 64

struct elf_file {
	const char *bytes; /* mapped */
	size_t size;
	/* Into bytes; NULL where there is none. */
	const char *interpreter; /* "/lib64/ld-linux-x86-64.so.2" */
	const char *run_path;    /* DT_RUNPATH, else DT_RPATH */
	const char *needed[ELF_NEEDED_MAX];
	size_t n_needed;
};

/*
 * Reads a program or library of this machine's word size. 0, ELF_E_OTHER when it is none (or too
 * odd to say), or a negative errno.
 */
#define ELF_E_OTHER 1
int elf_file_read(const char *path, struct elf_file *ret);
void elf_file_done(struct elf_file *elf);
