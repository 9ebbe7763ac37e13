/* What a site leaves out of its events; see left_out.h.  Pure. */

#include "left_out.h"

#include <string.h>

static const char *const words[GL_LEFT_OUT_N] = {
#define LEFT_OUT(name, word, says) #word,
#include "left_out.def"
#undef LEFT_OUT
};

/* Texts of an event, by what leaves them out. */
#define TEXT(bit, member)                                                     \
    {                                                                         \
        GL_LEFT_OUT_##bit, offsetof(struct gl_event, member)                  \
    }
static const struct {
    uint32_t bit;
    size_t at;
} texts[] = {
    TEXT(REFERRER, referrer),
    TEXT(CAMPAIGN, utm_source),
    TEXT(CAMPAIGN, utm_medium),
    TEXT(CAMPAIGN, utm_campaign),
    TEXT(CAMPAIGN, utm_content),
    TEXT(CAMPAIGN, utm_term),
    TEXT(CAMPAIGN, source),
    TEXT(CAMPAIGN, click_id),
    TEXT(AGENT, agent),
    TEXT(AGENT, brand),
    TEXT(AGENT, brand_version),
    TEXT(AGENT, platform),
    TEXT(AGENT, platform_version),
    TEXT(AGENT, understood),
    TEXT(PLACE, country),
    TEXT(PLACE, region),
    TEXT(PLACE, city),
    TEXT(LANGUAGE, language),
    TEXT(SCREEN, screen),
    TEXT(TITLE, title),
};

const char *
gl_left_out_word(int n)
{
    return words[n];
}

uint32_t
gl_left_out_bit(struct gl_text word)
{
    for (int n = 0; n < GL_LEFT_OUT_N; n++)
        if (strlen(words[n]) == word.len &&
            memcmp(words[n], word.data, word.len) == 0)
            return UINT32_C(1) << n;
    return 0;
}

void
gl_left_out_apply(struct gl_event *event, uint32_t bits)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (bits & texts[i].bit)
            *(struct gl_text *) (void *) ((char *) event + texts[i].at) =
                (struct gl_text){0};
    if (bits & GL_LEFT_OUT_AGENT)
        event->mobile = 0;
    if (bits & GL_LEFT_OUT_PROPS)
        event->props_n = 0;
}
