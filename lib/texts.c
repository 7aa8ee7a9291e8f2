/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A list of chunks, each filled from its beginning. */

#include "texts.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK 4000 /* with its head and malloc's less than a page */

struct text_chunk {
	struct text_chunk *before;
	size_t room, used;
	char bytes[];
};

/* What is longer than a chunk gets one of its own. NULL without memory. */
static struct text_chunk *chunk_new(struct text_chunk *before, size_t size)
{
	size_t room = size > CHUNK ? size : CHUNK;
	struct text_chunk *chunk = malloc(sizeof(*chunk) + room);

	if (chunk)
		*chunk = (struct text_chunk){.before = before, .room = room};
	return chunk;
}

const char *texts_add(struct texts *texts, const char *bytes, size_t length)
{
	struct text_chunk *chunk = texts->last;
	char *text;

	if (!chunk || chunk->room - chunk->used <= length) {
		chunk = chunk_new(chunk, length + 1);
		if (!chunk)
			return NULL;
		texts->last = chunk;
	}
	text = chunk->bytes + chunk->used;
	chunk->used += length + 1;
	if (length > 0)
		memcpy(text, bytes, length);
	text[length] = '\0';
	return text;
}

void texts_done(struct texts *texts)
{
	struct text_chunk *before;

	for (struct text_chunk *chunk = texts->last; chunk; chunk = before) {
		before = chunk->before;
		free(chunk);
	}
	*texts = (struct texts){0};
}
