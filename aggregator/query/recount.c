/* A question answered again by plain SQL; see recount.h. */

#include "query/recount.h"

#include <sqlite3.h>
#include <stdio.h>

#include "clock.h"
#include "query/match.h"
#include "query/places.h"
#include "query/range.h"
#include "query/recount_sql.h"
#include "query/terms.h"

#define STEPS 10000           /* of SQLite between two looks at STOP */
#define GROUPS_MAX (1u << 20) /* more is nothing to compare */

struct recount {
    struct gl_recount *run;
    const struct gl_question *question;
    GHashTable *matches; /* struct gl_match by its expression */
};

/* ---- what SQLite cannot do by itself ---- */

static void
fold(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *text = (const char *) sqlite3_value_text(values[0]);
    (void) n;

    if (text != NULL)
        sqlite3_result_text(context, g_utf8_casefold(text, -1), -1, g_free);
}

static void
name_place(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *code = (const char *) sqlite3_value_text(values[0]);
    (void) n;

    if (code != NULL)
        sqlite3_result_text(context, gl_place_name(code), -1,
                            SQLITE_TRANSIENT);
}

static void
free_match(gpointer match)
{
    gl_match_free(match);
}

/* Capital and small letters may be the same. */
static struct gl_match *
find_match(GHashTable *matches, int any_case, char *expression)
{
    char *key = g_strdup_printf("%d%s", any_case, expression), why[256];
    struct gl_match *match = g_hash_table_lookup(matches, key);
    struct gl_predicate predicate = {.op = GL_PREDICATE_MATCHES,
                                     .any_case = any_case};

    if (match != NULL) {
        g_free(key);
        return match;
    }
    predicate.values = g_ptr_array_new();
    g_ptr_array_add(predicate.values, expression);
    match = gl_match_new(&predicate, why, sizeof why);
    g_ptr_array_free(predicate.values, TRUE);
    g_hash_table_insert(matches, key, match);
    return match;
}

static void
match(sqlite3_context *context, int n, sqlite3_value **values)
{
    char *expression = (char *) (uintptr_t) sqlite3_value_text(values[1]);
    const char *text = (const char *) sqlite3_value_text(values[2]);
    struct gl_match *found =
        expression == NULL || text == NULL
            ? NULL
            : find_match(sqlite3_user_data(context),
                         sqlite3_value_int(values[0]), expression);
    int passes = found == NULL ? -1 : gl_match_text(found, text);
    (void) n;

    if (passes < 0)
        sqlite3_result_error(context, "this expression takes too long", -1);
    else
        sqlite3_result_int(context, passes);
}

static int
on_step(void *arg)
{
    const struct gl_recount *run = arg;

    return run->stop(run->arg);
}

/* ---- statements ---- */

static enum gl_executed
fail(struct gl_recount *run)
{
    snprintf(run->why, sizeof run->why, "%s", sqlite3_errmsg(run->db));
    if (sqlite3_errcode(run->db) == SQLITE_INTERRUPT)
        return GL_EXECUTE_CANCELLED;
    return sqlite3_errcode(run->db) == SQLITE_ERROR ? GL_EXECUTE_BAD
                                                    : GL_EXECUTE_STORAGE;
}

