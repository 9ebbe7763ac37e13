/*
 * What a site's owner has defined for questions, in meta.db: goals and so on.
 * What a body means, who defines it says (question/defined.h).
 */

#ifndef GL_STORE_META_DEFINITIONS_H
#define GL_STORE_META_DEFINITIONS_H

#include <stdint.h>

struct gl_meta;

/* Of one kind, for one site: more is no list to choose from. */
#define GL_META_DEFINITIONS_MAX 200

struct gl_meta_definition {
    int64_t id;
    const char *kind, *name, *body;
    int64_t created_ms;
};

/* DEFINITION without its id, which is filled in: 1; 0 = there is one of that
 * name, or as many as there may be. */
int gl_meta_define(struct gl_meta *meta, int64_t site,
                   struct gl_meta_definition *definition);
/* 1 removed, 0 none. */
int gl_meta_undefine(struct gl_meta *meta, int64_t site, const char *kind,
                     int64_t id);
/* Those of site FROM are TO's: 0. */
int gl_meta_definitions_hand_on(struct gl_meta *meta, int64_t from,
                                int64_t to);
/* Those of SITE, the oldest first; META may be a reader.  A value other than 0
 * ends the list and is returned.  Texts until EACH returns. */
int gl_meta_definitions(struct gl_meta *meta, int64_t site,
                        int (*each)(void *arg,
                                    const struct gl_meta_definition *),
                        void *arg);

#endif
