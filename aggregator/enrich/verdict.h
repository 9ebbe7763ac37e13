/*
 * Whether an event is a bot's, by which rule, and what it asked for: the one
 * place where evidence is weighed.
 */

#ifndef GL_ENRICH_VERDICT_H
#define GL_ENRICH_VERDICT_H

#include "enrich.h"
#include "reasons.h"

struct gl_verdict {
    enum gl_reason reason; /* the rule */
    const char *family;    /* "Googlebot"; a browser that it claims to be */
    const char *page;      /* home, page, feed, file, probe; or event */
};

/* Rules, in the order in which they are asked. */
#define GL_VERDICT_RULES 4

/* Bit N of a site's bots_counted: it does without rule N.  The word of rule
 * N, which is its reason, or NULL: there are no more. */
const char *gl_verdict_word(int n);

/*
 * 1: EVENT, of which AGENT is known, is a bot's, as VERDICT says, by a rule
 * that is not in COUNTED; 0: as far as one can see it is a person's.
 */
int gl_verdict(const struct gl_agent *agent, const struct gl_event *event,
               uint32_t counted, struct gl_verdict *verdict);

#endif
