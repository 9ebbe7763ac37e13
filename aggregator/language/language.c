/* Which language this thread writes in; see language.h. */

#include "language/language.h"

static __thread enum gl_language used = GL_LANGUAGE_EN;

enum gl_language
gl_language_use(enum gl_language language)
{
    enum gl_language before = used;

    used = language;
    return before;
}

enum gl_language
gl_language_used(void)
{
    return used;
}
