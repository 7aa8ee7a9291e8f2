/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How findings look: as text with a caret under the word, and as JSON. */

#include "command.h"
#include "diag.h"

void diag_print(const struct admin *admin, const struct diag *diag);
void diag_put_json(struct json *json, const struct diag *diag);
