/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Findings as SARIF 2.1.0 (Static Analysis Results Interchange Format, OASIS), which code-review
 * and CI tools show beside the lines. One document with one run. Accepted warnings are in it, with
 * their reasons.
 */

#include "command.h"
#include "diag.h"

void sarif_begin(struct admin *admin, struct json *json);
void sarif_put(struct admin *admin, struct json *json, const struct diag *diag);

/* With what went wrong besides the findings: files that could not be read. */
void sarif_end(struct admin *admin, struct json *json);
