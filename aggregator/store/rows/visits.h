/* Visits of an account, as counting made them. */

#ifndef GL_STORE_ROWS_VISITS_H
#define GL_STORE_ROWS_VISITS_H

#include <stdint.h>

#include "count/count.h"

struct gl_account;
struct gl_store_event;

/* A new visit whose first event is EVENT (visit->id its rowid). */
int gl_account_open_visit(struct gl_account *account,
                          const struct gl_visit *visit,
                          const struct gl_store_event *event);
/* It is over: 1, or 0 when there is no such row. */
int gl_account_close_visit(struct gl_account *account,
                           const struct gl_visit *visit);
/* Its visitor's id after midnight (visit->alias) became known: 1 or 0. */
int gl_account_alias_visit(struct gl_account *account,
                           const struct gl_visit *visit);

/* Open visits of SITE: id, visitor, alias, start_ms, server; the rest 0.
 * VISIT is called by the rules for ROW in rows.h. */
int gl_account_open_visits(struct gl_account *account, int64_t site,
                           int (*visit)(void *arg,
                                        const struct gl_visit *visit),
                           void *arg);
/* How many visits of SITE began in FROM <= start < TO. */
int gl_account_count_visits(struct gl_account *account, int64_t site,
                            int64_t from_ms, int64_t to_ms, uint32_t *n);
/* Those visits with rowids above AFTER, as stored, by rowid; OPEN 1 = only
 * what open_visits says. */
int gl_account_visits(struct gl_account *account, int64_t site,
                      int64_t from_ms, int64_t to_ms, int64_t after,
                      int (*visit)(void *arg, const struct gl_visit *visit,
                                   int open),
                      void *arg);

/* A refold found that it is none. */
int gl_account_delete_visit(struct gl_account *account, int64_t site,
                            int64_t start_ms, int64_t id);
/* Insert VISIT, complete or still open; place, agent and so on come from the
 * row of its first event (visit->id). */
int gl_account_put_visit(struct gl_account *account, int64_t site,
                         const struct gl_visit *visit, int open);

#endif
