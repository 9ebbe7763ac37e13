/* What was changed, and by whom; see defined.h. */

#include "dashboard/defined.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard/filter_said.h"
#include "language/dates.h"
#include "language/say.h"

#define DAY_S (24 * 60 * 60)

/* What a verb did. */
static const struct {
    const char *verb;
    enum gl_say text;
} texts[] = {
    {"site.add", GL_SAY_DID_SITE_ADD},
    {"site.set", GL_SAY_DID_SITE_SET},
    {"site.rename", GL_SAY_DID_SITE_RENAME},
    {"site.unname", GL_SAY_DID_SITE_UNNAME},
    {"site.move", GL_SAY_DID_SITE_MOVE},
    {"site.reset", GL_SAY_DID_SITE_RESET},
    {"site.remove", GL_SAY_DID_SITE_REMOVE},
    {"share.add", GL_SAY_DID_SHARE_ADD},
    {"share.remove", GL_SAY_DID_SHARE_REMOVE},
    {"person.add", GL_SAY_DID_PERSON_ADD},
    {"person.role", GL_SAY_DID_PERSON_ROLE},
    {"person.link", GL_SAY_DID_PERSON_LINK},
    {"person.remove", GL_SAY_DID_PERSON_REMOVE},
    {"person.choose", GL_SAY_DID_PERSON_CHOOSE},
    {"person.totp", GL_SAY_DID_PERSON_TOTP},
    {"session.add", GL_SAY_DID_SESSION_ADD},
    {"session.remove", GL_SAY_DID_SESSION_REMOVE},
    {"token.create", GL_SAY_DID_TOKEN_CREATE},
    {"token.revoke", GL_SAY_DID_TOKEN_REVOKE},
    {"goal.add", GL_SAY_DID_GOAL_ADD},
    {"goal.remove", GL_SAY_DID_GOAL_REMOVE},
    {"funnel.add", GL_SAY_DID_FUNNEL_ADD},
    {"funnel.remove", GL_SAY_DID_FUNNEL_REMOVE},
    {"segment.add", GL_SAY_DID_SEGMENT_ADD},
    {"segment.remove", GL_SAY_DID_SEGMENT_REMOVE},
    {"annotation.add", GL_SAY_DID_ANNOTATION_ADD},
    {"annotation.remove", GL_SAY_DID_ANNOTATION_REMOVE},
    {"import.start", GL_SAY_DID_IMPORT_START},
    {"import.finish", GL_SAY_DID_IMPORT_FINISH},
    {"recipient.add", GL_SAY_DID_RECIPIENT_ADD},
    {"recipient.remove", GL_SAY_DID_RECIPIENT_REMOVE},
    {"recipient.leave", GL_SAY_DID_RECIPIENT_REMOVE},
    {"account.add", GL_SAY_DID_ACCOUNT_ADD},
    {"account.quota", GL_SAY_DID_ACCOUNT_QUOTA},
    {"account.remove", GL_SAY_DID_ACCOUNT_REMOVE},
};

static const char *
text_of(const char *verb)
{
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(texts[i].verb, verb) == 0)
            return gl_say(texts[i].text);
    return verb;
}

/* "29 Nov 2026, 15:04". */
static json_t *
when_of(const json_t *change, GTimeZone *zone)
{
    json_int_t at_ms = json_integer_value(json_object_get(change, "at"));
    int64_t second = at_ms / 1000;
    gint at = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, second);
    int64_t local = second + g_time_zone_get_offset(zone, at);
    int minute = (int) (local % DAY_S / 60);
    g_autofree char *text =
        gl_date_time_text(local / DAY_S, minute / 60, minute % 60);
    return json_string(text);
}

/* What an argument, or a setting, is called: the label of its field, where
 * there is one.  What has no text speaks for itself. */
static const struct {
    const char *key;
    enum gl_say text;
} labels[] = {
    {"timezone", GL_SAY_TIMEZONE},
    {"public", GL_SAY_WHO_SEES},
    {"hosts", GL_SAY_HOSTS},
    {"optout", GL_SAY_OPTOUT},
    {"block_addresses", GL_SAY_BLOCK_ADDRESSES},
    {"block_countries", GL_SAY_BLOCK_COUNTRIES},
    {"block_pages", GL_SAY_BLOCK_PAGES},
    {"block_agents", GL_SAY_BLOCK_AGENTS},
    {"keep_referrer", GL_SAY_REFERRER},
    {"keep_campaign", GL_SAY_CAMPAIGN},
    {"keep_agent", GL_SAY_KEEP_AGENT},
    {"keep_place", GL_SAY_PLACE},
    {"keep_language", GL_SAY_KEEP_LANGUAGE},
    {"keep_screen", GL_SAY_SCREEN},
    {"keep_title", GL_SAY_KEEP_TITLE},
    {"keep_props", GL_SAY_PROPERTIES},
    {"retention_days", GL_SAY_RETENTION_DAYS},
    {"keep_rows", GL_SAY_KEEP_ROWS},
    {"refresh_window", GL_SAY_REFRESH_WINDOW},
    {"days", GL_SAY_DAYS_UNTIL},
    {"scope", GL_SAY_IT_MAY},
    {"segment", GL_SAY_SEGMENT},
    {"scroll", GL_SAY_SCROLL_PERCENT},
    {"event", GL_SAY_EVENT},
    {"page", GL_SAY_PAGE},
    {"props", GL_SAY_PROPERTIES},
    {"currency", GL_SAY_REVENUE_CURRENCY},
    {"strict", GL_SAY_FUNNEL_STRICT},
    {"language", GL_SAY_LANGUAGE},
};

