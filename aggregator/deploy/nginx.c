/*
 * The words of nginx's configuration: "name argument ... ;" or "name ... {";
 * quotes, escapes, comments and Lua blocks as nginx reads them.  Includes are
 * looked up among the files that were told.  All memory is bounded by the text
 * and by DEPTH_MAX.
 */

#define _GNU_SOURCE /* memmem */
#include "deploy/nginx.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 32      /* blocks and includes, one in the other */
#define WORDS_MAX 1000000 /* an include of itself, many times */
#define HEAD "# configuration file "

struct reader {
    struct gl_nginx *nginx;
    const struct gl_nginx_file *file;
    size_t at;
    int line, depth;
    int *words; /* read in all */
    char *why;
    size_t why_len;
};

static int read_block(struct reader *r, struct gl_nginx_word *in, int top);

static int
refuse(const struct reader *r, const char *what)
{
    snprintf(r->why, r->why_len, "%s:%d: %s", r->file->path, r->line, what);
    return -1;
}

static void
free_word(void *data)
{
    struct gl_nginx_word *word = data;

    g_ptr_array_unref(word->words);
    if (word->inside != NULL)
        g_ptr_array_unref(word->inside);
    g_free(word);
}

static struct gl_nginx_word *
new_word(const struct reader *r, const struct gl_nginx_word *in)
{
    struct gl_nginx_word *word = g_new0(struct gl_nginx_word, 1);

    word->file = r->file;
    word->line = r->line;
    word->begin = r->at;
    word->words = g_ptr_array_new_with_free_func(g_free);
    word->in = in;
    return word;
}

/* ---- characters ---- */

static int
has(const struct reader *r)
{
    return r->at < r->file->len;
}

static char
take(struct reader *r)
{
    char c = r->file->text[r->at++];

    r->line += c == '\n';
    return c;
}

static char
peek(const struct reader *r)
{
    return has(r) ? r->file->text[r->at] : '\0';
}

static void
skip_space(struct reader *r)
{
    while (has(r)) {
        if (peek(r) == '#')
            while (has(r) && peek(r) != '\n')
                take(r);
        else if (strchr(" \t\r\n", peek(r)) != NULL)
            take(r);
        else
            return;
    }
}

/* What follows a backslash, into WORD. */
static void
take_escaped(struct reader *r, GString *word)
{
    char c = has(r) ? take(r) : '\\';

    if (strchr("\"'\\", c) == NULL)
        c = c == 't' ? '\t' : c == 'r' ? '\r' : c == 'n' ? '\n' : c;
    if (strchr("\"'\\\t\r\n", c) == NULL)
        g_string_append_c(word, '\\');
    g_string_append_c(word, c);
}

/* An argument; r->at is at its first character. */
static char *
read_argument(struct reader *r)
{
    GString *word = g_string_new(NULL);
    char quote = peek(r);

    if (quote == '"' || quote == '\'')
        take(r);
    else
        quote = '\0';
    while (has(r)) {
        char c = peek(r);

        if (quote == '\0' && strchr(" \t\r\n;", c) != NULL)
            break;
        /* ${variable} is no block. */
        if (quote == '\0' && c == '{' &&
            (word->len == 0 || word->str[word->len - 1] != '$'))
            break;
        take(r);
        if (quote != '\0' && c == quote)
            break;
        if (c == '\\')
            take_escaped(r, word);
        else
            g_string_append_c(word, c);
    }
    return g_string_free(word, FALSE);
}

/* ---- directives ---- */

/* The body of content_by_lua_block { ... }, which has words of its own. */
static void
skip_foreign(struct reader *r)
{
    int open = 1;

    while (has(r) && open > 0) {
        char c = take(r);

        open += c == '{' ? 1 : c == '}' ? -1 : 0;
    }
}

static int
is_foreign(const struct gl_nginx_word *word)
{
    return g_str_has_suffix(gl_nginx_arg(word, 0), "_by_lua_block");
}

static int
include_file(struct reader *r, struct gl_nginx_word *in,
             const struct gl_nginx_file *file)
{
    struct reader inner = *r;

    inner.file = file;
    inner.at = 0;
    inner.line = 1;
    if (++inner.depth > DEPTH_MAX)
        return refuse(r, "files include one another too deep");
    return read_block(&inner, in, 1);
}

/* "include PATTERN;": the files it means, in their order. */
static int
follow_include(struct reader *r, struct gl_nginx_word *in,
               const struct gl_nginx_word *word)
{
    const struct gl_nginx_file *first = r->nginx->files->pdata[0];
    const char *pattern = gl_nginx_arg(word, 1);
    g_autofree char *folder = g_path_get_dirname(first->path);
    g_autofree char *path = pattern[0] == '/'
                                ? g_strdup(pattern)
                                : g_build_filename(folder, pattern, NULL);
    int rc = 0;

    for (guint i = 0; rc == 0 && i < r->nginx->files->len; i++) {
        const struct gl_nginx_file *file = r->nginx->files->pdata[i];

        if (strcmp(path, file->path) == 0 ||
            fnmatch(path, file->path, FNM_PATHNAME | FNM_PERIOD) == 0)
            rc = include_file(r, in, file);
    }
    return rc;
}

