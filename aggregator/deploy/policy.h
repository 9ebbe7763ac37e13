/* conf/residency.conf: where data may be.  Any thread. */

#ifndef GL_DEPLOY_POLICY_H
#define GL_DEPLOY_POLICY_H

#include <glib.h>

struct gl_policy {
    char *path;
    GPtrArray *countries;   /* codes, EU and EEA spelled out */
    GPtrArray *allowed;     /* addresses and names */
    GPtrArray *programs;    /* paths of those that may send */
    GPtrArray *authorities; /* whose certificates standbys show */
    char *here, *mmdb;      /* NULL = not said */
    int here_line, enforce;
};

/* NULL with a sentence in WHY ("residency.conf:3: ..."). */
struct gl_policy *gl_policy_read(const char *path, char *why, size_t why_len);
void gl_policy_free(struct gl_policy *policy);
/* 1 = TEXT is in LIST, letters of either case. */
int gl_policy_has(const GPtrArray *list, const char *text);

/* EACH is called for every "key value" line of TEXT, with its number. */
void gl_policy_lines(const char *text,
                     void (*each)(void *arg, int line, const char *key,
                                  const char *value),
                     void *arg);

#endif
