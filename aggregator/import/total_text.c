/* Texts of day totals; see total_text.h.  What they may be is event_text.c's.
 */

#define _GNU_SOURCE /* memmem */

#include "import/total_text.h"

#include <stdio.h>
#include <string.h>

#include "import/event_text.h"
#include "request/longest.h"
#include "request/utf8.h"
#include "request/values.h"

/* The key of event lines that holds what a dimension does. */
static const struct {
    const char *word, *key; /* "": any text */
} keys[] = {
    {"event:hostname", "host"},
    {"event:page", "path"},
    {"visit:entry_page", "path"},
    {"visit:exit_page", "path"},
    {"event:name", "name"},
    {"event:props:url", ""},
    {"event:props:path", ""},
    {"visit:source", "source"},
    {"visit:referrer", "referrer"},
    {"visit:utm_source", "utm_source"},
    {"visit:utm_medium", "utm_medium"},
    {"visit:utm_campaign", "utm_campaign"},
    {"visit:utm_content", "utm_content"},
    {"visit:utm_term", "utm_term"},
    {"visit:country", "country"},
    {"visit:region", "region"},
    {"visit:city", "city"},
    {"visit:device", "device"},
    {"visit:browser", "browser"},
    {"visit:browser_version", "browser_version"},
    {"visit:os", "os"},
    {"visit:os_version", "os_version"},
};

static const char *
find_key(const char *word)
{
    size_t i = 0;

    while (strcmp(keys[i].word, word) != 0)
        i++;
    return keys[i].key;
}

/* A text of up to 2000 characters, where a "%" is one. */
static int
read_plain(struct gl_import_line *line, struct gl_text *text, char *must,
           size_t must_len)
{
    (void) gl_utf8_mend(gl_import_memory_(line), *text, text);
    *text = gl_utf8_rtrim(*text);
    if (gl_utf8_fits(*text, GL_LONGEST_path))
        return 0;
    snprintf(must, must_len, "is over %d characters", GL_LONGEST_path);
    return -1;
}

/* HEAD and TEXT, in LINE's memory. */
static struct gl_text
join(struct gl_import_line *line, const char *head, struct gl_text text)
{
    struct gl_memory memory = gl_import_memory_(line);
    size_t len = strlen(head);
    char *bytes = memory.get(memory.from, len + text.len);

    memcpy(bytes, head, len);
    memcpy(bytes + len, text.data, text.len);
    return (struct gl_text){bytes, (uint32_t) len + text.len};
}

/* Host and path, mostly without a scheme already. */
static void
read_referrer(struct gl_import_line *line, struct gl_enrich *enrich,
              struct gl_text *text)
{
    int bare = text->len > 0 && memchr(text->data, '.', text->len) != NULL &&
               memmem(text->data, text->len, "://", 3) == NULL;
    struct gl_text address = join(line, bare ? "https://" : "", *text);
    struct gl_text shown = gl_enrich_referrer(enrich, address);

    if (shown.len > 0 && shown.data != address.data)
        *text = join(line, "", shown);
}

static int
check_list(const struct gl_enrich *enrich, enum gl_code_list list,
           struct gl_text code, const char *standard, char *must,
           size_t must_len)
{
    if (gl_import_is_other_(code) ||
        gl_enrich_code(enrich, list, code).len == code.len)
        return 0;
    snprintf(must, must_len, "is not a code of %s", standard);
    return -1;
}

int
gl_total_text_(struct gl_import_line *line, struct gl_enrich *enrich,
               const char *word, int coded, struct gl_text *text, char *must,
               size_t must_len)
{
    const char *key = find_key(word);

    if (text->len == 0)
        return 0;
    if (key[0] == '\0' || (!coded && strcmp(key, "path") == 0))
        return read_plain(line, text, must, must_len);
    if (gl_import_text_read_(line, gl_import_text_(key), text, must,
                             must_len) != 0)
        return -1;
    if (enrich == NULL)
        return 0;
    if (strcmp(key, "country") == 0)
        return check_list(enrich, GL_CODE_COUNTRY, *text, "ISO 3166-1", must,
                          must_len);
    if (strcmp(key, "region") == 0)
        return check_list(enrich, GL_CODE_REGION, *text, "ISO 3166-2", must,
                          must_len);
    if (strcmp(key, "referrer") == 0)
        read_referrer(line, enrich, text);
    return 0;
}

struct gl_text
gl_total_text_instead_(const char *word)
{
    const char *key = find_key(word);

    return key[0] == '\0' ? (struct gl_text){NULL, 0}
                          : gl_import_text_instead_(gl_import_text_(key));
}
