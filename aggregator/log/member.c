/* Which primary a database is; see member.h. */

#include "log/member.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a database says of itself. */
struct self {
    char id[40];
    char name[GL_CLUSTER_NAME_MAX];  /* "" = it has none yet */
    char first[GL_CLUSTER_NAME_MAX]; /* the first of its cluster, "" = the
                                        same */
    char first_id[40];
};

static const char select_self[] =
    "SELECT h.id, h.name, coalesce(f.name, ''), coalesce(f.id::text, '') FROM "
    "member h LEFT JOIN member f ON f.first WHERE h.here";

static const char name_first[] =
    "UPDATE member SET name = $1, first = true WHERE here AND name = ''";
static const char set_name[] =
    "UPDATE member SET name = $1 WHERE here AND name = ''";
static const char add_first[] =
    "INSERT INTO member (id, name, first) VALUES ($1::uuid, $2, true) "
    "ON CONFLICT DO NOTHING";
static const char add_other[] =
    "INSERT INTO member (id, name) VALUES ($1::uuid, $2) "
    "ON CONFLICT DO NOTHING";
/* 1 = it is that one. */
static const char select_same[] =
    "SELECT count(*) FROM member WHERE id = $1::uuid AND name = $2";

/* -1 with the sentence in .why. */
#define DISAGREE(server, ...)                                                 \
    (snprintf((server)->why, sizeof(server)->why, __VA_ARGS__),               \
     (server)->disagrees = 1, -1)

/* 1; 0 = its tables are of before there were members; -1. */
static int
read_self(struct gl_server *server, struct self *self)
{
    int there = (int) gl_server_number(
        server, "SELECT (to_regclass('member') IS NOT NULL)::int", 0, NULL);
    PGresult *row;

    server->log_id[0] = '\0';
    if (there != 1)
        return there;
    row = gl_server_ask(server, select_self, 0, NULL, 0);
    if (row == NULL)
        return -1;
    memset(self, 0, sizeof *self);
    if (PQntuples(row) > 0) {
        g_strlcpy(self->id, PQgetvalue(row, 0, 0), sizeof self->id);
        g_strlcpy(self->name, PQgetvalue(row, 0, 1), sizeof self->name);
        g_strlcpy(self->first, PQgetvalue(row, 0, 2), sizeof self->first);
        g_strlcpy(self->first_id, PQgetvalue(row, 0, 3),
                  sizeof self->first_id);
    }
    PQclear(row);
    g_strlcpy(server->log_id, self->id, sizeof server->log_id);
    return self->id[0] != '\0';
}

static int
check_alone(struct gl_server *server)
{
    struct self self;
    int there = read_self(server, &self);

    if (there != 1)
        return there;
    if (strcmp(self.name, self.first) == 0)
        return 0;
    return DISAGREE(server,
                    "it is primary \"%s\" of several, and glinto.conf names "
                    "no cluster",
                    self.name);
}

int
gl_member_sends(struct gl_server *server)
{
    struct self self;
    int there = read_self(server, &self), others;

    if (there != 1 || self.name[0] == '\0')
        return MIN(there, 0);
    others = (int) gl_server_number(
        server,
        "SELECT EXISTS (SELECT FROM change WHERE verb = "
        "'account.add' AND args::json->>'primary' <> '')::int",
        0, NULL);
    if (others != 1)
        return others;
    return DISAGREE(server,
                    "it is primary \"%s\" of several, there are accounts of "
                    "others, and glinto.conf names no cluster",
                    self.name);
}

/* The first gets its name from whoever comes first. */
static int
name_it(struct gl_server *server, const char *name, struct self *self)
{
    return gl_server_run(server, name_first, 1, &name) == 0
               ? read_self(server, self)
               : -1;
}

