/*
 * What is known of a site's week and of the weeks before it: plain counts,
 * each the answer to a question (questions.h).  Week 0 is the one that is
 * told, week 1 the one before it, and so on.  Pure.
 */

#ifndef GL_SUMMARY_FACTS_H
#define GL_SUMMARY_FACTS_H

#include <glib.h>
#include <stdint.h>

#define GL_SUMMARY_WEEKS 9   /* the one that is told, and eight before it */
#define GL_SUMMARY_LEAST 4   /* weeks before, from which on "usual" is said */
#define GL_SUMMARY_DAYS 7    /* from Monday on */
#define GL_SUMMARY_HOURS 168 /* from Monday 00:00 on, by the local clock */

/* Of what a value is: those that may have caused something first, the most
 * telling before the others. */
enum gl_summary_by {
    GL_SUMMARY_CAMPAIGN,
    GL_SUMMARY_SOURCE,
    GL_SUMMARY_PAGE,
    GL_SUMMARY_COUNTRY,
    GL_SUMMARY_CAUSES, /* how many these are */
    GL_SUMMARY_CHANNEL = GL_SUMMARY_CAUSES,
    GL_SUMMARY_GOAL, /* n: visitors who reached it */
    GL_SUMMARY_BOT,  /* n: events; counted beside the rows */
    GL_SUMMARY_KIND, /* the same, by the kind of bot */
    GL_SUMMARY_BY_N
};

struct gl_summary_value {
    char *text;                 /* as the API has it; "" = has none */
    double n[GL_SUMMARY_WEEKS]; /* visitors, where nothing else is said */
};

struct gl_summary_facts {
    int weeks; /* that are known: 1 to GL_SUMMARY_WEEKS */
    double visitors[GL_SUMMARY_WEEKS], visits[GL_SUMMARY_WEEKS],
        pageviews[GL_SUMMARY_WEEKS];
    /* percent of visits, events taken for bots, events left out */
    double bounce[GL_SUMMARY_WEEKS], bots[GL_SUMMARY_WEEKS],
        dropped[GL_SUMMARY_WEEKS];
    /* visitors of a UTC day, day by day: served pages by nginx itself, and of
     * these those whose browser blocks scripts */
    double served[GL_SUMMARY_WEEKS], blocks[GL_SUMMARY_WEEKS];
    double days[GL_SUMMARY_WEEKS][GL_SUMMARY_DAYS];   /* visitors */
    double hours[GL_SUMMARY_WEEKS][GL_SUMMARY_HOURS]; /* pageviews */
    GArray *by[GL_SUMMARY_BY_N]; /* struct gl_summary_value, any order */
    /* of all weeks before, also those that are farther away: the most visitors
     * of one, its Monday as the API has it, NULL = none had any, and how many
     * weeks there are */
    double most;
    char *most_week;
    int weeks_before;
    int goals; /* that are defined */
};

void gl_summary_facts_init(struct gl_summary_facts *facts, int weeks);
void gl_summary_facts_fini(struct gl_summary_facts *facts);

/* TEXT has N in WEEK, more than what was said before. */
void gl_summary_add(struct gl_summary_facts *facts, enum gl_summary_by by,
                    const char *text, int week, double n);
/* NULL: it was in no week. */
const struct gl_summary_value *
gl_summary_find(const struct gl_summary_facts *facts, enum gl_summary_by by,
                const char *text);

#endif
