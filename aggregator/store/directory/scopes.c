/* Scopes of tokens; see scopes.h. */

#include "store/directory/scopes.h"

#include <glib.h>
#include <string.h>

static const char *const words[GL_SCOPE_N] = {
#define SCOPE(name, word) word,
#include "store/directory/scopes.def"
#undef SCOPE
};

/* The bit of a word of LEN bytes; 0 = there is no such scope. */
static uint32_t
bit_of(const char *word, size_t len)
{
    for (int i = 0; i < GL_SCOPE_N; i++)
        if (strlen(words[i]) == len && memcmp(words[i], word, len) == 0)
            return 1u << i;
    return 0;
}

int
gl_scopes_read(const char *list, uint32_t *scopes)
{
    uint32_t bit;

    *scopes = 0;
    for (;;) {
        size_t len = strcspn(list, ",");

        bit = bit_of(list, len);
        *scopes |= bit;
        if (bit == 0 || list[len] == '\0')
            return bit != 0;
        list += len + 1;
    }
}

void
gl_scopes_text(uint32_t scopes, char text[GL_SCOPES_TEXT])
{
    text[0] = '\0';
    for (int i = 0; i < GL_SCOPE_N; i++) {
        if ((scopes & 1u << i) == 0)
            continue;
        if (text[0] != '\0')
            g_strlcat(text, ",", GL_SCOPES_TEXT);
        g_strlcat(text, words[i], GL_SCOPES_TEXT);
    }
}
