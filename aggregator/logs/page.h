/*
 * A line that is a page's to the event that it is, by the rules that a worker
 * has (request/).  Pure.
 */

#ifndef GL_LOGS_PAGE_H
#define GL_LOGS_PAGE_H

#include "logs/format.h"
#include "request/visitor.h"

/* 1: the line is of a host that is the site's, or of none. */
int gl_logs_is_of(struct gl_logs_memory *memory,
                  const struct gl_logs_record *record, struct gl_text site);

/*
 * RECORD, a page of SITE, as EVENT; its visitor is not set.  NULL, or why it
 * is none, a static sentence that follows "the line".
 */
const char *gl_logs_page_read(struct gl_logs_memory *memory,
                              const struct gl_logs_record *record,
                              struct gl_text site, struct gl_event *event);

/* What is hashed into its visitor; how many bytes.  */
size_t gl_logs_visitor_bytes(char bytes[GL_VISITOR_BYTES_MAX],
                             const struct gl_logs_record *record,
                             const struct gl_event *event);

#endif
