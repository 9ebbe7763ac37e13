/*
 * Texts of event lines; see event_text.h.  What a worker leaves out or cuts is
 * refused here: who imports can mend the line.
 */

#include "import/event_text.h"

#include <stdio.h>
#include <string.h>

#include "request/codes.h"
#include "request/headers.h"
#include "request/host.h"
#include "request/longest.h"
#include "request/page.h"
#include "request/text.h"
#include "request/utf8.h"
#include "request/values.h"

#define VISITOR_CHARACTERS 1024

/* Changes TEXT into what is stored; NULL, or why not. */
typedef const char *read_text(struct gl_memory memory, struct gl_text *text);

struct gl_import_text {
    const char *name;
    size_t at;        /* offset of a struct gl_text in struct gl_import_line */
    uint32_t longest; /* characters */
    read_text *read;
};

static void *
get_memory(void *from, size_t bytes)
{
    struct gl_import_line *line = from;

    line->_changed = g_slist_prepend(line->_changed, g_malloc(bytes));
    return line->_changed->data;
}

struct gl_memory
gl_import_memory_(struct gl_import_line *line)
{
    return (struct gl_memory){get_memory, line};
}

static const char *
read_host(struct gl_memory memory, struct gl_text *text)
{
    const struct gl_text none = {GL_HOST_NONE, sizeof GL_HOST_NONE - 1};
    int given = !gl_utf8_is_blank(*text) && !gl_text_is(*text, none);

    (void) gl_page_host(memory, *text, text);
    return given && gl_text_is(*text, none) ? "is not the name of a host"
                                            : NULL;
}

static const char *
read_path(struct gl_memory memory, struct gl_text *text)
{
    (void) gl_page_path(memory, *text, text);
    return NULL;
}

static const char *
read_referrer(struct gl_memory memory, struct gl_text *text)
{
    (void) gl_page_referrer(memory, *text, text);
    return NULL;
}

static const char *
read_name(struct gl_memory memory, struct gl_text *text)
{
    const char *wrong = NULL;

    if (text->len > 0)
        (void) gl_name_read(memory, text, &wrong);
    return wrong;
}

/* A title, a campaign ... */
static const char *
read_words(struct gl_memory memory, struct gl_text *text)
{
    (void) gl_utf8_mend(memory, *text, text);
    return NULL;
}

static const char *
read_agent(struct gl_memory memory, struct gl_text *text)
{
    (void) memory;
    *text = gl_headers_agent(*text);
    return NULL;
}

/* Any text: only what is hashed of it stays. */
static const char *
read_visitor(struct gl_memory memory, struct gl_text *text)
{
    (void) memory;
    (void) text;
    return NULL;
}

/* ---- codes: an empty text is none, and no error ---- */

static const char *
read_language(struct gl_memory memory, struct gl_text *text)
{
    int given = text->len > 0;

    (void) gl_language_read(memory, gl_headers_language(*text), text);
    return given && text->len == 0 ? "must be a language, like \"en-US\""
                                   : NULL;
}

static const char *
read_country(struct gl_memory memory, struct gl_text *text)
{
    int given = text->len > 0;

    (void) gl_country_read(memory, *text, text);
    return given && text->len == 0
               ? "must be a code of ISO 3166-1, like \"AT\""
               : NULL;
}

/* Of which country it is the line's reader looks at. */
static const char *
read_region(struct gl_memory memory, struct gl_text *text)
{
    const struct gl_text any = {NULL, 0};
    int given = text->len > 0;

    (void) gl_region_read(memory, *text, any, text);
    return given && text->len == 0
               ? "must be a code of ISO 3166-2, like \"AT-9\""
               : NULL;
}

static const char *
read_city(struct gl_memory memory, struct gl_text *text)
{
    int given = text->len > 0;

    (void) memory;
    *text = gl_city_read(*text);
    return given && text->len == 0
               ? "has control characters or is over 128 characters"
               : NULL;
}

static const char *
read_screen(struct gl_memory memory, struct gl_text *text)
{
    (void) memory;
    return text->len > 0 && !gl_screen_is(*text) ? "must be like \"1920x1080\""
                                                 : NULL;
}

static const char *
read_click_id(struct gl_memory memory, struct gl_text *text)
{
    int given = text->len > 0;

    (void) memory;
    *text = gl_page_click_id(*text);
    return given && text->len == 0
               ? "must be the name of a click id, like \"gclid\""
               : NULL;
}

/* ---- the table ---- */

#define OF_LINE(member) offsetof(struct gl_import_line, member)
#define FIELD(member) #member, OF_LINE(event.member), GL_LONGEST_##member

static const struct gl_import_text texts[] = {
    {FIELD(host), read_host},
    {FIELD(path), read_path},
    {FIELD(name), read_name},
    {FIELD(language), read_language},
    {FIELD(click_id), read_click_id},
    {FIELD(referrer), read_referrer},
    {FIELD(utm_source), read_words},
    {FIELD(utm_medium), read_words},
    {FIELD(utm_campaign), read_words},
    {FIELD(utm_content), read_words},
    {FIELD(utm_term), read_words},
    {FIELD(title), read_words},
    {FIELD(screen), read_screen},
    {FIELD(country), read_country},
    {FIELD(region), read_region},
    {FIELD(city), read_city},
    {"user_agent", OF_LINE(event.agent), GL_LONGEST_agent, read_agent},
    {"source", OF_LINE(source), GL_LONGEST_source, read_words},
    {"channel", OF_LINE(channel), 64, read_words},
    {"browser", OF_LINE(agent.browser), 63, read_words},
    {"browser_version", OF_LINE(agent.browser_version), 15, read_words},
    {"os", OF_LINE(agent.os), 63, read_words},
    {"os_version", OF_LINE(agent.os_version), 15, read_words},
    {"device", OF_LINE(agent.device), 15, read_words},
    {"visitor", OF_LINE(visitor_text), VISITOR_CHARACTERS, read_visitor},
};

const struct gl_import_text *
gl_import_text_(const char *key)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(key, texts[i].name) == 0)
            return &texts[i];
    return NULL;
}

int
gl_import_is_other_(struct gl_text text)
{
    const struct gl_text other = {GL_WORD_OTHER, sizeof GL_WORD_OTHER - 1};

    return gl_text_is(text, other);
}

int
gl_import_text_read_(struct gl_import_line *line,
                     const struct gl_import_text *key, struct gl_text *text,
                     char *must, size_t must_len)
{
    const char *wrong = NULL;

    if (gl_import_is_other_(*text))
        return 0;
    wrong = key->read(gl_import_memory_(line), text);
    if (wrong != NULL)
        snprintf(must, must_len, "%s", wrong);
    else if (!gl_utf8_fits(*text, key->longest))
        snprintf(must, must_len, "is over %u characters", key->longest);
    else
        return 0;
    return -1;
}

struct gl_text
gl_import_text_instead_(const struct gl_import_text *key)
{
    if (key->read == read_words && key->longest >= GL_LONGEST_utm_source)
        return (struct gl_text){GL_TOO_LONG, sizeof GL_TOO_LONG - 1};
    return (struct gl_text){NULL, 0};
}

int
gl_import_text_take_(struct gl_import_line *line,
                     const struct gl_import_text *key, struct gl_text text,
                     char *must, size_t must_len)
{
    struct gl_text *to = (struct gl_text *) (void *) ((char *) line + key->at);
    int result = gl_import_text_read_(line, key, &text, must, must_len);

    *to = text;
    return result;
}
