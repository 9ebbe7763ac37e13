/* What the values of an event may be; see values.h. */

#include "request/values.h"

#include "request/longest.h"
#include "request/utf8.h"

int
gl_name_read(struct gl_memory memory, struct gl_text *name, const char **wrong)
{
    *wrong = NULL;
    if (gl_utf8_mend(memory, *name, name) != 0)
        return -1;
    if (gl_utf8_is_blank(*name))
        *wrong = "must not be blank";
    else if (!gl_utf8_fits(*name, GL_LONGEST_name))
        *wrong = "is over 120 characters";
    return 0;
}

int
gl_prop_says(struct gl_text key, struct gl_text value)
{
    return !gl_utf8_is_blank(key) && !gl_utf8_is_blank(value);
}

int
gl_prop_read(struct gl_memory memory, struct gl_prop *prop, const char **wrong)
{
    *wrong = NULL;
    if (gl_utf8_mend(memory, prop->key, &prop->key) != 0 ||
        gl_utf8_mend(memory, prop->value, &prop->value) != 0)
        return -1;
    if (!gl_utf8_fits(prop->key, GL_EVENT_PROP_KEY_MAX) ||
        !gl_utf8_fits(prop->value, GL_EVENT_PROP_VALUE_MAX))
        *wrong = "has a name of over 300 characters or a value of over 2000";
    return 0;
}

struct gl_text
gl_value_kept(struct gl_text value, uint32_t characters)
{
    const struct gl_text too_long = {GL_TOO_LONG, sizeof GL_TOO_LONG - 1};

    return gl_utf8_fits(value, characters) ? value : too_long;
}

static int
is_digit(struct gl_text text, uint32_t i)
{
    return i < text.len && text.data[i] >= '0' && text.data[i] <= '9';
}

int
gl_amount_read(struct gl_text *text)
{
    uint32_t i = 0, end = 0; /* behind the last digit; 0: there is none */

    if (text->len > 0 && (text->data[0] == '-' || text->data[0] == '+'))
        i = 1;
    while (is_digit(*text, i))
        end = ++i;
    if (i < text->len && text->data[i] == '.')
        for (i++; is_digit(*text, i);)
            end = ++i;
    for (; i < text->len; i++)
        if (is_digit(*text, i))
            return 0;
    if (end > 0 && text->data[0] == '+') {
        text->data++;
        end--;
    }
    text->len = end;
    return end > 0 && end <= GL_LONGEST_amount;
}
