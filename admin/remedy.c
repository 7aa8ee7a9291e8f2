/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks each layer by the code that decides about sessions, and writes what is missing as a line. */

#include "remedy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "access.h"
#include "cover.h"
#include "filter-profile.h"
#include "filter-rules.h"
#include "grants.h"
#include "nearest.h"
#include "policy-word.h"
#include "ruleset.h"
#include "str.h"
#include "verdict.h"

/* The smallest first. */
static const struct {
	const char *key;
	uint64_t access;
} path_keys[] = {
	{"list", ACCESS_LIST},
	{"read", ACCESS_READ},
	{"execute", ACCESS_EXECUTE},
	{"write", ACCESS_WRITE},
	{"write-execute", ACCESS_WRITE_EXECUTE},
};

static bool is_device(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode));
}

static const char *path_key(const char *path, uint64_t rights)
{
	if (is_device(path) && !(rights & ~ACCESS_DEVICE) && (rights & ACCESS_CHANGES))
		return "device";
	for (size_t i = 0; i < ARRAY_SIZE(path_keys); i++)
		if (!(rights & ~path_keys[i].access))
			return path_keys[i].key;
	return NULL;
}

uint64_t remedy_access(const struct denial *denial)
{
	const char *key = path_key(denial->object, denial->rights);

	for (size_t i = 0; key && i < ARRAY_SIZE(path_keys); i++)
		if (strcmp(path_keys[i].key, key) == 0)
			return path_keys[i].access;
	return denial->rights;
}

/* With [filesystem] every right that nobody grants is denied. */
static uint64_t missing_rights(const struct policy *layer, const char *path, uint64_t rights)
{
	uint64_t missing = 0;

	for (size_t i = 0; layer->filesystem.present && i < n_access_rights; i++)
		if ((rights & access_rights[i].bit) &&
			!cover_rule(layer, path, access_rights[i].bit))
			missing |= access_rights[i].bit;
	return missing;
}

static int no_remedy(struct remedy *ret, const char *why)
{
	*ret = (struct remedy){.kind = REMEDY_NONE, .why = why};
	return 0;
}

static int add_line(
	struct remedy *ret, const char *section, const char *key, bool labels, char *word)
{
	if (!word)
		return no_remedy(ret, "a policy cannot name it: its name holds control characters");
	*ret = (struct remedy){.kind = REMEDY_LINE,
		.section = section,
		.key = key,
		.labels = labels,
		.word = word};
	return 0;
}

static int for_path(const struct policy *layer, const struct identity *identity,
	const struct denial *denial, struct remedy *ret)
{
	uint64_t missing = missing_rights(layer, denial->object, denial->rights);
	const char *key = path_key(denial->object, missing);
	int r;

	if (!missing) {
		*ret = (struct remedy){.kind = REMEDY_NOT_NEEDED};
		return 0;
	}
	if (!key)
		return no_remedy(ret, "no key of [filesystem] but rights.LABEL grants it");
	r = add_line(ret, "filesystem", key, true, policy_word_path(denial->object, identity));
	ret->rule = nearest_path(
		layer->filesystem.rules, layer->filesystem.n_rules, denial->object, missing);
	return r;
}

/* The layer as if it were the only one. */
static struct policy_set alone(const struct policy_set *set, const struct policy *const *layer)
{
	struct policy_set one = *set;

	one.layers = (struct policy **)layer;
	one.n_layers = 1;
	return one;
}

/* Whether it is none of the rules that allow: then it is one of `deny`. */
static const struct rule *denying(const struct policy_set *set, struct verdict verdict)
{
	if (verdict.error == 0 || verdict.rule == 0 || verdict.rule > set->n_rules)
		return NULL;
	return set->rules[verdict.rule - 1];
}

static int take_verdict(const struct policy_set *set, struct verdict verdict,
	const struct rule *nearest, const char *key, const char *word, struct remedy *ret)
{
	const struct rule *rule = denying(set, verdict);
	int r;

	if (verdict.error == 0) {
		*ret = (struct remedy){.kind = REMEDY_NOT_NEEDED};
		return 0;
	}
	if (rule) {
		*ret = (struct remedy){.kind = REMEDY_REMOVE, .rule = rule};
		return 0;
	}
	r = add_line(ret, "network", key, true, strdup(word));
	ret->rule = nearest;
	return r;
}

static int for_address(const struct policy_set *set, const struct policy *layer,
	const struct denial *denial, struct remedy *ret)
{
	const struct policy_set one = alone(set, &layer);
	struct net_address address = {.family = AF_INET};
	struct endpoint_error error;
	struct endpoint endpoint;
	int r = endpoint_parse(denial->object, strlen(denial->object), &endpoint, &error);

	if (r < 0)
		return r;
	if (r > 0)
		return no_remedy(ret, "a policy cannot name this address");
	if (endpoint.target == ENDPOINT_INET6)
		address.family = AF_INET6;
	memcpy(address.bytes, endpoint.address, sizeof(address.bytes));
	address.port = endpoint.n_ports > 0 ? endpoint.ports[0].first : 0;
	r = take_verdict(&one, verdict_connect(&one, NULL, endpoint.protocol, &address),
		nearest_endpoint(layer, endpoint.protocol, &address), "connect", denial->object,
		ret);
	endpoint_done(&endpoint);
	return r;
}

