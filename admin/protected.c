/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Places for which no line is ever proposed. A table; computes only. */

#include "remedy.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "policy-word.h"
#include "str.h"

static const char secret[] = "it holds secrets";
static const char everything[] = "that would be far more than what was asked for";
static const char system_place[] = "what is not confined relies on it";
static const char later[] = "what is written there acts later, outside of any confinement";

static const struct place {
	const char *path; /* "%h": the home */
	const char *why;
	bool beneath; /* also what is in it */
	bool changes; /* only for what changes something */
} places[] = {
	{"/", everything, false, false},
	{"/etc", everything, false, false},
	{"/usr", everything, false, false},
	{"/var", everything, false, false},
	{"/home", everything, false, false},
	{"/dev", everything, false, false},
	{"/proc", everything, false, false},
	{"/sys", everything, false, false},
	{"/run", everything, false, false},
	{"/root", secret, true, false},
	{"/boot", system_place, true, false},
	{"/etc/shadow", secret, true, false},
	{"/etc/gshadow", secret, true, false},
	{"/etc/sudoers", secret, true, false},
	{"/etc/sudoers.d", secret, true, false},
	{"/etc/ssh", secret, true, false},
	{"/etc/ssl/private", secret, true, false},
	{"/etc/sandlock", system_place, true, false},
	{"/var/lib/sss", secret, true, false},
	{"/proc/kcore", secret, true, false},
	{"/dev/mem", secret, true, false},
	{"/dev/kmem", secret, true, false},
	{"/dev/port", secret, true, false},
	{"/etc", system_place, true, true},
	{"/usr", system_place, true, true},
	{"/bin", system_place, true, true},
	{"/sbin", system_place, true, true},
	{"/lib", system_place, true, true},
	{"/lib64", system_place, true, true},
	{"/proc", system_place, true, true},
	{"/sys", system_place, true, true},
	{"/var/spool/cron", later, true, true},
	{"/var/spool/at", later, true, true},
	{"%h/.ssh", secret, true, false},
	{"%h/.gnupg", secret, true, false},
	{"%h/.bashrc", later, true, true},
	{"%h/.bash_profile", later, true, true},
	{"%h/.bash_login", later, true, true},
	{"%h/.profile", later, true, true},
	{"%h/.zshrc", later, true, true},
	{"%h/.zshenv", later, true, true},
	{"%h/.zprofile", later, true, true},
	{"%h/.pam_environment", later, true, true},
	{"%h/.config/systemd", later, true, true},
	{"%h/.config/autostart", later, true, true},
	{"%h/.config/environment.d", later, true, true},
	{"%h/.local/share/systemd", later, true, true},
	{"%h/.local/share/dbus-1", later, true, true},
};

static bool is_at(const struct place *place, const char *path, const struct identity *identity)
{
	_cleanup_free_ char *full = NULL;
	const char *folder = place->path;

	if (folder[0] == '%') {
		if (!identity->home || identity->home[0] != '/' || !identity->home[1])
			return false;
		full = str_format("%s%s", identity->home, folder + 2);
		folder = full;
	}
	if (!folder)
		return true;
	return place->beneath ? policy_word_beneath(path, folder) : strcmp(path, folder) == 0;
}

/* Somebody else's home, wherever homes are. */
static bool is_foreign_home(const char *path, const struct identity *identity)
{
	const char *home = identity->home ? identity->home : "";
	const char *slash = strrchr(home, '/');
	size_t n = slash ? (size_t)(slash - home) : 0;

	return n > 0 && strncmp(path, home, n) == 0 && path[n] == '/' &&
	       !policy_word_beneath(path, home);
}

static const char *path_objection(const struct denial *denial, const struct identity *identity)
{
	bool changes = denial->rights & ACCESS_CHANGES;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if ((changes || !places[i].changes) && is_at(&places[i], denial->object, identity))
			return places[i].why;
	if (is_foreign_home(denial->object, identity))
		return "it is another user's";
	return NULL;
}

/* No rule names the port that the kernel picks: bind(2) of port 0, listen(2) without bind(2). */
static const char *port_objection(const struct denial *denial)
{
	if (strcmp(denial->object, "0") != 0)
		return NULL;
	return "only bind = any allows a port that the kernel picks, and it would open every port";
}

const char *remedy_objection(const struct denial *denial, const struct identity *identity)
{
	switch (denial->what) {
	case DENIAL_PATH:
	case DENIAL_SOCKET:
		return path_objection(denial, identity);
	case DENIAL_PORT:
		return port_objection(denial);
	case DENIAL_SIGNAL:
	case DENIAL_ABSTRACT:
		return "it would open all of what is outside the session";
	default:
		return NULL;
	}
}