static int
check(struct gl_server *server, const struct gl_cluster *cluster, int place)
{
    const char *name = cluster->primaries[place].name;
    const char *first = cluster->primaries[0].name;
    struct self self;
    int there = read_self(server, &self);

    if (there == 1 && self.name[0] == '\0' && place == 0 &&
        server->attrs != NULL)
        there = name_it(server, name, &self);
    if (there == -1)
        return -1;
    if (there == 0)
        return DISAGREE(server, "its tables are of an older version: "
                                "glinto-postgresql --tables | psql makes what "
                                "is missing");
    if (self.name[0] == '\0' && cluster->n > 1) {
        snprintf(server->why, sizeof server->why,
                 "it does not know yet that it is \"%s\": a "
                 "glinto-postgresql that reaches it and \"%s\" tells it",
                 name, first);
        return -1;
    }
    if (self.name[0] != '\0' && strcmp(self.name, name) != 0)
        return DISAGREE(server,
                        "it is primary \"%s\", not \"%s\": what glinto.conf "
                        "and cluster files say is not one",
                        self.name, name);
    if (self.name[0] != '\0' && strcmp(self.first, first) != 0)
        return DISAGREE(server,
                        "the first primary is \"%s\" there, and \"%s\" in the "
                        "cluster file here",
                        self.first, first);
    return 0;
}

int
gl_member_connect(struct gl_server *server, const struct gl_conf *conf,
                  int place, int64_t boot_ms)
{
    int result;

    if (gl_server_connect(server, boot_ms) != 0)
        return -1;
    if (server->member_of == server->connected_n)
        return 0;
    result = conf->cluster.n == 0 ? check_alone(server)
                                  : check(server, &conf->cluster, place);
    if (result != 0) {
        gl_server_failed(server, boot_ms);
        return -1;
    }
    server->member_of = server->connected_n;
    server->disagrees = 0;
    return 0;
}

/* What failed was FIRST. */
static int
hand_on(const struct gl_server *first, struct gl_server *other)
{
    g_strlcpy(other->why, first->why, sizeof other->why);
    other->disagrees = first->disagrees;
    return -1;
}

/* SELF has the name, as FIRST knows it: 0, or -1. */
static int
enter(struct gl_server *first, struct gl_server *other,
      const struct self *self, const char *name)
{
    const char *values[] = {self->id, name};
    int same = gl_server_run(first, add_other, 2, values) != 0
                   ? -1
                   : (int) gl_server_number(first, select_same, 2, values);

    if (same == -1)
        return hand_on(first, other);
    if (same == 1)
        return 0;
    return DISAGREE(other,
                    "\"%s\" is another database in the cluster files of other "
                    "machines",
                    name);
}

/* OTHER gets its name, and that of its first, HEAD. */
static int
name_other(struct gl_server *other, const char *name, const struct self *head)
{
    const char *values[] = {head->id, head->name};

    return gl_server_run(other, "BEGIN", 0, NULL) == 0 &&
                   gl_server_run(other, set_name, 1, &name) == 0 &&
                   gl_server_run(other, add_first, 2, values) == 0 &&
                   gl_server_run(other, "COMMIT", 0, NULL) == 0
               ? 0
               : -1;
}

int
gl_member_join(struct gl_server *first, struct gl_server *other,
               const struct gl_cluster *cluster, int place)
{
    const char *name = cluster->primaries[place].name;
    struct self head, self;
    int there = read_self(other, &self);

    if (there == 0 || (there == 1 && self.name[0] != '\0'))
        there = check(other, cluster, place) == 0 ? 1 : -1;
    if (there != 1)
        return -1;
    if (read_self(first, &head) != 1)
        return hand_on(first, other);
    if (self.name[0] != '\0' && strcmp(self.first_id, head.id) != 0)
        return DISAGREE(other,
                        "its first primary \"%s\" is another database than "
                        "that of the cluster file here",
                        self.first);
    if (enter(first, other, &self, name) != 0)
        return -1;
    return self.name[0] != '\0' ? 0 : name_other(other, name, &head);
}
