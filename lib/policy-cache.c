/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Includes are kept with what stat(2) says of both places where a file of that name could lie, so
 * that another file is never taken for the one that was read. Who may change the folders is asked
 * when one is read. Paths are looked at once: what a run says of them holds for one moment.
 */

#include "policy-cache.h"

#include <sys/stat.h>

#include "str.h"

#define BUCKETS_FIRST 64 /* a power of two */

/* What tells a file from another, and from itself after a change. All 0: there is none. */
struct file_key {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified, changed;
};

struct include {
	char *name;
	struct file_key keys[2]; /* in confdir, in vendordir */
	struct cached_include cached;
};

/* A path that was asked about. */
struct answer {
	char *path; /* NULL: the bucket is empty */
	char *real; /* of realpath(3) */
	int error;
};

struct answers {
	struct answer *buckets;
	size_t n_buckets, n;
};

struct policy_cache {
	struct include *includes;
	size_t n_includes;
	struct answers accesses, realpaths;
};

struct policy_cache *policy_cache_new(void)
{
	return calloc(1, sizeof(struct policy_cache));
}

static void answers_done(struct answers *answers)
{
	for (size_t i = 0; i < answers->n_buckets; i++) {
		free(answers->buckets[i].path);
		free(answers->buckets[i].real);
	}
	free(answers->buckets);
}

struct policy_cache *policy_cache_free(struct policy_cache *cache)
{
	if (!cache)
		return NULL;
	for (size_t i = 0; i < cache->n_includes; i++) {
		free(cache->includes[i].name);
		policy_draft_free(cache->includes[i].cached.draft);
	}
	free(cache->includes);
	answers_done(&cache->accesses);
	answers_done(&cache->realpaths);
	free(cache);
	return NULL;
}

/* 0 also where there is none; else -errno. */
static int key_find(const char *root, const char *base, const char *name, struct file_key *ret)
{
	_cleanup_free_ char *path = str_format("%s%s/include/%s.ini", root, base, name);
	struct stat st;

	*ret = (struct file_key){0};
	if (!path)
		return -ENOMEM;
	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	*ret = (struct file_key){st.st_dev, st.st_ino, st.st_size, st.st_mtim, st.st_ctim};
	return 0;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool same_key(const struct file_key *a, const struct file_key *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       same_time(&a->modified, &b->modified) && same_time(&a->changed, &b->changed);
}

/* The one of that name, made where there is none. NULL without memory. */
static struct include *include_find(struct policy_cache *cache, const char *name)
{
	struct include *grown;

	for (size_t i = 0; i < cache->n_includes; i++)
		if (strcmp(cache->includes[i].name, name) == 0)
			return &cache->includes[i];
	grown = reallocarray(cache->includes, cache->n_includes + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	cache->includes = grown;
	grown += cache->n_includes;
	*grown = (struct include){.name = strdup(name)};
	if (!grown->name)
		return NULL;
	cache->n_includes++;
	return grown;
}

static bool same_keys(const struct file_key a[2], const struct file_key b[2])
{
	return same_key(&a[0], &b[0]) && same_key(&a[1], &b[1]);
}

struct cached_include *policy_cache_include(
	struct policy_cache *cache, const struct policy_dirs *dirs, const char *name)
{
	struct include *include = include_find(cache, name);
	struct file_key keys[2];
	int r;

	if (!include)
		return NULL;
	r = key_find(dirs->root, dirs->confdir, name, &keys[0]);
	if (r == 0)
		r = key_find(dirs->root, dirs->vendordir, name, &keys[1]);
	if (r == 0 && same_keys(keys, include->keys))
		return &include->cached;
	include->cached.draft = policy_draft_free(include->cached.draft);
	if (r < 0)
		return NULL;
	memcpy(include->keys, keys, sizeof(keys));
	return &include->cached;
}

/* FNV-1a. */
static size_t hash(const char *path)
{
	uint64_t value = 0xcbf29ce484222325;

	for (; *path; path++)
		value = (value ^ (unsigned char)*path) * 0x100000001b3;
	return (size_t)(value ^ value >> 32);
}

/* The bucket of a path, or the empty one where it would be. */
static struct answer *bucket_of(const struct answers *answers, const char *path)
{
	size_t i = hash(path) & (answers->n_buckets - 1);

	while (answers->buckets[i].path && strcmp(answers->buckets[i].path, path) != 0)
		i = (i + 1) & (answers->n_buckets - 1);
	return &answers->buckets[i];
}

/* Twice as many buckets, or the first ones. False without memory. */
static bool grow(struct answers *answers)
{
	struct answers grown = {
		.n_buckets = answers->n_buckets ? 2 * answers->n_buckets : BUCKETS_FIRST};

	grown.buckets = calloc(grown.n_buckets, sizeof(*grown.buckets));
	if (!grown.buckets)
		return false;
	grown.n = answers->n;
	for (size_t i = 0; i < answers->n_buckets; i++)
		if (answers->buckets[i].path)
			*bucket_of(&grown, answers->buckets[i].path) = answers->buckets[i];
	free(answers->buckets);
	*answers = grown;
	return true;
}

/* Half of the buckets stay empty. NULL without memory. */
static struct answer *answer_find(struct answers *answers, const char *path)
{
	if (2 * answers->n >= answers->n_buckets && !grow(answers))
		return NULL;
	return bucket_of(answers, path);
}

/* Makes the bucket the path's. False without memory: it is still empty. */
static bool answer_keep(struct answers *answers, struct answer *answer, const char *path)
{
	answer->path = strdup(path);
	answers->n += answer->path != NULL;
	return answer->path != NULL;
}

static int ask_access(const char *path)
{
	return access(path, F_OK) < 0 ? -errno : 0;
}

int policy_cache_access(struct policy_cache *cache, const char *path)
{
	struct answer *answer = cache ? answer_find(&cache->accesses, path) : NULL;

	if (!answer)
		return ask_access(path);
	if (answer->path)
		return answer->error;
	answer->error = ask_access(path);
	answer_keep(&cache->accesses, answer, path);
	return answer->error;
}

char *policy_cache_realpath(struct policy_cache *cache, const char *folder)
{
	struct answer *answer = cache ? answer_find(&cache->realpaths, folder) : NULL;

	if (!answer)
		return realpath(folder, NULL);
	if (!answer->path) {
		_cleanup_free_ char *real = realpath(folder, NULL);

		if (!real && errno == ENOMEM)
			return NULL;
		if (!answer_keep(&cache->realpaths, answer, folder))
			return take_ptr(real);
		answer->real = take_ptr(real);
	}
	return answer->real ? strdup(answer->real) : NULL;
}

char *policy_cache_place(struct policy_cache *cache, const char *path)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *folder = slash ? strndup(path, (size_t)(slash - path) + 1)
					    : strdup(".");
	_cleanup_free_ char *real = folder ? policy_cache_realpath(cache, folder) : NULL;

	return real ? str_format("%s/%s", real, slash ? slash + 1 : path) : NULL;
}
