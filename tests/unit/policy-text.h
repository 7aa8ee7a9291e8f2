/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A policy as text, field by field, for files of expectations. */

#include "policy.h"
#include "str.h"

void policy_text_add(struct str *str, const struct policy *policy);
