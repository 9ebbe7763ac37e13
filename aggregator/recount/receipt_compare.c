/* Two answers beside each other; see receipt_compare.h. */

#include "recount/receipt_compare.h"

#include <glib.h>
#include <stdlib.h>

/* The caller's (free). */
static char *
key_of(const json_t *row)
{
    return json_dumps(json_object_get(row, "dimensions"), JSON_COMPACT);
}

static void
free_key(gpointer key)
{
    free(key);
}

/* Rows of ANSWER by their dimensions. */
static GHashTable *
index_rows(const json_t *answer)
{
    GHashTable *rows =
        g_hash_table_new_full(g_str_hash, g_str_equal, free_key, NULL);
    json_t *row;
    size_t i;

    json_array_foreach (json_object_get(answer, "results"), i, row)
        g_hash_table_insert(rows, key_of(row), row);
    return rows;
}

struct comparing {
    json_t *differences;
    json_int_t numbers;
    int differ;
};

static json_t *
or_null(const json_t *row, const char *key)
{
    json_t *value = json_object_get(row, key);

    return value == NULL ? json_null() : json_incref(value);
}

static void
note(struct comparing *comparing, const json_t *told, const json_t *again)
{
    json_t *difference;

    comparing->differ = 1;
    if (json_array_size(comparing->differences) >= GL_RECEIPT_DIFFERENCES_MAX)
        return;
    difference = json_pack(
        "{s:O, s:o, s:o}", "dimensions",
        json_object_get(told == NULL ? again : told, "dimensions"), "metrics",
        or_null(told, "metrics"), "recounted", or_null(again, "metrics"));
    if (json_object_get(told, "comparison") != NULL ||
        json_object_get(again, "comparison") != NULL) {
        json_object_set_new(difference, "comparison",
                            or_null(told, "comparison"));
        json_object_set_new(difference, "comparison_recounted",
                            or_null(again, "comparison"));
    }
    json_array_append_new(comparing->differences, difference);
}

static int
is_same(const json_t *one, const json_t *other, const char *key)
{
    const json_t *a = json_object_get(one, key);
    const json_t *b = json_object_get(other, key);

    return a == NULL ? b == NULL : json_equal(a, b);
}

static void
compare_row(struct comparing *comparing, json_t *told, const json_t *again)
{
    comparing->numbers +=
        (json_int_t) json_array_size(json_object_get(told, "metrics"));
    if (again == NULL || !is_same(told, again, "metrics") ||
        !is_same(told, again, "comparison"))
        note(comparing, told, again);
    json_object_set_new(told, "recounted", or_null(again, "metrics"));
}

json_t *
gl_receipt_compare(json_t *told, const json_t *again)
{
    struct comparing comparing = {.differences = json_array()};
    GHashTable *left = index_rows(again);
    GHashTableIter iter;
    gpointer only;
    json_t *row;
    size_t i;

    json_array_foreach (json_object_get(told, "results"), i, row) {
        char *key = key_of(row);

        compare_row(&comparing, row, g_hash_table_lookup(left, key));
        g_hash_table_remove(left, key);
        free(key);
    }
    g_hash_table_iter_init(&iter, left);
    while (g_hash_table_iter_next(&iter, NULL, &only))
        note(&comparing, NULL, only);
    g_hash_table_destroy(left);
    return json_pack("{s:b, s:I, s:o}", "equal", !comparing.differ, "numbers",
                     comparing.numbers, "differences", comparing.differences);
}
