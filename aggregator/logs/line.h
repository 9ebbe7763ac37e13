/*
 * One line of an access log to its record.  Pure.
 */

#ifndef GL_LOGS_LINE_H
#define GL_LOGS_LINE_H

#include "logs/format.h"

/*
 * LINE, without its end, as FORMAT has it.  MEMORY is forgotten first; what
 * RECORD points to holds until the next call and as long as LINE.  NULL, or
 * why the line cannot be read, a static sentence that follows "the line".
 */
const char *gl_logs_line_read(const struct gl_logs_format *format,
                              struct gl_logs_memory *memory,
                              struct gl_text line,
                              struct gl_logs_record *record);

#endif
