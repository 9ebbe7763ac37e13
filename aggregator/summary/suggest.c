/* What may be worth doing; see suggest.h. */

#include "summary/suggest.h"

#include <string.h>

#define DIRECT "Direct / None" /* no place to look at */

static void
say(struct gl_sentence *sentence, enum gl_say which, enum gl_summary_by by,
    const struct gl_summary_value *value)
{
    gl_sentence_begin(sentence);
    if (value != NULL)
        gl_sentence_name(sentence, "name", by, value->text);
    gl_sentence_end(sentence, "suggestion", which, 0);
}

/* 1: there is something to say about CAUSE. */
static int
say_cause(struct gl_sentence *sentence, const struct gl_cause *cause)
{
    static const enum gl_say more[GL_SUMMARY_CAUSES] = {
        GL_SAY_SUMMARY_TRY_CAMPAIGN, GL_SAY_SUMMARY_TRY_SOURCE,
        GL_SAY_SUMMARY_TRY_PAGE, GL_SAY_SUMMARY_TRY_COUNTRY};
    static const enum gl_say fewer[GL_SUMMARY_CAUSES] = {
        GL_SAY_SUMMARY_TRY_CAMPAIGN_FEWER, GL_SAY_SUMMARY_TRY_SOURCE_FEWER,
        GL_SAY_SUMMARY_TRY_PAGE_FEWER, GL_SAY_SUMMARY_TRY_COUNTRY_FEWER};

    if (strcmp(cause->value->text, DIRECT) == 0)
        return 0;
    say(sentence, cause->own > 0 ? more[cause->by] : fewer[cause->by],
        cause->by, cause->value);
    return 1;
}

/* The first cause that went up, or down; NULL. */
static const struct gl_cause *
first_cause(const struct gl_findings *findings, int up)
{
    for (int i = 0; i < findings->causes.n; i++)
        if ((findings->causes.one[i].own > 0) == up)
            return &findings->causes.one[i];
    return NULL;
}

void
gl_summary_suggest(struct gl_sentence *sentence,
                   const struct gl_summary_facts *facts,
                   const struct gl_findings *findings)
{
    const struct gl_cause *down = first_cause(findings, 0);
    const struct gl_cause *up = first_cause(findings, 1);

    if (findings->hole.to > findings->hole.from)
        say(sentence, GL_SAY_SUMMARY_TRY_HOLE, GL_SUMMARY_PAGE, NULL);
    else if ((down != NULL && say_cause(sentence, down)) ||
             (up != NULL && say_cause(sentence, up)))
        return;
    else if (findings->bot != NULL)
        say(sentence, GL_SAY_SUMMARY_TRY_BOT, GL_SUMMARY_BOT, findings->bot);
    else if (facts->goals == 0 && facts->visitors[0] > 0)
        say(sentence, GL_SAY_SUMMARY_TRY_GOAL, GL_SUMMARY_GOAL, NULL);
}