static const char *
label_of(const char *key)
{
    static const char plain[] = " account name role filters steps date "
                                "text to address gets removed ";
    char *word = g_strdup_printf(" %s ", key);
    int is_plain = strstr(plain, word) != NULL;

    g_free(word);
    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
        if (strcmp(labels[i].key, key) == 0)
            return gl_say(labels[i].text);
    return is_plain ? NULL : key;
}
/* VALUE of KEY in the words of a page, where it has some. */
static const char *
word_of(const char *key, const char *value)
{
    static const struct {
        const char *key, *value;
        enum gl_say text;
    } words[] = {
        {"public", "yes", GL_SAY_SEES_ALL},
        {"public", "no", GL_SAY_SEES_SIGNED},
        {"optout", "yes", GL_SAY_OPTOUT_ON},
        {"optout", "no", GL_SAY_OPTOUT_OFF},
        {"optout", "gpc", GL_SAY_OPTOUT_GPC},
        {"optout", "dnt", GL_SAY_OPTOUT_DNT},
        {"keep_", "yes", GL_SAY_IS_KEPT},
        {"keep_", "no", GL_SAY_IS_LEFT_OUT},
        {"scope", "stats:read", GL_SAY_MAY_READ},
        {"scope", "stats:read,sites:write", GL_SAY_MAY_WRITE},
        {"scope", "events:write", GL_SAY_MAY_SEND},
        {"gets", "both", GL_SAY_GETS_BOTH},
        {"gets", "summary", GL_SAY_GETS_SUMMARY},
        {"gets", "notices", GL_SAY_GETS_NOTICES},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(key, words[i].key) &&
            strcmp(value, words[i].value) == 0)
            return gl_say(words[i].text);
    if (strcmp(key, "role") == 0)
        return gl_say_english(value);
    return value[0] == '\0' ? gl_say(GL_SAY_NONE) : value;
}

/* Filters and steps, which a form and the command line send as JSON; the
 * caller's (g_free). */
static char *
value_of(const char *key, const json_t *value)
{
    const char *text = json_is_true(value) ? "yes" : json_string_value(value);
    json_t *list = text != NULL && text[0] == '['
                       ? json_loads(text, 0, NULL)
                       : json_incref((json_t *) (uintptr_t) value);
    char *json, *said = NULL;

    if (strcmp(key, "filters") == 0 && json_is_array(list)) {
        json_t *all = json_pack("[s, O]", "and", list);

        said = gl_filter_said(all);
        json_decref(all);
    } else if (strcmp(key, "steps") == 0 && json_is_array(list)) {
        said = gl_defined_steps(list);
    }
    json_decref(list);
    if (said != NULL || strcmp(key, "strict") == 0)
        return said;
    if (text != NULL)
        return g_strdup(word_of(key, text));
    json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    said = g_strdup(json);
    free(json);
    return said;
}

/* What it was about, its name first: but which site, which is this one's
 * page, and no id, which tells nobody anything. */
static json_t *
about_of(json_t *args)
{
    const char *set = json_string_value(json_object_get(args, "key"));
    const char *to = json_string_value(json_object_get(args, "value"));
    json_t *about = json_array(), *value;
    const char *key;

    if (set != NULL && to != NULL) {
        json_array_append_new(about,
                              json_pack("{s:s, s:s}", "key", label_of(set),
                                        "value", word_of(set, to)));
        return about;
    }
    json_object_foreach (args, key, value) {
        g_autofree char *said = NULL;

        if (strcmp(key, "domain") == 0 || strcmp(key, "site") == 0 ||
            strcmp(key, "of") == 0 || strcmp(key, "id") == 0)
            continue;
        said = value_of(key, value);
        json_array_insert_new(
            about, strcmp(key, "name") == 0 ? 0 : json_array_size(about),
            json_pack("{s:s*, s:s*}", "key", label_of(key), "value", said));
    }
    return about;
}

/* "uid 0" has a shell on the server; a person is there by name, who signs in
 * for the first time in the arguments alone. */
static json_t *
who_of(const json_t *change)
{
    static const char uid[] = "uid ";
    const char *by = json_string_value(json_object_get(change, "by"));
    json_t *name = json_object_get(json_object_get(change, "args"), "name");
    char *said;
    json_t *json;

    if (strcmp(by, "sign-in") == 0 && name != NULL)
        return json_incref(name);
    if (strcmp(by, "token") == 0)
        return json_string(gl_say(GL_SAY_SAID_A_TOKEN));
    if (!g_str_has_prefix(by, uid))
        return json_string(by);
    by += sizeof uid - 1;
    said = gl_say_with(
        GL_SAY_ON_SERVER,
        json_pack("{s:s}", "user", strcmp(by, "0") == 0 ? "root" : by));
    json = json_string(said);
    g_free(said);
    return json;
}

void
gl_audit_view(const json_t *answer, const char *zone_name, json_t *view)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zone_name);
    const json_t *before = json_object_get(answer, "before"), *change;
    json_t *list = json_array();
    size_t i;

    if (zone == NULL)
        zone = g_time_zone_new_utc();
    json_array_foreach (json_object_get(answer, "changes"), i, change)
        json_array_append_new(
            list,
            json_pack(
                "{s:o, s:o, s:s, s:o}", "when", when_of(change, zone), "by",
                who_of(change), "what",
                text_of(json_string_value(json_object_get(change, "verb"))),
                "about", about_of(json_object_get(change, "args"))));
    json_object_set_new(view, "any", json_boolean(json_array_size(list) > 0));
    json_object_set_new(view, "changes", list);
    if (before != NULL)
        json_object_set_new(
            view, "before",
            json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(before)));
}
