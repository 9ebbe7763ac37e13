/*
 * Door: a line of an import of events, ours or a row of another product's.
 * What is taken could have come from a worker: every text fits its field and
 * may be kept.
 */

#include "fuzz.h"
#include "import/event_line.h"
#include "import/foreign.h"
#include "import/total_line.h"
#include "request/utf8.h"

#include <string.h>

#define NOW_MS INT64_C(1800000000000)
#define DAY_MS INT64_C(86400000)

/* What an export wrote of a word beyond a cap may stand anywhere. */
static void
check_text(struct gl_text text, uint32_t longest)
{
    static const char other[] = GL_WORD_OTHER;

    FUZZ_MUST(text.len <= longest ||
              (text.len == sizeof other - 1 &&
               memcmp(text.data, other, sizeof other - 1) == 0));
}

static void
check_utf8(struct gl_text text, uint32_t longest)
{
    FUZZ_MUST(gl_utf8_is_kept(text) && gl_utf8_fits(text, longest));
}

static void
check_props(const struct gl_event *event, uint32_t longest)
{
    uint32_t i;

    FUZZ_MUST(event->props_n <= longest);
    for (i = 0; i < event->props_n; i++) {
        check_utf8(event->props[i].key, GL_EVENT_PROP_KEY_MAX);
        check_utf8(event->props[i].value, GL_EVENT_PROP_VALUE_MAX);
    }
}

#define CHECK_UINT(member, longest)                                           \
    FUZZ_MUST((longest) == 0 || event->member <= (uint64_t) (longest))
#define CHECK_TEXT(member, longest) check_text(event->member, longest)
#define CHECK_UTF8(member, longest) check_utf8(event->member, longest)
#define CHECK_PROPS(member, longest) check_props(event, longest)

static void
check(const struct gl_import_line *line)
{
    const struct gl_event *event = &line->event;

#define GL_FIELD(key, member, type, longest, meaning)                         \
    CHECK_##type(member, longest);
#include "event_fields.h"
#undef GL_FIELD
    FUZZ_MUST(event->kind >= GL_PAGEVIEW && event->kind <= GL_ENGAGEMENT);
    FUZZ_MUST(event->at_ms >= 0 && event->at_ms <= NOW_MS + DAY_MS);
    FUZZ_MUST(line->visitor_text.len > 0);
    FUZZ_MUST(event->site.len > 0);
}

static void
read_foreign(const char *format, const char *text, size_t len)
{
    struct gl_import_line line;
    char why[512] = "";
    int result = gl_foreign_read(gl_foreign_by_name(format), &line, text, len,
                                 "site.example", NOW_MS, why, sizeof why);

    if (result == 0)
        check(&line);
    FUZZ_MUST(result != -1 || why[0] != '\0');
    gl_import_line_clear(&line);
}

static void
read_total(const char *format, const char *text, size_t len)
{
    struct gl_total_line line;
    char why[512] = "";
    int result = gl_total_line_read(&line, gl_product_by_name(format), NULL,
                                    text, len, why, sizeof why);

    FUZZ_MUST(result != -1 || why[0] != '\0');
    for (int i = 0; result == 0 && i < GL_DAY_SUMS_N; i++)
        FUZZ_MUST(line.total.sums[i] >= 0);
    for (int i = 0; result == 0 && i < GL_DAY_TEXTS_MAX; i++)
        FUZZ_MUST(gl_utf8_is_kept(line.total.texts[i]));
    gl_total_line_clear(&line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gl_import_line line;
    char why[256] = "";

    read_foreign("umami-csv", (const char *) data, size);
    read_foreign("goatcounter-csv", (const char *) data, size);
    read_total("plausible-csv", (const char *) data, size);
    read_total("matomo-csv", (const char *) data, size);
    read_total("ga4-csv", (const char *) data, size);

    if (gl_import_line_read(&line, (const char *) data, size, "site.example",
                            NOW_MS, why, sizeof why) == 0)
        check(&line);
    else
        FUZZ_MUST(why[0] != '\0');
    gl_import_line_clear(&line);
    return 0;
}
