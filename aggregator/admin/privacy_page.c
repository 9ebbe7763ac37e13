/* The proof of privacy as a page; see privacy_page.h.  Query threads. */

#include "admin/privacy_page.h"

#include <glib.h>
#include <stdlib.h>

#include "dashboard/render.h"
#include "number.h"
#include "version.h"

#define TITLE "What Glinto stores of visitors"
#define HOW                                                                   \
    "Read by \"glinto check privacy\" of Glinto " GL_VERSION                  \
    " from the live files, not from settings.  The SHA-256 of a site is of "  \
    "all texts that its account keeps of visitors and of the numbers above: " \
    "who asks again while no event has come is told the same."

/* 2026-11-29 18:05 UTC */
static char *
time_text(const json_t *ms)
{
    g_autoptr(GDateTime) time =
        g_date_time_new_from_unix_utc(json_integer_value(ms) / 1000);
    char *text =
        time == NULL ? g_strdup("") : g_date_time_format(time, "%F %H:%M UTC");

    return text;
}

/* VALUE is taken. */
static void
add_fact(json_t *facts, const char *key, char *value)
{
    json_array_append_new(facts,
                          json_pack("{s:s, s:s}", "key", key, "value", value));
    g_free(value);
}

/* The words of KEEP that are IS, with commas between. */
static char *
words_of(const json_t *keep, int is)
{
    GString *text = g_string_new("");
    const char *word;
    json_t *value;

    json_object_foreach ((json_t *) (uintptr_t) keep, word, value) {
        if (json_is_true(value) == is)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
                                   word);
    }
    return g_string_free(
        text->len > 0 ? text : g_string_assign(text, "nothing"), FALSE);
}

static char *
events_text(const json_t *site)
{
    char n[GL_NUMBER_MAX];
    int64_t events = json_integer_value(json_object_get(site, "events"));

    gl_number(n, events);
    g_autofree char *since = time_text(json_object_get(site, "oldest"));
    return g_strdup_printf("%s %s%s%s", n, events == 1 ? "event" : "events",
                           events > 0 ? ", the oldest of " : "",
                           events > 0 ? since : "");
}

static json_t *
site_view(const json_t *site)
{
    const char *profile = json_string_value(json_object_get(site, "profile"));
    const json_t *keep = json_object_get(site, "keep");
    int64_t days = json_integer_value(json_object_get(site, "retention_days"));
    json_t *facts = json_array();

    add_fact(facts, "profile", g_strdup(profile == NULL ? "none" : profile));
    add_fact(facts, "kept", words_of(keep, 1));
    add_fact(facts, "left out", words_of(keep, 0));
    add_fact(facts, "erased",
             days > 0 ? g_strdup_printf("after %lld days", (long long) days)
                      : g_strdup("never"));
    add_fact(facts, "stored", events_text(site));
    add_fact(facts, "SHA-256",
             g_strdup(json_string_value(json_object_get(site, "sha256"))));
    return json_pack("{s:O, s:o}", "domain", json_object_get(site, "domain"),
                     "facts", facts);
}

static json_t *
claim_view(const json_t *claim)
{
    int holds = json_is_true(json_object_get(claim, "holds"));

    return json_pack("{s:b, s:[{s:s}, {s:O}, {s:O}, {s:O}]}", "broken", !holds,
                     "cells", "text", holds ? "holds" : "BROKEN", "text",
                     json_object_get(claim, "about"), "text",
                     json_object_get(claim, "claim"), "text",
                     json_object_get(claim, "says"));
}

/* {text} of each. */
static json_t *
texts_view(const json_t *texts)
{
    json_t *view = json_array(), *text;
    size_t i;

    json_array_foreach (texts, i, text)
        json_array_append_new(view, json_pack("{s:O}", "text", text));
    return view;
}

static json_t *
each(const json_t *all, json_t *(*view)(const json_t *one))
{
    json_t *views = json_array(), *one;
    size_t i;

    json_array_foreach (all, i, one)
        json_array_append_new(views, view(one));
    return views;
}

json_t *
gl_privacy_page_(const json_t *answer)
{
    static const char all[] = "Everything said here holds.";
    static const char not_all[] = "Not everything said here holds.";
    int holds = json_is_true(json_object_get(answer, "holds"));
    json_auto_t *heads = json_pack("[s, s, s, s]", "", "of", "claim", "found");
    json_auto_t *sign = json_pack("[s, s, s]", "Name", "Date", "Signature");
    g_autofree char *at = time_text(json_object_get(answer, "at"));
    size_t len = 0;
    json_t *view = json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:s, s:o}", "title", TITLE,
        "when", at, "verdict", holds ? all : not_all, "stored",
        texts_view(json_object_get(answer, "stored")), "sites",
        each(json_object_get(answer, "sites"), site_view), "claims",
        each(json_object_get(answer, "claims"), claim_view), "read",
        "Read from the files", "heads", texts_view(heads), "how", HOW, "sign",
        texts_view(sign));
    char *page = gl_render("proof", view, &len);
    json_t *text = page == NULL ? NULL : json_stringn(page, len);

    free(page);
    return text;
}
