/* Values of a dictionary; see texts.h. */

#include "query/plan/texts.h"

#include <string.h>

#include "question/places.h"

#define CHANNEL 2 /* of referrers: schema/account.sql */
#define PLACE_NAMES                                                           \
    2 /* of a country and a region, the first texts of places */

/* What events without a word are said to have. */
static void
name_none(struct gl_dictionary *dictionary, enum gl_word kind)
{
    if (kind == GL_WORD_NAME)
        dictionary->text[0] =
            g_string_chunk_insert_const(dictionary->chunk, "pageview");
    if (kind == GL_WORD_REFERRER)
        dictionary->text[CHANNEL] =
            g_string_chunk_insert_const(dictionary->chunk, "Direct");
}

/* To each place the names of its country and region. */
static void
add_place_names(struct gl_dictionary *dictionary)
{
    unsigned before = dictionary->texts_n, now = before + PLACE_NAMES;
    const char **text = g_new(const char *, (gsize) now * dictionary->codes_n);

    for (uint32_t code = 0; code < dictionary->codes_n; code++) {
        const char **from = dictionary->text + (size_t) code * before;
        const char **to = text + (size_t) code * now;

        memcpy(to, from, before * sizeof *to);
        for (unsigned i = 0; i < PLACE_NAMES; i++)
            to[before + i] = g_string_chunk_insert_const(
                dictionary->chunk, gl_place_name(from[i]));
    }
    g_free(dictionary->text);
    dictionary->text = text;
    dictionary->texts_n = now;
}

/* Equal texts are one pointer. */
static void
find_values(const struct gl_dictionary *dictionary, unsigned column,
            struct gl_values *values)
{
    GHashTable *known = g_hash_table_new(NULL, NULL);
    GPtrArray *texts = g_ptr_array_new();
    uint32_t *of = g_new(uint32_t, dictionary->codes_n);

    values->first = g_new(uint32_t, dictionary->codes_n);

    for (uint32_t code = 0; code < dictionary->codes_n; code++) {
        gpointer key =
            (gpointer) (uintptr_t)
                dictionary->text[(size_t) code * dictionary->texts_n + column];
        gpointer at;

        if (!g_hash_table_lookup_extended(known, key, NULL, &at)) {
            at = GUINT_TO_POINTER(texts->len);
            g_hash_table_insert(known, key, at);
            values->first[texts->len] = code;
            g_ptr_array_add(texts, key);
        }
        of[code] = GPOINTER_TO_UINT(at);
    }
    g_hash_table_destroy(known);
    values->n = texts->len;
    values->of = (struct gl_column_map){of, dictionary->codes_n};
    values->text = (const char **) (void *) g_ptr_array_free(texts, FALSE);
    if (values->n == dictionary->codes_n) { /* each its own */
        g_free(of);
        values->of.to = NULL;
    }
}

static size_t
bytes_of(const struct gl_texts *texts)
{
    size_t n = (size_t) texts->dictionary.codes_n * texts->dictionary.texts_n;
    size_t bytes = n * (sizeof(char *) + 2 * sizeof(uint32_t));

    for (unsigned i = 0; i < texts->dictionary.texts_n; i++)
        for (uint32_t at = 0; at < texts->columns[i].n; at++)
            bytes += sizeof(char *) + strlen(texts->columns[i].text[at]) + 1;
    return bytes;
}

int
gl_texts_new(struct gl_account *reader, enum gl_word kind,
             struct gl_texts **texts, size_t *bytes)
{
    struct gl_texts *made = g_new0(struct gl_texts, 1);
    int rc = gl_dictionary_read(reader, kind, &made->dictionary);

    if (rc != 0) {
        gl_texts_free(made);
        return rc;
    }
    name_none(&made->dictionary, kind);
    if (kind == GL_WORD_PLACE)
        add_place_names(&made->dictionary);
    made->columns = g_new0(struct gl_values, made->dictionary.texts_n);
    for (unsigned i = 0; i < made->dictionary.texts_n; i++)
        find_values(&made->dictionary, i, &made->columns[i]);
    *bytes = bytes_of(made);
    *texts = made;
    return 0;
}

void
gl_texts_free(void *data)
{
    struct gl_texts *texts = data;

    for (unsigned i = 0;
         texts->columns != NULL && i < texts->dictionary.texts_n; i++) {
        g_free((gpointer) (uintptr_t) texts->columns[i].of.to);
        g_free(texts->columns[i].text);
        g_free(texts->columns[i].first);
    }
    g_free(texts->columns);
    gl_dictionary_fini(&texts->dictionary);
    g_free(texts);
}
