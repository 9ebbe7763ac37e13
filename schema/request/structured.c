/* Structured fields; see structured.h. */

#include "request/structured.h"

/* RFC 9651, 3.3.1: so many digits at most. */
#define DIGITS_MAX 15

static char
peek(const struct gl_text *text)
{
    return text->len > 0 ? text->data[0] : '\0';
}

static void
skip(struct gl_text *text, uint32_t n)
{
    text->data += n;
    text->len -= n;
}

static void
skip_blanks(struct gl_text *text, int tabs)
{
    while (text->len > 0 &&
           (text->data[0] == ' ' || (tabs && text->data[0] == '\t')))
        skip(text, 1);
}

static int
is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static int
is_letter(char c)
{
    return is_small((char) (c | 0x20));
}

static int
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int
is_one_of(char c, const char *set)
{
    for (; *set != '\0'; set++)
        if (*set == c)
            return 1;
    return 0;
}

/* What is taken of TEXT up to where REST begins. */
static struct gl_text
upto(struct gl_text text, const struct gl_text *rest)
{
    text.len = (uint32_t) (rest->data - text.data);
    return text;
}

/* 1, or -1. */
static int
take_key(struct gl_text *text, struct gl_text *key)
{
    const struct gl_text whole = *text;

    if (!is_small(peek(text)) && peek(text) != '*')
        return -1;
    while (text->len > 0 &&
           (is_small(text->data[0]) || is_digit(text->data[0]) ||
            is_one_of(text->data[0], "_-.*")))
        skip(text, 1);
    *key = upto(whole, text);
    return 1;
}

/* ---- values ---- */

static int
take_string(struct gl_text *text, struct gl_structured *value)
{
    uint32_t i;

    for (i = 1; i < text->len && text->data[i] != '"'; i++) {
        if (text->data[i] < ' ' || text->data[i] > '~')
            return -1;
        if (text->data[i] == '\\' &&
            (++i == text->len || !is_one_of(text->data[i], "\"\\")))
            return -1;
    }
    if (i >= text->len)
        return -1;
    value->type = GL_STRUCTURED_STRING;
    value->inside = (struct gl_text){text->data + 1, i - 1};
    skip(text, i + 1);
    return 1;
}

static int
take_bytes(struct gl_text *text, struct gl_structured *value)
{
    uint32_t i = 1;

    while (i < text->len &&
           (is_letter(text->data[i]) || is_digit(text->data[i]) ||
            is_one_of(text->data[i], "+/=")))
        i++;
    if (i == text->len || text->data[i] != ':')
        return -1;
    value->type = GL_STRUCTURED_BYTES;
    value->inside = (struct gl_text){text->data + 1, i - 1};
    skip(text, i + 1);
    return 1;
}

static int
take_number(struct gl_text *text, struct gl_structured *value)
{
    int minus = peek(text) == '-', digits = 0;

    skip(text, (uint32_t) minus);
    value->type = GL_STRUCTURED_NUMBER;
    for (; is_digit(peek(text)); skip(text, 1)) {
        if (++digits > DIGITS_MAX)
            return -1;
        value->number = value->number * 10 + (text->data[0] - '0');
    }
    if (minus)
        value->number = -value->number;
    /* a decimal: nothing that is read here has one */
    return digits > 0 && peek(text) != '.' ? 1 : -1;
}

static int
take_boolean(struct gl_text *text, struct gl_structured *value)
{
    if (text->len < 2 || !is_one_of(text->data[1], "01"))
        return -1;
    value->type = GL_STRUCTURED_BOOLEAN;
    value->number = text->data[1] == '1';
    skip(text, 2);
    return 1;
}

static int
take_token(struct gl_text *text, struct gl_structured *value)
{
    value->type = GL_STRUCTURED_TOKEN;
    while (text->len > 0 &&
           (is_letter(text->data[0]) || is_digit(text->data[0]) ||
            is_one_of(text->data[0], "!#$%&'*+-.^_`|~:/")))
        skip(text, 1);
    return 1;
}

