/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The other direction of the journal: what root does with this tool is an event, too. */

#include "event.h"

/* Sends the record and frees it. 0, or -errno when there is no journal to take it. */
int journal_write(struct event *event);
