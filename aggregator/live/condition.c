/*
 * What conditions are called, and their sentences.  Plain words, for people
 * who know nothing of spools; what an operator should do is conf/OPERATORS.md
 * and admin/health.c.
 *
 * Any thread; keeps nothing.
 */

#include "live/condition.h"

#include "number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_MS 60000
#define TEXT_MAX 320 /* bytes of a sentence */

static const struct kind {
    const char *name;
    enum gl_condition_grade grade;
    int shown;
} kinds[] = {
    [GL_CONDITION_READ_ONLY] = {"read_only", GL_GRADE_ALARM, 1},
    [GL_CONDITION_STORAGE_FULL] = {"storage_full", GL_GRADE_STORAGE, 1},
    [GL_CONDITION_STORAGE] = {"storage", GL_GRADE_STORAGE, 1},
    [GL_CONDITION_UPGRADE] = {"upgrade_pending", GL_GRADE_ALARM, 1},
    [GL_CONDITION_UNREADABLE] = {"unreadable", GL_GRADE_ALARM, 0},
    [GL_CONDITION_ELSEWHERE] = {"elsewhere", GL_GRADE_ALARM, 0},
    [GL_CONDITION_SILENT] = {"silent", GL_GRADE_NOTE, 1},
    [GL_CONDITION_CATCHING_UP] = {"catching_up", GL_GRADE_NOTE, 1},
    [GL_CONDITION_NOT_RECORDED] = {"not_recorded", GL_GRADE_NOTE, 1},
    [GL_CONDITION_LOST] = {"lost", GL_GRADE_NOTE, 1},
    [GL_CONDITION_POWER_CUT] = {"power_cut", GL_GRADE_NOTE, 1},
    [GL_CONDITION_REJECTED] = {"rejected", GL_GRADE_NOTE, 1},
    [GL_CONDITION_CLOCK] = {"clock", GL_GRADE_NOTE, 1},
    [GL_CONDITION_SITES] = {"sites_file", GL_GRADE_ALARM, 0},
    [GL_CONDITION_READ_ERROR] = {"read_error", GL_GRADE_ALARM, 1},
    [GL_CONDITION_COUNTING] = {"counting", GL_GRADE_NOTE, 1},
};

enum gl_condition_grade
gl_condition_grade(const struct gl_condition *condition)
{
    return kinds[condition->kind].grade;
}

int
gl_condition_shown(const struct gl_condition *condition)
{
    return kinds[condition->kind].shown;
}

/* One sentence under way. */
struct writer {
    const struct gl_condition *condition;
    char since[GL_ZONE_CLOCK_MAX + 4], until[GL_ZONE_CLOCK_MAX + 4];
    char n[GL_NUMBER_MAX]; /* 12,345 */
    int one;               /* exactly one */
    char *text;
    size_t size;
};

/* "at 14:05" when it begins and ends in one minute. */
static void
put_span(const struct writer *w, char *span, size_t size)
{
    const struct gl_condition *c = w->condition;

    if (c->until_ms / MINUTE_MS == c->since_ms / MINUTE_MS)
        snprintf(span, size, "at %s", w->since);
    else
        snprintf(span, size, "between %s and %s", w->since, w->until);
}

static void
put_not_recorded(struct writer *w)
{
    char span[96];

    put_span(w, span, sizeof span);
    snprintf(w->text, w->size, "%s %s not recorded %s.", w->n,
             w->one ? "event was" : "events were", span);
}

static void
put_rejected(struct writer *w)
{
    char span[96];

    put_span(w, span, sizeof span);
    snprintf(w->text, w->size, "%s %s rejected %s and set aside.", w->n,
             w->one ? "event was" : "events were", span);
}

static void
put_lost(struct writer *w)
{
    const struct gl_condition *c = w->condition;
    int between = !c->at_least && c->at_most > c->count;
    char most[GL_NUMBER_MAX];

    gl_number(most, (int64_t) c->at_most);
    if (between && c->count == 0)
        snprintf(w->text, w->size,
                 "At most %s %s lost to damage on the disk, found at %s; most "
                 "likely none.",
                 most, c->at_most == 1 ? "event was" : "events were",
                 w->since);
    else if (between)
        snprintf(w->text, w->size,
                 "%s to %s events were lost to damage on the disk, found at "
                 "%s.",
                 w->n, most, w->since);
    else if (c->count == 0)
        snprintf(w->text, w->size,
                 "Events may have been lost to damage on the disk, found at "
                 "%s; how many is not known.",
                 w->since);
    else
        snprintf(w->text, w->size,
                 "%s%s %s lost to damage on the disk, found at %s.",
                 c->at_least ? "At least " : "", w->n,
                 w->one ? "event was" : "events were", w->since);
}

static void
put_catching_up(struct writer *w)
{
    char rest[64] = "";

    if (w->condition->rest_s >= 0)
        snprintf(rest, sizeof rest, ", about %" PRId64 " s",
                 w->condition->rest_s);
    snprintf(w->text, w->size, "Catching up: about %s %s%s.", w->n,
             w->one ? "event" : "events", rest);
}

static void
put_upgrade(struct writer *w)
{
    snprintf(w->text, w->size,
             "Upgrade pending: since %s events wait for another version of "
             "Glinto and are kept.",
             w->since);
}

static void
put_read_error(struct writer *w)
{
    snprintf(w->text, w->size,
             "Since %s the disk does not give all of %s %s of events: what is "
             "missing is tried again and will be counted when it can be read.",
             w->since, w->n, w->one ? "file" : "files");
}

