/* A template and an object become HTML; see template.h.  Any thread. */

#include "dashboard/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embed.h"
#include "number.h"

#define NAME_MAX_BYTES 64

/* Objects in which names are looked up, the innermost first. */
struct scope {
    const json_t *value;
    const struct scope *outer;
};

struct tag {
    char kind; /* '#', '^', '/', '>' or 0 = a value */
    char name[NAME_MAX_BYTES];
    const char *end; /* behind it */
};

static const json_t *
look_up(const struct scope *scope, const char *name)
{
    const json_t *found = NULL;

    for (; scope != NULL && found == NULL; scope = scope->outer)
        found = json_object_get(scope->value, name);
    return found;
}

/* The only way of a text into a page. */
static void
escape(FILE *out, const char *text)
{
    static const char *const entities[] = {
        ['&'] = "&amp;",  ['<'] = "&lt;",   ['>'] = "&gt;",
        ['"'] = "&quot;", ['\''] = "&#39;",
    };

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char) *text;

        if (c < sizeof entities / sizeof entities[0] && entities[c] != NULL)
            fputs(entities[c], out);
        else
            fputc(c, out);
    }
}

static void
put_value(FILE *out, const json_t *value)
{
    char number[GL_NUMBER_MAX];

    if (json_is_string(value)) {
        escape(out, json_string_value(value));
    } else if (json_is_integer(value)) {
        gl_number(number, json_integer_value(value));
        fputs(number, out);
    } else if (json_is_real(value)) {
        fprintf(out, "%.1f", json_real_value(value));
    } else if (json_is_null(value)) {
        fputs("–", out);
    }
}

/* The next tag of TEXT: where it begins, or NULL. */
static const char *
find_tag(const char *text, struct tag *tag)
{
    const char *begin = strstr(text, "{{"), *name, *end;

    if (begin == NULL || (end = strstr(begin, "}}")) == NULL)
        return NULL;
    name = begin + 2;
    tag->kind = strchr("#^/>", *name) != NULL ? *name++ : 0;
    tag->end = end + 2;
    snprintf(tag->name, sizeof tag->name, "%.*s", (int) (end - name), name);
    return begin;
}

/* TEXT until the end of the section it is in, whose end is returned; OUT NULL
 * = it is passed over.  Recursion: as deep as sections of our templates. */
static const char *put(FILE *out, const char *text, const struct scope *scope);

static int
is_there(const json_t *value)
{
    return json_is_array(value) ? json_array_size(value) > 0
                                : value != NULL && !json_is_false(value) &&
                                      !json_is_null(value);
}

/* TEXT once, or for each element of a list. */
static const char *
put_section(FILE *out, const char *text, const json_t *value,
            const struct scope *scope)
{
    struct scope inner = {value, scope};
    const char *end = text;

    if (!json_is_array(value))
        return put(out, text, &inner);
    for (size_t i = 0; i < json_array_size(value); i++) {
        inner.value = json_array_get(value, i);
        end = put(out, text, &inner);
    }
    return end;
}

/* A file of this room, "NAME.html"; "" when there is none. */
static const char *
find_file(const char *name)
{
    char path[NAME_MAX_BYTES + sizeof "aggregator/dashboard/.html"];

    snprintf(path, sizeof path, "aggregator/dashboard/%s.html", name);
    for (const struct gl_embed_file *file = gl_embed_embed_list;
         file->name != NULL; file++)
        if (strcmp(file->name, path) == 0)
            return file->data;
    return "";
}

static const char *
put_tag(FILE *out, const struct tag *tag, const struct scope *scope)
{
    const json_t *value = look_up(scope, tag->name);

    if (tag->kind == '>' && out != NULL)
        put(out, find_file(tag->name), scope);
    if (tag->kind == '>')
        return tag->end;
    if (tag->kind == 0 && out != NULL)
        put_value(out, value);
    if (tag->kind == 0)
        return tag->end;
    if (out == NULL || is_there(value) != (tag->kind == '#'))
        return put(NULL, tag->end, scope);
    return tag->kind == '#' ? put_section(out, tag->end, value, scope)
                            : put(out, tag->end, scope);
}

static const char *
put(FILE *out, const char *text, const struct scope *scope)
{
    struct tag tag;
    const char *at;

    while ((at = find_tag(text, &tag)) != NULL) {
        if (out != NULL)
            fwrite(text, 1, (size_t) (at - text), out);
        if (tag.kind == '/')
            return tag.end;
        text = put_tag(out, &tag, scope);
    }
    if (out != NULL)
        fputs(text, out);
    return text + strlen(text);
}

char *
gl_template(const char *template, const json_t *view, size_t *len)
{
    struct scope scope = {view, NULL};
    char *made = NULL;
    FILE *out = open_memstream(&made, len);
    int failed;

    if (out == NULL)
        return NULL;
    put(out, template, &scope);
    failed = ferror(out);
    if (fclose(out) == 0 && !failed)
        return made;
    free(made);
    return NULL;
}
