/* share.add, share.remove: writer thread.  share.list: query thread. */

#include "admin/definition.h"
#include "admin/verbs_internal.h"

#include "calls/answer.h"
#include "store/meta/definitions.h"
#include "store/meta/drawn.h"
#include "store/meta/meta.h"
#include "store/meta/people.h"
#include "store/meta/shares.h"

#include <string.h>

#define SHARE_PATH "/glinto/share/"
#define DAY_MS 86400000
#define DAYS_MAX 3650

static json_t *
share_json(const struct gl_meta_share *share, const char *domain)
{
    json_t *json = json_pack("{s:s, s:s, s:s, s:b, s:I}", "id", share->id,
                             "name", share->name, "site", domain, "password",
                             share->password[0] != '\0', "created",
                             (json_int_t) share->created_ms);

    if (share->segment != 0)
        json_object_set_new(json, "segment",
                            json_integer((json_int_t) share->segment));
    if (share->until_ms != 0)
        json_object_set_new(json, "until",
                            json_integer((json_int_t) share->until_ms));
    return json;
}

struct listing {
    const struct gl_meta_site *site;
    json_t *list;
};

static int
append(void *arg, const struct gl_meta_share *share)
{
    const struct listing *listing = arg;

    if (share->site == listing->site->id)
        json_array_append_new(listing->list,
                              share_json(share, listing->site->domain));
    return 0;
}

int
gl_verb_share_list_(const struct gl_query_view *view,
                    const struct gl_call *call, json_t **answer)
{
    const char *domain = gl_verb_text_(call, "domain", NULL);
    struct gl_meta_site site;
    struct listing listing = {.site = &site};

    if (!gl_directory_site(view->directory, domain, &site))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
    listing.list = json_array();
    gl_version_shares(gl_directory_enter(view->directory), append, &listing);
    gl_directory_leave(view->directory);
    *answer = json_pack("{s:o}", "shares", listing.list);
    return 200;
}

/* The whole number KEY of CALL, 0 = absent; -1: it is none up to MOST. */
static int64_t
number_of(const struct gl_call *call, const char *key, int64_t most)
{
    const json_t *given = json_object_get(call->args, key);
    json_auto_t *whole = given == NULL ? NULL : gl_definition_whole_(given);
    int64_t n = json_integer_value(whole);

    if (whole != NULL && (!json_is_integer(whole) || n < 1 || n > most))
        n = -1;
    return n;
}

static int
is_segment(void *arg, const struct gl_meta_definition *definition)
{
    const struct gl_meta_share *share = arg;

    return definition->id == share->segment &&
           strcmp(definition->kind, "segment") == 0;
}

/* 0, or a status.  Later its segment may be removed: then it shows nothing. */
static int
check_segment(struct gl_ingest *in, struct gl_meta_share *share,
              json_t **answer)
{
    int found =
        share->segment == 0
            ? 1
            : gl_meta_definitions(in->meta, share->site, is_segment, share);

    if (found == -1)
        return gl_verb_storage_(answer, gl_meta_why(in->meta));
    return found == 1
               ? 0
               : gl_verb_refuse_(answer, 400, "the site has no segment %lld",
                                 (long long) share->segment);
}

/* 0, or a status. */
static int
read_share(struct gl_ingest *in, const struct gl_call *call,
           struct gl_meta_share *share, json_t **answer)
{
    const char *name = gl_verb_text_(call, "name", "");
    int64_t days = number_of(call, "days", DAYS_MAX);

    *share = (struct gl_meta_share){.created_ms = in->now_ms};
    share->segment = number_of(call, "segment", INT64_MAX);
    if (strlen(name) > GL_META_NAME_MAX)
        return gl_verb_refuse_(answer, 400,
                               "a link's name has at most %d "
                               "bytes",
                               GL_META_NAME_MAX);
    if (days < 0)
        return gl_verb_refuse_(answer, 400, "\"days\" is a number up to %d",
                               DAYS_MAX);
    if (share->segment < 0)
        return gl_verb_refuse_(answer, 400,
                               "\"segment\" is the id of a segment");
    if (days != 0)
        share->until_ms = in->now_ms + days * DAY_MS;
    g_strlcpy(share->name, name, sizeof share->name);
    g_strlcpy(share->password, gl_verb_text_(call, "hash", ""),
              sizeof share->password);
    json_object_del(call->args, "hash"); /* not for the audit */
    return 0;
}

int
gl_verb_share_add_(struct gl_ingest *in, const struct gl_call *call,
                   json_t **answer)
{
    struct gl_meta_share share;
    g_autofree struct gl_meta_site *site = NULL;
    char secret[GL_SECRET_LEN + 1];
    int status =
        gl_verb_site_(in, gl_verb_text_(call, "domain", NULL), &site, answer);

    if (status != 0)
        return status;
    status = read_share(in, call, &share, answer);
    share.site = site->id;
    if (status == 0)
        status = check_segment(in, &share, answer);
    gl_meta_draw_secret(in->meta, secret, share.hash);
    if (status == 0)
        status = gl_verb_begin_(in, answer);
    if (status == 0)
        status = gl_verb_commit_(in, call, gl_meta_share_add(in->meta, &share),
                                 answer);
    if (status == 0)
        *answer =
            json_pack("{s:o, s:o}", "share", share_json(&share, site->domain),
                      "link", json_sprintf(SHARE_PATH "%s", secret));
    return status != 0 ? status : 200;
}

int
gl_verb_share_remove_(struct gl_ingest *in, const struct gl_call *call,
                      json_t **answer)
{
    const char *id = gl_verb_text_(call, "id", "");
    g_autofree struct gl_meta_site *site = NULL;
    int status =
        gl_verb_site_(in, gl_verb_text_(call, "domain", NULL), &site, answer);

    if (status != 0)
        return status;
    status = gl_verb_begin_removal_(in, call, answer);
    if (status == 0)
        status = gl_verb_commit_or_(
            in, call, gl_meta_share_remove(in->meta, site->id, id), answer,
            404, "this site has no link with id \"%s\"", id);
    return status != 0 ? status : 200;
}