static int for_port(const struct policy_set *set, const struct policy *layer,
	const struct denial *denial, struct remedy *ret)
{
	const struct policy_set one = alone(set, &layer);
	uint64_t port;

	if (str_parse_number(denial->object, strlen(denial->object), UINT16_MAX, &port) < 0)
		return no_remedy(ret, "this is no port");
	return take_verdict(&one, verdict_bind(&one, (uint16_t)port),
		nearest_port(layer, (uint16_t)port), "bind", port ? denial->object : "any", ret);
}

/* The journal has the socket's own place, without symlinks. */
static int for_socket(const struct policy_set *set, const struct policy *layer,
	const struct identity *identity, const struct denial *denial, struct remedy *ret)
{
	const struct policy_set one = alone(set, &layer);
	int r = grants_prepare(&one);

	if (r < 0)
		return r;
	if (grants_allow(&one, denial->object)) {
		*ret = (struct remedy){.kind = REMEDY_NOT_NEEDED};
		return 0;
	}
	return add_line(ret, "network", "unix", true, policy_word_path(denial->object, identity));
}

/* Whether and how the base filter may let a call through. */
static int for_base_call(const struct policy *layer, const char *call, unsigned number,
	const struct filter_spec *spec, struct remedy *ret)
{
	for (size_t i = 0; i < n_filter_rules; i++) {
		const struct filter_rule *rule = &filter_rules[i];

		if (strcmp(rule->call, call) != 0 || !filter_rule_applies(rule, spec, number) ||
			rule->error == FILTER_NOTIFY || rule->tests[0].kind != FILTER_TEST_NONE)
			continue;
		if (filter_rule_is_sysv(rule))
			return add_line(ret, "ipc", "sysv", false, strdup("yes"));
		if (rule->class == FILTER_OPTIONAL)
			return add_line(ret, "syscalls", "allow", true, strdup(call));
		return no_remedy(ret, "the base filter is closed for it, whatever a policy says");
	}
	*ret = (struct remedy){.kind = REMEDY_NOT_NEEDED};
	return 0;
}

static int for_call(const struct policy_set *set, const struct policy *layer,
	const struct denial *denial, struct remedy *ret)
{
	const struct policy_set one = alone(set, &layer);
	struct syscalls allowed = filter_profile_allowed(layer, SYSCALLS_NATIVE);
	const char *call = denial->object;
	unsigned number;

	if (syscall_number(SYSCALLS_NATIVE, call, strlen(call), &number) != 0)
		return no_remedy(ret, "a call of other architectures");
	if (syscalls_have(&allowed, number)) {
		struct filter_spec spec;
		int abi = ruleset_abi();

		if (abi < 0)
			return abi;
		spec = filter_spec(&one, (unsigned)abi);
		return for_base_call(layer, call, number, &spec, ret);
	}
	for (size_t i = 0; i < layer->syscalls.n_deny_rules; i++) {
		if (!syscalls_have(&layer->syscalls.deny_rules[i].calls, number))
			continue;
		*ret = (struct remedy){
			.kind = REMEDY_REMOVE, .rule = &layer->syscalls.deny_rules[i].rule};
		return 0;
	}
	return add_line(ret, "syscalls", "allow", true, strdup(call));
}

static int for_scope(enum scope_setting setting, const char *key, struct remedy *ret)
{
	if (setting != SCOPE_ANY)
		return add_line(ret, "ipc", key, false, strdup("any"));
	*ret = (struct remedy){.kind = REMEDY_NOT_NEEDED};
	return 0;
}

int remedy_of(const struct policy_set *set, const struct policy *layer,
	const struct identity *identity, const struct denial *denial, struct remedy *ret)
{
	switch (denial->what) {
	case DENIAL_PATH:
		return for_path(layer, identity, denial, ret);
	case DENIAL_ADDRESS:
		return for_address(set, layer, denial, ret);
	case DENIAL_PORT:
		return for_port(set, layer, denial, ret);
	case DENIAL_SOCKET:
		return for_socket(set, layer, identity, denial, ret);
	case DENIAL_CALL:
		return for_call(set, layer, denial, ret);
	case DENIAL_SIGNAL:
		return for_scope(layer->ipc.signal, "signal", ret);
	case DENIAL_ABSTRACT:
		return for_scope(layer->ipc.abstract_unix, "abstract-unix", ret);
	default:
		return no_remedy(ret, "no policy can allow it");
	}
}

void remedy_done(struct remedy *remedy)
{
	free(remedy->word);
	*remedy = (struct remedy){0};
}
