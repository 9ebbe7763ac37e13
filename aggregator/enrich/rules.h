/*
 * One list of uap-core: patterns tried in order, the first that is found
 * gives a family and a version.  Reads what make-data wrote; knows nothing of
 * what the list is about.
 */

#ifndef GL_ENRICH_RULES_H
#define GL_ENRICH_RULES_H

#include <jansson.h>

#include "pattern.h"

struct gl_rules;

struct gl_family {
    char name[64];    /* printable ASCII; "" = no rule was found */
    char version[16]; /* "133.0", "17", "" */
};

/*
 * LIST: [{regex, family, major, minor}, ...]; NAMES: family -> name shown.
 * Both are borrowed and outlive the rules.  NULL: not such a list, or no
 * memory.
 */
struct gl_rules *gl_rules_new_(json_t *list, json_t *names);
void gl_rules_free_(struct gl_rules *rules);

/* Fills FAMILY for the matcher's text. */
void gl_rules_find_(struct gl_rules *rules, struct gl_matcher *matcher,
                    struct gl_family *family);

#endif
