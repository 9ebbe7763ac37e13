/* Verbs that are one question, and how their answers are shown. */

#ifndef GL_CLI_VERB_H
#define GL_CLI_VERB_H

#include "cli/cli.h"

/* A list in an answer, and the sentence where it is empty. */
struct gl_cli_list {
    const char *member;
    const struct gl_cli_column *columns;
    int columns_n;
    const char *none;
};
#define GL_CLI_LIST(member, columns, none)                                    \
    {                                                                         \
        member, columns, sizeof columns / sizeof columns[0], none             \
    }

/* LIST of ANSWER, as a table. */
void gl_cli_print_list(const struct gl_cli_list *list, const json_t *answer);

/* A verb of the table (admin/verbs.def) that is one question.  What is shown
 * of its answer: a sentence, a list, or what PRINT makes of it. */
struct gl_cli_verb {
    const char *name;
    /* {name}: that argument; {site.domain}, {.link}: of the answer */
    const char *says;
    struct gl_cli_list list;
    void (*print)(const json_t *args, const json_t *answer);
    const char *erases; /* says how much NAME erases; NULL = nothing */
};

#endif
