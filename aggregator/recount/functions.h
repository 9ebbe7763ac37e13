/*
 * Functions that the SQL of a recount calls, of one connection:
 *
 *   folded(TEXT)                 without capital letters
 *   matches(ANY_CASE, EXPRESSION, TEXT)
 *   place_name(CODE)             "Germany", "Berlin"
 *   thousandths(AMOUNT)          of money; NULL: it is none
 */

#ifndef GL_RECOUNT_FUNCTIONS_H
#define GL_RECOUNT_FUNCTIONS_H

struct sqlite3;

/* What they keep, to be given to the next once no statement runs. */
void *gl_recount_functions(struct sqlite3 *db);
void gl_recount_functions_free(void *kept);

#endif
