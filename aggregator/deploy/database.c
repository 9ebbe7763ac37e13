/*
 * Where "log", "follow" and "cluster" of glinto.conf connect to, by their words
 * alone: the servers of PostgreSQL that glinto-postgresql speaks with.
 *
 * The words are those of libpq, "key=value" with blanks between; a value with
 * blanks stands between quotes.  What libpq takes from elsewhere, a service
 * file or its environment, cannot be read here and is refused.
 */

#include "deploy/residency.h"

#include "cluster.h"

#include <ctype.h>
#include <string.h>

struct database {
    struct gl_residency *r;
    const char *where, *key;
    int line;
    GHashTable *words;
};

/* The next value at *AT, to be freed; a backslash takes the next as it is. */
static char *
take_value(const char **at)
{
    GString *value = g_string_new(NULL);
    char quote = **at == '\'' ? *(*at)++ : '\0';

    while (**at != '\0' &&
           (quote != '\0' ? **at != quote : !isspace((unsigned char) **at))) {
        if (**at == '\\' && (*at)[1] != '\0')
            ++*at;
        g_string_append_c(value, *(*at)++);
    }
    if (quote != '\0' && **at == quote)
        ++*at;
    return g_string_free(value, FALSE);
}

static void
skip_blanks(const char **at)
{
    while (isspace((unsigned char) **at))
        ++*at;
}

/* The words of TEXT; the last of a key counts, as with libpq. */
static GHashTable *
read_words(const char *text)
{
    GHashTable *words =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    for (skip_blanks(&text); *text != '\0'; skip_blanks(&text)) {
        size_t len = strcspn(text, "= \t");
        char *key = g_strndup(text, len);

        text += len;
        skip_blanks(&text);
        if (*text == '=')
            text++;
        skip_blanks(&text);
        g_hash_table_replace(words, key, take_value(&text));
    }
    return words;
}

static const char *
word(const struct database *d, const char *key)
{
    const char *value = g_hash_table_lookup(d->words, key);

    return value == NULL ? "" : value;
}

int
gl_residency_is_local(const char *host)
{
    return host[0] == '\0' || host[0] == '/' || host[0] == '@' ||
           strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           g_str_has_prefix(host, "127.");
}

/* A network is trusted when the server proves who it is, by an authority of
 * this deployment. */
static void
look_at_proof(const struct database *d, const char *host)
{
    const char *mode = word(d, "sslmode");

    if (strcmp(mode, "verify-full") != 0)
        gl_residency_add(d->r, GL_REFUSED, d->where, d->line,
                         "%s: sslmode is \"%s\", not verify-full: whoever "
                         "answers for %s would be believed",
                         d->key, mode, host);
    else if (strcmp(word(d, "sslrootcert"), "system") == 0)
        gl_residency_add(d->r, GL_REFUSED, d->where, d->line,
                         "%s: sslrootcert=system takes a certificate of any "
                         "authority for %s",
                         d->key, host);
    else
        gl_residency_add(d->r, GL_CHECKED, d->where, d->line,
                         "%s: %s proves who it is (verify-full)", d->key,
                         host);
}

static void
look_at_host(const struct database *d, const char *host)
{
    if (host[0] == '\0' || host[0] == '/' || host[0] == '@') {
        gl_residency_add(d->r, GL_CHECKED, d->where, d->line,
                         "%s is a Unix socket: %s", d->key,
                         host[0] == '\0' ? "libpq's own" : host);
        return;
    }
    gl_residency_target(d->r, d->where, d->line, d->key, host);
    if (!gl_residency_is_local(host))
        look_at_proof(d, host);
}

/* An address outranks the name beside it. */
static void
look_at_hosts(const struct database *d)
{
    g_auto(GStrv) hosts = g_strsplit(word(d, "host"), ",", -1);
    g_auto(GStrv) addresses = g_strsplit(word(d, "hostaddr"), ",", -1);
    guint n = MAX(g_strv_length(hosts), g_strv_length(addresses));

    for (guint i = 0; i < MAX(n, 1); i++) {
        const char *host = i < g_strv_length(hosts) ? hosts[i] : "";
        const char *address = i < g_strv_length(addresses) ? addresses[i] : "";

        look_at_host(d, address[0] != '\0' ? address : host);
    }
}

static void
look_at_words(const struct database *d, const char *words)
{
    if (g_str_has_prefix(words, "postgres:") ||
        g_str_has_prefix(words, "postgresql:"))
        gl_residency_add(d->r, GL_REFUSED, d->where, d->line,
                         "%s is an address of one line: say host=, sslmode= "
                         "and the others",
                         d->key);
    else if (word(d, "service")[0] != '\0')
        gl_residency_add(d->r, GL_REFUSED, d->where, d->line,
                         "%s takes its host from a service file", d->key);
    else
        look_at_hosts(d);
}

struct conf {
    struct gl_residency *r;
    const char *path;
};

static void
look_at_database(struct database *d, const char *words)
{
    d->words = read_words(words);
    look_at_words(d, words);
    g_hash_table_destroy(d->words);
}

char *
gl_residency_beside(const char *path, const char *file)
{
    g_autofree char *folder = g_path_get_dirname(path);

    return file[0] == '/' ? g_strdup(file)
                          : g_build_filename(folder, file, NULL);
}

/* Each primary of the cluster FILE, which LINE names. */
static void
look_at_cluster(const struct conf *conf, int line, const char *file)
{
    g_autofree char *path = gl_residency_beside(conf->path, file);
    struct gl_cluster cluster;
    char why[512];

    if (gl_cluster_read(&cluster, path, why, sizeof why) != 0) {
        gl_residency_add(conf->r, GL_REFUSED, conf->path, line, "cluster: %s",
                         why);
        return;
    }
    for (int i = 0; i < cluster.n; i++) {
        g_autofree char *key =
            g_strdup_printf("cluster %s", cluster.primaries[i].name);
        struct database d = {conf->r, conf->path, key, line, NULL};

        look_at_database(&d, cluster.primaries[i].conninfo);
    }
}

static void
look_at_key(void *arg, int line, const char *key, const char *value)
{
    static const char kind[] = "postgresql ";
    const struct conf *conf = arg;
    struct database d = {conf->r, conf->path, key, line, NULL};

    if (strcmp(key, "cluster") == 0)
        look_at_cluster(conf, line, value);
    if ((strcmp(key, "log") != 0 && strcmp(key, "follow") != 0) ||
        (strcmp(key, "log") == 0 && strcmp(value, "cluster") == 0))
        return;
    if (!g_str_has_prefix(value, kind)) {
        gl_residency_add(d.r, GL_REFUSED, d.where, line,
                         "%s is of a kind that is not known", key);
        return;
    }
    look_at_database(&d, value + sizeof kind - 1);
}

void
gl_residency_databases(struct gl_residency *r, const char *path,
                       const char *text)
{
    struct conf conf = {r, path};

    gl_policy_lines(text, look_at_key, &conf);
}
