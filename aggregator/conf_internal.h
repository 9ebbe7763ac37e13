/* The keys of conf.c, and how a value of each kind is read. */

#ifndef GL_CONF_INTERNAL_H
#define GL_CONF_INTERNAL_H

#include "conf.h"

#include <stddef.h>

enum gl_conf_type {
    KEY_PATH,
    KEY_SOCKET,
    KEY_COMMAND,
    KEY_TEXT,
    KEY_NUMBER,
    KEY_LEVEL,
    KEY_WORKERS,
    KEY_HOSTS,
    KEY_HEADER,
    KEY_CONNINFO,
    KEY_CLUSTER,
    KEY_PRIMARY,
    KEY_LANGUAGE
};

struct gl_conf_key {
    const char *name;
    enum gl_conf_type type;
    size_t at;            /* offset in struct gl_conf */
    const char *fallback; /* as written in a file */
    uint32_t most;        /* KEY_NUMBER: largest value */
    int runs;             /* may change while glintod runs */
};

struct gl_conf_reader {
    struct gl_conf *conf;
    const char *folder; /* of the file: relative paths start here */
    char *why;          /* sentence without file and line */
    size_t why_len;
};

/* -1, with the sentence. */
int gl_conf_refuse_(struct gl_conf_reader *r, const char *what,
                    const char *value);
/* VALUE may be written into; 0, or -1. */
int gl_conf_set_(struct gl_conf_reader *r, const struct gl_conf_key *key,
                 char *value);
/* NAME is a user's name or number: 0 and *UID, or -1. */
int gl_conf_user_(const char *name, uid_t *uid);

#endif
