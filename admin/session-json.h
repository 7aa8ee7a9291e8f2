/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One session as a member of an array. */

#include "json.h"
#include "session-list.h"

void session_put_json(struct json *json, const struct session *session);
