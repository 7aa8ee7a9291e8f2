/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Included before everything else where the module is built a second time for these tests: the
 * same sources, but starting another supervisor than the installed one.
 */

#include "config.h"

#undef SANDLOCK_SUPERVISOR
#define SANDLOCK_SUPERVISOR SANDLOCK_TEST_SUPERVISOR
