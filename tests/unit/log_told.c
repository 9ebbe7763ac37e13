/*
 * Promise: why nothing comes to the log is told also when a server says it in
 * bytes that are no UTF-8, or its sentence is cut in the middle of a letter.
 */

#include "log/told.h"
#include "tap.h"

#include <glib.h>
#include <jansson.h>

static const char *folder;

/* What the file NAME tells. */
static void
test_why(const char *name, const char *want)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    json_auto_t *told = json_load_file(path, 0, NULL);

    tap_str(json_string_value(json_object_get(told, "why")), want, "%s", name);
    tap_ok(json_object_get(told, "at") != NULL, "%s is whole", name);
}

int
main(void)
{
    const char *why = "FATAL: Passwort f\xfcr glinto falsch";
    const char *want = "FATAL: Passwort f\xef\xbf\xbdr glinto falsch";
    struct gl_lanes_set set = {.lanes = g_ptr_array_new()};
    GArray *none = g_array_new(FALSE, FALSE, sizeof(struct gl_told_edge));

    folder = tap_dir();
    gl_told_split_write(folder,
                        &(struct gl_told_split){.why = why, .lanes = &set});
    test_why("log.json", want);
    gl_told_log_write(folder, "b", &(struct gl_told_log){.why = why});
    test_why("log-b.json", want);
    gl_told_follow_write(
        folder, &(struct gl_told_follow){
                    .why = why, .server = "localhost", .edges = none});
    test_why("follow.json", want);
    gl_told_split_write(folder, &(struct gl_told_split){.lanes = &set});
    test_why("log.json", NULL);
    g_array_free(none, TRUE);
    g_ptr_array_free(set.lanes, TRUE);
    return tap_done();
}
