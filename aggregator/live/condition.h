/*
 * A condition: something an operator or the reader of a dashboard should know,
 * beside the numbers.  It is a fact with a time and a count; its kinds and all
 * their words are in condition.def.  A sentence is made where it is shown, in
 * the zone of whoever reads it.
 */

#ifndef GL_CONDITION_H
#define GL_CONDITION_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"

enum gl_condition_kind {
    GL_CONDITION_NONE,
#define CONDITION(kind, ...) GL_CONDITION_##kind,
#include "live/condition.def"
#undef CONDITION
    GL_CONDITION_KINDS
};

/* How much it matters to whoever looks after the machine. */
enum gl_condition_grade {
    GL_GRADE_NOTE = 0,   /* happened, or passes by itself */
    GL_GRADE_ALARM = 1,  /* somebody has to do something */
    GL_GRADE_STORAGE = 2 /* the same, and it is room that lacks */
};

/* Without padding: compared by memcmp. */
struct gl_condition {
    int64_t since_ms; /* wall clock */
    int64_t until_ms; /* the same; 0 = it lasts */
    uint64_t count;   /* events, segments; 0 = there is nothing to count */
    uint64_t at_most; /* of LOST: not more than so many, unless AT_LEAST */
    int64_t rest_s;   /* of CATCHING_UP; -1 = not known */
    int32_t kind;     /* enum gl_condition_kind */
    int32_t at_least; /* perhaps more than COUNT */
    char account[16]; /* id; "" = all; GL_CONDITION_META = none of them */
};

/* What fails is meta.db: told to operators alone, sites are counted. */
#define GL_CONDITION_META "meta.db"

enum gl_condition_grade
gl_condition_grade(const struct gl_condition *condition);
/* 1 = whoever looks at a dashboard is told, too. */
int gl_condition_shown(const struct gl_condition *condition);

/* What the advice names. */
struct gl_condition_places {
    const char *data, *spool; /* folders */
    const char *sites_why;    /* why the sites file cannot be written */
    const char *cluster_why;  /* who does not agree, and how */
    const char *lane;         /* the primary of the fullest */
};

/* What an operator should do, or NULL; to be freed by g_free(). */
char *gl_condition_advice(const struct gl_condition *condition,
                          const struct gl_condition_places *places);

/* {kind, since, until?, count?, at_most?, at_least?, text}: a name and the
 * sentence for everybody, its times in ZONE (NULL is UTC, and says so); the
 * caller owns it. */
json_t *gl_condition_json(const struct gl_condition *condition,
                          const struct gl_zone *zone, int64_t now_ms);
/* The sentence in each language, by its code: {en, de, ...}; the caller's. */
json_t *gl_condition_texts(const struct gl_condition *condition,
                           const struct gl_zone *zone, int64_t now_ms);

#endif
