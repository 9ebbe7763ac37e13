/* What people may do, as a word. */

#include "store/directory/person.h"

#include <glib.h>
#include <string.h>

static const char *const words[] = {
    [GL_ROLE_NONE] = "none",
    [GL_ROLE_VIEWER] = "viewer",
    [GL_ROLE_EDITOR] = "editor",
    [GL_ROLE_OWNER] = "owner",
};

const char *
gl_role_word(enum gl_role role)
{
    return words[role];
}

int
gl_role_read(const char *word, enum gl_role *role)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i], word) == 0) {
            *role = (enum gl_role) i;
            return 1;
        }
    return 0;
}
