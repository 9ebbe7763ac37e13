/* Other products' tables of day totals; see product.h. */

#include "import/product_internal.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>

#include "import/names.h"

#define NUMBER_MAX 1e15 /* as total_line.c */

struct reader {
    const struct gl_product *product;
    const struct gl_product_table *table;
    const json_t *theirs;
    json_t *ours;
    const char *file;
    json_int_t line;
    char *why;
    size_t why_len;
};

static int
refuse(const struct reader *r, json_int_t line, const char *column,
       const char *must)
{
    snprintf(r->why, r->why_len, "%.200s, line %lld: \"%.64s\" %s", r->file,
             (long long) line, column, must);
    return -1;
}

/* ---- cells ---- */

/* 0 and *NUMBER, or -1. */
static int
read_number(const struct reader *r, const struct gl_product_column *column,
            const char *text, double *number)
{
    char *end;

    *number = text[0] == '\0' ? 0 : g_ascii_strtod(text, &end);
    if (text[0] == '\0')
        return 0;
    if (column->how == GL_PRODUCT_SHARE && strcmp(end, "%") == 0) {
        *number /= 100;
        end++;
    }
    if (strspn(text, "0123456789") == 0 || *end != '\0' ||
        *number > NUMBER_MAX ||
        (column->how == GL_PRODUCT_COUNT && *number != floor(*number)))
        return refuse(r, r->line, column->theirs,
                      column->how == GL_PRODUCT_COUNT
                          ? "must be a whole number, not below 0"
                          : "must be a number, not below 0");
    return 0;
}

static int
put_number(const struct reader *r, const struct gl_product_column *column,
           const char *text)
{
    const struct gl_product_column of = {r->product->visits, NULL,
                                         GL_PRODUCT_COUNT};
    const char *visits =
        json_string_value(json_object_get(r->theirs, r->product->visits));
    double number, n = 1;

    if (read_number(r, column, text, &number) != 0)
        return -1;
    if (column->how != GL_PRODUCT_COUNT &&
        read_number(r, &of, visits != NULL ? visits : "", &n) != 0)
        return -1;
    json_object_set_new(r->ours, column->ours,
                        json_sprintf("%.0f", MIN(number * n, NUMBER_MAX)));
    return 0;
}

static int
is_none(const char *text)
{
    static const char *const nones[] = {"(not set)", "(none)", "(direct)",
                                        "xx", "ZZ"};

    for (size_t i = 0; i < G_N_ELEMENTS(nones); i++)
        if (strcmp(text, nones[i]) == 0)
            return 1;
    return 0;
}

/* The caller's. */
static char *
make_text(enum gl_product_how how, const char *text)
{
    const char *host;

    if (is_none(text))
        return g_strdup("");
    if (strcmp(text, "Others") == 0) /* what Matomo keeps no longer */
        return g_strdup("(other)");
    switch (how) {
    case GL_PRODUCT_WORD:
        return g_strdup(gl_import_our_name_(text));
    case GL_PRODUCT_PATH:
        return g_strdup_printf("%s%.*s", text[0] == '/' ? "" : "/",
                               (int) strcspn(text, "?#"), text);
    case GL_PRODUCT_HOST:
        host = strstr(text, "://");
        host = host == NULL ? "" : host + 3;
        return g_strndup(host, strcspn(host, "/?#"));
    case GL_PRODUCT_CODE:
        return g_ascii_strup(text, -1);
    default:
        return g_strdup(text);
    }
}

static int
put_cell(const struct reader *r, const struct gl_product_column *column,
         const char *theirs)
{
    char *text;

    if (column->how <= GL_PRODUCT_EACH)
        return put_number(r, column, theirs);
    text = make_text(column->how, theirs);
    json_object_set_new(r->ours, column->ours, json_string(text));
    g_free(text);
    return 0;
}

/* ---- rows ---- */

