/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "listing.h"

int listing_run(struct admin *admin, const struct listing *listing, int argc, char **argv)
{
	const void *only = NULL;

	if (argc > 1)
		return admin_usage(admin, "\"%s\" is too much", argv[1]);
	if (argc == 1) {
		only = listing->find(admin, argv[0]);
		if (!only)
			return admin->status;
	}
	if (admin->json)
		listing->print_json(admin, only);
	else if (only)
		listing->print_one(admin, only);
	else
		listing->print_all(admin);
	return admin->status;
}
