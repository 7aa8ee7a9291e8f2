/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Whether the kernel records denials, and what to do where it does not. */

#include "stream.h"

/* 1 on, 0 off, -errno where it cannot be asked: only root may, outside of containers. */
int audit_enabled(void);

/*
 * Says on standard error, as no failure, that denied files are not recorded, and how to have them
 * recorded. Nothing for journals of other machines.
 */
void audit_hint(struct admin *admin, struct stream *stream);
