/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The installed policies: which are broken or not to be trusted, and what this kernel takes away.
 */

#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "kernel-check.h"
#include "policy-judge.h"

struct judging {
	struct doctor *doctor;
	bool degrades;
	size_t n_files, n_broken, n_gaps;
};

static void add_broken(struct judging *judging, const char *path, const struct diag_list *diags)
{
	const struct diag *first = diag_first_error(diags);

	judging->n_broken++;
	doctor_add(judging->doctor, DOCTOR_OPEN, "policy-broken", path,
		"sandlock-admin check --all says it all",
		"refuses every login it applies to: %s [%s]", first ? first->text : "",
		first ? first->id : "");
}

static void add_gaps(struct judging *judging, const char *path, const struct diag_list *gaps)
{
	for (size_t i = 0; i < gaps->n_items; i++) {
		const struct diag *gap = &gaps->items[i];

		if (gap->severity != DIAG_ERROR)
			continue;
		judging->n_gaps++;
		doctor_add(judging->doctor, DOCTOR_OPEN, "policy-gap", path,
			"boot a newer kernel, or take the key out",
			judging->degrades ? "line %u does not hold: %s"
					  : "logins are refused for line %u: %s",
			gap->line, gap->text);
	}
}

static int judged(void *userdata, const char *path, struct diag_list *diags)
{
	struct judging *judging = userdata;
	struct diag_list gaps = DIAG_LIST_INIT;
	int r = 0;

	judging->n_files++;
	if (diag_failed(diags))
		add_broken(judging, path, diags);
	else if (judging->doctor->is_here && policy_kind_of(path) == POLICY_KIND_POLICY)
		r = kernel_check_file(&judging->doctor->dirs, path, &gaps);
	/* What cannot be read again is no policy: a file that nobody reads, say. */
	if (r == 0)
		add_gaps(judging, path, &gaps);
	diag_list_done(&gaps);
	return 0;
}

/* The setting decides whether a gap refuses the login or only leaves the key out. */
static bool degrades(const struct policy_dirs *dirs)
{
	struct diag_list unheard = DIAG_LIST_INIT;
	struct settings settings = SETTINGS_DEFAULT;
	bool degrade = settings_lookup(dirs, &unheard, &settings) == 0 &&
		       settings.degrade_on_old_kernel;

	settings_done(&settings);
	diag_list_done(&unheard);
	return degrade;
}

void doctor_policies(struct doctor *doctor)
{
	struct judging judging = {.doctor = doctor, .degrades = degrades(&doctor->dirs)};
	int r = policy_check_all(&doctor->dirs, judged, &judging);

	if (r < 0)
		doctor_add(doctor, DOCTOR_NOTE, "policies", doctor->dirs.confdir, NULL,
			"cannot be read: %s", strerror(-r));
	else if (judging.n_files == 0)
		doctor_add(doctor, DOCTOR_OPEN, "policies", doctor->dirs.confdir,
			"write one; there are examples in /usr/share/sandlock/examples",
			"there is no policy: nobody is confined");
	else if (judging.n_broken == 0 && judging.n_gaps == 0)
		doctor_add(doctor, DOCTOR_FINE, "policies", doctor->dirs.confdir, NULL,
			doctor->is_here ? "%zu files, all valid, and this kernel can hold them"
					: "%zu files, all valid",
			judging.n_files);
}
