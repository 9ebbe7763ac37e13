/*
 * Keys of a site that say whose events are turned away: lists, each text of
 * one in one form, so that workers only compare.
 *
 *   addresses  203.0.113.7, 203.0.113.0/24, 2001:db8::/32
 *   countries  DE
 *   pages      /admin/ and two stars: request/pattern.h
 *   agents     a part of a User-Agent, in lower case
 */

#include "admin/site_switches.h"

#include "calls/answer.h"
#include "enrich/enrich.h"
#include "store/meta/shields.h"

#include <arpa/inet.h>
#include <string.h>

#define LIST_MAX 200 /* texts of one kind */
#define TEXT_MAX 200 /* bytes of one; an address has fewer */

/* TEXT in its one form, the caller's; NULL = it is none. */
typedef char *read_way(const struct gl_ingest *in, const char *text);

/* The first BITS of BYTES stay. */
static void
mask(uint8_t *bytes, int len, int bits)
{
    for (int i = 0; i < len; i++, bits -= 8)
        bytes[i] &= bits >= 8 ? 0xff : bits <= 0 ? 0 : 0xff << (8 - bits);
}

/* ADDRESS of FAMILY, of which SLASH, if any, says how many bits count. */
static char *
network(int family, const char *address, const char *slash)
{
    uint8_t bytes[sizeof(struct in6_addr)];
    char text[INET6_ADDRSTRLEN], *end = NULL;
    int len = family == AF_INET ? 4 : 16;
    guint64 bits = (guint64) len * 8;

    if (inet_pton(family, address, bytes) != 1)
        return NULL;
    if (slash != NULL) {
        bits = g_ascii_strtoull(slash, &end, 10);
        if (!g_ascii_isdigit(slash[0]) || *end != '\0' ||
            bits > (guint64) len * 8)
            return NULL;
    }
    mask(bytes, len, (int) bits);
    inet_ntop(family, bytes, text, sizeof text);
    if (bits == (guint64) len * 8)
        return g_strdup(text);
    return g_strdup_printf("%s/%d", text, (int) bits);
}

static char *
read_address(const struct gl_ingest *in, const char *text)
{
    const char *slash = strchr(text, '/');
    g_autofree char *address = slash == NULL
                                   ? g_strdup(text)
                                   : g_strndup(text, (gsize) (slash - text));

    (void) in;
    slash = slash == NULL ? NULL : slash + 1;
    char *found = network(AF_INET, address, slash);
    if (found == NULL)
        found = network(AF_INET6, address, slash);
    return found;
}

static char *
read_country(const struct gl_ingest *in, const char *text)
{
    char *upper = g_ascii_strup(text, -1);
    struct gl_text code = {upper, (uint32_t) strlen(upper)};

    if (gl_enrich_code(in->enrich, GL_CODE_COUNTRY, code).len > 0)
        return upper;
    g_free(upper);
    return NULL;
}

static char *
read_page(const struct gl_ingest *in, const char *text)
{
    (void) in;
    return text[0] == '/' || text[0] == '*' ? g_strdup(text) : NULL;
}

static char *
read_agent(const struct gl_ingest *in, const char *text)
{
    (void) in;
    return g_ascii_strdown(text, -1);
}

static const struct kind {
    const char *name;
    read_way *read;
    const char *is; /* of a text that is none: "is no ..." */
} kinds[] = {
    {"addresses", read_address,
     "address and no network, as 203.0.113.0/24 and 2001:db8::/32 are"},
    {"countries", read_country, "country of ISO 3166-1, as DE is"},
    {"pages", read_page, "path: it begins with a / or a *"},
    {"agents", read_agent, "part of a User-Agent"},
};
#define KINDS_N ((int) (sizeof kinds / sizeof kinds[0]))

