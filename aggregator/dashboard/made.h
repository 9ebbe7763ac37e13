/*
 * What the C is made of that conf/templates makes of the templates: looking
 * names up, and the ways of a value into a page, one for each place where it
 * may stand.  Of template.c alone.
 */

#ifndef GL_DASHBOARD_MADE_H
#define GL_DASHBOARD_MADE_H

#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "language/say.h"

/* Objects in which names are looked up, the innermost first. */
struct gl_made_scope {
    const json_t *value;
    const struct gl_made_scope *outer;
};

static inline const json_t *
gl_made_look_(const struct gl_made_scope *scope, const char *name)
{
    const json_t *found = NULL;

    for (; scope != NULL && found == NULL; scope = scope->outer)
        found = json_object_get(scope->value, name);
    return found;
}

/* How often a section of VALUE is written: not at all, if it is not there. */
static inline size_t
gl_made_times_(const json_t *value)
{
    if (json_is_array(value))
        return json_array_size(value);
    return value != NULL && !json_is_false(value) && !json_is_null(value);
}

/* The inside of the section NAME, the Ith time. */
static inline struct gl_made_scope
gl_made_enter_(const struct gl_made_scope *outer, const char *name, size_t i)
{
    const json_t *value = gl_made_look_(outer, name);

    return (struct gl_made_scope){
        json_is_array(value) ? json_array_get(value, i) : value, outer};
}

/* NAME as a text, the caller's (g_free); "" = it is none. */
static inline char *
gl_made_read_(const struct gl_made_scope *scope, const char *name)
{
    return gl_say_value(gl_made_look_(scope, name));
}

static inline void
gl_made_escape_len_(FILE *out, const char *text, size_t len)
{
    static const char *const entities[] = {
        ['&'] = "&amp;",  ['<'] = "&lt;",   ['>'] = "&gt;",
        ['"'] = "&quot;", ['\''] = "&#39;",
    };

    for (; len > 0; text++, len--) {
        unsigned char c = (unsigned char) *text;

        if (c < sizeof entities / sizeof entities[0] && entities[c] != NULL)
            fputs_unlocked(entities[c], out);
        else
            putc_unlocked(c, out);
    }
}

static inline void
gl_made_escape_(FILE *out, const char *text)
{
    gl_made_escape_len_(out, text, strlen(text));
}

/* ---- the ways into a page ---- */

static inline void
gl_made_text_(FILE *out, const struct gl_made_scope *scope, const char *name)
{
    char *text = gl_made_read_(scope, name);

    gl_made_escape_(out, text);
    g_free(text);
}

/* Between double quotes. */
static inline void
gl_made_attribute_(FILE *out, const struct gl_made_scope *scope,
                   const char *name)
{
    gl_made_text_(out, scope, name);
}

/* A part of an address of ours: what could end the part is coded; '%' is as
 * whoever coded it before has it.  What begins with '?' is the rest of one. */
static inline void
gl_made_part_(FILE *out, const struct gl_made_scope *scope, const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-._~%";
    char *text = gl_made_read_(scope, name);

    if (text[0] == '?')
        gl_made_escape_(out, text);
    for (const char *c = text; text[0] != '?' && *c != '\0'; c++)
        if (strchr(plain, *c) != NULL)
            putc_unlocked(*c, out);
        else
            fprintf(out, "%%%02X", (unsigned char) *c);
    g_free(text);
}

/* A whole address: of this page or below /glinto/, else of nothing. */
static inline void
gl_made_address_(FILE *out, const struct gl_made_scope *scope,
                 const char *name)
{
    char *text = gl_made_read_(scope, name);

    if (text[0] == '?' || strncmp(text, "/glinto/", 8) == 0)
        gl_made_escape_(out, text);
    else
        putc_unlocked('#', out);
    g_free(text);
}

/* A whole address of another machine, of the operator's (cluster.h). */
static inline void
gl_made_outside_(FILE *out, const struct gl_made_scope *scope,
                 const char *name)
{
    char *text = gl_made_read_(scope, name);

    if (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0)
        gl_made_escape_(out, text);
    else
        putc_unlocked('#', out);
    g_free(text);
}

#endif
