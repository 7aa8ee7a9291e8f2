/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the kernel's audit has to say of sessions: denials by Landlock and by the filters. */

#include "owner.h"
#include "record.h"

/* Where to look the rest of it up. */
struct kernel_records {
	struct owners *owners;
	struct journal *calls; /* a journal of its own: the records about the denied calls */
};

/*
 * Makes an event of the journal's current record, which is one of the kernel's. RECORD_E_NONE: it
 * is about no session of ours. 0 or -errno.
 */
int kernel_record_make(
	const struct kernel_records *records, struct journal *journal, struct record *ret);
