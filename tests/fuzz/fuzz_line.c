/*
 * Door: a line of an import of events.  What is taken could have come from a
 * worker: every text fits its field and may be kept.
 */

#include "fuzz.h"
#include "import/event_line.h"
#include "request/utf8.h"

#include <string.h>

#define NOW_MS INT64_C(1800000000000)
#define DAY_MS INT64_C(86400000)

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
#define CHECK_TEXT(member, longest) FUZZ_MUST(event->member.len <= (longest))
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gl_import_line line;
    char why[256] = "";

    if (gl_import_line_read(&line, (const char *) data, size, "site.example",
                            NOW_MS, why, sizeof why) == 0)
        check(&line);
    else
        FUZZ_MUST(why[0] != '\0');
    gl_import_line_clear(&line);
    return 0;
}