static void
put_operators(struct writer *w)
{
    if (w->condition->kind == GL_CONDITION_ELSEWHERE)
        snprintf(w->text, w->size,
                 "Since %s a worker of nginx writes to another spool folder "
                 "than glintod reads.",
                 w->since);
    else
        snprintf(w->text, w->size,
                 "Since %s glintod may not read %s %s of events.", w->since,
                 w->n, w->one ? "file" : "files");
}

/* What needs no number: the sentence for accounts, and of meta.db. */
static const char *
plain_format(const struct gl_condition *condition)
{
    static const char *const of_meta[GL_CONDITION_KINDS] = {
        [GL_CONDITION_READ_ONLY] =
            "meta.db is damaged since %s: sites, accounts and tokens cannot "
            "be changed until it is repaired.",
        [GL_CONDITION_STORAGE_FULL] =
            "Storage full: meta.db cannot be written since %s; sites, "
            "accounts and tokens cannot be changed until there is room.",
        [GL_CONDITION_STORAGE] =
            "The storage does not work: meta.db cannot be written since %s; "
            "sites, accounts and tokens cannot be changed until it does.",
    };
    static const char *const formats[] = {
        [GL_CONDITION_READ_ONLY] =
            "Read-only since %s: this account's data file is damaged. New "
            "events are kept and will be counted once it is repaired.",
        [GL_CONDITION_STORAGE_FULL] =
            "Storage full: new events are held since %s and will be counted "
            "when there is room.",
        [GL_CONDITION_STORAGE] =
            "The storage does not work: new events are held since %s and will "
            "be counted when it does.",
        [GL_CONDITION_SILENT] = "No events received since %s.",
        [GL_CONDITION_POWER_CUT] =
            "The server stopped without warning before %s. Events of its last "
            "second may be missing; how many is not known.",
        [GL_CONDITION_COUNTING] =
            "Since %s the events of today are read again: the numbers follow "
            "in some seconds.",
        [GL_CONDITION_SITES] =
            "Since %s the sites file cannot be written: new sites are not "
            "counted, and workers of nginx keep the settings of before.",
    };
    int kind = condition->kind;

    if (of_meta[kind] != NULL &&
        strcmp(condition->account, GL_CONDITION_META) == 0)
        return of_meta[kind];
    return formats[kind];
}

static void
put_plain(struct writer *w)
{
    const char *format = plain_format(w->condition);
    const char *mark = strstr(format, "%s");

    snprintf(w->text, w->size, "%.*s%s%s", (int) (mark - format), format,
             w->since, mark + 2);
}

static void
put_clock(struct writer *w)
{
    snprintf(
        w->text, w->size,
        "The clock jumped: %s %s since %s came with a time that cannot be "
        "right and %s counted when received.",
        w->n, w->one ? "event" : "events", w->since, w->one ? "was" : "were");
}

static void
put_clocks(struct writer *w, const struct gl_zone *zone, int64_t now_ms)
{
    const struct gl_condition *c = w->condition;
    struct gl_zone *utc = zone == NULL ? gl_zone_new("UTC") : NULL;

    if (utc != NULL)
        zone = utc;
    if (zone != NULL) {
        gl_zone_clock(zone, c->since_ms, now_ms, w->since);
        gl_zone_clock(zone, c->until_ms, now_ms, w->until);
    }
    if (utc != NULL) {
        strcat(w->since, " UTC");
        strcat(w->until, " UTC");
    }
    gl_zone_free(utc);
}

static void
put_sentence(const struct gl_condition *condition, const struct gl_zone *zone,
             int64_t now_ms, char text[TEXT_MAX])
{
    static void (*const puts_[GL_CONDITION_KINDS])(struct writer * w) = {
        [GL_CONDITION_UPGRADE] = put_upgrade,
        [GL_CONDITION_UNREADABLE] = put_operators,
        [GL_CONDITION_ELSEWHERE] = put_operators,
        [GL_CONDITION_CATCHING_UP] = put_catching_up,
        [GL_CONDITION_NOT_RECORDED] = put_not_recorded,
        [GL_CONDITION_LOST] = put_lost,
        [GL_CONDITION_REJECTED] = put_rejected,
        [GL_CONDITION_CLOCK] = put_clock,
        [GL_CONDITION_READ_ERROR] = put_read_error,
    };
    struct writer w = {.condition = condition,
                       .one = condition->count == 1,
                       .text = text,
                       .size = TEXT_MAX};

    gl_number(w.n, (int64_t) condition->count);
    put_clocks(&w, zone, now_ms);
    if (puts_[condition->kind] != NULL)
        puts_[condition->kind](&w);
    else
        put_plain(&w);
}

json_t *
gl_condition_json(const struct gl_condition *condition,
                  const struct gl_zone *zone, int64_t now_ms)
{
    char text[TEXT_MAX];
    json_t *object;

    put_sentence(condition, zone, now_ms, text);
    object =
        json_pack("{s:s, s:I, s:s}", "kind", kinds[condition->kind].name,
                  "since", (json_int_t) condition->since_ms, "text", text);
    if (condition->until_ms != 0)
        json_object_set_new(object, "until",
                            json_integer(condition->until_ms));
    if (condition->count != 0)
        json_object_set_new(object, "count",
                            json_integer((json_int_t) condition->count));
    if (!condition->at_least && condition->at_most > condition->count)
        json_object_set_new(object, "at_most",
                            json_integer((json_int_t) condition->at_most));
    if (condition->at_least)
        json_object_set_new(object, "at_least", json_true());
    return object;
}
