/*
 * A condition: something an operator or the reader of a dashboard should know,
 * beside the numbers.  It is a fact with a time and a count; the sentence is
 * made where it is shown, in the zone of whoever reads it.
 */

#ifndef GL_CONDITION_H
#define GL_CONDITION_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"

enum gl_condition_kind {
    GL_CONDITION_READ_ONLY = 1,    /* an account's file is damaged */
    GL_CONDITION_STORAGE_FULL = 2, /* no room: its frames are held */
    GL_CONDITION_STORAGE = 3,      /* another fault of its storage */
    GL_CONDITION_UPGRADE = 4,      /* segments of a newer format wait */
    GL_CONDITION_UNREADABLE = 5,   /* segments that may not be opened */
    GL_CONDITION_ELSEWHERE = 6,    /* a worker writes to another spool */
    GL_CONDITION_SILENT = 7,       /* a busy site has gone quiet */
    GL_CONDITION_CATCHING_UP = 8,  /* a backlog is being read */
    GL_CONDITION_NOT_RECORDED = 9, /* requests got 503 */
    GL_CONDITION_LOST = 10,        /* frames that damage made unreadable */
    GL_CONDITION_POWER_CUT = 11,   /* the machine stopped under glintod */
    GL_CONDITION_REJECTED = 12,    /* frames that cannot be applied */
    GL_CONDITION_CLOCK = 13,       /* times that cannot be believed */
    GL_CONDITION_SITES = 14,       /* workers do not hear of changed sites */
    GL_CONDITION_READ_ERROR = 15,  /* the disk does not give all frames */
    GL_CONDITION_COUNTING = 16,    /* today's rows are read again */
    GL_CONDITION_KINDS = 17
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

/* {kind, since, until?, count?, at_most?, at_least?, text}: a name and the
 * sentence for everybody, its times in ZONE (NULL is UTC, and says so); the
 * caller owns it. */
json_t *gl_condition_json(const struct gl_condition *condition,
                          const struct gl_zone *zone, int64_t now_ms);

#endif
