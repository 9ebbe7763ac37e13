/*
 * privacy: what is stored of visitors, and whether the files say so.  Query
 * threads.
 *
 * Each claim is read from the files, not from settings: a row of before a
 * switch was set breaks it as any other.
 */

#include "admin/privacy_page.h"
#include "admin/site_profile.h"
#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "calls/site.h"
#include "clock.h"
#include "access/elsewhere.h"
#include "store/directory/directory.h"
#include "store/stored.h"
#include "workers/salt.h"

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define SALT_HOURS 25
/* What is too old goes at night. */
#define RETENTION_LATE_DAYS 2

static const char *const kept[] = {
    "Of each event are stored: the time, the site, the host and the path of\n"
    "the page without its query, the name of a custom event, revenue, and "
    "how\n"
    "long and how far a page was read.  Nothing is stored in the browser.",
    "Of a page that nginx served (glinto on) are stored: sums by page and "
    "day;\nof its visitor, for one day, how many, and whether headers of a "
    "browser,\nan image or style, and an event were seen.",
    "An address is never stored.  A visitor is a keyed hash of site, address\n"
    "and agent; its key, the salt of a day, is destroyed 25 hours after that\n"
    "day began.  After that nobody can tell whose visits they were, nor join\n"
    "those of two days or of two sites.",
};

struct proof {
    const struct gl_query_view *view;
    int64_t now_ms;
    int named; /* one site: it claims to be exempt, whatever its switches */
    json_t *claims;
    json_t *sites;
    int broken;
};

/* ABOUT a site, or "salts"; SAYS is taken. */
static void
claim(struct proof *proof, const char *about, const char *what, int holds,
      char *says)
{
    json_array_append_new(
        proof->claims, json_pack("{s:s, s:s, s:b, s:s}", "about", about,
                                 "claim", what, "holds", holds, "says", says));
    g_free(says);
    proof->broken |= !holds;
}

static void
prove_salts(struct proof *proof)
{
    char why[256];
    int64_t day;
    int n;

    if (gl_salt_oldest(proof->view->salt, &n, &day, why, sizeof why) != 0) {
        claim(proof, "salts", "salts are forgotten", 0, g_strdup(why));
        return;
    }
    int64_t hours = n == 0 ? 0 : (proof->now_ms - day * DAY_MS) / HOUR_MS;
    claim(proof, "salts", "salts are forgotten", hours < SALT_HOURS,
          g_strdup_printf("%d there; the day of the oldest began %lld hours "
                          "ago, and it goes after %d",
                          n, (long long) MAX(hours, 0), SALT_HOURS));
}

static char *
switches_text(const json_t *ends)
{
    GString *text = g_string_new("");
    const json_t *one;
    size_t i;

    json_array_foreach (ends, i, one)
        g_string_append_printf(
            text, "%s%s is %s, not %s", i == 0 ? "" : "; ",
            json_string_value(json_object_get(one, "switch")),
            json_string_value(json_object_get(one, "is")),
            json_string_value(json_object_get(one, "must")));
    if (text->len == 0)
        g_string_assign(text, "keep_campaign no, keep_props no, optout yes, "
                              "retention_days is set");
    return g_string_free(text, FALSE);
}

static void
prove_profile(struct proof *proof, const struct gl_meta_site *site,
              const struct gl_stored *stored, const json_t *ends)
{
    const char *about = site->domain;
    int64_t days = site->retention_days > 0 ? site->retention_days
                                            : GL_PROFILE_RETENTION_DAYS;
    int64_t age =
        stored->events == 0 ? 0 : (proof->now_ms - stored->first_ms) / DAY_MS;

    claim(proof, about, "switches are those of " GL_PROFILE_EXEMPT,
          json_array_size(ends) == 0, switches_text(ends));
    claim(proof, about, "no campaign is kept", stored->campaigns == 0,
          g_strdup_printf("%lld events have a campaign key or click id",
                          (long long) stored->campaigns));
    claim(proof, about, "no custom property is kept", stored->props == 0,
          g_strdup_printf("%lld events have custom properties",
                          (long long) stored->props));
    claim(proof, about, "nothing is kept too long",
          age <= days + RETENTION_LATE_DAYS,
          g_strdup_printf("the oldest event is %lld days old; %lld are "
                          "allowed",
                          (long long) age, (long long) days));
}

