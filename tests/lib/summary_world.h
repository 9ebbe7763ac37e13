/*
 * Made weeks of a site, by seed: nine of them, with noise of every kind (all
 * visitors of a week, each value, each day, chance), and something that
 * happened in the last one.
 */

#ifndef GL_TEST_SUMMARY_WORLD_H
#define GL_TEST_SUMMARY_WORLD_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "summary/facts.h"
#include "tap.h"

enum story {
    STORY_QUIET,
    STORY_CAMPAIGN, /* one starts: a new campaign, its source, its page */
    STORY_LINK,     /* a big site links a page */
    STORY_COUNTRY,  /* the visitors of one stay away */
    STORY_BOTS,     /* one comes more often */
    STORY_HOLE,     /* nothing is counted for hours */
    STORY_N
};

struct made {
    enum story story;
    double size;  /* visitors, or events of bots, or pageviews */
    double noise; /* standard deviation of that in a quiet week */
    enum gl_summary_by by;
    char name[32]; /* the cause */
    int from, to;  /* hours of a hole */
    struct gl_summary_facts facts;
};

/* ---- chance ---- */

static double
uniform(double from, double to)
{
    return from +
           (to - from) * ((double) (tap_random() >> 11) / 9007199254740992.0);
}

static double
normal(void)
{
    return sqrt(-2 * log(uniform(1e-12, 1))) *
           cos(uniform(0, 6.283185307179586));
}

static double
poisson(double mean)
{
    double limit = exp(-mean), product = 1;
    int n = -1;

    if (mean > 40)
        return fmax(0, round(mean + sqrt(mean) * normal()));
    for (; product > limit || n < 0; n++)
        product *= uniform(0, 1);
    return n;
}

/* From FROM to TO, as many small ones as large ones. */
static double
between(double from, double to)
{
    return from * pow(to / from, uniform(0, 1));
}

static int
whole(int from, int to)
{
    return (int) uniform(from, to + 0.999999);
}

/* ---- a dimension: values by Zipf's law ---- */

struct kind {
    enum gl_summary_by by;
    const char *name;
    int n;
    double share[200], loose; /* of all; each value by itself */
};

static void
make_kind(struct kind *kind, enum gl_summary_by by, const char *name, int n,
          double all, double loose)
{
    double steep = uniform(0.7, 1.4), sum = 0;

    *kind = (struct kind){.by = by, .name = name, .n = n, .loose = loose};
    for (int i = 0; i < n; i++)
        sum += pow(i + 1, -steep);
    for (int i = 0; i < n; i++)
        kind->share[i] = all * pow(i + 1, -steep) / sum;
}

static void
draw_kind(struct gl_summary_facts *facts, const struct kind *kind, int week,
          double visitors, int gone, double left)
{
    for (int i = 0; i < kind->n; i++) {
        char name[32];
        double mean = visitors * kind->share[i] * exp(kind->loose * normal()) *
                      (i == gone ? left : 1);

        snprintf(name, sizeof name, "%s%d", kind->name, i);
        gl_summary_add(facts, kind->by, name, week, poisson(mean));
    }
}

/* ---- a site ---- */

struct site {
    double visitors, loose, trend, per_visitor;
    struct kind campaigns, sources, pages, countries;
    double days[GL_SUMMARY_DAYS], hours[24];
    double bots, bots_loose;
    int bots_n;
};

