/* What a token may do, as bits and as a list of words: scopes.def. */

#ifndef GL_STORE_DIRECTORY_SCOPES_H
#define GL_STORE_DIRECTORY_SCOPES_H

#include <stdint.h>

enum gl_scope {
#define SCOPE(name, word) GL_SCOPE_##name,
#include "store/directory/scopes.def"
#undef SCOPE
    GL_SCOPE_N
};

#define GL_SCOPE_BIT(name) (1u << GL_SCOPE_##name)
#define GL_SCOPES_ALL ((1u << GL_SCOPE_N) - 1)

/* Bytes of a list of all of them, with its end. */
#define GL_SCOPES_TEXT 64

/* LIST, words with commas between: 1 and *SCOPES; 0 = there is something else
 * in it, or nothing. */
int gl_scopes_read(const char *list, uint32_t *scopes);
/* The list of SCOPES, in the order of the table. */
void gl_scopes_text(uint32_t scopes, char text[GL_SCOPES_TEXT]);

#endif
