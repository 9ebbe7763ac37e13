/*
 * nginx's configuration as "nginx -T" tells it: a tree of directives, each with
 * its file and line, includes followed.  Read by the glinto command, never by
 * glintod.  Any thread.
 */

#ifndef GL_DEPLOY_NGINX_H
#define GL_DEPLOY_NGINX_H

#include <glib.h>

struct gl_nginx_file {
    char *path; /* absolute */
    char *text; /* as it is in the file */
    size_t len;
};

struct gl_nginx_word {
    const struct gl_nginx_file *file; /* where it stands */
    int line;                         /* from 1 */
    size_t begin, body, end; /* bytes of its file: its name; behind the first
                                ';' or '{'; behind all of it */
    GPtrArray *words;        /* of char *: name and arguments, unquoted */
    GPtrArray *inside;       /* of struct gl_nginx_word *; NULL = no block */
    const struct gl_nginx_word *in; /* NULL for the tree itself */
};

struct gl_nginx {
    GPtrArray *files; /* of struct gl_nginx_file *; the first is nginx.conf */
    struct gl_nginx_word *tree; /* nameless: the main context */
};

/* TEXT is what "nginx -T" wrote on standard output.  NULL with a sentence in
 * WHY ("nginx.conf:3: ...") when it cannot be read. */
struct gl_nginx *gl_nginx_read(const char *text, size_t len, char *why,
                               size_t why_len);
void gl_nginx_free(struct gl_nginx *nginx);

/* Word N of a directive, 0 its name; "" when it has no such word. */
const char *gl_nginx_arg(const struct gl_nginx_word *word, guint n);
int gl_nginx_is(const struct gl_nginx_word *word, const char *name);

/* The first NAME right inside IN; NULL when there is none. */
const struct gl_nginx_word *gl_nginx_in(const struct gl_nginx_word *in,
                                        const char *name);
/* The same with ARG as its first argument: "upstream ARG". */
const struct gl_nginx_word *gl_nginx_in_with(const struct gl_nginx_word *in,
                                             const char *name,
                                             const char *arg);
/* EACH is called for every directive below IN, outer ones first. */
void gl_nginx_walk(const struct gl_nginx_word *in,
                   void (*each)(void *arg, const struct gl_nginx_word *word),
                   void *arg);

#endif
