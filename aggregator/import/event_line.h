/*
 * One event line (import, tests) to an event.  Pure: the time of an absent
 * "at" is an argument; nothing is stored.
 *
 *   {"kind": "pageview", "visitor": "v1", "at": "2026-11-23T10:00:00Z",
 *    "path": "/about"}
 */

#ifndef GL_IMPORT_LINE_H
#define GL_IMPORT_LINE_H

#include <glib.h>
#include <jansson.h>

#include "event.h"
#include "store/words/words.h"

/* A time that is so much later than now is a mistake. */
#define GL_IMPORT_AHEAD_MS INT64_C(86400000)

struct gl_import_line {
    struct gl_event event; /* visitor 0: the caller hashes visitor_text */
    struct gl_text visitor_text;
    struct gl_text source, channel; /* given: outrank the referrer's */
    struct gl_store_agent agent;    /* given: outrank the user agent's */

    /* memory of the texts above */
    json_t *_root;
    GSList *_changed;
    char _amount[32];
    int _engaged; /* "engagement_ms" is there */
};

/*
 * TEXT is one line without its newline.  NOW_MS stands in for "at"; SITE for
 * "host".  0, or -1 with a sentence (without the line's number) in WHY.  The
 * texts are valid until gl_import_line_clear(), due in both cases.
 */
int gl_import_line_read(struct gl_import_line *line, const char *text,
                        size_t len, const char *site, int64_t now_ms,
                        char *why, size_t why_len);
/* A line of SITE that says nothing yet. */
void gl_import_line_begin_(struct gl_import_line *line, const char *site);
void gl_import_line_clear(struct gl_import_line *line);

#endif
