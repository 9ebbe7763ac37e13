/* What somebody is told without asking: kinds and words.  Any thread. */

#ifndef GL_NOTICES_NOTICES_H
#define GL_NOTICES_NOTICES_H

#include <jansson.h>
#include <stdint.h>

enum gl_notice_kind {
#define NOTICE(kind, name, of) GL_NOTICE_##kind,
#include "notices/notices.def"
#undef NOTICE
    GL_NOTICE_KINDS
};

struct gl_notice {
    enum gl_notice_kind kind;
    const char *of;   /* for people: a site, an account, a folder */
    int64_t n, usual; /* notices.def says which */
    int64_t since_ms; /* wall: when it began to hold */
    /* hours of the site's local clock since 1970; 0 = it has none */
    int64_t from_hour, to_hour;
};

/* "spike" */
const char *gl_notice_name(enum gl_notice_kind kind);

/* {"kind": "notice", "notice": name, "of", "since", "n", "usual", "title",
 * "subject", "items": [text]} in the language in use; the caller's. */
json_t *gl_notice_json(const struct gl_notice *notice);

#endif
