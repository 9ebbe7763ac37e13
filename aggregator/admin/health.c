/*
 * health, and the conditions of status: the same facts as on the dashboards
 * and those that only an operator is told, each with what to do.
 *
 * Ingest thread.
 */

#include "admin/verbs_internal.h"

#include "live/condition.h"
#include "log.h"
#include "store/meta_accounts.h"

#include <string.h>

/* So fresh, requests are still being turned away. */
#define NOW_MS 10000

/* With a full disk each account has a condition: their names at once. */
static int
note_name(void *arg, const struct gl_meta_account *account)
{
    g_hash_table_insert(arg, g_strdup(account->id), g_strdup(account->name));
    return 0;
}

/* A damaged file, of an account or meta.db. */
static json_t *
advise_repair(const struct gl_ingest *in, const struct gl_condition *c)
{
    const char *data = in->conf->data;

    if (strcmp(c->account, GL_CONDITION_META) == 0)
        return json_sprintf("The file is %s/meta.db. Stop glintod, move the "
                            "folder away and put a backup in its place; see "
                            "OPERATORS.md.",
                            data);
    return json_sprintf("The file is %s/acct/%s.db; what waits for it is in "
                        "%s/parked/%s and in the spool. Stop glintod, move "
                        "the file and its -wal away together and put back the "
                        "file of a backup; without one see OPERATORS.md.",
                        data, c->account, data, c->account);
}

/* What to do, or NULL. */
static json_t *
advise(const struct gl_ingest *in, const struct gl_condition *c)
{
    const char *spool = in->conf->spool, *data = in->conf->data;

    switch ((enum gl_condition_kind) c->kind) {
    case GL_CONDITION_READ_ONLY:
        return advise_repair(in, c);
    case GL_CONDITION_STORAGE_FULL:
        return json_sprintf("Free some space on the disk of %s; it goes on by "
                            "itself within a minute.",
                            data);
    case GL_CONDITION_STORAGE:
        return json_sprintf("The log says what is wrong with %s; it is tried "
                            "again by itself every minute.",
                            data);
    case GL_CONDITION_UPGRADE:
        return json_sprintf("Made by a newer Glinto than this glintod: "
                            "upgrade glintod. Until then %s stays as it is.",
                            c->account[0] == '\0' ? spool : data);
    case GL_CONDITION_UNREADABLE:
        return json_sprintf("glintod's user must be in the group of the "
                            "workers, and the key \"workers\" must name "
                            "their user; the folder is %s.",
                            spool);
    case GL_CONDITION_READ_ERROR:
        return json_sprintf("The log names the files in %s, dmesg the disk. A "
                            "page that cannot be read for ten minutes while "
                            "others can is given up, and what is lost with it "
                            "is told.",
                            spool);
    case GL_CONDITION_ELSEWHERE:
        return json_sprintf("\"glinto_spool\" of nginx and \"spool\" of "
                            "glinto.conf (%s) must be one folder.",
                            spool);
    case GL_CONDITION_NOT_RECORDED:
        return json_sprintf("The spool was full or could not be written: see "
                            "nginx's error log and the disk of %s.",
                            spool);
    case GL_CONDITION_LOST:
    case GL_CONDITION_REJECTED:
        return json_sprintf("Copies are in %s/bad.", spool);
    case GL_CONDITION_SITES:
        return json_sprintf("%s. glintod's user must be able to write that "
                            "folder (key \"sites\"); it is tried again by "
                            "itself every second.",
                            in->sites_why);
    case GL_CONDITION_CLOCK:
        return json_string("See the clock of the machine: timedatectl.");
    case GL_CONDITION_SILENT:
    case GL_CONDITION_CATCHING_UP:
    case GL_CONDITION_POWER_CUT:
    case GL_CONDITION_COUNTING:
    case GL_CONDITION_KINDS:
        break;
    }
    return NULL;
}

static json_t *
for_operator(const struct gl_ingest *in, const struct gl_condition *condition,
             GHashTable *names)
{
    json_t *object = gl_condition_json(condition, NULL, in->now_ms);
    const char *name = g_hash_table_lookup(names, condition->account);
    json_t *advice = advise(in, condition);

    if (name != NULL)
        json_object_set_new(object, "account", json_string(name));
    if (advice != NULL)
        json_object_set_new(object, "advice", advice);
    return object;
}

json_t *
gl_verb_conditions_(struct gl_ingest *in)
{
    GHashTable *names =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    json_t *list = json_array();

    if (in->conditions->len > 0 &&
        gl_meta_accounts(in->meta, note_name, names) < 0)
        gl_log(GL_LOG_DEBUG, "meta.db tells no names just now");
    for (guint i = 0; i < in->conditions->len; i++)
        json_array_append_new(
            list,
            for_operator(
                in, &g_array_index(in->conditions, struct gl_condition, i),
                names));
    g_hash_table_destroy(names);
    return list;
}

static enum gl_condition_grade
grade_now(const struct gl_ingest *in, const struct gl_condition *condition)
{
    if (condition->kind == GL_CONDITION_NOT_RECORDED &&
        condition->until_ms > in->now_ms - NOW_MS)
        return GL_GRADE_ALARM;
    return gl_condition_grade(condition);
}

int
gl_verb_health_(struct gl_ingest *in, const struct gl_call *call,
                json_t **answer)
{
    static const int statuses[] = {200, 503, 507};
    enum gl_condition_grade worst = GL_GRADE_NOTE;

    (void) call;
    for (guint i = 0; i < in->conditions->len; i++)
        worst =
            MAX(worst, grade_now(in, &g_array_index(in->conditions,
                                                    struct gl_condition, i)));
    *answer = json_pack("{s:b, s:o}", "healthy", worst == GL_GRADE_NOTE,
                        "conditions", gl_verb_conditions_(in));
    return statuses[worst];
}
