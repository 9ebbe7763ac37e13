/*
 * What glinto-postgresql tells of itself, for status: files of JSON in the
 * data folder (log/told.h), each with its time.  A thread that reads.
 */

#include "admin/verbs_internal.h"

/* It writes once a second; one that waits for a server, each 30 s. */
#define SILENT_MS 60000

static const char stopped[] = "glinto-postgresql does not run";

static double
seconds_since(int64_t now_ms, const json_t *ms)
{
    return (double) MAX(0, now_ms - json_integer_value(ms)) / 1000;
}

/* Up to when each edge's events are here, and so how old numbers may be. */
static void
set_edges(json_t *told, int64_t now_ms)
{
    json_t *edges = json_object_get(told, "edges"), *complete;
    const char *name;

    json_object_foreach (edges, name, complete) {
        json_object_set_new(edges, name,
                            json_pack("{s:O, s:f}", "complete", complete,
                                      "behind_s",
                                      seconds_since(now_ms, complete)));
    }
}

static void
set_told(json_t *answer, const char *key, const char *data, const char *file,
         int64_t now_ms)
{
    g_autofree char *path = g_strdup_printf("%s/%s.json", data, file);
    json_t *told = json_load_file(path, 0, NULL);

    if (told == NULL)
        told = json_object();
    if (now_ms - json_integer_value(json_object_get(told, "at")) > SILENT_MS)
        json_object_set_new(told, "why", json_string(stopped));
    set_edges(told, now_ms);
    json_object_set_new(answer, key, told);
}

/* KEY: what is told of each primary from FIRST on, in files "KIND-NAME". */
static void
set_each(json_t *object, const char *key, const char *kind,
         const struct gl_conf *conf, int first, int64_t now_ms)
{
    json_t *all = json_object();

    for (int i = first; i < conf->cluster.n; i++) {
        const char *name = conf->cluster.primaries[i].name;
        g_autofree char *file = g_strdup_printf("%s-%s", kind, name);

        set_told(all, name, conf->data, file, now_ms);
    }
    json_object_set_new(object, key, all);
}

void
gl_verb_set_machines_(json_t *answer, const struct gl_conf *conf,
                      int64_t now_ms)
{
    if (conf->log[0] != '\0')
        set_told(answer, "log", conf->data, "log", now_ms);
    if (conf->log_is_cluster)
        set_each(json_object_get(answer, "log"), "primaries", "log", conf, 0,
                 now_ms);
    if (conf->follow[0] != '\0')
        set_told(answer, "follow", conf->data, "follow", now_ms);
    if (conf->cluster.n > 1) /* what the others have of the first's */
        set_each(answer, "changes", "changes", conf, 1, now_ms);
}