static const struct kind *
kind_of(const char *name)
{
    for (int i = 0; i < KINDS_N; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

const char *
gl_site_shield_(const char *key)
{
    const struct kind *kind = g_str_has_prefix(key, "block_")
                                  ? kind_of(key + strlen("block_"))
                                  : NULL;

    return kind == NULL ? NULL : kind->name;
}

/* The texts of VALUE, blanks around them left out; NULL = it has none. */
static char **
split(const json_t *value)
{
    const char *text = json_string_value(value);
    const json_t *part;
    size_t i;

    if (text != NULL)
        return g_strsplit(text, ",", -1);
    if (!json_is_array(value))
        return NULL;
    GPtrArray *parts = g_ptr_array_new();
    json_array_foreach (value, i, part)
        g_ptr_array_add(
            parts,
            g_strdup(json_is_string(part) ? json_string_value(part) : "?"));
    g_ptr_array_add(parts, NULL);
    return (char **) g_ptr_array_free(parts, FALSE);
}

/* 1 = every byte may stand in the sites file, whose lines have ends. */
static int
is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (g_ascii_iscntrl(*text))
            return 0;
    return 1;
}

/* One TEXT of KIND behind LIST: 0, or a status. */
static int
add(const struct gl_ingest *in, const struct kind *kind, const char *text,
    GPtrArray *list, json_t **answer)
{
    char *stored = NULL;

    if (text[0] == '\0')
        return 0;
    if (strlen(text) <= TEXT_MAX && is_plain(text) &&
        g_utf8_validate(text, -1, NULL))
        stored = kind->read(in, text);
    if (stored == NULL)
        return gl_verb_refuse_(answer, 400, "\"%.200s\" is no %s", text,
                               kind->is);
    if (list->len == LIST_MAX) {
        g_free(stored);
        return gl_verb_refuse_(answer, 400, "block_%s has more than %d texts",
                               kind->name, LIST_MAX);
    }
    g_ptr_array_add(list, stored);
    return 0;
}

char **
gl_site_read_shields_(const struct gl_ingest *in, const char *name,
                      const json_t *value, int *status, json_t **answer)
{
    const struct kind *kind = kind_of(name);
    g_auto(GStrv) parts = split(value);
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

    *status = parts != NULL ? 0
                            : gl_verb_refuse_(answer, 400,
                                              "block_%s is a comma list; "
                                              "\"\" blocks none",
                                              name);
    for (char **part = parts; *status == 0 && *part != NULL; part++)
        *status = add(in, kind, g_strstrip(*part), list, answer);
    if (*status != 0) {
        g_ptr_array_free(list, TRUE);
        return NULL;
    }
    g_ptr_array_add(list, NULL);
    g_ptr_array_set_free_func(list, NULL);
    return (char **) g_ptr_array_free(list, FALSE);
}

static void
append(void *arg, const struct gl_meta_shield *shield)
{
    json_t *list = json_object_get(arg, shield->kind);

    if (list != NULL)
        json_array_append_new(list, json_string(shield->text));
}

static json_t *
shields_json(struct gl_meta *meta, int64_t site)
{
    json_t *json = json_object();

    for (int i = 0; i < KINDS_N; i++)
        json_object_set_new(json, kinds[i].name, json_array());
    if (gl_meta_shields(meta, site, append, json) == 0)
        return json;
    json_decref(json);
    return NULL;
}

int
gl_verb_site_show_(const struct gl_query_view *view,
                   const struct gl_call *call, json_t **answer)
{
    int status = gl_verb_site_get_(view, call, answer);
    const json_t *site = json_object_get(*answer, "site");
    json_t *block = NULL;
    char why[256];

    if (status != 200)
        return status;
    struct gl_meta *reader = gl_meta_reader(view->meta, why, sizeof why);
    if (reader != NULL)
        block = shields_json(reader,
                             json_integer_value(json_object_get(site, "id")));
    if (block == NULL) {
        g_clear_pointer(answer, json_decref);
        status = gl_verb_storage_(answer,
                                  reader == NULL ? why : gl_meta_why(reader));
    } else {
        json_object_set_new(*answer, "block", block);
    }
    gl_meta_reader_free(reader);
    return status;
}
