/* Files of JSON for glintod; see told.h. */

#include "log/told.h"

#include "clock.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int
write_text(const char *path, const char *text)
{
    size_t len = strlen(text);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                  0600);
    int whole = fd != -1 && write(fd, text, len) == (ssize_t) len;

    if (fd != -1)
        close(fd);
    return whole ? 0 : -1;
}

/* A reader finds the old one or the new one: 0, or -1. */
static int
replace_text(const char *data, const char *name, const char *text)
{
    g_autofree char *path = g_strdup_printf("%s/%s", data, name);
    g_autofree char *temp = g_strdup_printf("%s.new", path);
    int whole = write_text(temp, text) == 0 && rename(temp, path) == 0;

    if (!whole)
        gl_log(GL_LOG_DEBUG, "%s: %s", path, strerror(errno));
    return whole ? 0 : -1;
}

/* ALL is let go. */
static void
replace(const char *data, const char *name, json_t *all)
{
    char *text = json_dumps(all, JSON_COMPACT);

    json_decref(all);
    if (text != NULL)
        replace_text(data, name, text);
    free(text);
}

int
gl_told_lost_write(const char *data, const char *text)
{
    return replace_text(data, GL_TOLD_LOST_NAME, text);
}

/* A server's words come as they are, and may be cut. */
static json_t *
why_json(const char *why)
{
    g_autofree char *text = why == NULL ? NULL : g_utf8_make_valid(why, -1);

    return text == NULL ? json_null() : json_string(text);
}

static json_t *
alarm_json(int alarm)
{
    return alarm ? json_true() : NULL;
}

static json_t *
lanes_json(const struct gl_lanes_set *set)
{
    json_t *lanes = json_object();

    for (guint i = 0; i < set->lanes->len; i++) {
        const struct gl_lane *lane = g_ptr_array_index(set->lanes, i);

        json_object_set_new(lanes, lane->name,
                            json_integer((json_int_t) lane->size));
    }
    return lanes;
}

void
gl_told_split_write(const char *data, const struct gl_told_split *told)
{
    replace(data, GL_TOLD_LOG_NAME,
            json_pack("{s:I, s:o, s:I, s:I, s:o}", "at",
                      (json_int_t) gl_clock_now_ms(), "why",
                      why_json(told->why), "frames", (json_int_t) told->frames,
                      "lane_bytes", (json_int_t) told->lane_bytes, "lanes",
                      lanes_json(told->lanes)));
}

void
gl_told_log_write(const char *data, const char *primary,
                  const struct gl_told_log *told)
{
    g_autofree char *name = primary[0] == '\0'
                                ? g_strdup(GL_TOLD_LOG_NAME)
                                : g_strdup_printf("log-%s.json", primary);

    replace(data, name,
            json_pack("{s:I, s:o, s:o*, s:I, s:I, s:I}", "at",
                      (json_int_t) gl_clock_now_ms(), "why",
                      why_json(told->why), "alarm", alarm_json(told->alarm),
                      "complete", (json_int_t) told->complete_ms, "frames",
                      (json_int_t) told->frames, "chunks",
                      (json_int_t) told->chunks));
}

void
gl_told_changes_write(const char *data, const char *name, const char *why,
                      int alarm)
{
    g_autofree char *file = g_strdup_printf("changes-%s.json", name);

    replace(data, file,
            json_pack("{s:I, s:o, s:o*}", "at", (json_int_t) gl_clock_now_ms(),
                      "why", why_json(why), "alarm", alarm_json(alarm)));
}

void
gl_told_follow_write(const char *data, const struct gl_told_follow *told)
{
    json_t *edges = json_object();

    for (guint i = 0; i < told->edges->len; i++) {
        const struct gl_told_edge *edge =
            &g_array_index(told->edges, struct gl_told_edge, i);

        json_object_set_new(edges, edge->name,
                            json_integer((json_int_t) edge->complete_ms));
    }
    replace(data, GL_TOLD_FOLLOW_NAME,
            json_pack("{s:I, s:o, s:o*, s:s, s:o, s:I, s:I, s:b, s:o*}", "at",
                      (json_int_t) gl_clock_now_ms(), "why",
                      why_json(told->why), "alarm", alarm_json(told->alarm),
                      "server", told->server, "edges", edges, "frames",
                      (json_int_t) told->frames, "damaged",
                      (json_int_t) told->damaged, "full", told->full, "begins",
                      told->begins_ms == 0
                          ? NULL
                          : json_integer((json_int_t) told->begins_ms)));
}
