/*
 * Sums of a log by the hour; see explain.h.  Who is a bot is known at the end,
 * of each agent once; who is a client that fetched nothing but pages, too.
 */

#include <sodium.h>
#include <string.h>
#include <time.h>

#include "cli/explain.h"
#include "logs/page.h"

#define QUARTER_MS (15 * 60000)
#define AGENTS_ASKED 100 /* at one time */
#define AGENT_SHOWN 512

struct person {
    uint32_t agent; /* place in .texts */
    uint8_t fetches;
};

struct page {
    uint32_t person;
    struct gl_cli_hour *hour;
};

static guint
hash_of(gconstpointer key)
{
    return (guint) * (const uint64_t *) key;
}

void
gl_cli_sums_begin(struct gl_cli_sums *sums)
{
    memset(sums, 0, sizeof *sums);
    sums->hours = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    sums->agents = g_hash_table_new(g_str_hash, g_str_equal);
    sums->texts = g_ptr_array_new_with_free_func(g_free);
    sums->people = g_hash_table_new_full(hash_of, g_int64_equal, g_free, NULL);
    sums->persons = g_array_new(FALSE, FALSE, sizeof(struct person));
    sums->pages = g_array_new(FALSE, FALSE, sizeof(struct page));
    sums->quarter = -1;
    randombytes_buf(sums->key, sizeof sums->key);
}

void
gl_cli_sums_free(struct gl_cli_sums *sums)
{
    g_hash_table_destroy(sums->hours);
    g_hash_table_destroy(sums->agents);
    g_ptr_array_free(sums->texts, TRUE);
    g_hash_table_destroy(sums->people);
    g_array_free(sums->persons, TRUE);
    g_array_free(sums->pages, TRUE);
}

/* Of AT_MS, by the site's clock: TZ is its. */
static struct gl_cli_hour *
hour_of(struct gl_cli_sums *sums, int64_t at_ms)
{
    char label[GL_CLI_HOUR];
    time_t at = (time_t) (at_ms / 1000);
    struct tm tm;
    if (at_ms / QUARTER_MS == sums->quarter)
        return sums->hour;
    localtime_r(&at, &tm);
    strftime(label, sizeof label, "%Y-%m-%d %H:00:00", &tm);
    sums->quarter = at_ms / QUARTER_MS;
    sums->hour = g_hash_table_lookup(sums->hours, label);
    if (sums->hour == NULL) {
        sums->hour = g_new0(struct gl_cli_hour, 1);
        memcpy(sums->hour->label, label, sizeof label);
        g_hash_table_insert(sums->hours, sums->hour->label, sums->hour);
    }
    return sums->hour;
}

/* ---- who ---- */

static uint32_t
agent_of(struct gl_cli_sums *sums, struct gl_text text)
{
    char agent[AGENT_SHOWN + 1];
    uint32_t len = text.len < AGENT_SHOWN ? text.len : AGENT_SHOWN;
    if (len > 0)
        memcpy(agent, text.data, len);
    agent[len] = '\0';
    gpointer place = g_hash_table_lookup(sums->agents, agent);
    if (place != NULL)
        return GPOINTER_TO_UINT(place) - 1;
    char *kept = g_strdup(agent);
    g_ptr_array_add(sums->texts, kept);
    g_hash_table_insert(sums->agents, kept,
                        GUINT_TO_POINTER(sums->texts->len));
    return sums->texts->len - 1;
}

static uint32_t
person_of(struct gl_cli_sums *sums, const struct gl_logs_record *record)
{
    char bytes[GL_VISITOR_BYTES_MAX];
    const struct gl_event nobody = {.agent = record->agent};
    size_t len = gl_logs_visitor_bytes(bytes, record, &nobody);
    struct person person = {0};
    uint64_t hash;
    crypto_shorthash((uint8_t *) &hash, (uint8_t *) bytes, len, sums->key);
    gpointer place = g_hash_table_lookup(sums->people, &hash);
    if (place != NULL)
        return GPOINTER_TO_UINT(place) - 1;
    person.agent = agent_of(sums, record->agent);
    g_array_append_val(sums->persons, person);
    g_hash_table_insert(sums->people, g_memdup2(&hash, sizeof hash),
                        GUINT_TO_POINTER(sums->persons->len));
    return sums->persons->len - 1;
}

void
gl_cli_sums_add(struct gl_cli_sums *sums, enum gl_logs_class class,
                const struct gl_logs_record *record)
{
    struct gl_cli_hour *hour = hour_of(sums, record->at_ms);
    struct page page = {.hour = hour};
    hour->lines++;
    hour->counts[class]++;
    if (class != GL_LOGS_IS_PAGE && class != GL_LOGS_IS_ASSET)
        return;
    page.person = person_of(sums, record);
    if (class == GL_LOGS_IS_PAGE)
        g_array_append_val(sums->pages, page);
    else
        g_array_index(sums->persons, struct person, page.person).fetches = 1;
}

/* ---- bots ---- */

/* Which of the agents from FIRST on are: into IS_BOT; 0 or -1. */
static int
ask_agents(struct gl_cli_sums *sums, struct gl_cli *cli, guint first,
           uint8_t *is_bot)
{
    json_t *agents = json_array();
    json_auto_t *answer = NULL;
    guint n = 0;
    for (; n < AGENTS_ASKED && first + n < sums->texts->len; n++) {
        g_autofree char *text =
            g_utf8_make_valid(sums->texts->pdata[first + n], -1);
        json_array_append_new(agents, json_string(text));
    }
    answer =
        gl_cli_ask(cli, "log.agents", json_pack("{s:o}", "agents", agents));
    if (answer == NULL)
        return -1;
    json_t *bots = json_object_get(answer, "bots");
    for (guint i = 0; i < n; i++)
        is_bot[first + i] = json_string_length(json_array_get(bots, i)) > 0;
    return 0;
}

int
gl_cli_sums_end(struct gl_cli_sums *sums, struct gl_cli *cli)
{
    g_autofree uint8_t *is_bot = g_malloc0(sums->texts->len + 1);
    int result = 0;
    for (guint i = 0; result == 0 && i < sums->texts->len; i += AGENTS_ASKED)
        result = ask_agents(sums, cli, i, is_bot);
    for (guint i = 0; result == 0 && i < sums->pages->len; i++) {
        struct page page = g_array_index(sums->pages, struct page, i);
        struct person person =
            g_array_index(sums->persons, struct person, page.person);
        if (is_bot[person.agent]) {
            page.hour->counts[GL_LOGS_IS_PAGE]--;
            page.hour->counts[GL_LOGS_IS_BOT]++;
        } else {
            page.hour->bare += !person.fetches;
        }
    }
    return result;
}
