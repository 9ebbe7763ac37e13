/* Which languages there are; see language.h. */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "language/locale.h"

const char *
gl_language_code(enum gl_language language)
{
    return gl_locale_(language)->code;
}

const char *
gl_language_name(enum gl_language language)
{
    return gl_locale_(language)->name;
}

int
gl_language_find(const char *code, size_t len, enum gl_language *language)
{
    size_t own = strcspn(code, "-_");

    if (own > len)
        own = len;
    for (int i = 0; i < GL_LANGUAGES_N; i++) {
        const char *one = gl_language_code((enum gl_language) i);

        if (strlen(one) == own && strncasecmp(one, code, own) == 0) {
            *language = (enum gl_language) i;
            return 1;
        }
    }
    return 0;
}

int
gl_language_accepted(const char *header, enum gl_language *language)
{
    while (header != NULL && *header != '\0') {
        header += strspn(header, ", \t");
        if (gl_language_find(header, strcspn(header, ",; \t"), language))
            return 1;
        header += strcspn(header, ",");
    }
    return 0;
}

/* ---- how a reader came to it ---- */

static const char marks[] = {[GL_LANGUAGE_ACCEPTED] = '\0',
                             [GL_LANGUAGE_FIXED] = '!',
                             [GL_LANGUAGE_CHOSEN] = '?'};

void
gl_speech_word(struct gl_speech speech, char word[GL_SPEECH_MAX])
{
    const char mark[] = {marks[speech.by], '\0'};

    snprintf(word, GL_SPEECH_MAX, "%s%s", gl_language_code(speech.language),
             mark);
}

struct gl_speech
gl_speech_read(const char *word)
{
    struct gl_speech speech = {GL_LANGUAGE_EN, GL_LANGUAGE_ACCEPTED};
    size_t len = word == NULL ? 0 : strcspn(word, "!?");

    if (word != NULL && gl_language_find(word, len, &speech.language))
        speech.by = word[len] == '!'   ? GL_LANGUAGE_FIXED
                    : word[len] == '?' ? GL_LANGUAGE_CHOSEN
                                       : GL_LANGUAGE_ACCEPTED;
    return speech;
}
