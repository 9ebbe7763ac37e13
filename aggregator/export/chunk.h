/*
 * A site's rows as event lines, a chunk a call: nothing is kept between two
 * calls, no file is held open while a slow reader takes its time, and who was
 * cut off may go on with the cursor.  Rows that come meanwhile are left out.
 * Late rows have the visitor that they will be stored with.
 */

#ifndef GL_EXPORT_CHUNK_H
#define GL_EXPORT_CHUNK_H

#include "export/range.h"
#include "calls/query.h"

/*
 * The chunk after CURSOR, NULL = the first: 200 and {events, lines, left,
 * cursor?} in *ANSWER, or a status with a sentence.  EVENTS is text, at most
 * GL_EXPORT_TEXT_MAX and a line; LEFT: rowids still to look at; CURSOR is
 * there when a next call is due.  Query thread.
 */
#define GL_EXPORT_TEXT_MAX (1 << 18)
int gl_export_chunk(const struct gl_query_view *view,
                    const struct gl_meta_site *site,
                    const struct gl_export_range *range, const char *cursor,
                    json_t **answer);

#endif
