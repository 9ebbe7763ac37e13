/* What was changed, and by whom; see defined.h. */

#include "dashboard/defined.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

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
    {"account.add", GL_SAY_DID_ACCOUNT_ADD},
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

/* What it was about: but which site, which is this one's page. */
static json_t *
about_of(json_t *args)
{
    json_t *about = json_array(), *value;
    const char *key;

    json_object_foreach (args, key, value) {
        char *json = NULL;

        if (strcmp(key, "domain") == 0 || strcmp(key, "site") == 0 ||
            strcmp(key, "of") == 0)
            continue;
        if (!json_is_string(value))
            json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        json_array_append_new(
            about, json_pack("{s:s, s:s?}", "key", key, "value",
                             json != NULL ? json : json_string_value(value)));
        free(json);
    }
    return about;
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
                "{s:o, s:O, s:s, s:o}", "when", when_of(change, zone), "by",
                json_object_get(change, "by"), "what",
                text_of(json_string_value(json_object_get(change, "verb"))),
                "about", about_of(json_object_get(change, "args"))));
    json_object_set_new(view, "any", json_boolean(json_array_size(list) > 0));
    json_object_set_new(view, "changes", list);
    if (before != NULL)
        json_object_set_new(
            view, "before",
            json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(before)));
}