static void
prove_rows(struct proof *proof, const struct gl_meta_site *site,
           const struct gl_stored *stored)
{
    claim(proof, site->domain, "no address is kept", stored->addresses == 0,
          stored->addresses == 0
              ? g_strdup("no text of its account looks like one")
              : g_strdup_printf("%lld texts of its account look like one, "
                                "in table %s",
                                (long long) stored->addresses, stored->where));
    claim(proof, site->domain, "visitors are of one day", stored->links == 0,
          g_strdup_printf("%lld are still linked to the day before",
                          (long long) stored->links));
}

static void
prove_site(struct proof *proof, const struct gl_version *version,
           const struct gl_meta_site *site)
{
    struct gl_stored stored;
    json_auto_t *ends = gl_profile_ends(site);
    int exempt = json_array_size(ends) == 0;

    if (gl_stored_read(proof->view->meta, site->account, site->id,
                       proof->now_ms, proof->view->stopping, &stored) != 0) {
        claim(proof, site->domain, "the file can be read", 0,
              g_strdup("it cannot be read now"));
        return;
    }
    json_t *json = gl_verb_site_json_(version, site);
    json_object_set_new(json, "profile",
                        exempt ? json_string(GL_PROFILE_EXEMPT) : json_null());
    json_object_set(json, "ends", ends);
    json_object_set_new(json, "events", json_integer(stored.events));
    json_object_set_new(json, "oldest", json_integer(stored.first_ms));
    json_object_set_new(json, "sha256", json_string(stored.sha256));
    json_array_append_new(proof->sites, json);
    prove_rows(proof, site, &stored);
    if (exempt || proof->named)
        prove_profile(proof, site, &stored, ends);
}

struct collecting {
    const struct gl_conf *conf;
    const struct gl_version *version;
    GArray *sites;
};

static int
collect(void *arg, const struct gl_meta_site *site)
{
    const struct collecting *c = arg;

    if (!gl_elsewhere_site(c->conf, c->version, site, NULL))
        g_array_append_val(c->sites, *site);
    return 0;
}

/* The site called DOMAIN, NULL = all that have rows here.  0, or a status. */
static int
find(const struct gl_conf *conf, const struct gl_version *version,
     const char *domain, GArray *sites, json_t **answer)
{
    struct collecting collecting = {conf, version, sites};

    if (domain == NULL) {
        gl_version_sites(version, NULL, collect, &collecting);
        return 0;
    }
    const struct gl_meta_site *site = gl_version_site(version, domain);
    if (site == NULL)
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
    return collect(&collecting, site);
}

int
gl_verb_privacy_(const struct gl_query_view *view, const struct gl_call *call,
                 json_t **answer)
{
    const char *domain = gl_verb_text_(call, "site", NULL);
    const struct gl_version *version = gl_directory_enter(view->directory);
    g_autoptr(GArray) sites =
        g_array_new(FALSE, FALSE, sizeof(struct gl_meta_site));
    struct proof proof = {
        .view = view, .now_ms = gl_clock_now_ms(), .named = domain != NULL};
    int status = find(view->conf, version, domain, sites, answer);

    if (status == 0) {
        proof.claims = json_array();
        proof.sites = json_array();
        prove_salts(&proof);
        for (guint i = 0; i < sites->len; i++)
            prove_site(&proof, version,
                       &g_array_index(sites, struct gl_meta_site, i));
        *answer =
            json_pack("{s:b, s:I, s:[s, s], s:o, s:o}", "holds", !proof.broken,
                      "at", (json_int_t) proof.now_ms, "stored", kept[0],
                      kept[1], "claims", proof.claims, "sites", proof.sites);
        if (json_is_true(json_object_get(call->args, "page")))
            json_object_set_new(*answer, "page", gl_privacy_page_(*answer));
        status = 200;
    }
    gl_directory_leave(view->directory);
    return status;
}
