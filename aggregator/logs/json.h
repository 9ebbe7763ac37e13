/* Lines that are JSON objects; as gl_logs_line_read().  This room only. */

#ifndef GL_LOGS_JSON_H
#define GL_LOGS_JSON_H

#include "logs/format.h"

const char *gl_logs_json_(const struct gl_logs_format *format,
                          struct gl_logs_memory *memory, struct gl_text line,
                          struct gl_logs_record *record);

#endif