static int
is_known(const struct reader *r, const char *theirs)
{
    const struct gl_product_column *column = r->table->columns;
    const char *const *unused = r->product->unused;

    if (unused == NULL || strcmp(theirs, "date") == 0)
        return 1;
    for (; *unused != NULL; unused++)
        if (strcmp(*unused, theirs) == 0)
            return 1;
    for (; column->theirs != NULL; column++)
        if (strcmp(column->theirs, theirs) == 0)
            return 1;
    return 0;
}

/* A column of theirs is there that is OURS. */
static int
has_column(const json_t *row, const struct gl_product_table *table,
           const char *ours)
{
    const struct gl_product_column *column = table->columns;

    for (; column->theirs != NULL; column++)
        if (column->ours != NULL && strcmp(column->ours, ours) == 0 &&
            json_object_get(row, column->theirs) != NULL)
            return 1;
    return 0;
}

static const struct gl_product_table *
find_table(const struct reader *r, const char *name)
{
    const struct gl_product_table *table = r->product->tables;

    for (; table->ours != NULL; table++)
        if (table->theirs != NULL
                ? strcmp(table->theirs, name) == 0
                : table->main == NULL ||
                      has_column(r->theirs, table, table->main))
            return table;
    return NULL;
}

/* What the table must have is there, and nothing unknown. */
static int
check_columns(const struct reader *r)
{
    json_t *row = (json_t *) (uintptr_t) r->theirs, *cell;
    const char *name;

    if (r->table->main != NULL &&
        !has_column(r->theirs, r->table, r->table->main))
        return refuse(r, 1, r->table->columns[0].theirs, "is missing");
    json_object_foreach (row, name, cell) {
        if (!json_is_string(cell))
            return refuse(r, r->line, name, "must be a text");
        if (!is_known(r, name))
            return refuse(r, r->line, name,
                          "is no column that is read, or does not go with "
                          "the others");
    }
    return 0;
}

static int
make_row(const struct reader *r)
{
    const struct gl_product_column *column = r->table->columns;

    json_object_set(r->ours, "date", json_object_get(r->theirs, "date"));
    for (; column->theirs != NULL; column++) {
        const char *text =
            json_string_value(json_object_get(r->theirs, column->theirs));

        if (text != NULL && column->ours != NULL &&
            json_object_get(r->ours, column->ours) == NULL &&
            put_cell(r, column, text) != 0)
            return -1;
    }
    return 0;
}

static const struct gl_product *const products[] = {&gl_product_matomo_,
                                                    &gl_product_google_};

const struct gl_product *
gl_product_by_name(const char *format)
{
    for (size_t i = 0; i < G_N_ELEMENTS(products); i++)
        if (strcmp(products[i]->format, format) == 0)
            return products[i];
    return NULL;
}

static int
read_row(struct reader *r, json_t *line, const char *name)
{
    int result;

    r->table = find_table(r, name);
    if (r->table == NULL) {
        snprintf(r->why, r->why_len,
                 "%.200s is no report that is read, as its name says",
                 r->file);
        return -1;
    }
    if (check_columns(r) != 0)
        return -1;
    if (r->product->leaves_out(r->theirs))
        return 1;
    r->ours = json_object();
    result = make_row(r);
    json_object_set_new(line, "table", json_string(r->table->ours));
    json_object_set_new(line, "row", r->ours);
    return result;
}

int
gl_product_read(const struct gl_product *product, json_t *line, char *why,
                size_t why_len)
{
    const char *name = json_string_value(json_object_get(line, "table"));
    struct reader reader = {
        .product = product,
        .theirs = json_object_get(line, "row"),
        .file = json_string_value(json_object_get(line, "file")),
        .line = json_integer_value(json_object_get(line, "line")),
        .why = why,
        .why_len = why_len};

    if (reader.file == NULL || name == NULL || reader.theirs == NULL) {
        snprintf(why, why_len, "is no row of a table");
        return -1;
    }
    return read_row(&reader, line, name);
}
