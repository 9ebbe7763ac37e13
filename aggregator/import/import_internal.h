/* What imports of lines and of access logs share (progress.c): this room
 * only. */

#ifndef GL_IMPORT_INTERNAL_H
#define GL_IMPORT_INTERNAL_H

#include <jansson.h>

#include "ingest/state.h"
#include "store/rows/tallies.h"

struct gl_call;
struct gl_total_import;

/* An import that goes on brings more rows for the same days: they are folded
 * at its end, or so long after it went silent. */
#define GL_IMPORT_SILENCE_MS 45000

/* ERROR of ACCOUNT, in a transaction or not: a status. */
int gl_import_storage_(struct gl_ingest *in, struct gl_ingest_account *account,
                       int error, json_t **answer);
/* The site that CALL names: 0, or a status. */
int gl_import_site_(struct gl_ingest *in, const struct gl_call *call,
                    struct gl_ingest_site **site, json_t **answer);
/* Inside or outside of a transaction: the import of HASH: 0, or a status. */
int gl_import_find_(struct gl_ingest *in, struct gl_ingest_site *site,
                    const char *hash, struct gl_store_import *import,
                    json_t **answer);
/* A new import of HASH: the text of a visitor is one person in all files of a
 * site, so they have one key.  0 or -enum gl_store_error. */
int gl_import_begin_(struct gl_ingest *in, struct gl_ingest_site *site,
                     const char *hash, struct gl_store_import *import);
/* IMPORT as it is now, alone or with what is in the transaction already: 0 or
 * a status.  TOTALS, which begin, may be NULL. */
int gl_import_commit_(struct gl_ingest *in, struct gl_ingest_site *site,
                      const struct gl_store_import *import,
                      const struct gl_total_import *totals, json_t **answer);

/* ---- the end ---- */

/* A piece of the work's site (ingest/work.h): its days are folded, at last END
 * makes the answer, of 200 or another status. */
int gl_import_end_piece_(struct gl_ingest *in,
                         int (*end)(struct gl_ingest *in,
                                    struct gl_ingest_site *site,
                                    const struct gl_call *call,
                                    json_t **answer));
/* How many visits SITE has now: 0, or a status. */
int gl_import_visits_(struct gl_ingest *in, struct gl_ingest_site *site,
                      uint32_t *visits, json_t **answer);

#endif
