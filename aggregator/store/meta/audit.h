/* The table of what was changed, in meta.db, read; meta.h adds to it. */

#ifndef GL_STORE_META_AUDIT_H
#define GL_STORE_META_AUDIT_H

#include <stdint.h>

struct gl_meta;

struct gl_meta_audited {
    int64_t id, at_ms;
    const char *actor, *verb;
    const char *args; /* JSON */
};

/* What the thing of KIND ("goal", "share", "token", "recipient") with ID is
 * called, the caller's (g_free); NULL: there is none. */
char *gl_meta_name_of(struct gl_meta *meta, const char *kind, const char *id);
/* Rows with an id below BEFORE, the newest first; META may be a reader.  A
 * value other than 0 ends the list and is returned.  Texts until EACH
 * returns. */
int gl_meta_audited(struct gl_meta *meta, int64_t before,
                    int (*each)(void *arg, const struct gl_meta_audited *),
                    void *arg);

#endif
