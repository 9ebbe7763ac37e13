/*
 * Findings about nginx: every directive that can send something somewhere, and
 * whether addresses of visitors are logged where events are taken.
 */

#include "deploy/residency.h"

#include <stdlib.h>
#include <string.h>

struct look {
    struct gl_residency *r;
    const struct gl_nginx *nginx;
};

static void
refuse(const struct look *look, const struct gl_nginx_word *word,
       const char *says)
{
    gl_residency_add(look->r, GL_REFUSED, word->file->path, word->line,
                     "%s %s: %s", gl_nginx_arg(word, 0), gl_nginx_arg(word, 1),
                     says);
}

/* "WHAT NAME ..." of http {}, or NULL. */
static const struct gl_nginx_word *
in_http(const struct look *look, const char *what, const char *name)
{
    const struct gl_nginx_word *http = gl_nginx_in(look->nginx->tree, "http");

    return http == NULL ? NULL : gl_nginx_in_with(http, what, name);
}

/* "http://host:port/path", "[::1]:80", "unix:/path", "host". */
static void
target(const struct look *look, const struct gl_nginx_word *word,
       const char *text)
{
    const char *scheme = strstr(text, "://");
    const char *at = scheme == NULL ? text : scheme + 3;
    char *host;

    if (g_str_has_prefix(at, "unix:")) {
        gl_residency_add(look->r, GL_CHECKED, word->file->path, word->line,
                         "%s %s is a Unix socket", gl_nginx_arg(word, 0), at);
        return;
    }
    if (at[0] == '[')
        host = g_strndup(at + 1, strcspn(at + 1, "]"));
    else
        host = g_strndup(at, strcspn(at, ":/"));
    /* servers of an upstream {} are looked at by themselves */
    if (in_http(look, "upstream", host) == NULL)
        gl_residency_target(look->r, word->file->path, word->line, host);
    g_free(host);
}

/* access_log and error_log: "syslog:server=ADDRESS,...". */
static void
look_at_log(const struct look *look, const struct gl_nginx_word *word)
{
    const char *to = gl_nginx_arg(word, 1);
    char *server;

    if (!g_str_has_prefix(to, "syslog:"))
        return;
    to = strstr(to, "server=");
    if (to == NULL)
        return;
    server = g_strndup(to + 7, strcspn(to + 7, ","));
    target(look, word, server);
    g_free(server);
}

/* ---- no address where events are taken ---- */

static const char *const addresses[] = {
    "remote_addr", "binary_remote_addr",    "realip_remote_addr",
    "x_forwarded", "proxy_add_x_forwarded", "http_forwarded",
    "x_real_ip",   "proxy_protocol_addr",   "http_cf_connecting_ip"};

/* Does the format NAME write an address?  "combined" is nginx's own. */
static int
has_address(const struct look *look, const char *name)
{
    const struct gl_nginx_word *format = in_http(look, "log_format", name);

    if (format == NULL)
        return 1;
    for (guint w = 2; w < format->words->len; w++)
        for (size_t a = 0; a < G_N_ELEMENTS(addresses); a++)
            if (strstr(gl_nginx_arg(format, w), addresses[a]) != NULL)
                return 1;
    return 0;
}

/* The access_log that a block has: its own ones, else those around it. */
static const struct gl_nginx_word *
log_with_address(const struct look *look, const struct gl_nginx_word *in,
                 int *said)
{
    for (; in != NULL; in = in->in) {
        int own = 0;

        for (guint i = 0; i < in->inside->len; i++) {
            const struct gl_nginx_word *one = in->inside->pdata[i];
            const char *format = gl_nginx_arg(one, 2);

            if (!gl_nginx_is(one, "access_log"))
                continue;
            own = *said = 1;
            if (strcmp(gl_nginx_arg(one, 1), "off") == 0)
                return NULL;
            if (format[0] == '\0' || strchr(format, '=') != NULL)
                format = "combined";
            if (has_address(look, format))
                return one;
        }
        if (own)
            return NULL;
    }
    return NULL;
}

static void
look_at_collect(const struct look *look, const struct gl_nginx_word *word)
{
    int said = 0;
    const struct gl_nginx_word *bad = log_with_address(look, word->in, &said);

    if (bad == NULL && said)
        gl_residency_add(look->r, GL_CHECKED, word->file->path, word->line,
                         "%s: no address is logged", gl_nginx_arg(word, 0));
    else
        refuse(look, bad == NULL ? word : bad,
               "logs the address of each visitor beside his events");
}

/* ---- pages load nothing from elsewhere ---- */

static void
look_at_header(const struct look *look, const struct gl_nginx_word *word)
{
    const char *name = gl_nginx_arg(word, 1), *value = gl_nginx_arg(word, 2);

    if (g_ascii_strcasecmp(name, "Content-Security-Policy") != 0 ||
        strstr(word->file->path, "glinto") == NULL)
        return;
    if (strstr(value, "default-src 'none'") == NULL ||
        strchr(value, '*') != NULL || strstr(value, "http:") != NULL ||
        strstr(value, "https:") != NULL || strstr(value, "//") != NULL)
        refuse(look, word, "lets pages load from elsewhere");
    else
        gl_residency_add(look->r, GL_CHECKED, word->file->path, word->line,
                         "pages load nothing from elsewhere");
}

/* ---- all ---- */

static void
look_at(void *arg, const struct gl_nginx_word *word)
{
    static const char *const passes[] = {
        "proxy_pass",    "fastcgi_pass",
        "uwsgi_pass",    "scgi_pass",
        "grpc_pass",     "memcached_pass",
        "glinto_socket", "ssl_stapling_responder",
        "js_fetch_proxy"};
    const struct look *look = arg;
    const char *name = gl_nginx_arg(word, 0);

    for (size_t i = 0; i < G_N_ELEMENTS(passes); i++)
        if (strcmp(name, passes[i]) == 0)
            target(look, word, gl_nginx_arg(word, 1));
    if (strcmp(name, "resolver") == 0)
        for (guint i = 1; i < word->words->len; i++)
            if (strchr(gl_nginx_arg(word, i), '=') == NULL)
                target(look, word, gl_nginx_arg(word, i));
    if (strcmp(name, "server") == 0 && word->inside == NULL)
        target(look, word, gl_nginx_arg(word, 1));
    if (strcmp(name, "access_log") == 0 || strcmp(name, "error_log") == 0)
        look_at_log(look, word);
    if (strcmp(name, "glinto_collect") == 0 ||
        strcmp(name, "glinto_pixel") == 0)
        look_at_collect(look, word);
    if (strcmp(name, "add_header") == 0)
        look_at_header(look, word);
    if (g_str_has_suffix(name, "_by_lua_block") ||
        g_str_has_suffix(name, "_by_lua_file") || strcmp(name, "perl") == 0 ||
        strcmp(name, "js_content") == 0 || strcmp(name, "js_access") == 0)
        refuse(look, word, "is a program, and what it sends is not known");
}

void
gl_residency_nginx(struct gl_residency *r, const struct gl_nginx *nginx)
{
    struct look look = {r, nginx};

    gl_nginx_walk(nginx->tree, look_at, &look);
}
