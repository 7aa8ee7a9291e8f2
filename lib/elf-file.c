/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reads elf(5) files by their program headers, as the loader does. A file may say anything: every
 * offset is held against its size.
 */

#include "elf-file.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "fd.h"

#define NATIVE (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32)

/* A file that is being looked at: its program headers, copied one by one for their alignment. */
static bool header_at(const struct elf_file *elf, size_t index, ElfW(Phdr) * ret)
{
	ElfW(Ehdr) header;
	size_t at;

	memcpy(&header, elf->bytes, sizeof(header));
	if (index >= header.e_phnum || header.e_phentsize != sizeof(*ret) ||
		header.e_phoff > elf->size)
		return false;
	at = (size_t)header.e_phoff + index * sizeof(*ret);
	if (at > elf->size || elf->size - at < sizeof(*ret))
		return false;
	memcpy(ret, elf->bytes + at, sizeof(*ret));
	return true;
}

/* Whether a text begins at `at` and ends within the file. */
static const char *text_at(const struct elf_file *elf, size_t at)
{
	if (at >= elf->size || !memchr(elf->bytes + at, '\0', elf->size - at))
		return NULL;
	return elf->bytes + at;
}

/* Where in the file an address of the loaded program is; the size of the file where nowhere. */
static size_t offset_of(const struct elf_file *elf, size_t address)
{
	ElfW(Phdr) header;

	for (size_t i = 0; header_at(elf, i, &header); i++)
		if (header.p_type == PT_LOAD && address >= header.p_vaddr &&
			address - header.p_vaddr < header.p_filesz)
			return (size_t)header.p_offset + (address - (size_t)header.p_vaddr);
	return elf->size;
}

static bool dynamic_at(
	const struct elf_file *elf, const ElfW(Phdr) * header, size_t index, ElfW(Dyn) * ret)
{
	size_t at = (size_t)header->p_offset + index * sizeof(*ret);

	if (index >= header->p_filesz / sizeof(*ret) || at > elf->size ||
		elf->size - at < sizeof(*ret))
		return false;
	memcpy(ret, elf->bytes + at, sizeof(*ret));
	return ret->d_tag != DT_NULL;
}

static size_t string_table(const struct elf_file *elf, const ElfW(Phdr) * header)
{
	ElfW(Dyn) entry;

	for (size_t i = 0; dynamic_at(elf, header, i, &entry); i++)
		if (entry.d_tag == DT_STRTAB)
			return offset_of(elf, (size_t)entry.d_un.d_ptr);
	return elf->size;
}

static void read_dynamic(struct elf_file *elf, const ElfW(Phdr) * header)
{
	size_t strings = string_table(elf, header);
	const char *old_path = NULL;
	ElfW(Dyn) entry;

	if (strings >= elf->size)
		return;
	for (size_t i = 0; dynamic_at(elf, header, i, &entry); i++) {
		const char *text = NULL;

		if (entry.d_un.d_val < elf->size)
			text = text_at(elf, strings + (size_t)entry.d_un.d_val);
		if (entry.d_tag == DT_RUNPATH)
			elf->run_path = text;
		else if (entry.d_tag == DT_RPATH)
			old_path = text;
		else if (entry.d_tag == DT_NEEDED && text && elf->n_needed < ELF_NEEDED_MAX)
			elf->needed[elf->n_needed++] = text;
	}
	if (!elf->run_path)
		elf->run_path = old_path;
}

static bool is_ours(const struct elf_file *elf)
{
	return elf->size >= sizeof(ElfW(Ehdr)) && memcmp(elf->bytes, ELFMAG, SELFMAG) == 0 &&
	       elf->bytes[EI_CLASS] == NATIVE;
}

/* Mapped: of a large library only a few pages are of interest. 0 or -errno. */
static int map(const char *path, struct elf_file *elf)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	void *bytes;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size == 0)
		return ELF_E_OTHER;
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return -errno;
	elf->bytes = bytes;
	elf->size = (size_t)st.st_size;
	return 0;
}

int elf_file_read(const char *path, struct elf_file *ret)
{
	struct elf_file elf = {0};
	ElfW(Phdr) header;
	int r = map(path, &elf);

	if (r != 0)
		return r;
	if (!is_ours(&elf)) {
		elf_file_done(&elf);
		return ELF_E_OTHER;
	}
	for (size_t i = 0; header_at(&elf, i, &header); i++) {
		if (header.p_type == PT_INTERP)
			elf.interpreter = text_at(&elf, (size_t)header.p_offset);
		else if (header.p_type == PT_DYNAMIC)
			read_dynamic(&elf, &header);
	}
	*ret = elf;
	return 0;
}

void elf_file_done(struct elf_file *elf)
{
	if (elf->bytes)
		munmap((void *)elf->bytes, elf->size);
	*elf = (struct elf_file){0};
}
