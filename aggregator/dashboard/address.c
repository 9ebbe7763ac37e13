/* What a page shows, read from its address and written into links; see
 * address.h. */

#include "dashboard/address.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

/* Nothing else is kept. */
static const char *const keys[] = {
    "period",     "date",     "from",     "to",     "compare", "compare_from",
    "compare_to", "weekdays", "interval", "metric", "sources", "pages",
    "places",     "devices",  "detail",   "q",      "sort",    "page",
};
/* Of one address, so that a made-up one costs little. */
#define PAIRS_MAX 64
/* In an address they are themselves. */
#define PLAIN "/:,@"

struct pair {
    char *key, *value;
};

struct gl_address {
    GPtrArray *pairs;   /* struct pair */
    GPtrArray *filters; /* char *: "is,visit:source,Google" */
};

static void
free_pair(gpointer data)
{
    struct pair *pair = data;

    g_free(pair->key);
    g_free(pair->value);
    g_free(pair);
}

static struct gl_address *
new_address(void)
{
    struct gl_address *address = g_new0(struct gl_address, 1);

    address->pairs = g_ptr_array_new_with_free_func(free_pair);
    address->filters = g_ptr_array_new_with_free_func(g_free);
    return address;
}

void
gl_address_free(struct gl_address *address)
{
    if (address == NULL)
        return;
    g_ptr_array_free(address->pairs, TRUE);
    g_ptr_array_free(address->filters, TRUE);
    g_free(address);
}

const char *
gl_address_get(const struct gl_address *address, const char *key)
{
    for (guint i = 0; i < address->pairs->len; i++) {
        const struct pair *pair = g_ptr_array_index(address->pairs, i);

        if (strcmp(pair->key, key) == 0)
            return pair->value;
    }
    return NULL;
}

/* ---- filters ---- */

/* The parts of FILTER up to its value, or NULL: it has no value. */
static const char *
value_of(const char *filter, const char **dimension)
{
    const char *comma = strchr(filter, ',');
    const char *second = comma == NULL ? NULL : strchr(comma + 1, ',');

    *dimension = comma == NULL ? NULL : comma + 1;
    return second == NULL ? NULL : second + 1;
}

static void
add_filter(struct gl_address *address, char *filter)
{
    const char *dimension;

    if (address->filters->len < GL_ADDRESS_FILTERS_MAX &&
        value_of(filter, &dimension) != NULL &&
        !g_ptr_array_find_with_equal_func(address->filters, filter,
                                          g_str_equal, NULL))
        g_ptr_array_add(address->filters, filter);
    else
        g_free(filter);
}

/* VALUE as a part of a filter, the caller's. */
static char *
marked(const char *value)
{
    GString *text = g_string_new("");

    for (; *value != '\0'; value++) {
        if (*value == '|' || *value == '\\')
            g_string_append_c(text, '\\');
        g_string_append_c(text, *value);
    }
    return g_string_free(text, FALSE);
}

static json_t *
values_json(const char *values)
{
    GString *text = g_string_new("");
    json_t *list = json_array();

    for (;; values++) {
        if (*values == '|' || *values == '\0') {
            json_array_append_new(list, json_string(text->str));
            g_string_truncate(text, 0);
            if (*values == '\0')
                break;
            continue;
        }
        if (*values == '\\' && values[1] != '\0')
            values++;
        g_string_append_c(text, *values);
    }
    g_string_free(text, TRUE);
    return list;
}

size_t
gl_address_filters(const struct gl_address *address)
{
    return address->filters->len;
}

json_t *
gl_address_filter(const struct gl_address *address, size_t i)
{
    const char *filter = g_ptr_array_index(address->filters, i);
    const char *dimension, *value = value_of(filter, &dimension);

    return json_pack("[s#, s#, o]", filter, (int) (dimension - 1 - filter),
                     dimension, (int) (value - 1 - dimension),
                     values_json(value));
}

/* ---- read ---- */

