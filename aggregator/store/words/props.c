/*
 * Custom properties of an event: names and values are words of two
 * dictionaries, and the row keeps their codes, as a JSON object:
 *
 *   {"plan":"pro","seats":"5"}  ──►  {"12":40,"13":7}      0 = the empty text
 *
 * So a row is small, whatever is sent, and a value that comes a million times
 * is stored once.
 */

#include "store/account/account_internal.h"
#include "store/words/words_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* A name that comes twice has its last value. */
static void
put(struct gl_store_props *props, uint32_t key, uint32_t value)
{
    uint32_t at = 0;
    while (at < props->n && props->codes[at].key != key)
        at++;
    if (at == GL_EVENT_PROPS_MAX)
        return;
    props->codes[at].key = key;
    props->codes[at].value = value;
    props->n += at == props->n;
}

int
gl_account_props(struct gl_account *account, int64_t site, int64_t day,
                 const struct gl_prop *texts, uint32_t n,
                 struct gl_store_props *props)
{
    props->n = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t key, value;
        int rc = gl_account_word(account, GL_WORD_PROP_KEY, site, day,
                                 texts[i].key, &key);
        /* What belongs to a name that is gone tells nothing. */
        if (rc >= 0)
            rc = gl_account_word(account, GL_WORD_PROP_VALUE, site, day,
                                 rc == 1 ? gl_word_other_ : texts[i].value,
                                 &value);
        if (rc < 0)
            return rc;
        put(props, key, value);
    }
    return 0;
}

struct gl_text
gl_props_write_(const struct gl_store_props *props,
                char text[GL_PROPS_TEXT_MAX])
{
    size_t len = 0;
    for (uint32_t i = 0; i < props->n; i++)
        len += (size_t) snprintf(text + len, GL_PROPS_TEXT_MAX - len,
                                 "%c\"%u\":%u", i == 0 ? '{' : ',',
                                 props->codes[i].key, props->codes[i].value);
    if (len > 0)
        text[len++] = '}';
    return (struct gl_text){text, (uint32_t) len};
}

/* What is no such object ends where it ends. */
void
gl_props_read_(struct gl_store_props *props, const char *text)
{
    props->n = 0;
    while (text != NULL && (*text == '{' || *text == ',') && text[1] == '"') {
        char *end;
        uint32_t key = (uint32_t) strtoul(text + 2, &end, 10);
        if (end[0] != '"' || end[1] != ':')
            return;
        put(props, key, (uint32_t) strtoul(end + 2, &end, 10));
        text = end;
    }
}
