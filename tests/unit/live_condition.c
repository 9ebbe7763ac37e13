/*
 * Promise: every condition has a plain sentence with the right number, plural
 * and time, in the zone of whoever reads it; another day's time has its date;
 * what an operator should do names the files it is about.
 */

#include "live/condition.h"
#include "tap.h"

#include <glib.h>
#include <string.h>

#define NOON INT64_C(1795435200000) /* 2026-11-23 12:00 UTC */
#define MINUTE_MS 60000
#define DAY_MS INT64_C(86400000)

static struct gl_zone *berlin;

static void
check(struct gl_condition condition, const struct gl_zone *zone,
      const char *want)
{
    json_t *object;

    if (condition.since_ms == 0)
        condition.since_ms = NOON;
    object = gl_condition_json(&condition, zone, NOON);
    tap_str(json_string_value(json_object_get(object, "text")), want, "%s",
            json_string_value(json_object_get(object, "kind")));
    json_decref(object);
}

static void
test_numbers(void)
{
    struct gl_condition c = {.kind = GL_CONDITION_NOT_RECORDED,
                             .until_ms = NOON + 59999,
                             .count = 1};

    check(c, berlin, "1 event was not recorded at 13:00.");
    c.count = 1234567;
    c.until_ms = NOON + 5 * MINUTE_MS;
    check(c, berlin,
          "1,234,567 events were not recorded between 13:00 and 13:05.");
    c = (struct gl_condition){.kind = GL_CONDITION_LOST, .count = 1};
    check(c, berlin,
          "1 event was lost to damage on the disk, found at 13:00.");
    c.count = 999;
    c.at_least = 1;
    check(c, berlin,
          "At least 999 events were lost to damage on the disk, found at "
          "13:00.");
    c.count = 0;
    check(c, berlin,
          "Events may have been lost to damage on the disk, found at 13:00; "
          "how many is not known.");
    c = (struct gl_condition){.kind = GL_CONDITION_LOST, .at_most = 1};
    check(c, berlin,
          "At most 1 event was lost to damage on the disk, found at 13:00; "
          "most likely none.");
    c.count = 2;
    c.at_most = 1034;
    check(c, berlin,
          "2 to 1,034 events were lost to damage on the disk, found at "
          "13:00.");
    c.at_least = 1;
    check(c, berlin,
          "At least 2 events were lost to damage on the disk, found at "
          "13:00.");
    c = (struct gl_condition){
        .kind = GL_CONDITION_CATCHING_UP, .count = 1000, .rest_s = 7};
    check(c, berlin, "Catching up: 1,000 events, about 7 s.");
    c.rest_s = -1;
    check(c, berlin, "Catching up: 1,000 events.");
    c.at_least = 1;
    check(c, berlin, "Catching up: at least 1,000 events.");
    c = (struct gl_condition){.kind = GL_CONDITION_CLOCK, .count = 1};
    check(c, berlin,
          "The clock jumped: 1 event since 13:00 came with a time that cannot "
          "be right and was counted when received.");
    c = (struct gl_condition){.kind = GL_CONDITION_READ_ERROR, .count = 1};
    check(c, berlin,
          "Since 13:00 the disk does not give all of 1 file of events: "
          "what is missing is tried again and will be counted when it can "
          "be read.");
    c = (struct gl_condition){.kind = GL_CONDITION_UNREADABLE, .count = 2};
    check(c, NULL, "Since 12:00 UTC glintod may not read 2 files of events.");
    c = (struct gl_condition){.kind = GL_CONDITION_PAST};
    check(c, NULL, "Numbers from before 12:00 UTC are not here yet.");
    c = (struct gl_condition){.kind = GL_CONDITION_STORAGE_FULL,
                              .account = GL_CONDITION_META};
    check(c, NULL,
          "Storage full: meta.db cannot be written since 12:00 UTC; sites, "
          "accounts and tokens cannot be changed until there is room.");
}

static void
test_times(void)
{
    struct gl_condition c = {.kind = GL_CONDITION_SILENT};

    check(c, berlin, "No events received since 13:00.");
    check(c, NULL, "No events received since 12:00 UTC.");
    c.since_ms = NOON - DAY_MS;
    check(c, berlin, "No events received since 22 Nov 2026, 13:00.");
    /* yesterday by the clock on the wall */
    c.since_ms = NOON - DAY_MS / 2 - 2 * 60 * MINUTE_MS;
    check(c, berlin, "No events received since 22 Nov 2026, 23:00.");
}

