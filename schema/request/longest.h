/*
 * The longest value of each field of an event, out of the one table:
 * characters of a text, GL_LONGEST_path is 2000; the largest of a number that
 * has a limit.
 */

#ifndef GL_REQUEST_LONGEST_H
#define GL_REQUEST_LONGEST_H

#define GL_FIELD(key, member, type, longest, meaning)                         \
    GL_LONGEST_##member = longest,
enum gl_longest {
#include "event_fields.h"
};
#undef GL_FIELD

#endif
