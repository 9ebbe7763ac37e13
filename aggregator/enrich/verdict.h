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
    const char *family;    /* "Googlebot"; else its operator, or a browser that
                              it claims to be */
    const char *operator;  /* who runs it, "" = not known */
    const char *kind;      /* what it is, "ai-crawler", "" = not known */
};

/* Their numbers are in databases: they stay. */
#define GL_VERDICT_RULES 7

/* Bit N of a site's bots_counted: it does without rule N.  The word of rule
 * N, which is its reason, or NULL: there are no more. */
const char *gl_verdict_word(int n);

/*
 * 1: EVENT, of which AGENT and IDENTITY are known, is a bot's, as VERDICT
 * says, by a rule that is not in COUNTED; 0: as far as one can see it is a
 * person's, and all of VERDICT but its reason is what it would be.
 */
int gl_verdict(const struct gl_agent *agent,
               const struct gl_identity *identity,
               const struct gl_event *event, uint32_t counted,
               struct gl_verdict *verdict);

/* What EVENT asked for: home, page, feed, file, probe; or event. */
const char *gl_verdict_page(const struct gl_event *event);

/* So many pages a UTC day a visitor who runs no script is served; more is a
 * program's, by the rule bot_rate.  1: by one that is not in COUNTED. */
#define GL_VERDICT_PAGES_A_DAY 1000
int gl_verdict_rate(int64_t pages, uint32_t counted);

#endif
