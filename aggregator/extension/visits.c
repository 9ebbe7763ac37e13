/* The table "visits"; see extension.h. */

#include "extension/extension.h"

#include "count/count.h"

enum { START = GL_KEYS, SECONDS, PAGEVIEWS, BOUNCED, WORDS };

/* After these, texts: of a column of the set, number TEXT of a dictionary. */
static const struct {
    int column;
    enum gl_extension_words words;
    int text;
} words_of[] = {
    {GL_VISIT_REFERRER, GL_WORDS_REFERRERS, 0},
    {GL_VISIT_REFERRER, GL_WORDS_REFERRERS, 1},
    {GL_VISIT_REFERRER, GL_WORDS_REFERRERS, 2},
    {GL_VISIT_REFERRER, GL_WORDS_REFERRERS, 3},
    {GL_VISIT_REFERRER, GL_WORDS_REFERRERS, 4},
    {GL_VISIT_REFERRER, GL_WORDS_REFERRERS, 5},
    {GL_VISIT_REFERRER, GL_WORDS_REFERRERS, 6},
    {GL_VISIT_REFERRER, GL_WORDS_REFERRERS, 7},
    {GL_VISIT_AGENT, GL_WORDS_AGENTS, 0},
    {GL_VISIT_AGENT, GL_WORDS_AGENTS, 1},
    {GL_VISIT_AGENT, GL_WORDS_AGENTS, 2},
    {GL_VISIT_AGENT, GL_WORDS_AGENTS, 3},
    {GL_VISIT_AGENT, GL_WORDS_AGENTS, 4},
    {GL_VISIT_PLACE, GL_WORDS_PLACES, 0},
    {GL_VISIT_PLACE, GL_WORDS_PLACES, 1},
    {GL_VISIT_PLACE, GL_WORDS_PLACES, 2},
    {GL_VISIT_SCREEN, GL_WORDS_SCREENS, 0},
    {GL_VISIT_LANGUAGE, GL_WORDS_LANGUAGES, 0},
    {GL_VISIT_ENTRY_HOST, GL_WORDS_HOSTS, 0},
    {GL_VISIT_ENTRY_PATH, GL_WORDS_PATHS, 0},
    {GL_VISIT_EXIT_HOST, GL_WORDS_HOSTS, 0},
    {GL_VISIT_EXIT_PATH, GL_WORDS_PATHS, 0},
};

static void
column(struct gl_extension_dictionary *words,
       const struct gl_extension_row *row, int at, sqlite3_context *to)
{
    const struct gl_columns *set = row->day.set;
    uint32_t visit = row->visit;
    size_t word = (size_t) (at - WORDS);

    switch (at) {
    case START:
        sqlite3_result_int64(to, set->day * GL_DAY_MS + set->visit_at[visit]);
        return;
    case SECONDS:
        sqlite3_result_int64(to, gl_column_at(&set->visit_seconds, visit));
        return;
    case PAGEVIEWS:
        sqlite3_result_int64(to, gl_column_at(&set->visit_views, visit));
        return;
    case BOUNCED:
        sqlite3_result_int(to, set->visit_bounced[visit]);
        return;
    default:
        gl_extension_text(
            to,
            gl_extension_word(
                words, words_of[word].words,
                gl_column_at(&set->visit_codes[words_of[word].column], visit),
                words_of[word].text));
    }
}

const struct gl_extension_table gl_extension_visits = {
    "CREATE TABLE visits (" GL_EXTENSION_KEYS
    "start INTEGER, seconds INTEGER, pageviews INTEGER, bounced INTEGER, "
    "referrer TEXT, source TEXT, channel TEXT, utm_source TEXT, "
    "utm_medium TEXT, utm_campaign TEXT, utm_content TEXT, utm_term TEXT, "
    "browser TEXT, browser_version TEXT, os TEXT, os_version TEXT, "
    "device TEXT, country TEXT, region TEXT, city TEXT, screen TEXT, language "
    "TEXT, "
    "entry_host TEXT, entry_page TEXT, exit_host TEXT, exit_page TEXT)",
    0, column};
