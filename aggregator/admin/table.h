/*
 * The verbs of the administrator as data: verbs.def, which says what each
 * column means.  Includes nothing of any room, so that the glinto command can
 * read it, too.
 */

#ifndef GL_ADMIN_TABLE_H
#define GL_ADMIN_TABLE_H

#include <stddef.h>

/* Bytes of one import.chunk: some 3,000 lines, which the writer takes in one
 * turn. */
#define GL_IMPORT_CHUNK_MAX (256 * 1024)
/* Of one log.chunk: some 3,000 events, which are cheaper than lines. */
#define GL_LOG_CHUNK_MAX (512 * 1024)

enum gl_verb_kind {
    GL_VERB_ASKS = 1,
    GL_VERB_READS = 2,
    GL_VERB_RECOUNTS = 3, /* up to here nothing is changed */
    GL_VERB_CHANGES = 4,
    GL_VERB_HERE = 5,
    GL_VERB_LINES = 6,
    GL_VERB_SHOWS = 7,
    GL_VERB_PROVES = 8
};

enum gl_arg_type {
    GL_ARG_TEXT = 1,
    GL_ARG_NUMBER = 2, /* 64 bits */
    GL_ARG_TRUTH = 3,
    GL_ARG_ANY = 4, /* the verb looks itself */
    GL_ARG_SITE = 5 /* a text: a site whose numbers are here */
};

struct gl_verb_arg {
    const char *key;
    enum gl_arg_type type;
    int needed;
    const char *usage; /* NULL = not on the command line */
    const char *help;  /* of an option; NULL = none */
};

struct gl_verb {
    const char *name; /* "site.add" */
    enum gl_verb_kind kind;
    const struct gl_verb_arg *args; /* ended by a NULL key */
    const char *help;               /* NULL = no verb of the command */
};

#define GL_VERB_ARGS_MAX 8 /* of one verb */

/* Ended by a NULL name; in the order of verbs.def. */
extern const struct gl_verb gl_verbs[];

/* By "site.add"; NULL = there is none. */
const struct gl_verb *gl_verb_by_name(const char *name);
/* By what follows /v1/: "site/add"; NULL = there is none. */
const struct gl_verb *gl_verb_by_path(const char *path);
/* NULL = VERB takes no such argument. */
const struct gl_verb_arg *gl_verb_arg(const struct gl_verb *verb,
                                      const char *key);

#endif