static int
is_key(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (strcmp(keys[i], key) == 0)
            return 1;
    return 0;
}

/* Of a form or a link: '+' is a blank.  The caller's, or NULL. */
static char *
decoded(const char *coded)
{
    char *plain = g_strdelimit(g_strdup(coded), "+", ' ');
    char *text = g_uri_unescape_string(plain, NULL);

    g_free(plain);
    if (text != NULL && g_utf8_validate(text, -1, NULL))
        return text;
    g_free(text);
    return NULL;
}

static void
add_pair(struct gl_address *address, const char *key, char *value)
{
    struct pair *pair = g_new(struct pair, 1);

    *pair = (struct pair){g_strdup(key), value};
    g_ptr_array_add(address->pairs, pair);
}

/* What a form has of a new filter. */
struct form {
    char *how, *dimension, *value;
};

static char **
form_place(struct form *form, const char *key)
{
    if (strcmp(key, "fo") == 0)
        return &form->how;
    if (strcmp(key, "fd") == 0)
        return &form->dimension;
    return strcmp(key, "fv") == 0 ? &form->value : NULL;
}

static void
read_pair(struct gl_address *address, struct form *form, const char *text)
{
    char **pair = g_strsplit(text, "=", 2);
    char *value = pair[0] == NULL || pair[1] == NULL ? NULL : decoded(pair[1]);
    char **place = value == NULL ? NULL : form_place(form, pair[0]);

    if (value == NULL) {
        /* no pair */
    } else if (strcmp(pair[0], "f") == 0) {
        add_filter(address, value);
    } else if (place != NULL && *place == NULL) {
        *place = value;
    } else if (value[0] != '\0' && is_key(pair[0]) &&
               gl_address_get(address, pair[0]) == NULL) {
        add_pair(address, pair[0], value);
    } else {
        g_free(value);
    }
    g_strfreev(pair);
}

struct gl_address *
gl_address_read(const char *query)
{
    struct gl_address *address = new_address();
    char **pairs = g_strsplit(query == NULL ? "" : query, "&", PAIRS_MAX + 1);
    struct form form = {0};

    for (int i = 0; i < PAIRS_MAX && pairs[i] != NULL; i++)
        read_pair(address, &form, pairs[i]);
    g_strfreev(pairs);
    if (form.how != NULL && form.dimension != NULL && form.value != NULL &&
        form.value[0] != '\0') {
        char *value = marked(form.value);

        add_filter(address, g_strdup_printf("%s,%s,%s", form.how,
                                            form.dimension, value));
        g_free(value);
    }
    g_free(form.how);
    g_free(form.dimension);
    g_free(form.value);
    return address;
}

/* ---- write ---- */

static void
append(GString *text, const char *key, const char *value)
{
    g_string_append_printf(text, "%s%s=", text->len == 1 ? "" : "&", key);
    g_string_append_uri_escaped(text, value, PLAIN, FALSE);
}

/* Whether CHANGES, pairs of a key and a value, have KEY. */
static int
has(const GPtrArray *changes, const char *key)
{
    for (guint i = 0; i < changes->len; i += 2)
        if (strcmp(g_ptr_array_index(changes, i), key) == 0)
            return 1;
    return 0;
}

static void
append_pairs(GString *text, const struct gl_address *address,
             const GPtrArray *changes)
{
    for (guint i = 0; i < address->pairs->len; i++) {
        const struct pair *pair = g_ptr_array_index(address->pairs, i);

        if (!has(changes, pair->key))
            append(text, pair->key, pair->value);
    }
    for (guint i = 0; i < changes->len; i += 2)
        if (g_ptr_array_index(changes, i + 1) != NULL)
            append(text, g_ptr_array_index(changes, i),
                   g_ptr_array_index(changes, i + 1));
}

static GPtrArray *
take_changes(va_list args, int with_values)
{
    GPtrArray *changes = g_ptr_array_new();
    char *key;

    while ((key = va_arg(args, char *)) != NULL) {
        g_ptr_array_add(changes, key);
        g_ptr_array_add(changes, with_values ? va_arg(args, char *) : NULL);
    }
    return changes;
}

