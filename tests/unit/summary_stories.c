/*
 * Promise: what is told of a week is what the thirty-one stories of
 * summary_stories.txt say, word by word: each a week beside eight before it,
 * given by its numbers, and the sentences that a person would expect of it.
 *
 *     == TITLE
 *     visitors 1000 1300       usually, and in the week
 *     campaign spring 0 300    or source, page, country, channel, goal, bot,
 *                              kind; of what the site has anyhow another now
 *     all 0.8                  of what the site has anyhow, so much came
 *     weeks 3                  there are no more, the one that is told too
 *     hours 34 40              of the week, from Monday 0:00 on: nothing came
 *     day 5 400                visitors of one day, from 0 on
 *     most 900 | goals 2       the best week before; goals are defined
 *     --
 *     SENTENCES, a line for those that are told together
 */

#include "summary/findings.h"
#include "summary/tell.h"
#include "tap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STORIES 31
#define FILE_NAME "tests/unit/summary_stories.txt"
#define MONDAY 20773 /* 2026-11-16 */

static const char *const kinds[GL_SUMMARY_BY_N] = {
    [GL_SUMMARY_CAMPAIGN] = "campaign", [GL_SUMMARY_SOURCE] = "source",
    [GL_SUMMARY_PAGE] = "page",         [GL_SUMMARY_COUNTRY] = "country",
    [GL_SUMMARY_CHANNEL] = "channel",   [GL_SUMMARY_GOAL] = "goal",
    [GL_SUMMARY_BOT] = "bot",           [GL_SUMMARY_KIND] = "kind"};

/* What every site of the stories has, of 1,000 visitors. */
static const struct {
    enum gl_summary_by by;
    const char *text;
    double usual;
} base[] = {{GL_SUMMARY_SOURCE, "Google", 400},
            {GL_SUMMARY_SOURCE, "Direct / None", 300},
            {GL_SUMMARY_SOURCE, "Bing", 200},
            {GL_SUMMARY_SOURCE, "Mastodon", 100},
            {GL_SUMMARY_COUNTRY, "DE", 500},
            {GL_SUMMARY_COUNTRY, "FR", 250},
            {GL_SUMMARY_COUNTRY, "AT", 150},
            {GL_SUMMARY_COUNTRY, "US", 100},
            {GL_SUMMARY_PAGE, "/", 700},
            {GL_SUMMARY_PAGE, "/about", 300},
            {GL_SUMMARY_PAGE, "/blog", 250}};

/* Weeks are never quite alike; two and two are, so that the median is the
 * usual number. */
static const double weekly[GL_SUMMARY_WEEKS] = {1,    1.03, 0.97, 1.01, 0.99,
                                                1.02, 0.98, 1,    1};
static const double daily[GL_SUMMARY_DAYS] = {0.15, 0.16, 0.17, 0.16,
                                              0.14, 0.11, 0.11};

struct story {
    char title[80];
    struct gl_summary_facts facts;
    double usual, now, all; /* visitors; what came of the base */
    double day_visitors;
    int day, from, to;
    GString *given; /* "source Google" ...: not by the base */
    GString *want;
};

static void
set(struct story *story, enum gl_summary_by by, const char *text, double usual,
    double now)
{
    struct gl_summary_facts *facts = &story->facts;

    gl_summary_add(facts, by, text, 0, now);
    for (int week = 1; week < facts->weeks; week++)
        gl_summary_add(facts, by, text, week, round(usual * weekly[week]));
    if (by == GL_SUMMARY_BOT)
        for (int week = 0; week < facts->weeks; week++)
            facts->bots[week] += week == 0 ? now : round(usual * weekly[week]);
    g_string_append_printf(story->given, "%s %s\n", kinds[by], text);
}

/* ---- reading ---- */

static int
read_value(struct story *story, const char *line)
{
    char kind[16], text[200];
    double usual, now;

    if (sscanf(line, "%15s %199[^\t] %lf %lf", kind, text, &usual, &now) != 4)
        return 0;
    for (int by = 0; by < GL_SUMMARY_BY_N; by++)
        if (strcmp(kind, kinds[by]) == 0)
            set(story, (enum gl_summary_by) by, g_strchomp(text), usual, now);
    return 1;
}