static void
check_advice(struct gl_condition condition, const char *want)
{
    const struct gl_condition_places places = {"/data", "/spool", "No room",
                                               "log of b: it is a", "b"};
    char *advice = gl_condition_advice(&condition, &places);

    tap_str(advice, want, "advice of kind %d", condition.kind);
    g_free(advice);
}

static void
test_advice(void)
{
    struct gl_condition c = {.kind = GL_CONDITION_READ_ONLY, .account = "abc"};

    check_advice(c, "The file is /data/acct/abc.db; what waits for it is in "
                    "/data/parked/abc and in the spool. Stop glintod, move "
                    "the file and its -wal away together and put back the "
                    "file of a backup; without one see OPERATORS.md.");
    strcpy(c.account, GL_CONDITION_META);
    check_advice(c, "The file is /data/meta.db. Stop glintod, move the folder "
                    "away and put a backup in its place; see OPERATORS.md.");
    c.kind = GL_CONDITION_UPGRADE;
    check_advice(c, "Made by a newer Glinto than this glintod: upgrade "
                    "glintod. Until then /data stays as it is.");
    c.account[0] = '\0';
    check_advice(c, "Made by a newer Glinto than this glintod: upgrade "
                    "glintod. Until then /spool stays as it is.");
    c.kind = GL_CONDITION_SITES;
    check_advice(c, "No room. glintod's user must be able to write that "
                    "folder (key \"sites\"); it is tried again by itself "
                    "every second.");
    c.kind = GL_CONDITION_SILENT;
    check_advice(c, NULL);
}

/* Nothing is left of the table's marks, whichever sentence is chosen. */
static int
is_whole(const char *text)
{
    return text == NULL ||
           (strpbrk(text, "{}|") == NULL && strstr(text, "%d") == NULL &&
            text[strlen(text) - 1] == '.');
}

static void
test_marks(void)
{
    const struct gl_condition_places places = {"/data", "/spool", "No room",
                                               "log of b: it is a", "b"};
    static const char *const accounts[] = {"", "abc", GL_CONDITION_META};
    int faults = 0;

    for (int i = 0; i < GL_CONDITION_KINDS * 3 * 16; i++) {
        struct gl_condition c = {.kind = i / 48,
                                 .since_ms = NOON,
                                 .count = i / 3 & 1,
                                 .at_most = (i / 3 & 2) != 0 ? 2 : 0,
                                 .at_least = (i / 3 & 4) != 0,
                                 .rest_s = (i / 3 & 8) != 0 ? 1 : -1};
        json_t *object;
        char *advice;

        if (c.kind == GL_CONDITION_NONE)
            continue;
        strcpy(c.account, accounts[i % 3]);
        object = gl_condition_json(&c, NULL, NOON);
        advice = gl_condition_advice(&c, &places);
        faults +=
            !is_whole(json_string_value(json_object_get(object, "text"))) ||
            !is_whole(advice);
        json_decref(object);
        g_free(advice);
    }
    tap_int(faults, 0, "no mark is left in any");
}

/* Each has a name of its own, a sentence that ends, and JSON with both. */
static void
test_all(void)
{
    json_t *names = json_object();

    for (int kind = 1; kind < GL_CONDITION_KINDS; kind++) {
        struct gl_condition c = {.kind = kind,
                                 .since_ms = NOON,
                                 .until_ms = NOON,
                                 .count = 3,
                                 .rest_s = 1};
        json_t *object = gl_condition_json(&c, berlin, NOON);
        const char *text = json_string_value(json_object_get(object, "text"));
        const char *name = json_string_value(json_object_get(object, "kind"));

        tap_int(json_object_get(names, name) == NULL, 1, "%s: its own name",
                name);
        json_object_set_new(names, name, json_true());
        tap_ok(text != NULL && strstr(text, "%d") == NULL &&
                   text[strlen(text) - 1] == '.',
               "%s: %s", name, text);
        tap_int(json_integer_value(json_object_get(object, "since")), NOON,
                "%s: since", name);
        json_decref(object);
    }
    json_decref(names);
}

int
main(void)
{
    berlin = gl_zone_new("Europe/Berlin");
    test_numbers();
    test_times();
    test_advice();
    test_marks();
    test_all();
    gl_zone_free(berlin);
    return tap_done();
}
