/* One value of a line into its record. */

#ifndef GL_LOGS_VALUE_H
#define GL_LOGS_VALUE_H

#include "logs/format.h"

/* VALUE as the log has it, with nginx's, Apache's or JSON's escapes when
 * ESCAPED.  "-" is none. */
void gl_logs_value_(struct gl_logs_memory *memory,
                    const struct gl_logs_piece *piece, struct gl_text value,
                    int escaped, struct gl_logs_record *record);

/* NULL, or why RECORD, of which all values are there, cannot be used; a static
 * sentence. */
const char *gl_logs_whole_(struct gl_logs_record *record);

#endif
