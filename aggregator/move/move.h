/* A site goes to another account. */

#ifndef GL_MOVE_H
#define GL_MOVE_H

#include <jansson.h>
#include <stdint.h>

struct gl_call;
struct gl_ingest;
struct gl_ingest_account;

/* Nobody's frames are held: GL_VERB_LATER, or a status. */
int gl_move_site_(struct gl_ingest *in, const struct gl_call *call,
                  int64_t site, struct gl_ingest_account *from,
                  struct gl_ingest_account *to, json_t **answer);

#endif
