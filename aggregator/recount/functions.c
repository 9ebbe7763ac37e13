/* What SQLite cannot do by itself, for the SQL of a recount: capital letters,
 * expressions, names of places, amounts of money. */

#include "recount/functions.h"

#include <sqlite3.h>
#include <stdio.h>

#include "columns/money.h"
#include "question/match.h"
#include "question/places.h"

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

static void
thousandths(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *text = (const char *) sqlite3_value_text(values[0]);
    int64_t amount;
    (void) n;

    if (text != NULL && gl_money_read(text, &amount))
        sqlite3_result_int64(context, amount);
}

void *
gl_recount_functions(sqlite3 *db)
{
    GHashTable *matches =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_match);

    sqlite3_create_function(db, "folded", 1,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, fold,
                            NULL, NULL);
    sqlite3_create_function(db, "matches", 3,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, matches, match,
                            NULL, NULL);
    sqlite3_create_function(db, "place_name", 1,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                            name_place, NULL, NULL);
    sqlite3_create_function(db, "thousandths", 1,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                            thousandths, NULL, NULL);
    return matches;
}

void
gl_recount_functions_free(void *kept)
{
    g_hash_table_destroy(kept);
}
