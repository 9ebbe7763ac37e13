/* Questions answered again by plain SQL; see recount.h. */

#include "recount/recount.h"

#include <sqlite3.h>
#include <stdio.h>

#include "query/plan/plan.h"
#include "question/range.h"
#include "recount/functions.h"
#include "recount/recount_fail.h"
#include "recount/recount_sql.h"
#include "recount/recount_tables.h"
#include "question/terms.h"

#define STEPS 10000           /* of SQLite between two looks at STOP */
#define GROUPS_MAX (1u << 20) /* more is nothing to compare */

struct recount {
    struct gl_recount *run;
    const struct gl_question *question; /* which is under way */
    void *functions;                    /* what they keep */
};

static int
on_step(void *arg)
{
    const struct gl_recount *run = arg;

    return run->stop(run->arg);
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
        *result = gl_recount_fail_(r->run);
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

/* What more there is of GROUP, from column FROM on. */
static void
read_more(const struct gl_question *question, sqlite3_stmt *statement,
          int from, struct gl_counted *counted, struct gl_group *group)
{
    int64_t numbers[GL_RECOUNT_MORE_N];

    if (!(question->metrics & GL_METRICS_OF_MORE))
        return;
    for (int i = 0; i < GL_RECOUNT_MORE_N; i++)
        numbers[i] = sqlite3_column_int64(statement, from + i);
    group->more = counted->more->len;
    g_array_append_vals(
        counted->more,
        &(struct gl_more){
            .currency = question->currency,
            .paid = (uint64_t) numbers[GL_RECOUNT_PAID],
            .amount = numbers[GL_RECOUNT_AMOUNT],
            .engaged_ms = (uint64_t) numbers[GL_RECOUNT_ENGAGED_MS],
            .engaged_visits = (uint64_t) numbers[GL_RECOUNT_ENGAGED_VISITS],
            .depth = (uint64_t) numbers[GL_RECOUNT_DEPTH],
            .depth_visits = (uint64_t) numbers[GL_RECOUNT_DEPTH_VISITS]},
        1);
}

/* The sums of STATEMENT's row, from column FROM on. */
static void
read_numbers(const struct gl_question *question, sqlite3_stmt *statement,
             int from, struct gl_counted *counted, struct gl_group *group)
{
    read_sums(statement, from, group);
    read_more(question, statement, from + GL_SUM_N, counted, group);
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
    read_numbers(question, statement, (int) question->by_n, counted, &group);
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
        return gl_recount_fail_(r->run);
    snprintf(r->run->why, sizeof r->run->why, "more than %u rows", GROUPS_MAX);
    return GL_EXECUTE_MUCH;
}

static enum gl_executed
read_all(struct recount *r, sqlite3_stmt *statement,
         struct gl_counted *counted)
{
    if (sqlite3_step(statement) != SQLITE_ROW)
        return gl_recount_fail_(r->run);
    read_numbers(r->question, statement, 0, counted, &counted->all);
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

static struct gl_counted *
new_counted(void)
{
    struct gl_counted *counted = g_new0(struct gl_counted, 1);

    counted->texts = g_string_chunk_new(4096);
    counted->groups = g_array_new(FALSE, FALSE, sizeof(struct gl_group));
    counted->more = g_array_new(FALSE, TRUE, sizeof(struct gl_more));
    g_array_set_size(counted->more, 1);
    return counted;
}

static enum gl_executed
count(struct recount *r, struct gl_counted **counted)
{
    enum gl_executed result;

    *counted = new_counted();
    result = sum_up(r, 0, *counted);
    return result == GL_EXECUTED && r->question->by_n > 0
               ? sum_up(r, 1, *counted)
               : result;
}

/* ---- rows ---- */

static void
put_text(json_t *row, const char *key, sqlite3_stmt *statement, int at)
{
    const char *text = (const char *) sqlite3_column_text(statement, at);

    if (text != NULL)
        json_object_set_new(row, key, json_string(text));
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
    int at = 6;

    for (int i = 0; i < GL_DIMENSION_N; i++)
        if (gl_recount_has_text((enum gl_dimension) i))
            put_text(row, gl_term_dimension_word((enum gl_dimension) i),
                     statement, at++);
    if (props != NULL)
        json_object_set_new(row, "props", json_loads(props, 0, NULL));
    put_text(row, "amount", statement, 4);
    put_text(row, "currency", statement, 5);
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
        result = gl_recount_fail_(r->run);
    sqlite3_finalize(statement);
    gl_recount_sql_fini(&sql);
    return result;
}

/* ---- all ---- */

static enum gl_executed
begin(struct recount *r, struct gl_recount *run,
      const struct gl_question *const *questions, size_t n)
{
    int engaged = 0;

    for (size_t i = 0; i < n; i++)
        engaged |= gl_recount_wants_engagement(questions[i]);
    *r = (struct recount){.run = run, .question = questions[0]};
    r->functions = gl_recount_functions(run->db);
    sqlite3_progress_handler(run->db, STEPS, on_step, run);
    return gl_recount_tables_make(run, questions[0], engaged);
}

static void
end(struct recount *r)
{
    sqlite3_progress_handler(r->run->db, 0, NULL, NULL);
    gl_recount_tables_drop(r->run);
    gl_recount_functions_free(r->functions);
}

enum gl_executed
gl_recount(struct gl_recount *run, const struct gl_question *const *questions,
           size_t n, struct gl_counted **counted)
{
    struct recount r;
    enum gl_executed result = begin(&r, run, questions, n);

    for (size_t i = 0; i < n; i++) {
        counted[i] = NULL;
        r.question = questions[i];
        if (result == GL_EXECUTED)
            result = count(&r, &counted[i]);
    }
    end(&r);
    for (size_t i = 0; i < n && result != GL_EXECUTED; i++) {
        gl_counted_free(counted[i]);
        counted[i] = NULL;
    }
    return result;
}

enum gl_executed
gl_recount_rows(struct gl_recount *run, const struct gl_question *question,
                const struct gl_recount_list *list, json_t **rows)
{
    struct recount r;
    enum gl_executed result = begin(&r, run, &question, 1);

    *rows = json_array();
    if (result == GL_EXECUTED)
        result = read_rows(&r, list, *rows);
    end(&r);
    return result;
}
