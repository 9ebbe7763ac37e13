/*
 * Where the log of several machines goes, by what its servers say themselves:
 * the answers of "glinto-postgresql servers" (log/servers.h).
 */

#include "deploy/residency.h"

#include <jansson.h>
#include <stdarg.h>
#include <string.h>

/* One server, and where the file names it. */
struct asked {
    struct gl_residency *r;
    const char *where, *key, *host;
    int line;
    const json_t *all; /* servers */
    const json_t *is;  /* this one */
};

static void say(const struct asked *a, enum gl_finding_kind kind,
                const char *format, ...) __attribute__((format(printf, 3, 4)));

static void
say(const struct asked *a, enum gl_finding_kind kind, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    gl_residency_add(a->r, kind, a->where, a->line, "%s: %s %s", a->key,
                     a->host, text);
    g_free(text);
}

static const char *
text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

/* HOST, which this server speaks with as WHAT. */
static void
look_at_host(const struct asked *a, const char *what, const char *host)
{
    char *whole;

    if (gl_residency_is_local(host)) {
        say(a, GL_CHECKED, "(%s) stays on its machine", what);
        return;
    }
    whole = g_strdup_printf("%s: %s (%s)", a->key, a->host, what);
    gl_residency_target(a->r, a->where, a->line, whole, host);
    g_free(whole);
}

/* ---- who streams from it ---- */

static int
is_asked(const struct asked *a, const char *address)
{
    size_t i;
    json_t *one;

    json_array_foreach (a->all, i, one)
        if (strcmp(text_of(one, "address"), address) == 0 &&
            json_object_get(one, "error") == NULL)
            return 1;
    return 0;
}

/* What proves who it is. */
static void
look_at_proof(const struct asked *a, const char *name, const json_t *stream)
{
    const char *issuer = text_of(stream, "issuer");

    if (!json_is_true(json_object_get(stream, "tls")))
        say(a, GL_REFUSED, "streams to %s without TLS", name);
    else if (issuer[0] == '\0')
        say(a, GL_REFUSED, "streams to %s, which showed no certificate", name);
    else if (!gl_policy_has(a->r->policy->authorities, issuer))
        say(a, GL_REFUSED,
            "streams to %s, whose certificate is of another authority: no "
            "\"authority\" is %s",
            name, issuer);
    else
        say(a, GL_CHECKED, "streams to %s by a certificate of %s", name,
            issuer);
}

static void
look_at_stream(const struct asked *a, const json_t *stream)
{
    const char *name = text_of(stream, "name");
    const char *address = text_of(stream, "address");
    char *what = g_strdup_printf("standby %s", name);

    look_at_host(a, what, address);
    g_free(what);
    if (gl_residency_is_local(address))
        return;
    look_at_proof(a, name, stream);
    if (!is_asked(a, address))
        say(a, GL_DECLARED,
            "streams to %s, which glinto.conf does not name: it was not asked "
            "where it sends",
            name);
}

/* ---- what else it does ---- */

/* The first word of COMMAND is its program, when that is all that runs. */
static void
look_at_archive(const struct asked *a, const char *command)
{
    char **words = NULL;
    const GPtrArray *programs = a->r->policy->programs;
    int simple = strpbrk(command, ";|&$`<>()\n") == NULL &&
                 g_shell_parse_argv(command, NULL, &words, NULL);
    int declared = 0;

    for (guint i = 0; simple && i < programs->len; i++)
        declared |= strcmp(programs->pdata[i], words[0]) == 0;
    if (command[0] == '\0')
        say(a, GL_CHECKED, "archives nothing");
    else if (declared)
        say(a, GL_DECLARED, "archives by %s, to allowed countries alone",
            words[0]);
    else if (simple)
        say(a, GL_REFUSED,
            "archives by %s, and no \"program\" of the policy names it",
            words[0]);
    else
        say(a, GL_REFUSED,
            "archives by more than one program, of which where they send "
            "cannot be read: %s",
            command);
    g_strfreev(words);
}

