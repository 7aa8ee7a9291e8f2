/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What `check` is measured against: iniparser alone, reading each file twice.
 *
 *	bench-iniparser FILE...
 */

#include <iniparser/iniparser.h>
#include <stddef.h>

#include "bench.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		for (int pass = 0; pass < 2; pass++) {
			dictionary *ini = iniparser_load(argv[i]);

			need(ini != NULL, argv[i]);
			iniparser_freedict(ini);
		}
	}
	return 0;
}
