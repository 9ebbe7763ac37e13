/* A page's address; see page.h. */

#include "request/page.h"

#include <string.h>
#include <strings.h>

#include "apart.h"
#include "gl_assert.h"
#include "request/address.h"
#include "request/host.h"
#include "request/longest.h"
#include "request/text.h"
#include "request/utf8.h"
#include "request/values.h"

#define WORD(word)                                                            \
    {                                                                         \
        word, sizeof(word) - 1                                                \
    }

static const struct gl_text click_ids[] = {
    WORD("gclid"),   WORD("gbraid"), WORD("wbraid"),
    WORD("msclkid"), WORD("fbclid"), WORD("twclid"),
};

/* Outranked by "source", wherever they stand. */
static const struct gl_text ref_key = WORD("ref");

/* A key of the query whose value is the field of that name. */
#define KEPT(member)                                                          \
    {                                                                         \
        WORD(#member), offsetof(struct gl_event, member)                      \
    }

static const struct {
    struct gl_text name;
    size_t at; /* of a gl_text in struct gl_event */
} kept_keys[] = {
    KEPT(utm_source),  KEPT(utm_medium), KEPT(utm_campaign),
    KEPT(utm_content), KEPT(utm_term),   KEPT(source),
};

/* What Matomo's links call them; a utm_ key outranks it. */
#define MEANS(name, member)                                                   \
    {                                                                         \
        WORD(name), offsetof(struct gl_event, member)                         \
    }

static const struct {
    struct gl_text name;
    size_t at;
} matomo_keys[] = {
    MEANS("mtm_source", utm_source),
    MEANS("pk_source", utm_source),
    MEANS("mtm_medium", utm_medium),
    MEANS("pk_medium", utm_medium),
    MEANS("mtm_campaign", utm_campaign),
    MEANS("mtm_cpn", utm_campaign),
    MEANS("matomo_campaign", utm_campaign),
    MEANS("pk_campaign", utm_campaign),
    MEANS("pk_cpn", utm_campaign),
    MEANS("piwik_campaign", utm_campaign),
    MEANS("mtm_content", utm_content),
    MEANS("pk_content", utm_content),
    MEANS("mtm_kwd", utm_term),
    MEANS("mtm_keyword", utm_term),
    MEANS("matomo_kwd", utm_term),
    MEANS("pk_kwd", utm_term),
    MEANS("pk_keyword", utm_term),
    MEANS("piwik_kwd", utm_term),
};

#define N_OF(table) (sizeof(table) / sizeof(table)[0])

/* ---- path ---- */

int
gl_page_path(struct gl_memory memory, struct gl_text text,
             struct gl_text *path)
{
    if (gl_text_decode(memory, text, GL_CODED_PATH, path) != 0)
        return -1;
    *path = gl_utf8_rtrim(*path);
    if (path->len == 0)
        *path = (struct gl_text) WORD("/");
    return 0;
}

static int
add_fragment(struct gl_memory memory, struct gl_text fragment,
             struct gl_text *path)
{
    if (gl_text_decode(memory, fragment, GL_CODED_PATH, &fragment) != 0)
        return -1;
    char *bytes = memory.get(memory.from, path->len + 1 + fragment.len);
    if (bytes == NULL)
        return -1;
    memcpy(bytes, path->data, path->len);
    bytes[path->len] = '#';
    memcpy(bytes + path->len + 1, fragment.data, fragment.len);
    path->data = bytes;
    path->len += 1 + fragment.len;
    return 0;
}

/* ---- query ---- */

struct gl_text
gl_page_click_id(struct gl_text name)
{
    size_t i;

    for (i = 0; i < N_OF(click_ids); i++)
        if (gl_text_is(name, click_ids[i]))
            return click_ids[i];
    return (struct gl_text){NULL, 0};
}

/* All of them have fields of one length. */
#define QUERY_CHARACTERS GL_LONGEST_source

/* The field that NAME means in Matomo's links, if it has no value yet. */
static struct gl_text *
find_matomo(struct gl_event *event, struct gl_text name)
{
    size_t i;

    for (i = 0; i < N_OF(matomo_keys); i++)
        if (gl_text_is(name, matomo_keys[i].name)) {
            struct gl_text *field =
                (struct gl_text *) (void *) ((char *) event +
                                             matomo_keys[i].at);
            return field->len == 0 ? field : NULL;
        }
    return NULL;
}

/* Where the value of a query key is kept, NULL when it is not. */
static struct gl_text *
find_kept(struct gl_event *event, struct gl_text *ref, struct gl_text name)
{
    size_t i;

    for (i = 0; i < N_OF(kept_keys); i++)
        if (gl_text_is(name, kept_keys[i].name))
            return (struct gl_text *) (void *) ((char *) event +
                                                kept_keys[i].at);
    if (name.len > 0 && (name.data[0] == 'm' || name.data[0] == 'p'))
        return find_matomo(event, name);
    return gl_text_is(name, ref_key) ? ref : NULL;
}

/* Of keys that come twice the last one counts, of click ids the first. */
static int
read_query(struct gl_memory memory, struct gl_text query,
           struct gl_event *event)
{
    struct gl_text key, value, name, ref = {NULL, 0};

    while (gl_text_pair(&query, &key, &value)) {
        if (gl_text_decode(memory, key, GL_CODED_QUERY, &name) != 0)
            return -1;
        struct gl_text *kept = find_kept(event, &ref, name);
        if (kept == NULL && event->click_id.len == 0)
            event->click_id = gl_page_click_id(name);
        if (kept == NULL)
            continue;
        if (gl_text_decode(memory, value, GL_CODED_QUERY, kept) != 0)
            return -1;
        *kept = gl_value_kept(*kept, QUERY_CHARACTERS);
    }
    if (event->source.len == 0)
        event->source = ref;
    return 0;
}

/* ---- all of it ---- */

int
gl_page_host(struct gl_memory memory, struct gl_text text,
             struct gl_text *host)
{
    if (gl_host_read(memory, text, host) != 0)
        return -1;
    if (host->len == 0)
        *host = (struct gl_text) WORD(GL_HOST_NONE);
    return 0;
}

static int
is_data(struct gl_text address)
{
    return address.len >= 5 && (address.data[0] | 0x20) == 'd' &&
           strncasecmp(address.data, "data:", 5) == 0;
}

static int
read_parts(struct gl_memory memory, const struct gl_address *parts, int hash,
           struct gl_event *event)
{
    if (gl_page_host(memory, parts->host, &event->host) != 0 ||
        gl_page_path(memory, parts->path, &event->path) != 0)
        return -1;
    if (hash && parts->fragment.len > 0 &&
        add_fragment(memory, parts->fragment, &event->path) != 0)
        return -1;
    return parts->query.len > 0 ? read_query(memory, parts->query, event) : 0;
}

int
gl_page_read(struct gl_memory memory, struct gl_text text, int hash,
             struct gl_event *event, const char **wrong)
{
    struct gl_address parts = gl_address_split(text);

    *wrong = is_data(parts.whole) ? "must not be a data: URL" : NULL;
    if (*wrong != NULL)
        return 0;
    if (read_parts(memory, &parts, hash, event) != 0)
        return -1;
    if (!gl_utf8_fits(event->path, GL_LONGEST_path))
        *wrong = "has a path of over 2000 characters";
    return 0;
}

/* What of an address is before AT. */
static int
read_until(struct gl_memory memory, struct gl_text whole, const char *at,
           struct gl_text *referrer)
{
    GL_ASSERT(at >= whole.data && at <= whole.data + whole.len);
    whole.len = (uint32_t) (at - whole.data);
    return gl_utf8_mend(memory, whole, referrer);
}

static GL_APART int
read_referrer(struct gl_memory memory, struct gl_text text,
              struct gl_text *referrer)
{
    struct gl_address parts = gl_address_split(text);
    struct gl_text path = parts.path;

    if (parts.whole.len == 0)
        return 0;
    /* the query is nobody's business */
    if (read_until(memory, parts.whole, path.data + path.len, referrer) != 0)
        return -1;
    if (referrer->len > GL_LONGEST_referrer &&
        read_until(memory, parts.whole, path.data, referrer) != 0)
        return -1;
    if (referrer->len > GL_LONGEST_referrer)
        *referrer = (struct gl_text){NULL, 0};
    return 0;
}

int
gl_page_referrer(struct gl_memory memory, struct gl_text text,
                 struct gl_text *referrer)
{
    *referrer = (struct gl_text){NULL, 0};
    return text.len == 0 ? 0 : read_referrer(memory, text, referrer);
}
