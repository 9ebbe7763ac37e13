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

/* "resolver 192.0.2.1 in server", as it is told; the caller's. */
static char *
what_of(const struct gl_nginx_word *word)
{
    const struct gl_nginx_word *in = word->in;
    GString *text = g_string_new(gl_nginx_arg(word, 0));

    if (word->inside == NULL && gl_nginx_arg(word, 1)[0] != '\0')
        g_string_append_printf(text, " %s", gl_nginx_arg(word, 1));
    if (in != NULL && gl_nginx_arg(in, 0)[0] != '\0') {
        g_string_append_printf(text, " in %s", gl_nginx_arg(in, 0));
        for (guint i = 1; i < in->words->len; i++)
            g_string_append_printf(text, " %s", gl_nginx_arg(in, i));
    }
    return g_string_free(text, FALSE);
}

static void
refuse(const struct look *look, const struct gl_nginx_word *word,
       const char *says)
{
    g_autofree char *what = what_of(word);

    gl_residency_add(look->r, GL_REFUSED, word->file->path, word->line,
                     "%s: %s", what, says);
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
    g_autofree char *host = NULL;

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
    if (in_http(look, "upstream", host) == NULL) {
        g_autofree char *what = what_of(word);
        gl_residency_target(look->r, word->file->path, word->line, what, host);
    }
}

/* access_log and error_log: "syslog:server=ADDRESS,...". */
static void
look_at_log(const struct look *look, const struct gl_nginx_word *word)
{
    const char *to = gl_nginx_arg(word, 1);

    if (!g_str_has_prefix(to, "syslog:"))
        return;
    to = strstr(to, "server=");
    if (to == NULL)
        return;
    g_autofree char *server = g_strndup(to + 7, strcspn(to + 7, ","));
    target(look, word, server);
}

/* ---- no address where events are taken ---- */

static const char *const addresses[] = {
    "remote_addr", "binary_remote_addr",    "realip_remote_addr",
    "x_forwarded", "proxy_add_x_forwarded", "http_forwarded",
    "x_real_ip",   "proxy_protocol_addr",   "http_cf_connecting_ip"};

/* What of the format NAME is an address; NULL: nothing.  "combined" is nginx's
 * own. */
static const char *
address_in(const struct look *look, const char *name)
{
    const struct gl_nginx_word *format = in_http(look, "log_format", name);

    if (format == NULL)
        return addresses[0];
    for (guint w = 2; w < format->words->len; w++)
        for (size_t a = 0; a < G_N_ELEMENTS(addresses); a++)
            if (strstr(gl_nginx_arg(format, w), addresses[a]) != NULL)
                return addresses[a];
    return NULL;
}

/* The access_log that a block has, its own ones, else those around it: one
 * that writes *ADDRESS, or NULL.  *SAID: there is one. */
static const struct gl_nginx_word *
log_with_address(const struct look *look, const struct gl_nginx_word *in,
                 int *said, const char **address)
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
            *address = address_in(look, format);
            if (*address != NULL)
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
    const char *address = addresses[0];
    int said = 0;
    const struct gl_nginx_word *bad =
        log_with_address(look, word->in, &said, &address);
    g_autofree char *events = what_of(word);

    if (bad == NULL && said) {
        gl_residency_add(look->r, GL_CHECKED, word->file->path, word->line,
                         "%s: no address is logged", gl_nginx_arg(word, 0));
    } else {
        g_autofree char *says =
            g_strdup_printf("logs the address of each visitor ($%s) beside "
                            "the events of %s",
                            address, events);
        refuse(look, bad == NULL ? word : bad, says);
    }
}

/* ---- pages load nothing from elsewhere ---- */

/* The part of the policy that lets something in from elsewhere; the caller's,
 * NULL = none does. */
static char *
lets_in(const char *policy)
{
    static const char *const marks[] = {"*", "http:", "https:", "//", "data:"};
    char *bad = NULL;
    g_auto(GStrv) parts = g_strsplit(policy, ";", -1);

    for (int i = 0; parts[i] != NULL && bad == NULL; i++) {
        const char *part = g_strstrip(parts[i]);

        /* a picture in the page's own bytes comes from nowhere */
        for (size_t m = 0; m < G_N_ELEMENTS(marks) && bad == NULL; m++)
            if (strstr(part, marks[m]) != NULL &&
                !(strcmp(marks[m], "data:") == 0 &&
                  g_str_has_prefix(part, "img-src")))
                bad = g_strdup(part);
    }
    return bad;
}

static void
look_at_header(const struct look *look, const struct gl_nginx_word *word)
{
    const char *name = gl_nginx_arg(word, 1), *value = gl_nginx_arg(word, 2);

    if (g_ascii_strcasecmp(name, "Content-Security-Policy") != 0 ||
        strstr(word->file->path, "glinto") == NULL)
        return;
    g_autofree char *bad = lets_in(value);
    if (bad == NULL && strstr(value, "default-src 'none'") == NULL)
        bad = g_strdup("no default-src 'none'");
    if (bad != NULL) {
        g_autofree char *says =
            g_strdup_printf("lets pages load from elsewhere (%s)", bad);
        refuse(look, word, says);
    } else {
        gl_residency_add(look->r, GL_CHECKED, word->file->path, word->line,
                         "pages load nothing from elsewhere");
    }
}

/* ---- where it writes, what it loads ---- */

#define NGINX_PREFIX "/usr/share/nginx"

static void
look_at_folder(const struct look *look, const struct gl_nginx_word *word)
{
    static const char *const folders[] = {"glinto_spool", "glinto_sites",
                                          "glinto_salt", "proxy_cache_path"};

    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
        if (gl_nginx_is(word, folders[i]))
            gl_residency_path(look->r, word->file->path, word->line,
                              folders[i], gl_nginx_arg(word, 1), NGINX_PREFIX);
}

/* Our module has the tracker in it. */
static void
look_at_module(const struct look *look, const struct gl_nginx_word *word)
{
    const char *name = gl_nginx_arg(word, 1);

    if (!gl_nginx_is(word, "load_module") || strstr(name, "glinto") == NULL)
        return;
    g_autofree char *path = name[0] == '/'
                                ? g_strdup(name)
                                : g_build_filename(NGINX_PREFIX, name, NULL);
    gl_residency_assets(look->r, path, "trackers");
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
    look_at_folder(look, word);
    look_at_module(look, word);
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
