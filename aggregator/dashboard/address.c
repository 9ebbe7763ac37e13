/* What a page shows, read from its address and written into links; see
 * address.h. */

#include "dashboard/address.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "dashboard/filter_text.h"
#include "dashboard/names.h"

/* Nothing else is kept. */
static const char *const keys[] = {
    "period",     "date",     "from",     "to",      "compare", "compare_from",
    "compare_to", "weekdays", "interval", "metric",  "sources", "pages",
    "places",     "devices",  "detail",   "q",       "sort",    "page",
    "behaviour",  "prop",     "funnel",   "journey", "way",     "lang",
    "week",
};
/* Of one address, so that a made-up one costs little. */
#define PAIRS_MAX 64
/* The request's own. */
#define PART "part"
#define GROUP_MAX 9 /* "f9" */
/* In an address they are themselves. */
#define PLAIN "/:,@"

struct pair {
    char *key, *value;
};

struct filter {
    int group;  /* 0 = it must hold */
    char *text; /* "is,visit:source,Google" */
};

struct gl_address {
    GPtrArray *pairs;   /* struct pair */
    GPtrArray *filters; /* struct filter */
    enum gl_address_part part;
};

static void
free_pair(gpointer data)
{
    struct pair *pair = data;

    g_free(pair->key);
    g_free(pair->value);
    g_free(pair);
}

static void
free_filter(gpointer data)
{
    struct filter *filter = data;

    g_free(filter->text);
    g_free(filter);
}