static void
make_site(struct site *site)
{
    double loose = uniform(0, 0.1), sum = 0;

    site->visitors = between(300, 30000);
    site->loose = uniform(0.02, 0.15);
    site->trend = uniform(-0.02, 0.03);
    site->per_visitor = uniform(1.2, 4);
    make_kind(&site->sources, GL_SUMMARY_SOURCE, "source", whole(4, 40), 1,
              loose);
    make_kind(&site->campaigns, GL_SUMMARY_CAMPAIGN, "campaign", whole(1, 6),
              uniform(0, 0.2), loose);
    make_kind(&site->pages, GL_SUMMARY_PAGE, "/page", whole(10, 200),
              uniform(1, 2), loose);
    make_kind(&site->countries, GL_SUMMARY_COUNTRY, "C", whole(4, 60), 1,
              loose);
    for (int day = 0; day < GL_SUMMARY_DAYS; day++)
        sum += site->days[day] = day < 5 ? 1 : uniform(0.4, 1.2);
    for (int day = 0; day < GL_SUMMARY_DAYS; day++)
        site->days[day] /= sum;
    for (int hour = 0; hour < 24; hour++)
        site->hours[hour] = (1 - 0.9 * cos(hour * 0.2618)) / 24;
    site->bots = between(20, 5000);
    site->bots_loose = uniform(0.05, 0.4);
    site->bots_n = whole(3, 30);
}

/* The standard deviation of a quiet week's visitors. */
static double
noise_of(const struct site *site)
{
    return site->visitors *
           sqrt(site->loose * site->loose + 1 / site->visitors);
}

static void
draw_time(struct gl_summary_facts *facts, const struct site *site, int week,
          double visitors, const struct made *made)
{
    for (int day = 0; day < GL_SUMMARY_DAYS; day++) {
        double mean = visitors * site->days[day] * exp(0.03 * normal());

        facts->days[week][day] = poisson(mean);
        for (int hour = 0; hour < 24; hour++) {
            int at = day * 24 + hour;
            int is_hole = week == 0 && at >= made->from && at < made->to;
            double views = mean * site->per_visitor * site->hours[hour];

            facts->hours[week][at] = is_hole ? 0 : poisson(views);
            if (is_hole)
                facts->days[0][day] = fmax(
                    0, round(facts->days[0][day] - mean * site->hours[hour]));
            facts->pageviews[week] += facts->hours[week][at];
        }
    }
}

/* MADE->size of them: from OF on as many as its Zipf's law has. */
static void
draw_bots(struct made *made, const struct site *site, int week)
{
    struct gl_summary_facts *facts = &made->facts;

    for (int bot = 0; bot < site->bots_n; bot++) {
        char name[32];
        double n =
            poisson(site->bots / (bot + 1) / (log(site->bots_n) + 0.577) *
                    exp(site->bots_loose * normal()));

        snprintf(name, sizeof name, "Bot%d", bot);
        if (week == 0 && made->story == STORY_BOTS &&
            strcmp(name, made->name) == 0)
            n += poisson(made->size);
        gl_summary_add(facts, GL_SUMMARY_BOT, name, week, n);
        facts->bots[week] += n;
    }
}

/* What happened in the last week: how many visitors come or stay away. */
static double
draw_story(struct made *made, const struct site *site)
{
    struct gl_summary_facts *facts = &made->facts;
    double size = poisson(made->size);
    char page[32];

    if (made->story != STORY_CAMPAIGN && made->story != STORY_LINK)
        return 0;
    snprintf(page, sizeof page, "/page%d", whole(0, site->pages.n - 1));
    gl_summary_add(facts, made->by, made->name, 0, size);
    gl_summary_add(facts, GL_SUMMARY_PAGE, page, 0,
                   poisson(made->size * uniform(0.7, 1)));
    if (made->story == STORY_CAMPAIGN)
        gl_summary_add(facts, GL_SUMMARY_SOURCE, "source2", 0, size);
    for (int i = 0; i < site->countries.n; i++) {
        char name[32];

        snprintf(name, sizeof name, "C%d", i);
        gl_summary_add(facts, GL_SUMMARY_COUNTRY, name, 0,
                       poisson(made->size * site->countries.share[i]));
    }
    return size;
}

