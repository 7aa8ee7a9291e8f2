/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Judges policy texts and files for people: errors as the login would have them, and warnings. */

#include "policy-judge.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "fd.h"
#include "lints.h"
#include "named-file.h"
#include "policy-cache.h"
#include "policy-check.h"
#include "policy-live.h"
#include "str.h"

static void free_draft(struct policy_draft **draft)
{
	policy_draft_free(*draft);
}

static bool is_in_include(const char *path, const char *slash)
{
	static const char folder[] = "include";
	size_t n = strlen(folder), before = slash ? (size_t)(slash - path) : 0;

	return before >= n && strncmp(slash - n, folder, n) == 0 &&
	       (before == n || slash[-(ptrdiff_t)n - 1] == '/');
}

enum policy_kind policy_kind_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(slash ? slash + 1 : path, "sandlock.conf") == 0)
		return POLICY_KIND_CONF;
	return is_in_include(path, slash) ? POLICY_KIND_INCLUDE : POLICY_KIND_POLICY;
}

/* A broken text is a finding here, not a failure. */
static int only_failures(int r)
{
	return r == POLICY_E_INVALID ? 0 : r;
}

static int check_policy(const struct policy_dirs *dirs, const struct policy_draft *draft,
	const struct policy_place *place, bool fragment, struct diag_list *diags)
{
	const struct policy_check_options options = {
		.dirs = dirs,
		.name = draft->file,
		.identity = place->has_identity ? &place->identity : NULL,
		.lint = true,
		.fragment = fragment,
		.written = place->written,
		.cache = dirs->cache,
	};
	struct policy *policy = NULL;
	int r = policy_check(&options, draft, diags, &policy);

	if (policy)
		lints_accept(policy, diags);
	policy_free(policy);
	return only_failures(r);
}

static int check_conf(const struct policy_draft *draft, struct diag_list *diags)
{
	struct settings settings = SETTINGS_DEFAULT;
	int r = settings_check(draft, diags, &settings);

	settings_done(&settings);
	return only_failures(r);
}

static int check_draft(const struct policy_dirs *dirs, const struct policy_draft *draft,
	enum policy_kind kind, const struct policy_place *place, struct diag_list *diags)
{
	if (kind == POLICY_KIND_CONF)
		return check_conf(draft, diags);
	return check_policy(dirs, draft, place, kind == POLICY_KIND_INCLUDE, diags);
}

int policy_judge_text(const struct policy_dirs *dirs, const char *display_name, const void *bytes,
	size_t size, enum policy_kind kind, const struct policy_place *place,
	struct diag_list *diags)
{
	_cleanup_(free_draft) struct policy_draft *draft = NULL;
	struct diag_list found = DIAG_LIST_INIT;
	int r;

	/* What was said of the place may be accepted by the text. */
	if (!diag_failed(diags))
		diag_list_move(&found, diags);
	r = policy_draft_load(display_name, NULL, bytes, size, &found, &draft);

	if (r == 0)
		r = check_draft(dirs, draft, kind, place, &found);
	diag_sort(&found);
	diag_list_move(diags, &found);
	return r;
}

int policy_check_text(const struct policy_dirs *dirs, const char *display_name, const void *bytes,
	size_t size, enum policy_kind kind, struct diag_list *diags)
{
	const struct policy_place nowhere = {.written = 0};

	return policy_judge_text(dirs, display_name, bytes, size, kind, &nowhere, diags);
}

/* Whether `place` lies in root + dir; then *ret is what comes behind. */
static int find_beneath(
	const struct policy_dirs *dirs, const char *dir, const char *place, const char **ret)
{
	_cleanup_free_ char *base = str_format("%s%s", dirs->root, dir);
	_cleanup_free_ char *real = base ? policy_cache_realpath(dirs->cache, base) : NULL;
	size_t n = real ? strlen(real) : 0;

	*ret = NULL;
	if (!base)
		return -ENOMEM;
	if (real && strncmp(place, real, n) == 0 && place[n] == '/')
		*ret = place + n + 1;
	return 0;
}

/* Where a path lies in the live folders. */
struct live_place {
	char *path;       /* without symbolic links but its own name */
	const char *base; /* confdir or vendordir; NULL: in neither */
	const char *rest; /* of path, beneath it */
};

static void live_place_done(struct live_place *live)
{
	free(live->path);
}

static int find_live(const struct policy_dirs *dirs, const char *path, struct live_place *ret)
{
	const char *const bases[] = {dirs->confdir, dirs->vendordir};
	int r = 0;

	ret->path = policy_cache_place(dirs->cache, path);
	for (size_t i = 0; ret->path && i < ARRAY_SIZE(bases) && r == 0 && !ret->rest; i++) {
		r = find_beneath(dirs, bases[i], ret->path, &ret->rest);
		ret->base = ret->rest ? bases[i] : NULL;
	}
	return r;
}

/*
 * What lies among the policies is refused as a login refuses it, before it is opened: a fifo would
 * be waited for, and a symbolic link is not followed.
 */
static int refuse_live(const struct policy_dirs *dirs, const char *path,
	const struct live_place *live, struct diag_list *diags)
{
	_cleanup_(policy_place_done) struct policy_place unused = {0};
	struct stat st;

	if (!live->base || lstat(path, &st) < 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		return 0;
	return policy_live_check(dirs, live->base, live->rest, diags, &unused);
}

static int refuse_size(const char *path, struct diag_list *diags)
{
	const struct diag_place place = {.file = path};

	diag_error(diags, &place, "file-too-big", NULL, "is longer than 256 KiB");
	return POLICY_E_INVALID;
}

int policy_read_named(const struct policy_dirs *dirs, const char *path, struct diag_list *diags,
	char **ret, size_t *ret_size)
{
	_cleanup_(live_place_done) struct live_place live = {0};
	time_t written;
	int r = find_live(dirs, path, &live);

	if (r == 0)
		r = refuse_live(dirs, path, &live, diags);
	if (r < 0 || diag_failed(diags))
		return r < 0 ? r : POLICY_E_INVALID;
	r = named_file_read(path, POLICY_FILE_MAX, ret, ret_size, &written);
	return r == -E2BIG ? refuse_size(path, diags) : r;
}

static int read_file(const char *path, char **ret, size_t *ret_size, time_t *ret_written)
{
	_cleanup_close_ int fd = named_file_open(path);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	*ret_written = st.st_mtime;
	return fd_read_all(fd, POLICY_FILE_MAX, ret, ret_size);
}

static int check_file(const struct policy_dirs *dirs, const char *path,
	const struct live_place *live, struct diag_list *diags)
{
	_cleanup_free_ char *bytes = NULL;
	_cleanup_(policy_place_done) struct policy_place where = {0};
	size_t size;
	int r = read_file(path, &bytes, &size, &where.written);

	if (r == -E2BIG)
		return only_failures(refuse_size(path, diags));
	if (r == 0 && live->base)
		r = policy_live_check(dirs, live->base, live->rest, diags, &where);
	if (r == 0)
		r = policy_judge_text(dirs, path, bytes, size, policy_kind_of(path), &where, diags);
	return r;
}

int policy_check_file(const struct policy_dirs *dirs, const char *path, struct diag_list *diags)
{
	_cleanup_(live_place_done) struct live_place live = {0};
	int r = find_live(dirs, path, &live);

	if (r == 0)
		r = refuse_live(dirs, path, &live, diags);
	if (r < 0 || diag_failed(diags))
		return r;
	return check_file(dirs, path, &live, diags);
}
