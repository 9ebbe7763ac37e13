/* The table of reasons.def. */

#include "reasons.h"

#include <string.h>

static const struct {
    const char *word, *says;
} reasons[] = {
#define WORKER(name, word, says) {#word, says},
#define LATER(name, word, says) {#word, says},
#include "reasons.def"
};

struct gl_text
gl_reason_word(enum gl_reason reason)
{
    const char *word = reasons[reason].word;

    return (struct gl_text){word, (uint32_t) strlen(word)};
}

const char *
gl_reason_says(enum gl_reason reason)
{
    return reasons[reason].says;
}
