/* One thing that may be worth doing, at most.  Pure. */

#ifndef GL_SUMMARY_SUGGEST_H
#define GL_SUMMARY_SUGGEST_H

#include "summary/findings.h"
#include "summary/sentence.h"

/* What is broken comes first, then what is new, then a goal where there is
 * none. */
void gl_summary_suggest(struct gl_sentence *sentence,
                        const struct gl_summary_facts *facts,
                        const struct gl_findings *findings);

#endif
