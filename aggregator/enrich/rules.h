/*
 * uap-core's lists: of each the first rule that a text holds gives a family
 * and a version.  Reads what make-data wrote; knows nothing of what a list is
 * about.
 */

#ifndef GL_ENRICH_RULES_H
#define GL_ENRICH_RULES_H

#include "event.h"

struct gl_rules;

enum gl_rule_list {
    GL_RULES_BROWSERS,
    GL_RULES_SYSTEMS,
    GL_RULES_DEVICES,
    GL_RULES_LISTS
};

struct gl_family {
    char name[64];    /* printable ASCII; "" = no rule was found */
    char version[16]; /* "133.0", "17", "" */
};

/*
 * Reads agents.json and agents.scan of DATA_DIR.  NULL with *WHY a static
 * sentence.
 */
struct gl_rules *gl_rules_new_(const char *data_dir, const char **why);
void gl_rules_free_(struct gl_rules *rules);
/* Writes agents.scan of DATA_DIR.  0, or -1: see errno. */
int gl_rules_save_(const struct gl_rules *rules, const char *data_dir);

/* What each list says of TEXT: 0; or -1: it costs too much, and some of it is
 * not known. */
int gl_rules_find_(struct gl_rules *rules, struct gl_text text,
                   struct gl_family families[GL_RULES_LISTS]);

#endif
