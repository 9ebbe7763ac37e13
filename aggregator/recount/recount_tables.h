/*
 * The temporary tables that a recount asks: rows of the days of a question, as
 * they are stored, with what belongs to which visit.  In a temporary file.
 *
 *   temp.v   visits: id, visitor, at, referrer, agent, place, screen, language
 *            (codes), seconds, views, bounced, entry, exit (temp.e.id)
 *   temp.e   their events: id, visit, visitor, at, kind, counts, passive,
 *            host, path, name (codes), props, amount, currency; engaged (ms)
 *            and depth (percent), NULL = nothing was told, or nobody asks
 *   temp.b   stretches of time: bucket, since
 */

#ifndef GL_RECOUNT_RECOUNT_TABLES_H
#define GL_RECOUNT_RECOUNT_TABLES_H

#include "recount/recount.h"

/* Of the days and the stretches of time of QUESTION; ENGAGED 1 = with what
 * engagement tells. */
enum gl_executed gl_recount_tables_make(struct gl_recount *run,
                                        const struct gl_question *question,
                                        int engaged);
void gl_recount_tables_drop(struct gl_recount *run);

#endif
