/* What the writer opens at its start; inside this room only. */

#ifndef GL_WRITER_OPEN_H
#define GL_WRITER_OPEN_H

#include "ingest/state.h"

/* 0, or -1 with a sentence in WHY and, of another glintod, *EXIT_CODE. */
int gl_writer_open_(struct gl_ingest *in, char *why, size_t why_len,
                    int *exit_code);
/* NULL with a sentence in WHY. */
struct gl_enrich *gl_writer_read_patterns_(const struct gl_ingest *in,
                                           char *why, size_t why_len);

#endif
