/* Which language this thread writes in; see language.h. */

#include "language/language.h"

static __thread struct gl_speech spoken = {GL_LANGUAGE_EN,
                                           GL_LANGUAGE_ACCEPTED};

void
gl_speak(struct gl_speech speech)
{
    spoken = speech;
}

struct gl_speech
gl_spoken(void)
{
    return spoken;
}

enum gl_language
gl_language_use(enum gl_language language)
{
    enum gl_language before = spoken.language;

    spoken.language = language;
    return before;
}

enum gl_language
gl_language_used(void)
{
    return spoken.language;
}
