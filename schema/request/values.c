/* What the values of an event may be; see values.h. */

#include "request/values.h"

#include "request/longest.h"
#include "request/utf8.h"

const char *
gl_name_wrong(struct gl_text name)
{
    if (gl_utf8_is_blank(name))
        return "must not be blank";
    if (gl_utf8_chars(name) > GL_NAME_CHARS_MAX)
        return "is over 120 characters";
    return NULL;
}

int
gl_prop_says(struct gl_text key, struct gl_text value)
{
    return !gl_utf8_is_blank(key) && !gl_utf8_is_blank(value);
}

const char *
gl_prop_wrong(const struct gl_prop *prop)
{
    if (prop->key.len > GL_EVENT_PROP_KEY_MAX ||
        prop->value.len > GL_EVENT_PROP_VALUE_MAX)
        return "has a key of over 300 bytes or a value of over 2000";
    return NULL;
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
