/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Events on standard output. */

#include "record.h"

/* "Nov 22 10:00:30 [host] 1f2e3d4c:5 message", coloured by how grave it is. 0 or -errno. */
int record_print_line(const struct admin *admin, const struct record *record, bool with_host);

/* One object, on a line of its own; the journal's fields in lower case without their prefix. */
int record_print_json(struct admin *admin, const struct record *record);

/* The same as a member of an array. */
int record_put_json(struct json *json, const struct record *record);