static void
look_at_foreign(const struct asked *a, const json_t *foreign)
{
    const json_t *hosts = json_object_get(foreign, "hosts");
    char *what =
        g_strdup_printf("foreign server %s", text_of(foreign, "name"));
    size_t i;
    json_t *one;

    if (json_array_size(hosts) == 0)
        say(a, GL_REFUSED, "has the %s, which names no host", what);
    json_array_foreach (hosts, i, one) {
        char **list = g_strsplit(json_string_value(one), ",", -1);

        for (int n = 0; list[n] != NULL; n++)
            look_at_host(a, what, list[n]);
        g_strfreev(list);
    }
    g_free(what);
}

static void
look_at_facts(const struct asked *a)
{
    size_t i;
    json_t *one;

    say(a, GL_CHECKED, "answers, %s",
        json_is_true(json_object_get(a->is, "standby")) ? "a hot standby"
                                                        : "the primary");
    json_array_foreach (json_object_get(a->is, "streams"), i, one)
        look_at_stream(a, one);
    if (json_is_string(json_object_get(a->is, "from")))
        look_at_host(a, "its primary", text_of(a->is, "from"));
    json_array_foreach (json_object_get(a->is, "slots"), i, one)
        say(a, GL_REFUSED,
            "keeps its log for the slot %s, of which nobody is connected: "
            "where that is cannot be seen",
            json_string_value(one));
    look_at_archive(a, text_of(a->is, "archive"));
    json_array_foreach (json_object_get(a->is, "subscriptions"), i, one)
        say(a, GL_REFUSED,
            "has the subscription %s, to a server that it does not tell",
            json_string_value(one));
    json_array_foreach (json_object_get(a->is, "foreign"), i, one)
        look_at_foreign(a, one);
    json_array_foreach (json_object_get(a->is, "programs"), i, one)
        say(a, GL_REFUSED,
            "has the %s: where its programs send cannot be read",
            json_string_value(one));
}

static void
look_at_server(const struct asked *a)
{
    const char *error = text_of(a->is, "error");

    if (strstr(error, "certificate verify failed") != NULL)
        say(a, GL_REFUSED,
            "shows a certificate of another authority: nothing is sent to it");
    else if (strstr(error, "does not match host name") != NULL)
        say(a, GL_REFUSED, "shows a certificate of another host: %s", error);
    else if (error[0] != '\0')
        say(a, GL_REFUSED, "was not asked where it sends: %s", error);
    else if (!json_is_true(json_object_get(a->is, "monitor")))
        say(a, GL_REFUSED,
            "does not tell this user who is connected: GRANT pg_monitor TO "
            "it");
    else
        look_at_facts(a);
}

/* Lines of "log", "follow" and "cluster". */
struct lines {
    int log, follow, cluster;
};

static void
note_line(void *arg, int line, const char *key, const char *value)
{
    struct lines *lines = arg;

    (void) value;
    if (strcmp(key, "log") == 0)
        lines->log = line;
    else if (strcmp(key, "follow") == 0)
        lines->follow = line;
    else if (strcmp(key, "cluster") == 0)
        lines->cluster = line;
}

/* That of KEY. */
static int
line_of(const struct lines *lines, const char *key)
{
    if (strcmp(key, "cluster") == 0)
        return lines->cluster;
    return strcmp(key, "log") == 0 ? lines->log : lines->follow;
}

void
gl_residency_servers(struct gl_residency *r, const char *path,
                     const char *text, const char *said)
{
    struct lines lines = {0, 0, 0};
    json_t *all = json_loads(said, 0, NULL);
    const json_t *servers = json_object_get(all, "servers");
    size_t i;
    json_t *one;

    gl_policy_lines(text, note_line, &lines);
    if (!json_is_array(servers))
        gl_residency_add(r, GL_REFUSED, path, MAX(lines.log, lines.follow),
                         "glinto-postgresql does not say what its servers do: "
                         "%.300s",
                         said);
    json_array_foreach (servers, i, one) {
        const char *key = text_of(one, "key");
        const struct asked a = {
            r,       path, key, text_of(one, "host"), line_of(&lines, key),
            servers, one};

        look_at_server(&a);
    }
    json_decref(all);
}