static struct gl_address *
new_address(void)
{
    struct gl_address *address = g_new0(struct gl_address, 1);

    address->pairs = g_ptr_array_new_with_free_func(free_pair);
    address->filters = g_ptr_array_new_with_free_func(free_filter);
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

enum gl_address_part
gl_address_part(const struct gl_address *address)
{
    return address->part;
}

/* ---- filters ---- */

static struct filter *
filter_at(const struct gl_address *address, size_t i)
{
    return g_ptr_array_index(address->filters, i);
}

static int
is_there(const struct gl_address *address, int group, const char *text)
{
    for (guint i = 0; i < address->filters->len; i++)
        if (filter_at(address, i)->group == group &&
            strcmp(filter_at(address, i)->text, text) == 0)
            return 1;
    return 0;
}

static void
add_filter(struct gl_address *address, int group, char *text)
{
    struct filter *filter;

    if (address->filters->len == GL_ADDRESS_FILTERS_MAX ||
        !gl_filter_text_is_one(text) || is_there(address, group, text)) {
        g_free(text);
        return;
    }
    filter = g_new(struct filter, 1);
    *filter = (struct filter){group, text};
    g_ptr_array_add(address->filters, filter);
}

size_t
gl_address_filters(const struct gl_address *address)
{
    return address->filters->len;
}

int
gl_address_group(const struct gl_address *address, size_t i)
{
    return filter_at(address, i)->group;
}

json_t *
gl_address_filter(const struct gl_address *address, size_t i)
{
    return gl_filter_text_json(filter_at(address, i)->text);
}

int
gl_address_has(const struct gl_address *address, const char *dimension)
{
    for (guint i = 0; i < address->filters->len; i++)
        if (filter_at(address, i)->group == 0 &&
            gl_filter_text_has(filter_at(address, i)->text, dimension))
            return 1;
    return 0;
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
    g_autofree char *plain = g_strdelimit(g_strdup(coded), "+", ' ');
    char *text = g_uri_unescape_string(plain, NULL);

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
    char *how, *dimension, *value, *beside;
};

static char **
form_place(struct form *form, const char *key)
{
    if (strcmp(key, "fo") == 0)
        return &form->how;
    if (strcmp(key, "fd") == 0)
        return &form->dimension;
    if (strcmp(key, "fg") == 0)
        return &form->beside;
    return strcmp(key, "fv") == 0 ? &form->value : NULL;
}

/* "f", "f1" ... "f9": 1 and *GROUP. */
static int
is_filter(const char *key, int *group)
{
    *group = key[0] == 'f' && key[1] != '\0' ? key[1] - '0' : 0;
    return strcmp(key, "f") == 0 || (key[0] == 'f' && *group >= 1 &&
                                     *group <= GROUP_MAX && key[2] == '\0');
}

static void
read_pair(struct gl_address *address, struct form *form, const char *text)
{
    g_auto(GStrv) pair = g_strsplit(text, "=", 2);
    char *value = pair[0] == NULL || pair[1] == NULL ? NULL : decoded(pair[1]);
    char **place = value == NULL ? NULL : form_place(form, pair[0]);
    int group;

    if (value == NULL) {
        /* no pair */
    } else if (is_filter(pair[0], &group)) {
        add_filter(address, group, value);
    } else if (strcmp(pair[0], PART) == 0) {
        address->part = strcmp(value, "lists") == 0    ? GL_ADDRESS_LISTS
                        : strcmp(value, "report") == 0 ? GL_ADDRESS_REPORT
                                                       : GL_ADDRESS_WHOLE;
        g_free(value);
    } else if (place != NULL && *place == NULL) {
        *place = value;
    } else if (value[0] != '\0' && is_key(pair[0]) &&
               gl_address_get(address, pair[0]) == NULL) {
        add_pair(address, pair[0], value);
    } else {
        g_free(value);
    }
}

/* The group of the filter whose number TEXT is; one that must hold begins a
 * new one. */
static int
group_beside(struct gl_address *address, const char *text)
{
    guint64 at = 0;
    int last = 0;

    if (text == NULL || address->filters->len == 0 ||
        !g_ascii_string_to_unsigned(text, 10, 0, address->filters->len - 1,
                                    &at, NULL))
        return 0;
    for (guint i = 0; i < address->filters->len; i++)
        last = MAX(last, filter_at(address, i)->group);
    if (filter_at(address, at)->group == 0 && last < GROUP_MAX)
        filter_at(address, at)->group = last + 1;
    return filter_at(address, at)->group;
}

static void
add_form(struct gl_address *address, const struct form *form)
{
    if (form->how == NULL || form->dimension == NULL || form->value == NULL ||
        form->value[0] == '\0')
        return;
    json_auto_t *values = gl_name_codes(form->dimension, form->value);
    add_filter(address, group_beside(address, form->beside),
               gl_filter_text_of(form->how, form->dimension, values));
}

struct gl_address *
gl_address_read(const char *query)
{
    struct gl_address *address = new_address();
    g_auto(GStrv) pairs =
        g_strsplit(query == NULL ? "" : query, "&", PAIRS_MAX + 1);
    struct form form = {0};

    for (int i = 0; i < PAIRS_MAX && pairs[i] != NULL; i++)
        read_pair(address, &form, pairs[i]);
    add_form(address, &form);
    g_free(form.how);
    g_free(form.dimension);
    g_free(form.value);
    g_free(form.beside);
    return address;
}

int
gl_address_is_plain(const char *query)
{
    g_auto(GStrv) pairs =
        g_strsplit(query == NULL ? "" : query, "&", PAIRS_MAX + 1);
    int plain = 1;

    for (int i = 0; plain && pairs[i] != NULL; i++) {
        struct form form;
        char *key = pairs[i];

        if (key[0] == '\0')
            continue;
        key[strcspn(key, "=")] = '\0';
        plain = i < PAIRS_MAX &&
                (is_key(key) || strcmp(key, "f") == 0 ||
                 strcmp(key, GL_ADDRESS_FRESH) == 0 ||
                 strcmp(key, PART) == 0 || form_place(&form, key) != NULL);
    }
    return plain;
}

/* ---- write ---- */

static void
append(GString *text, const char *key, const char *value)
{
    g_string_append_printf(text, "%s%s=", text->len == 1 ? "" : "&", key);
    g_string_append_uri_escaped(text, value, PLAIN, FALSE);
}

/* The key of FILTER. */
static void
filter_key(const struct filter *filter, char key[3])
{
    g_snprintf(key, 3, filter->group == 0 ? "f" : "f%d", filter->group);
}

static void
append_filter(GString *text, const struct filter *filter)
{
    char key[3];

    filter_key(filter, key);
    append(text, key, filter->text);
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
    va_list args;

    va_start(args, address);
    g_autoptr(GPtrArray) changes = take_changes(args, 1);
    va_end(args);
    append_pairs(text, address, changes);
    for (guint i = 0; i < address->filters->len; i++)
        append_filter(text, filter_at(address, i));
    return g_string_free(text, FALSE);
}

json_t *
gl_address_fields(const struct gl_address *address, ...)
{
    json_t *fields = json_array();
    va_list args;

    va_start(args, address);
    g_autoptr(GPtrArray) changes = take_changes(args, 0);
    va_end(args);
    for (guint i = 0; i < address->pairs->len; i++) {
        const struct pair *pair = g_ptr_array_index(address->pairs, i);

        if (!has(changes, pair->key))
            json_array_append_new(fields,
                                  json_pack("{s:s, s:s}", "name", pair->key,
                                            "value", pair->value));
    }
    for (guint i = 0; i < address->filters->len; i++) {
        char key[3];

        filter_key(filter_at(address, i), key);
        json_array_append_new(fields,
                              json_pack("{s:s, s:s}", "name", key, "value",
                                        filter_at(address, i)->text));
    }
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
    g_autoptr(GPtrArray) changes = g_ptr_array_new();

    for (size_t i = 0; i < (whole ? G_N_ELEMENTS(left) : 1); i++) {
        g_ptr_array_add(changes, (gpointer) (uintptr_t) left[i]);
        g_ptr_array_add(changes, NULL);
    }
    append_pairs(text, address, changes);
    for (guint i = 0; i < filters->len; i++)
        append_filter(text, g_ptr_array_index(filters, i));
    return g_string_free(text, FALSE);
}

char *
gl_address_filtered(const struct gl_address *address, const char *dimension,
                    const char *value)
{
    g_autoptr(GPtrArray) filters = g_ptr_array_new();
    struct filter filter = {0, gl_filter_text("is", dimension, value)};

    for (guint i = 0; i < address->filters->len; i++)
        if (filter_at(address, i)->group != 0 ||
            !gl_filter_text_is(filter_at(address, i)->text, dimension))
            g_ptr_array_add(filters, filter_at(address, i));
    g_ptr_array_add(filters, &filter);
    char *made = write_filters(address, filters, 1);
    g_free(filter.text);
    return made;
}

char *
gl_address_unfiltered(const struct gl_address *address, size_t i)
{
    g_autoptr(GPtrArray) filters = g_ptr_array_new();

    for (guint k = 0; k < address->filters->len; k++)
        if (k != i)
            g_ptr_array_add(filters, filter_at(address, k));
    return write_filters(address, filters, 0);
}

char *
gl_address_unfiltered_all(const struct gl_address *address)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    return write_filters(address, none, 0);
}