static enum gl_executed
run_all(struct gl_recount *run, const char *sql)
{
    return sqlite3_exec(run->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? GL_EXECUTED
               : fail(run);
}

/* STATEMENT once: ?1 and ?2 are ONE and TWO. */
static enum gl_executed
step(struct gl_recount *run, sqlite3_stmt *statement, int64_t one, int64_t two)
{
    int rc;

    sqlite3_bind_int64(statement, 1, one);
    sqlite3_bind_int64(statement, 2, two);
    rc = sqlite3_step(statement);
    sqlite3_reset(statement);
    return rc == SQLITE_DONE ? GL_EXECUTED : fail(run);
}

/* ---- tables ---- */

/* SQL for each day from FROM to TO. */
static enum gl_executed
take(struct recount *r, const char *sql, int64_t from, int64_t to, int half)
{
    struct gl_recount *run = r->run;
    enum gl_executed result = GL_EXECUTED;
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v2(run->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return fail(run);
    for (int64_t day = from; day <= to && result == GL_EXECUTED; day++) {
        result = step(run, statement, r->question->site, day);
        run->progress(run->arg, half * (to - from + 1) + day - from + 1,
                      2 * (to - from + 1));
    }
    if (half == 1)
        run->rows += (uint64_t) sqlite3_total_changes64(run->db);
    sqlite3_finalize(statement);
    return result;
}

static enum gl_executed
put_buckets(struct recount *r)
{
    const struct gl_buckets *time = &r->question->time;
    enum gl_executed result = GL_EXECUTED;
    sqlite3_stmt *statement;

    if (time->labels == NULL)
        return GL_EXECUTED;
    if (sqlite3_prepare_v2(r->run->db, "INSERT INTO temp.b VALUES (?1, ?2)",
                           -1, &statement, NULL) != SQLITE_OK)
        return fail(r->run);
    for (guint i = 0; i < time->labels->len && result == GL_EXECUTED; i++)
        result =
            step(r->run, statement, i, g_array_index(time->edges, int64_t, i));
    sqlite3_finalize(statement);
    return result;
}

/* A visit lasts a day at most: one that has an event in the range began the
 * day before or later, and one that began in it ends the day after. */
static enum gl_executed
make_tables(struct recount *r)
{
    int64_t from = r->question->from_ms / GL_DAY_MS - 1;
    int64_t to = r->question->to_ms / GL_DAY_MS + 1;
    enum gl_executed result = run_all(r->run, gl_recount_tables);

    if (result == GL_EXECUTED)
        result = take(r, gl_recount_take_visits, from, to, 0);
    if (result == GL_EXECUTED)
        result = take(r, gl_recount_take_events, from, to, 1);
    if (result == GL_EXECUTED)
        result = run_all(r->run, gl_recount_visits);
    return result == GL_EXECUTED ? put_buckets(r) : result;
}

/* ---- answers ---- */

/* SQL, whose parameters are bound: NULL and *RESULT says why. */
static sqlite3_stmt *
prepare(struct recount *r, const struct gl_recount_sql *sql,
        enum gl_executed *result)
{
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v2(r->run->db, sql->text->str, -1, &statement, NULL) !=
        SQLITE_OK) {
        *result = fail(r->run);
        return NULL;
    }
    sqlite3_bind_int64(statement, 1, r->question->from_ms);
    sqlite3_bind_int64(statement, 2, r->question->to_ms);
    for (guint i = 0; i < sql->parameters->len; i++)
        sqlite3_bind_text(statement, (int) i + 3, sql->parameters->pdata[i],
                          -1, SQLITE_STATIC);
    return statement;
}

/* Where TEXT is among VALUES; it is put there when it is new. */
static uint32_t
value_at(struct gl_counted *counted, GPtrArray *values, GHashTable *known,
         const char *text)
{
    gpointer at;

    if (g_hash_table_lookup_extended(known, text, NULL, &at))
        return GPOINTER_TO_UINT(at);
    text = g_string_chunk_insert(counted->texts, text);
    g_hash_table_insert(known, (gpointer) (uintptr_t) text,
                        GUINT_TO_POINTER(values->len));
    g_ptr_array_add(values, (gpointer) (uintptr_t) text);
    return values->len - 1;
}

static void
read_sums(sqlite3_stmt *statement, int from, struct gl_group *group)
{
    for (int i = 0; i < GL_SUM_N; i++)
        group->sums[i] = (uint64_t) sqlite3_column_int64(statement, from + i);
}

static void
read_group(const struct gl_question *question, sqlite3_stmt *statement,
           GHashTable *const *known, struct gl_counted *counted)
{
    struct gl_group group = {0};

    for (size_t i = 0; i < question->by_n; i++)
        group.keys[i] =
            question->by[i].what == GL_DIMENSION_TIME
                ? (uint32_t) sqlite3_column_int64(statement, (int) i)
                : value_at(
                      counted, counted->values[i], known[i],
                      (const char *) sqlite3_column_text(statement, (int) i));
    read_sums(statement, (int) question->by_n, &group);
    g_array_append_val(counted->groups, group);
}

static enum gl_executed
read_groups(struct recount *r, sqlite3_stmt *statement,
            struct gl_counted *counted)
{
    const struct gl_question *question = r->question;
    GHashTable *known[GL_QUESTION_DIMENSIONS_MAX];
    int rc;

    for (size_t i = 0; i < question->by_n; i++) {
        known[i] = g_hash_table_new(g_str_hash, g_str_equal);
        if (question->by[i].what != GL_DIMENSION_TIME)
            counted->values[i] = g_ptr_array_new();
    }
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW &&
           counted->groups->len < GROUPS_MAX)
        read_group(question, statement, known, counted);
    for (size_t i = 0; i < question->by_n; i++)
        g_hash_table_destroy(known[i]);
    if (rc == SQLITE_DONE)
        return GL_EXECUTED;
    if (rc != SQLITE_ROW)
        return fail(r->run);
    snprintf(r->run->why, sizeof r->run->why, "more than %u rows", GROUPS_MAX);
    return GL_EXECUTE_MUCH;
}

static enum gl_executed
read_all(struct recount *r, sqlite3_stmt *statement,
         struct gl_counted *counted)
{
    if (sqlite3_step(statement) != SQLITE_ROW)
        return fail(r->run);
    read_sums(statement, 0, &counted->all);
    return GL_EXECUTED;
}

