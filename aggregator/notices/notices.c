/* What somebody is told without asking; see notices.h. */

#include "notices/notices.h"

#include <glib.h>

#include "gl_assert.h"
#include "language/dates.h"
#include "language/say.h"

static const struct {
    const char *name;
    enum gl_say title, text;
} kinds[] = {
#define NOTICE(kind, name, of)                                                \
    {name, GL_SAY_NOTICE_##kind##_TITLE, GL_SAY_NOTICE_##kind},
#include "notices/notices.def"
#undef NOTICE
};

const char *
gl_notice_name(enum gl_notice_kind kind)
{
    GL_ASSERT(kind < GL_NOTICE_KINDS);
    return kinds[kind].name;
}

/* "24 Nov 2026, 10:00", the caller's; "": there is none. */
static char *
time_of(int64_t hour)
{
    return hour == 0 ? g_strdup("")
                     : gl_date_time_text(hour / 24, (int) (hour % 24), 0);
}

static char *
say(enum gl_say which, const struct gl_notice *notice)
{
    g_autofree char *to = time_of(notice->to_hour);
    g_autofree char *from = time_of(notice->from_hour);
    return gl_say_with(
        which, json_pack("{s:s, s:I, s:I, s:s, s:s}", "of", notice->of, "n",
                         (json_int_t) notice->n, "usual",
                         (json_int_t) notice->usual, "from", from, "to", to));
}

json_t *
gl_notice_json(const struct gl_notice *notice)
{
    g_autofree char *title = say(kinds[notice->kind].title, notice);
    g_autofree char *text = say(kinds[notice->kind].text, notice);
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:o, s:[s]}", "kind",
                     "notice", "notice", kinds[notice->kind].name, "of",
                     notice->of, "since", (json_int_t) notice->since_ms, "n",
                     (json_int_t) notice->n, "usual",
                     (json_int_t) notice->usual, "title", title, "subject",
                     json_sprintf("%s: %s", notice->of, title), "items", text);
}
