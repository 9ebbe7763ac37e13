/* How far an edge was with one primary; see before.h. */

#include "log/before.h"

#include "clock.h"
#include "log/member.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct gl_before {
    const struct gl_conf *conf;
    struct gl_server server;
};

struct gl_before *
gl_before_new(const struct gl_conf *conf, int stop_fd)
{
    struct gl_before *before = g_new0(struct gl_before, 1);

    before->conf = conf;
    gl_server_init(&before->server, conf->cluster.primaries[0].conninfo,
                   "read-write", stop_fd);
    return before;
}

void
gl_before_free(struct gl_before *before)
{
    if (before == NULL)
        return;
    gl_server_close(&before->server);
    g_free(before);
}

/* Of all edges: this one may have had another name.  A turn of which the
 * commit waits for a standby is not to be seen, and will be: the lock waits
 * for it.  NULL with .why. */
static PGresult *
ask_server(struct gl_before *before)
{
    struct gl_server *server = &before->server;

    if (gl_member_connect(server, before->conf, 0, gl_clock_boot_ms()) != 0 ||
        gl_server_run(server, "BEGIN", 0, NULL) != 0 ||
        gl_server_run(server, "LOCK TABLE sent IN SHARE MODE", 0, NULL) != 0)
        return NULL;
    return gl_server_ask(server,
                         "SELECT encode(seg, 'hex'), upto FROM sent WHERE "
                         "gone IS NULL",
                         0, NULL, 0);
}

static int
ask(void *arg,
    void (*each)(void *each_arg, const uint8_t seg[GL_SEGMENT_ID_BYTES],
                 uint32_t upto),
    void *each_arg, char *why, size_t why_len)
{
    struct gl_before *before = arg;
    PGresult *rows = ask_server(before);
    uint8_t id[GL_SEGMENT_ID_BYTES];
    size_t n;

    for (int i = 0; i < (rows == NULL ? 0 : PQntuples(rows)); i++) {
        const char *hex = PQgetvalue(rows, i, 0);

        if (sodium_hex2bin(id, sizeof id, hex, strlen(hex), NULL, &n, NULL) ==
                0 &&
            n == sizeof id)
            each(each_arg, id,
                 (uint32_t) strtoul(PQgetvalue(rows, i, 1), NULL, 10));
    }
    if (rows == NULL)
        g_strlcpy(why, before->server.why, why_len);
    PQclear(rows);
    gl_server_close(&before->server);
    return rows == NULL ? -1 : 0;
}

struct gl_split_before
gl_before_split(struct gl_before *before)
{
    return (struct gl_split_before){ask, before};
}