static enum gl_executed
sum_up(struct recount *r, int grouped, struct gl_counted *counted)
{
    struct gl_recount_sql sql;
    enum gl_executed result = GL_EXECUTED;
    sqlite3_stmt *statement;

    gl_recount_sql_sums(r->question, grouped, &sql);
    statement = prepare(r, &sql, &result);
    if (statement != NULL)
        result = grouped ? read_groups(r, statement, counted)
                         : read_all(r, statement, counted);
    sqlite3_finalize(statement);
    gl_recount_sql_fini(&sql);
    return result;
}

static enum gl_executed
count(struct recount *r, struct gl_counted *counted)
{
    enum gl_executed result = sum_up(r, 0, counted);

    return result == GL_EXECUTED && r->question->by_n > 0
               ? sum_up(r, 1, counted)
               : result;
}

/* ---- rows ---- */

static json_t *
text_json(sqlite3_stmt *statement, int at)
{
    const char *text = (const char *) sqlite3_column_text(statement, at);

    return text == NULL ? NULL : json_string(text);
}

/* A member for what there is. */
static json_t *
row_json(sqlite3_stmt *statement, const struct gl_zone *zone)
{
    const char *props = (const char *) sqlite3_column_text(statement, 3);
    char *time = gl_range_text(zone, sqlite3_column_int64(statement, 0));
    json_t *row = json_pack(
        "{s:s, s:I, s:o}", "time", time, "visit",
        (json_int_t) sqlite3_column_int64(statement, 1), "visitor",
        json_sprintf("%016llx",
                     (unsigned long long) sqlite3_column_int64(statement, 2)));
    int at = 4;

    for (int i = 0; i < GL_DIMENSION_N; i++) {
        json_t *text;

        if (!gl_recount_has_text((enum gl_dimension) i))
            continue;
        text = text_json(statement, at++);
        if (text != NULL)
            json_object_set_new(
                row, gl_term_dimension_word((enum gl_dimension) i), text);
    }
    if (props != NULL)
        json_object_set_new(row, "props", json_loads(props, 0, NULL));
    g_free(time);
    return row;
}

static enum gl_executed
read_rows(struct recount *r, const struct gl_recount_list *list, json_t *rows)
{
    struct gl_recount_sql sql;
    enum gl_executed result = GL_EXECUTED;
    sqlite3_stmt *statement;
    int rc = SQLITE_DONE;

    gl_recount_sql_rows(r->question, list->visits, list->limit, &sql);
    statement = prepare(r, &sql, &result);
    while (statement != NULL && (rc = sqlite3_step(statement)) == SQLITE_ROW)
        json_array_append_new(rows, row_json(statement, list->zone));
    if (rc != SQLITE_DONE)
        result = fail(r->run);
    sqlite3_finalize(statement);
    gl_recount_sql_fini(&sql);
    return result;
}

/* ---- all ---- */

static enum gl_executed
begin(struct recount *r, struct gl_recount *run,
      const struct gl_question *question)
{
    const char *cannot = gl_recount_cannot(question);

    *r = (struct recount){.run = run, .question = question};
    r->matches =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_match);
    if (cannot != NULL) {
        snprintf(run->why, sizeof run->why, "\"%s\" cannot be recounted yet",
                 cannot);
        return GL_EXECUTE_BAD;
    }
    sqlite3_create_function(run->db, "folded", 1,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, fold,
                            NULL, NULL);
    sqlite3_create_function(run->db, "matches", 3,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, r->matches,
                            match, NULL, NULL);
    sqlite3_create_function(run->db, "place_name", 1,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                            name_place, NULL, NULL);
    sqlite3_progress_handler(run->db, STEPS, on_step, run);
    return make_tables(r);
}

static void
end(struct recount *r)
{
    sqlite3_progress_handler(r->run->db, 0, NULL, NULL);
    sqlite3_exec(r->run->db, gl_recount_end, NULL, NULL, NULL);
    g_hash_table_destroy(r->matches);
}

enum gl_executed
gl_recount(struct gl_recount *run, const struct gl_question *question,
           struct gl_counted **counted)
{
    struct recount r;
    enum gl_executed result = begin(&r, run, question);

    *counted = g_new0(struct gl_counted, 1);
    (*counted)->texts = g_string_chunk_new(4096);
    (*counted)->groups = g_array_new(FALSE, FALSE, sizeof(struct gl_group));
    if (result == GL_EXECUTED)
        result = count(&r, *counted);
    end(&r);
    if (result != GL_EXECUTED) {
        gl_counted_free(*counted);
        *counted = NULL;
    }
    return result;
}

enum gl_executed
gl_recount_rows(struct gl_recount *run, const struct gl_question *question,
                const struct gl_recount_list *list, json_t **rows)
{
    struct recount r;
    enum gl_executed result = begin(&r, run, question);

    *rows = json_array();
    if (result == GL_EXECUTED)
        result = read_rows(&r, list, *rows);
    end(&r);
    return result;
}