static int
read_directive(struct reader *r, struct gl_nginx_word *in)
{
    struct gl_nginx_word *word = new_word(r, in);

    g_ptr_array_add(in->inside, word);
    if (++*r->words > WORDS_MAX)
        return refuse(r, "too many directives");
    for (;;) {
        skip_space(r);
        if (!has(r))
            return refuse(r, "a directive does not end");
        if (peek(r) == ';' || peek(r) == '{')
            break;
        if (peek(r) == '}')
            return refuse(r, "a directive ends in \"}\"");
        g_ptr_array_add(word->words, read_argument(r));
    }
    if (take(r) == ';') {
        word->body = word->end = r->at;
        return gl_nginx_is(word, "include") ? follow_include(r, in, word) : 0;
    }
    word->body = r->at;
    word->inside = g_ptr_array_new_with_free_func(free_word);
    if (is_foreign(word)) {
        skip_foreign(r);
    } else {
        if (++r->depth > DEPTH_MAX)
            return refuse(r, "blocks are nested too deep");
        if (read_block(r, word, 0) != 0)
            return -1;
        r->depth--;
    }
    word->end = r->at;
    return 0;
}

/* TOP: to the end of the file; else to its '}'. */
static int
read_block(struct reader *r, struct gl_nginx_word *in, int top)
{
    for (;;) {
        skip_space(r);
        if (!has(r))
            return top ? 0 : refuse(r, "a block does not end");
        if (peek(r) == '}') {
            if (top)
                return refuse(r, "\"}\" ends no block");
            take(r);
            return 0;
        }
        if (read_directive(r, in) != 0)
            return -1;
    }
}

/* ---- the whole ---- */

static void
free_file(void *data)
{
    struct gl_nginx_file *file = data;

    g_free(file->path);
    g_free(file->text);
    g_free(file);
}

/* The next "# configuration file PATH:" that begins a line, or NULL. */
static const char *
next_head(const char *text, const char *end)
{
    const char *at = text;

    while (at < end && (at = memmem(at, (size_t) (end - at), HEAD,
                                    strlen(HEAD))) != NULL) {
        const char *line = memchr(at, '\n', (size_t) (end - at));

        if ((at == text || at[-1] == '\n') && line != NULL &&
            line[-1] == ':' && at[strlen(HEAD)] == '/')
            return at;
        at += strlen(HEAD);
    }
    return NULL;
}

/* Each file is followed by a line break of nginx's. */
static void
split_files(struct gl_nginx *nginx, const char *text, size_t len)
{
    const char *end = text + len, *head = next_head(text, end);

    while (head != NULL) {
        const char *path = head + strlen(HEAD);
        const char *line = memchr(path, '\n', (size_t) (end - path));
        const char *body = line + 1, *next = next_head(body, end);
        const char *stop = next == NULL ? end : next;
        struct gl_nginx_file *file = g_new0(struct gl_nginx_file, 1);

        file->path = g_strndup(path, (gsize) (line - 1 - path));
        file->len = (size_t) (stop - body);
        if (file->len > 0 && body[file->len - 1] == '\n')
            file->len--;
        file->text = g_strndup(body, file->len);
        g_ptr_array_add(nginx->files, file);
        head = next;
    }
}

struct gl_nginx *
gl_nginx_read(const char *text, size_t len, char *why, size_t why_len)
{
    struct gl_nginx *nginx = g_new0(struct gl_nginx, 1);
    struct reader r = {
        .nginx = nginx, .line = 1, .why = why, .why_len = why_len};
    int words = 0;

    nginx->files = g_ptr_array_new_with_free_func(free_file);
    split_files(nginx, text, len);
    nginx->tree = new_word(&r, NULL);
    nginx->tree->inside = g_ptr_array_new_with_free_func(free_word);
    if (nginx->files->len == 0) {
        snprintf(why, why_len, "nginx -T told no configuration");
        gl_nginx_free(nginx);
        return NULL;
    }
    r.words = &words;
    r.file = nginx->tree->file = nginx->files->pdata[0];
    if (read_block(&r, nginx->tree, 1) != 0) {
        gl_nginx_free(nginx);
        return NULL;
    }
    return nginx;
}

void
gl_nginx_free(struct gl_nginx *nginx)
{
    if (nginx == NULL)
        return;
    free_word(nginx->tree);
    g_ptr_array_unref(nginx->files);
    g_free(nginx);
}

const char *
gl_nginx_arg(const struct gl_nginx_word *word, guint n)
{
    return n < word->words->len ? word->words->pdata[n] : "";
}

int
gl_nginx_is(const struct gl_nginx_word *word, const char *name)
{
    return strcmp(gl_nginx_arg(word, 0), name) == 0;
}

const struct gl_nginx_word *
gl_nginx_in(const struct gl_nginx_word *in, const char *name)
{
    return gl_nginx_in_with(in, name, NULL);
}

const struct gl_nginx_word *
gl_nginx_in_with(const struct gl_nginx_word *in, const char *name,
                 const char *arg)
{
    for (guint i = 0; in->inside != NULL && i < in->inside->len; i++) {
        const struct gl_nginx_word *one = in->inside->pdata[i];

        if (gl_nginx_is(one, name) &&
            (arg == NULL || strcmp(gl_nginx_arg(one, 1), arg) == 0))
            return one;
    }
    return NULL;
}

void
gl_nginx_walk(const struct gl_nginx_word *in,
              void (*each)(void *arg, const struct gl_nginx_word *word),
              void *arg)
{
    for (guint i = 0; in->inside != NULL && i < in->inside->len; i++) {
        each(arg, in->inside->pdata[i]);
        gl_nginx_walk(in->inside->pdata[i], each, arg);
    }
}
