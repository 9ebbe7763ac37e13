/*
 * Which codes there are: countries (ISO 3166-1), regions (ISO 3166-2) and
 * currencies (ISO 4217), of Debian's iso-codes.  What has the form of a code
 * says request/codes.h.
 */

#ifndef GL_ENRICH_CODES_H
#define GL_ENRICH_CODES_H

#include "enrich.h"

struct gl_codes;

/* Reads codes.json of DATA_DIR.  NULL with *WHY a static sentence. */
struct gl_codes *gl_codes_new_(const char *data_dir, const char **why);
void gl_codes_free_(struct gl_codes *codes);

/* 1: CODE stands on the list. */
int gl_codes_has_(const struct gl_codes *codes, enum gl_code_list list,
                  struct gl_text code);

#endif
