/*
 * Findings → sentences in the language in use:
 *
 *     {"kind": "cause", "goes_on": false,
 *      "text": "62 visitors came through Google, usually 48.",
 *      "pieces": [{"text": "62", "fact": 0}, {"text": " "},
 *                 {"text": "visitors came"}, ...,
 *                 {"text": "Google", "name": "Google"}, ...,
 *                 {"text": "48", "fact": 3}, {"text": "."}]}
 *
 * KIND is about what: served, visitors, cause, rest, record, day, hole, goal,
 * ai, blocked, bots, suggestion.  GOES_ON: it is told with the one before.  A
 * piece is a number with its receipt (ledger.h), a name of the site's own, a
 * date, or words, which have no number in them.  Pure.
 */

#ifndef GL_SUMMARY_TELL_H
#define GL_SUMMARY_TELL_H

#include <jansson.h>

#include "summary/findings.h"
#include "summary/questions.h"

/* {sentences, facts}; the caller's. */
json_t *gl_summary_tell(const struct gl_summary_of *of,
                        const struct gl_summary_facts *facts,
                        const struct gl_findings *findings);

#endif
