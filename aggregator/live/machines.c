/* What glinto-postgresql tells, once a second; see machines.h. */

#include "live/machines.h"

#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* Older, nobody tells it any more: "behind" says that. */
#define SILENT_MS 60000
#define PERCENT 100

/* The file NAME.json, the caller's; NULL = there is none. */
static json_t *
read_told(const struct gl_ingest *in, const char *name)
{
    g_autofree char *path =
        g_strdup_printf("%s/%s.json", in->conf->data, name);
    json_t *told = json_load_file(path, 0, NULL);

    if (in->now_ms - json_integer_value(json_object_get(told, "at")) <=
        SILENT_MS)
        return told;
    json_decref(told);
    return NULL;
}

/* What the file NAME says of WHO. */
static void
take_alarm(struct gl_ingest *in, const char *name, const char *who)
{
    json_auto_t *told = read_told(in, name);
    const char *why = json_string_value(json_object_get(told, "why"));
    size_t len = strlen(in->cluster_why);

    if (json_is_true(json_object_get(told, "alarm")) && why != NULL)
        snprintf(in->cluster_why + len, sizeof in->cluster_why - len,
                 "%s%s: %s", len > 0 ? "; " : "", who, why);
}

static void
take_primary(struct gl_ingest *in, const char *kind, const char *name)
{
    g_autofree char *file = g_strdup_printf("%s-%s", kind, name);
    g_autofree char *who = g_strdup_printf("%s of %s", kind, name);

    take_alarm(in, file, who);
}

static void
take_lanes(struct gl_ingest *in)
{
    json_auto_t *told = read_told(in, "log");
    json_int_t most = json_integer_value(json_object_get(told, "lane_bytes"));
    json_t *bytes;
    const char *name;

    json_object_foreach (json_object_get(told, "lanes"), name, bytes) {
        json_int_t fill =
            most == 0 ? 0 : json_integer_value(bytes) * PERCENT / most;

        if (fill <= in->lane_fill)
            continue;
        in->lane_fill = (unsigned int) MIN(fill, PERCENT);
        g_strlcpy(in->lane, name, sizeof in->lane);
    }
}

void
gl_live_ask_machines_(struct gl_ingest *in)
{
    const struct gl_conf *conf = in->conf;

    in->cluster_why[0] = in->lane[0] = '\0';
    in->lane_fill = 0;
    if (conf->follow[0] != '\0')
        take_alarm(in, "follow", "follow");
    if (conf->log_is_cluster)
        take_lanes(in);
    else if (conf->log[0] != '\0')
        take_alarm(in, "log", "log");
    for (int i = 0; i < conf->cluster.n; i++) {
        const char *name = conf->cluster.primaries[i].name;

        if (conf->log_is_cluster)
            take_primary(in, "log", name);
        if (i > 0)
            take_primary(in, "changes", name);
    }
}