static void
read_line(struct story *story, const char *line)
{
    struct gl_summary_facts *facts = &story->facts;

    if (sscanf(line, "visitors %lf %lf", &story->usual, &story->now) == 2 ||
        sscanf(line, "all %lf", &story->all) == 1 ||
        sscanf(line, "weeks %d", &facts->weeks) == 1 ||
        sscanf(line, "hours %d %d", &story->from, &story->to) == 2 ||
        sscanf(line, "day %d %lf", &story->day, &story->day_visitors) == 2 ||
        sscanf(line, "most %lf", &facts->most) == 1 ||
        sscanf(line, "goals %d", &facts->goals) == 1 ||
        read_value(story, line))
        return;
    tap_bail("not understood: %s", line);
}

/* 1, or 0: that was the last one. */
static int
read_story(FILE *in, struct story *story)
{
    char line[1024];
    int told = 0;

    while (fgets(line, sizeof line, in) != NULL &&
           sscanf(line, "== %79[^\n]", story->title) != 1)
        ;
    if (feof(in))
        return 0;
    while (fgets(line, sizeof line, in) != NULL && line[0] != '\n')
        if (told)
            g_string_append(story->want, line);
        else if (strcmp(line, "--\n") == 0)
            told = 1;
        else
            read_line(story, line);
    return 1;
}

/* ---- the week ---- */

static void
fill_time(struct story *story)
{
    struct gl_summary_facts *facts = &story->facts;

    for (int week = 0; week < facts->weeks; week++) {
        facts->visitors[week] =
            week == 0 ? story->now : round(story->usual * weekly[week]);
        for (int hour = 0; hour < GL_SUMMARY_HOURS; hour++) {
            double visitors = facts->visitors[week] * daily[hour / 24];
            int hole = week == 0 && hour >= story->from && hour < story->to;

            facts->days[week][hour / 24] = round(visitors);
            facts->hours[week][hour] = hole ? 0 : ceil(visitors / 12);
        }
    }
    if (story->day >= 0)
        facts->days[0][story->day] = story->day_visitors;
}

static void
fill_base(struct story *story)
{
    for (size_t i = 0; i < G_N_ELEMENTS(base); i++) {
        double usual = base[i].usual * story->usual / 1000;
        char *given =
            g_strdup_printf("%s %s\n", kinds[base[i].by], base[i].text);

        if (strstr(story->given->str, given) == NULL)
            set(story, base[i].by, base[i].text, usual,
                round(usual * story->all));
        g_free(given);
    }
    if (story->facts.most > 0)
        story->facts.most_week = g_strdup("2026-03-02");
    story->facts.weeks_before =
        story->facts.most > 0 ? 40 : story->facts.weeks - 1;
}

static GString *
told_text(const struct story *story)
{
    struct gl_summary_of of = {.domain = "example.com",
                               .monday = MONDAY,
                               .weeks = story->facts.weeks};
    struct gl_findings findings;
    GString *text = g_string_new("");
    json_t *told, *one;
    size_t i;

    gl_findings(&story->facts, &findings);
    told = gl_summary_tell(&of, &story->facts, &findings);
    json_array_foreach (json_object_get(told, "sentences"), i, one) {
        if (text->len > 0)
            g_string_append_c(
                text,
                json_is_true(json_object_get(one, "goes_on")) ? ' ' : '\n');
        g_string_append(text, json_string_value(json_object_get(one, "text")));
    }
    json_decref(told);
    return g_string_append_c(text, '\n');
}

/* 1, or 0: there is no other story. */
static int
check_story(FILE *in)
{
    struct story story = {.all = 1, .day = -1, .usual = 1000, .now = 1000};
    int found;

    gl_summary_facts_init(&story.facts, GL_SUMMARY_WEEKS);
    story.given = g_string_new("");
    story.want = g_string_new("");
    found = read_story(in, &story);
    if (found) {
        GString *told;

        fill_time(&story);
        fill_base(&story);
        told = told_text(&story);
        tap_str(told->str, story.want->str, "%s", story.title);
        g_string_free(told, TRUE);
    }
    gl_summary_facts_fini(&story.facts);
    g_string_free(story.given, TRUE);
    g_string_free(story.want, TRUE);
    return found;
}

int
main(void)
{
    FILE *in = fopen(FILE_NAME, "r");
    int n = 0;

    if (in == NULL)
        tap_bail("cannot read %s", FILE_NAME);
    while (check_story(in))
        n++;
    fclose(in);
    tap_int(n, STORIES, "stories");
    return tap_done();
}
