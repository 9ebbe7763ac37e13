/* A row of a table of day totals; see total_line.h. */

#include "import/total_line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "import/event_text.h"
#include "import/total_text.h"
#include "question/range.h"

#define SUM_MAX INT64_C(1000000000000000) /* sums of them fit, too */

struct reader {
    const struct gl_product *product;
    struct gl_enrich *enrich;
    struct gl_import_line *memory;
    struct gl_total *total;
    const struct gl_day_table *table;
    const char *file;
    json_int_t line;
    char *why;
    size_t why_len;
};

/* Columns that Plausible's files have, too, and that answer no question. */
static const char *const unused[] = {"exits",
                                     "time_on_page",
                                     "total_scroll_depth",
                                     "total_scroll_depth_visits",
                                     "total_time_on_page",
                                     "total_time_on_page_visits",
                                     NULL};

/* Texts that stand for none. */
static const struct {
    const char *word, *none;
} nones[] = {{"visit:country", "ZZ"}, {"visit:city", "0"}};

static int
refuse(const struct reader *r, json_int_t line, const char *column,
       const char *must)
{
    snprintf(r->why, r->why_len, "%.200s, line %lld: \"%.64s\" %s", r->file,
             (long long) line, column, must);
    return -1;
}

static int
read_sum(const struct reader *r, const struct gl_day_column *column,
         const char *text)
{
    char *end;
    long long n;

    if (text[0] == '\0') /* as ClickHouse writes a number that is not there */
        return 0;
    errno = 0;
    n = strtoll(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ||
        n > SUM_MAX)
        return refuse(r, r->line, column->name,
                      "must be a whole number, not below 0");
    r->total->sums[column->sum] = n;
    return 0;
}

/* 1: without COLUMN, or with less of it, a row would be another's. */
static int
is_needed(const struct reader *r, const struct gl_day_column *column)
{
    return r->product == NULL || strcmp(column->word, "event:name") == 0 ||
           strcmp(column->word, "event:page") == 0;
}

static int
read_text(const struct reader *r, const struct gl_day_column *column,
          const char *text, struct gl_text *to)
{
    char must[128];

    for (size_t i = 0; i < sizeof nones / sizeof nones[0]; i++)
        if (strcmp(column->word, nones[i].word) == 0 &&
            strcmp(text, nones[i].none) == 0)
            text = "";
    *to = (struct gl_text){text, (uint32_t) strlen(text)};
    if (gl_total_text_(r->memory, r->enrich, column->word, r->product != NULL,
                       to, must, sizeof must) == 0)
        return 0;
    if (is_needed(r, column))
        return refuse(r, r->line, column->name, must);
    *to = gl_total_text_instead_(column->word);
    return 0;
}

/* A region is one of its country. */
static int
check_region(const struct reader *r)
{
    const struct gl_text *country = &r->total->texts[0];
    struct gl_text *region = &r->total->texts[1];

    if (r->total->kind != GL_DAY_LOCATIONS || region->len == 0 ||
        gl_import_is_other_(*region) || gl_import_is_other_(*country) ||
        (country->len > 0 && memcmp(region->data, country->data, 2) == 0))
        return 0;
    if (r->product == NULL)
        return refuse(r, r->line, "region", "is one of another country");
    *region = (struct gl_text){NULL, 0};
    return 0;
}

static int
is_unused(const char *name)
{
    size_t i = 0;

    while (unused[i] != NULL && strcmp(unused[i], name) != 0)
        i++;
    return unused[i] != NULL;
}

static int
read_cell(struct reader *r, const char *name, const char *text)
{
    const struct gl_day_column *column = r->table->columns;
    int texts_n = 0;

    if (strcmp(name, "date") == 0)
        return gl_range_read_date(text, &r->total->date)
                   ? 0
                   : refuse(r, r->line, name,
                            "must be a date, like 2026-11-28");
    for (; column->name != NULL; column++) {
        if (strcmp(column->name, name) == 0)
            return column->word != NULL
                       ? read_text(r, column, text, &r->total->texts[texts_n])
                       : read_sum(r, column, text);
        texts_n += column->word != NULL;
    }
    if (is_unused(name))
        return 0;
    return refuse(r, 1, name, "is no column of this table");
}

/* An export of ours has marks before formulas. */
static void
take_marks(json_t *cell)
{
    char *text = g_strdup(json_string_value(cell));

    gl_cell_read(text);
    json_string_set(cell, text);
    g_free(text);
}

static int
read_row(struct reader *r, json_t *row)
{
    const char *name;
    json_t *cell;

    if (json_object_get(row, "date") == NULL)
        return refuse(r, 1, "date", "is missing");
    if (json_object_get(row, "visitors") == NULL)
        return refuse(r, 1, "visitors", "is missing");
    json_object_foreach (row, name, cell) {
        if (!json_is_string(cell))
            return refuse(r, r->line, name, "must be a text");
        take_marks(cell);
        if (read_cell(r, name, json_string_value(cell)) != 0)
            return -1;
    }
    return check_region(r);
}

static const struct gl_day_table *
find_table(const char *name, enum gl_day_table_number *kind)
{
    for (int i = 0; name != NULL && i < GL_DAY_TABLES_N; i++) {
        *kind = (enum gl_day_table_number) i;
        if (strcmp(gl_day_tables[i].name, name) == 0)
            return &gl_day_tables[i];
    }
    return NULL;
}

static int
read_line(struct reader *r, json_t *root)
{
    r->file = json_string_value(json_object_get(root, "file"));
    r->line = json_integer_value(json_object_get(root, "line"));
    if (r->file == NULL) {
        snprintf(r->why, r->why_len, "is no row of a table");
        return -1;
    }
    r->table = find_table(json_string_value(json_object_get(root, "table")),
                          &r->total->kind);
    if (r->table == NULL) {
        snprintf(r->why, r->why_len,
                 "%.200s is none of the ten tables, as its name says",
                 r->file);
        return -1;
    }
    return read_row(r, json_object_get(root, "row"));
}

int
gl_total_line_read(struct gl_total_line *line,
                   const struct gl_product *product, struct gl_enrich *enrich,
                   const char *text, size_t len, char *why, size_t why_len)
{
    struct reader reader = {.product = product,
                            .enrich = enrich,
                            .memory = &line->_line,
                            .total = &line->total,
                            .why = why,
                            .why_len = why_len};
    json_t *root;
    int result = 0;

    memset(&line->total, 0, sizeof line->total);
    gl_import_line_begin_(&line->_line, "");
    root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    line->_line._root = root;
    if (product != NULL)
        result = gl_product_read(product, root, why, why_len);
    return result != 0 ? result : read_line(&reader, root);
}

void
gl_total_line_clear(struct gl_total_line *line)
{
    gl_import_line_clear(&line->_line);
}