/* A value without its parameters, none of which is an inner list. */
static int
take_bare(struct gl_text *text, struct gl_structured *value)
{
    const struct gl_text whole = *text;
    char c = peek(text);
    int taken = -1;

    *value = (struct gl_structured){.type = GL_STRUCTURED_TOKEN};
    if (c == '"')
        taken = take_string(text, value);
    else if (c == ':')
        taken = take_bytes(text, value);
    else if (c == '?')
        taken = take_boolean(text, value);
    else if (c == '-' || is_digit(c))
        taken = take_number(text, value);
    else if (is_letter(c) || c == '*')
        taken = take_token(text, value);
    if (taken == 1)
        value->raw = upto(whole, text);
    if (value->type == GL_STRUCTURED_TOKEN)
        value->inside = value->raw;
    return taken;
}

int
gl_structured_param(struct gl_text *params, struct gl_text *key,
                    struct gl_structured *value)
{
    if (peek(params) != ';')
        return 0;
    skip(params, 1);
    skip_blanks(params, 0);
    if (take_key(params, key) == -1)
        return -1;
    *value =
        (struct gl_structured){.type = GL_STRUCTURED_BOOLEAN, .number = 1};
    if (peek(params) != '=')
        return 1;
    skip(params, 1);
    return take_bare(params, value);
}

/* All parameters that follow. */
static int
take_params(struct gl_text *text, struct gl_text *params)
{
    const struct gl_text whole = *text;
    struct gl_structured value;
    struct gl_text key;
    int taken;

    while ((taken = gl_structured_param(text, &key, &value)) == 1)
        ;
    *params = upto(whole, text);
    return taken == -1 ? -1 : 1;
}

int
gl_structured_element(struct gl_text *inside, struct gl_structured *value)
{
    skip_blanks(inside, 0);
    if (inside->len == 0)
        return 0;
    if (take_bare(inside, value) == -1 ||
        take_params(inside, &value->params) == -1)
        return -1;
    /* one is parted from the next by a blank */
    return inside->len == 0 || peek(inside) == ' ' ? 1 : -1;
}

/* Where the parenthesis of an inner list closes, past strings; 0: nowhere. */
static uint32_t
closing(const struct gl_text *text)
{
    uint32_t i;
    int quoted = 0;

    for (i = 1; i < text->len; i++)
        if (quoted && text->data[i] == '\\')
            i++;
        else if (text->data[i] == '"')
            quoted = !quoted;
        else if (!quoted && text->data[i] == ')')
            return i;
    return 0;
}

static int
take_list(struct gl_text *text, struct gl_structured *value)
{
    struct gl_structured element;
    uint32_t end = closing(text);
    int taken;

    if (end == 0)
        return -1;
    *value = (struct gl_structured){.type = GL_STRUCTURED_LIST,
                                    .raw = {text->data, end + 1},
                                    .inside = {text->data + 1, end - 1}};
    struct gl_text inside = value->inside;
    while ((taken = gl_structured_element(&inside, &element)) == 1)
        ;
    skip(text, end + 1);
    return taken == -1 ? -1 : 1;
}

/* ---- lists and dictionaries ---- */

static int
take_value(struct gl_text *text, struct gl_structured *value)
{
    int taken =
        peek(text) == '(' ? take_list(text, value) : take_bare(text, value);

    return taken == -1 ? -1 : take_params(text, &value->params);
}

/* Behind a member: its end, or a comma with another one behind it. */
static int
take_comma(struct gl_text *text)
{
    skip_blanks(text, 1);
    if (text->len == 0)
        return 1;
    if (peek(text) != ',')
        return -1;
    skip(text, 1);
    skip_blanks(text, 1);
    return text->len > 0 ? 1 : -1;
}

int
gl_structured_item(struct gl_text *list, struct gl_structured *value)
{
    skip_blanks(list, 0);
    if (list->len == 0)
        return 0;
    return take_value(list, value) == 1 ? take_comma(list) : -1;
}

int
gl_structured_member(struct gl_text *dictionary, struct gl_text *key,
                     struct gl_structured *value)
{
    skip_blanks(dictionary, 0);
    if (dictionary->len == 0)
        return 0;
    if (take_key(dictionary, key) == -1)
        return -1;
    *value =
        (struct gl_structured){.type = GL_STRUCTURED_BOOLEAN, .number = 1};
    if (peek(dictionary) == '=') {
        skip(dictionary, 1);
        if (take_value(dictionary, value) == -1)
            return -1;
    } else if (take_params(dictionary, &value->params) == -1) {
        return -1;
    }
    return take_comma(dictionary);
}