static void
draw_week(struct made *made, const struct site *site, int week, int gone,
          double left)
{
    struct gl_summary_facts *facts = &made->facts;
    double lost = gone < 0 ? 0 : site->countries.share[gone] * (1 - left);
    double visitors = site->visitors * exp(site->loose * normal()) *
                      pow(1 + site->trend, -week) * (1 - lost);
    double hours = 0;

    for (int hour = made->from; week == 0 && hour < made->to; hour++)
        hours += site->days[hour / 24] * site->hours[hour % 24];
    visitors *= 1 - hours;
    draw_kind(facts, &site->sources, week, visitors, -1, 1);
    draw_kind(facts, &site->campaigns, week, visitors, -1, 1);
    draw_kind(facts, &site->pages, week, visitors, -1, 1);
    draw_kind(facts, &site->countries, week, visitors / (1 - lost), gone,
              left);
    draw_time(facts, site, week, visitors / (1 - hours), made);
    draw_bots(made, site, week);
    facts->visitors[week] =
        poisson(visitors) + (week == 0 ? draw_story(made, site) : 0);
    facts->visits[week] = round(1.1 * facts->visitors[week]);
}

/* ---- what happens ---- */

static void
make_hole(struct made *made, const struct site *site)
{
    double size = made->size;

    made->from = made->to = whole(0, 100);
    for (made->size = 0; made->to < 160 && made->size < size; made->to++)
        made->size += site->visitors * site->days[made->to / 24] *
                      site->hours[made->to % 24];
}

/* One of those that are large enough, else the largest: what it takes away is
 * at most all it has. */
static int
make_country(struct made *made, const struct site *site, double *left)
{
    int n = 0, country;

    while (n < site->countries.n &&
           site->visitors * site->countries.share[n] > made->size)
        n++;
    country = n == 0 ? 0 : whole(0, n - 1);
    made->size =
        fmin(made->size, site->visitors * site->countries.share[country]);
    *left = 1 - made->size / (site->visitors * site->countries.share[country]);
    if (*left > 0.5) { /* it is cut off, not thinned out */
        *left = uniform(0, 0.5);
        made->size =
            site->visitors * site->countries.share[country] * (1 - *left);
    }
    snprintf(made->name, sizeof made->name, "C%d", country);
    return country;
}

static void
make_story(struct made *made, const struct site *site, double strength,
           int *gone, double *left)
{
    made->noise = noise_of(site);
    made->size = strength * made->noise;
    *gone = -1;
    *left = 1;
    if (made->story == STORY_CAMPAIGN) {
        made->by = GL_SUMMARY_CAMPAIGN;
        strcpy(made->name, "spring");
    } else if (made->story == STORY_LINK) {
        made->by = GL_SUMMARY_SOURCE;
        strcpy(made->name, "news.example");
    } else if (made->story == STORY_COUNTRY) {
        made->by = GL_SUMMARY_COUNTRY;
        *gone = make_country(made, site, left);
    } else if (made->story == STORY_BOTS) {
        made->by = GL_SUMMARY_BOT;
        made->noise = hypot(site->bots * site->bots_loose, sqrt(site->bots));
        made->size = strength * made->noise;
        snprintf(made->name, sizeof made->name, "Bot%d",
                 whole(1, site->bots_n - 1));
    } else if (made->story == STORY_HOLE) {
        make_hole(made, site);
    }
}

/* A site with STORY, STRENGTH times as large as its noise (but what a country
 * and a hole take away has a size of its own).  gl_summary_facts_fini(). */
static void
make_weeks(struct made *made, enum story story, double strength)
{
    static struct site site;
    double left;
    int gone;

    memset(made, 0, sizeof *made);
    made->story = story;
    make_site(&site);
    make_story(made, &site, strength, &gone, &left);
    gl_summary_facts_init(&made->facts, GL_SUMMARY_WEEKS);
    made->facts.weeks_before = GL_SUMMARY_WEEKS - 1;
    for (int week = 0; week < GL_SUMMARY_WEEKS; week++)
        draw_week(made, &site, week, week == 0 ? gone : -1,
                  week == 0 ? left : 1);
}

#endif
