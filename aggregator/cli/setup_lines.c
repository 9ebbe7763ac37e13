/* Which server block a site is, and which lines it lacks.  Reads nginx's tree
 * and changes nothing. */

#include "cli/setup.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "/etc/glinto/nginx/"
#define INDENT "    "

/* ---- servers ---- */

static void
add_server(void *arg, const struct gl_nginx_word *word)
{
    if (!gl_nginx_is(word, "server") || word->inside == NULL ||
        !gl_nginx_is(word->in, "http"))
        return;
    const struct gl_nginx_word *returned = gl_nginx_in(word, "return");
    if (returned == NULL || gl_nginx_in(word, "location") != NULL)
        g_ptr_array_add(arg, (struct gl_nginx_word *) (uintptr_t) word);
}

GPtrArray *
gl_setup_servers(const struct gl_nginx *nginx)
{
    GPtrArray *servers = g_ptr_array_new();

    gl_nginx_walk(nginx->tree, add_server, servers);
    return servers;
}

/* Has a "listen" of SERVER the word WORD? */
static const struct gl_nginx_word *
listens(const struct gl_nginx_word *server, const char *word)
{
    for (guint i = 0; i < server->inside->len; i++) {
        const struct gl_nginx_word *one = server->inside->pdata[i];

        for (guint n = 1; gl_nginx_is(one, "listen") && n < one->words->len;
             n++)
            if (word == NULL || strcmp(gl_nginx_arg(one, n), word) == 0)
                return one;
    }
    return NULL;
}

/* 2 = by its name, 1 = by a pattern, 0 = not. */
static int
names(const struct gl_nginx_word *server, const char *domain)
{
    int best = 0;

    for (guint i = 0; i < server->inside->len; i++) {
        const struct gl_nginx_word *one = server->inside->pdata[i];

        for (guint n = 1;
             gl_nginx_is(one, "server_name") && n < one->words->len; n++) {
            const char *name = gl_nginx_arg(one, n);

            if (g_ascii_strcasecmp(name, domain) == 0)
                return 2;
            if (name[0] == '.' && (g_ascii_strcasecmp(name + 1, domain) == 0 ||
                                   g_str_has_suffix(domain, name)))
                best = 1;
            if (strchr(name, '*') != NULL && name[0] != '~' &&
                fnmatch(name, domain, 0) == 0)
                best = 1;
        }
    }
    return best;
}

const struct gl_nginx_word *
gl_setup_server(GPtrArray *servers, const char *domain)
{
    const struct gl_nginx_word *best = NULL;
    int most = -1;

    for (guint i = 0; i < servers->len; i++) {
        const struct gl_nginx_word *server = servers->pdata[i];
        int fits = names(server, domain) * 4 +
                   (listens(server, "default_server") != NULL ? 2 : 0) +
                   (listens(server, "ssl") != NULL ? 1 : 0);

        if (fits > most) {
            most = fits;
            best = server;
        }
    }
    return best;
}

const char *
gl_setup_host(const struct gl_nginx_word *server)
{
    for (guint i = 0; i < server->inside->len; i++) {
        const struct gl_nginx_word *one = server->inside->pdata[i];

        for (guint n = 1;
             gl_nginx_is(one, "server_name") && n < one->words->len; n++) {
            const char *name = gl_nginx_arg(one, n);

            if (strchr(name, '.') != NULL && name[0] != '.' &&
                strpbrk(name, "*~$") == NULL)
                return name;
        }
    }
    return "";
}

char *
gl_setup_origin(const struct gl_setup_site *site)
{
    const struct gl_nginx_word *tls = listens(site->server, "ssl");
    const struct gl_nginx_word *one =
        tls != NULL ? tls : listens(site->server, NULL);
    const char *address = one == NULL ? "80" : gl_nginx_arg(one, 1);
    const char *colon = strrchr(address, ':');
    const char *digits = colon == NULL ? address : colon + 1;
    int port = atoi(digits), usual = tls != NULL ? 443 : 80;

    /* "127.0.0.1" alone, or a socket, has no port to tell. */
    if (port == 0 || digits[strspn(digits, "0123456789")] != '\0')
        port = usual;
    return port == usual
               ? g_strdup_printf("http%s://%s", tls != NULL ? "s" : "",
                                 site->domain)
               : g_strdup_printf("http%s://%s:%d", tls != NULL ? "s" : "",
                                 site->domain, port);
}

/* ---- edits ---- */

static void
free_edit(void *data)
{
    struct gl_setup_edit *edit = data;

    g_free(edit->path);
    g_free(edit->before);
    g_free(edit->after);
    g_free(edit);
}

/* One line for a place in a file. */
struct insertion {
    const struct gl_nginx_file *file;
    size_t at;
    char *text;
};

