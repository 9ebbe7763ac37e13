/* Each server is asked where its log goes; see servers.h. */

#include "log/servers.h"

#include "clock.h"
#include "log/server.h"

#include <errno.h>
#include <grp.h>
#include <jansson.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Without the role, and with names of others in the way, answers would be of
 * something else. */
static const char prepare[] =
    "SELECT pg_catalog.pg_has_role('pg_monitor', 'USAGE')::int, "
    "pg_catalog.set_config('search_path', 'pg_catalog', false)";

static const char query[] =
    "SELECT json_build_object("
    "'standby', pg_is_in_recovery(), "
    "'streams', (SELECT json_agg(json_build_object("
    "'name', r.application_name, 'address', host(r.client_addr), "
    "'tls', s.ssl, 'issuer', s.issuer_dn) "
    "ORDER BY r.application_name, r.client_addr) "
    "FROM pg_stat_replication r LEFT JOIN pg_stat_ssl s USING (pid)), "
    "'from', (SELECT sender_host FROM pg_stat_wal_receiver), "
    "'slots', (SELECT json_agg(slot_name ORDER BY slot_name) "
    "FROM pg_replication_slots WHERE NOT active), "
    "'archive', CASE WHEN current_setting('archive_mode') <> 'off' THEN "
    "coalesce(nullif(current_setting('archive_library'), ''), "
    "current_setting('archive_command')) END, "
    "'subscriptions', (SELECT json_agg(DISTINCT subname) "
    "FROM pg_subscription), "
    "'foreign', (SELECT json_agg(json_build_object('name', srvname, 'hosts', "
    "(SELECT json_agg(option_value) FROM pg_options_to_table(srvoptions) "
    "WHERE option_name IN ('host', 'hostaddr'))) ORDER BY srvname) "
    "FROM pg_foreign_server), "
    "'programs', (SELECT json_agg(name ORDER BY name) FROM "
    "(SELECT 'language ' || lanname FROM pg_language "
    "WHERE NOT lanpltrusted AND lanname NOT IN ('internal', 'c') "
    "UNION ALL SELECT 'extension ' || extname FROM pg_extension "
    "WHERE extname = 'dblink') AS one (name)))";

/* More than an edge has: who asks can wait.  CONNINFO may say another. */
#define PATIENCE "connect_timeout=10 "

/* ---- one host ---- */

/* What it says, into SERVER: 0, or -1 with .why. */
static int
ask(struct gl_server *connection, json_t *server)
{
    PGresult *result;
    json_t *said;
    int monitor;

    if (gl_server_connect(connection, gl_clock_boot_ms()) != 0)
        return -1;
    json_object_set_new(server, "address",
                        json_string(PQhostaddr(connection->conn)));
    result = gl_server_ask(connection, prepare, 0, NULL, 0);
    if (result == NULL)
        return -1;
    monitor = strcmp(PQgetvalue(result, 0, 0), "1") == 0;
    PQclear(result);
    json_object_set_new(server, "monitor", json_boolean(monitor));
    if (!monitor)
        return 0;
    result = gl_server_ask(connection, query, 0, NULL, 0);
    if (result == NULL)
        return -1;
    said = json_loads(PQgetvalue(result, 0, 0), 0, NULL);
    PQclear(result);
    if (said == NULL)
        g_strlcpy(connection->why, "its answer is no JSON",
                  sizeof connection->why);
    else
        json_object_update(server, said);
    json_decref(said);
    return said == NULL ? -1 : 0;
}

/* One value of libpq's words, quoted. */
static void
add_word(GString *words, const char *key, const char *value)
{
    g_string_append_printf(words, " %s='", key);
    for (; *value != '\0'; value++) {
        if (*value == '\'' || *value == '\\')
            g_string_append_c(words, '\\');
        g_string_append_c(words, *value);
    }
    g_string_append_c(words, '\'');
}

/* ---- all hosts ---- */

/* Where libpq may connect to: lists, of which one value may stand for all. */
#define KEYS 3
static const char *const keys[KEYS] = {"host", "hostaddr", "port"};

struct hosts {
    char **values[KEYS];
    guint n;
};

static void
read_hosts(struct hosts *hosts, const char *conninfo)
{
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);

    *hosts = (struct hosts){.n = 1};
    for (int k = 0; k < KEYS; k++) {
        const char *value = "";

        for (PQconninfoOption *o = options; o != NULL && o->keyword; o++)
            if (strcmp(o->keyword, keys[k]) == 0 && o->val != NULL)
                value = o->val;
        hosts->values[k] = g_strsplit(value, ",", -1);
        hosts->n = MAX(hosts->n, g_strv_length(hosts->values[k]));
    }
    PQconninfoFree(options);
}

static const char *
value_of(char *const *values, guint i)
{
    guint n = g_strv_length((char **) (uintptr_t) values);

    return n == 0 ? "" : values[MIN(i, n - 1)];
}

/* The servers of CONNINFO, the value of KEY, that are not in SEEN. */
static void
ask_all(json_t *servers, GHashTable *seen, const char *key,
        const char *conninfo)
{
    struct hosts hosts;

    read_hosts(&hosts, conninfo);
    for (guint i = 0; i < hosts.n; i++) {
        const char *host = value_of(hosts.values[0], i);
        GString *words = g_string_new("");
        struct gl_server connection;
        json_t *server;

        for (int k = 0; k < KEYS; k++)
            add_word(words, keys[k], value_of(hosts.values[k], i));
        if (g_hash_table_add(seen, g_strdup(words->str))) {
            if (host[0] == '\0')
                host = value_of(hosts.values[1], i);
            server = json_pack("{s:s, s:s}", "key", key, "host", host);
            g_string_prepend(words, conninfo);
            g_string_prepend(words, PATIENCE);
            gl_server_init(&connection, words->str, "any", -1);
            if (ask(&connection, server) != 0)
                json_object_set_new(server, "error",
                                    json_string(connection.why));
            gl_server_close(&connection);
            json_array_append_new(servers, server);
        }
        g_string_free(words, TRUE);
    }
    for (int k = 0; k < KEYS; k++)
        g_strfreev(hosts.values[k]);
}

/* Keys and passwords are its, and a server may know it by its user. */
static int
become_owner(const char *data)
{
    struct stat st;
    const struct passwd *owner;

    if (geteuid() != 0 || stat(data, &st) != 0 || st.st_uid == 0)
        return 0;
    owner = getpwuid(st.st_uid);
    if (owner == NULL)
        return -1;
    g_setenv("HOME", owner->pw_dir, TRUE);
    return initgroups(owner->pw_name, owner->pw_gid) == 0 &&
                   setgid(owner->pw_gid) == 0 && setuid(owner->pw_uid) == 0
               ? 0
               : -1;
}

int
gl_servers_print(const struct gl_conf *conf)
{
    json_t *servers = json_array(), *all;
    GHashTable *seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    if (become_owner(conf->data) != 0) {
        fprintf(stderr, "glinto-postgresql: cannot become the owner of %s\n",
                conf->data);
        exit(EXIT_FAILURE);
    }
    if (conf->log[0] != '\0' && !conf->log_is_cluster)
        ask_all(servers, seen, "log", conf->log);
    for (int i = 0; i < conf->cluster.n; i++)
        ask_all(servers, seen, "cluster", conf->cluster.primaries[i].conninfo);
    if (conf->follow[0] != '\0')
        ask_all(servers, seen, "follow", conf->follow);
    all = json_pack("{s:o}", "servers", servers);
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
    g_hash_table_destroy(seen);
    return EXIT_SUCCESS;
}