char *
gl_address_with(const struct gl_address *address, ...)
{
    GString *text = g_string_new("?");
    GPtrArray *changes;
    va_list args;

    va_start(args, address);
    changes = take_changes(args, 1);
    va_end(args);
    append_pairs(text, address, changes);
    for (guint i = 0; i < address->filters->len; i++)
        append(text, "f", g_ptr_array_index(address->filters, i));
    g_ptr_array_free(changes, TRUE);
    return g_string_free(text, FALSE);
}

json_t *
gl_address_fields(const struct gl_address *address, ...)
{
    json_t *fields = json_array();
    GPtrArray *changes;
    va_list args;

    va_start(args, address);
    changes = take_changes(args, 0);
    va_end(args);
    for (guint i = 0; i < address->pairs->len; i++) {
        const struct pair *pair = g_ptr_array_index(address->pairs, i);

        if (!has(changes, pair->key))
            json_array_append_new(fields,
                                  json_pack("{s:s, s:s}", "name", pair->key,
                                            "value", pair->value));
    }
    for (guint i = 0; i < address->filters->len; i++)
        json_array_append_new(
            fields, json_pack("{s:s, s:s}", "name", "f", "value",
                              g_ptr_array_index(address->filters, i)));
    g_ptr_array_free(changes, TRUE);
    return fields;
}

/* A page of a list is of the filters it was looked at with; WHOLE: who chose
 * one of all its rows has left it. */
static char *
write_filters(const struct gl_address *address, const GPtrArray *filters,
              int whole)
{
    static const char *const left[] = {"page", "detail", "q", "sort"};
    GString *text = g_string_new("?");
    GPtrArray *changes = g_ptr_array_new();

    for (size_t i = 0; i < (whole ? G_N_ELEMENTS(left) : 1); i++) {
        g_ptr_array_add(changes, (gpointer) (uintptr_t) left[i]);
        g_ptr_array_add(changes, NULL);
    }
    append_pairs(text, address, changes);
    for (guint i = 0; i < filters->len; i++)
        append(text, "f", g_ptr_array_index(filters, i));
    g_ptr_array_free(changes, TRUE);
    return g_string_free(text, FALSE);
}

/* FILTER says that DIMENSION is something. */
static int
is_of(const char *filter, const char *dimension)
{
    char *begin = g_strdup_printf("is,%s,", dimension);
    int found = g_str_has_prefix(filter, begin);

    g_free(begin);
    return found;
}

char *
gl_address_filtered(const struct gl_address *address, const char *dimension,
                    const char *value)
{
    GPtrArray *filters = g_ptr_array_new();
    char *text = marked(value), *made;
    char *filter = g_strdup_printf("is,%s,%s", dimension, text);

    for (guint i = 0; i < address->filters->len; i++)
        if (!is_of(g_ptr_array_index(address->filters, i), dimension))
            g_ptr_array_add(filters, g_ptr_array_index(address->filters, i));
    g_ptr_array_add(filters, filter);
    made = write_filters(address, filters, 1);
    g_ptr_array_free(filters, TRUE);
    g_free(filter);
    g_free(text);
    return made;
}

char *
gl_address_unfiltered(const struct gl_address *address, size_t i)
{
    GPtrArray *filters = g_ptr_array_new();
    char *made;

    for (guint k = 0; k < address->filters->len; k++)
        if (k != i)
            g_ptr_array_add(filters, g_ptr_array_index(address->filters, k));
    made = write_filters(address, filters, 0);
    g_ptr_array_free(filters, TRUE);
    return made;
}

char *
gl_address_unfiltered_all(const struct gl_address *address)
{
    GPtrArray *none = g_ptr_array_new();
    char *made = write_filters(address, none, 0);

    g_ptr_array_free(none, TRUE);
    return made;
}