static void
free_insertion(void *data)
{
    struct insertion *insertion = data;

    g_free(insertion->text);
    g_free(insertion);
}

/* LINES, each with the mark, behind byte AT: on lines of their own. */
static void
insert(GPtrArray *list, const struct gl_nginx_file *file, size_t at,
       const char *indent, const char *const *lines)
{
    GString *text = g_string_new(NULL);
    size_t end = at + strspn(file->text + at, " \t");
    int alone = file->text[end] == '\n' || file->text[end] == '#' || at == 0 ||
                file->text[at - 1] == '\n';
    struct insertion *one = g_new0(struct insertion, 1);

    if (!alone)
        g_string_append_c(text, '\n');
    for (; *lines != NULL; lines++)
        g_string_append_printf(text, "%s%s " GL_SETUP_MARK "\n", indent,
                               *lines);
    if (alone && at > 0 && file->text[at - 1] != '\n') {
        at = end + strcspn(file->text + end, "\n");
        at += file->text[at] == '\n';
    }
    one->file = file;
    one->at = at;
    one->text = g_string_free(text, FALSE);
    g_ptr_array_add(list, one);
}

/* http {} and what is around it. */
static void
insert_in_main(GPtrArray *list, const struct gl_nginx *nginx)
{
    static const char *const main_lines[] = {"worker_shutdown_timeout 30s;",
                                             NULL};
    static const char *const http_lines[] = {"include " FOLDER "http.conf;",
                                             NULL};
    const struct gl_nginx_word *http = gl_nginx_in(nginx->tree, "http");

    if (gl_nginx_in(nginx->tree, "worker_shutdown_timeout") == NULL)
        insert(list, http->file, http->begin, "", main_lines);
    if (gl_nginx_in(http, "glinto_spool") == NULL)
        insert(list, http->file, http->body, INDENT, http_lines);
}

static void
insert_in_server(GPtrArray *list, const struct gl_setup_site *site)
{
    const struct gl_nginx_word *server = site->server;
    const struct gl_nginx_word *name = gl_nginx_in(server, "server_name");
    g_autofree char *of_site =
        g_strdup_printf("glinto_site %s;", site->domain);
    const char *lines[4] = {NULL};
    int n = 0;
    /* One that came by an include is in a file of its own. */
    const struct gl_nginx_word *behind =
        name != NULL && name->file == server->file ? name : NULL;

    if (gl_nginx_in(server, "glinto_site") == NULL)
        lines[n++] = of_site;
    if (gl_nginx_in_with(server, "include", FOLDER "locations.conf") == NULL)
        lines[n++] = "include " FOLDER "locations.conf;";
    if (site->inject &&
        gl_nginx_in_with(server, "include", FOLDER "inject.conf") == NULL)
        lines[n++] = "include " FOLDER "inject.conf;";
    if (n > 0)
        insert(list, server->file, behind != NULL ? behind->end : server->body,
               INDENT, lines);
}

/* The edit of FILE, made when there is none. */
static struct gl_setup_edit *
edit_of(GPtrArray *edits, const struct gl_nginx_file *file)
{
    char *real = realpath(file->path, NULL);
    const char *path = real == NULL ? file->path : real;
    struct gl_setup_edit *edit = NULL;

    for (guint i = 0; i < edits->len && edit == NULL; i++)
        if (strcmp(((struct gl_setup_edit *) edits->pdata[i])->path, path) ==
            0)
            edit = edits->pdata[i];
    if (edit == NULL) {
        edit = g_new0(struct gl_setup_edit, 1);
        edit->path = g_strdup(path);
        edit->before = g_strdup(file->text);
        edit->after = g_strdup(file->text);
        g_ptr_array_add(edits, edit);
    }
    free(real);
    return edit;
}

static int
from_behind(const void *a, const void *b)
{
    const struct insertion *one = *(const struct insertion *const *) a;
    const struct insertion *other = *(const struct insertion *const *) b;

    return one->at < other->at ? 1 : one->at > other->at ? -1 : 0;
}

GPtrArray *
gl_setup_edits(const struct gl_nginx *nginx, const struct gl_setup_site *site)
{
    GPtrArray *edits = g_ptr_array_new_with_free_func(free_edit);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_insertion);

    insert_in_main(list, nginx);
    insert_in_server(list, site);
    g_ptr_array_sort(list, from_behind);
    for (guint i = 0; i < list->len; i++) {
        const struct insertion *one = list->pdata[i];
        struct gl_setup_edit *edit = edit_of(edits, one->file);
        GString *text = g_string_new(edit->after);

        g_string_insert(text, (gssize) one->at, one->text);
        g_free(edit->after);
        edit->after = g_string_free(text, FALSE);
    }
    return edits;
}
