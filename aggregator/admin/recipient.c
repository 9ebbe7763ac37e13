/*
 * recipient.add, recipient.remove, recipient.leave: writer thread.
 * recipient.list: query thread.  Who gets mails of a site, or of the machine.
 */

#include "admin/verbs_internal.h"

#include "calls/answer.h"
#include "language/language.h"
#include "mondays.h"
#include "store/meta/mails.h"
#include "store/meta/meta.h"

#include <string.h>

static const struct {
    const char *word;
    int gets;
} words[] = {{"summary", GL_GETS_SUMMARY},
             {"notices", GL_GETS_NOTICES},
             {"both", GL_GETS_SUMMARY | GL_GETS_NOTICES}};

static const char *
word_of(int gets)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (words[i].gets == gets)
            return words[i].word;
    return "";
}

/* SITE may be NULL: of the machine. */
static json_t *
recipient_json(const struct gl_meta_recipient *recipient, const char *site)
{
    return json_pack("{s:s, s:s, s:s*, s:s, s:s, s:I}", "id", recipient->id,
                     "address", recipient->address, "site", site, "language",
                     recipient->language, "gets", word_of(recipient->gets),
                     "created", (json_int_t) recipient->created_ms);
}

/* ---- list ---- */

struct listing {
    const struct gl_version *version;
    int64_t site; /* 0 = all */
    json_t *list;
};

static int
append(void *arg, const struct gl_meta_recipient *recipient)
{
    const struct listing *listing = arg;
    const struct gl_meta_site *site =
        recipient->site == 0
            ? NULL
            : gl_version_site_id(listing->version, recipient->site);

    if (listing->site == 0 || listing->site == recipient->site)
        json_array_append_new(
            listing->list,
            recipient_json(recipient, site == NULL ? NULL : site->domain));
    return 0;
}

int
gl_verb_recipients_(const struct gl_query_view *view, int64_t site,
                    json_t **list, json_t **answer)
{
    struct listing listing = {.site = site};
    char why[256];
    struct gl_meta *reader = gl_meta_reader(view->meta, why, sizeof why);
    int status = 200;

    if (reader == NULL)
        return gl_verb_storage_(answer, why);
    listing.list = json_array();
    listing.version = gl_directory_enter(view->directory);
    if (gl_meta_recipients(reader, append, &listing) < 0)
        status = gl_verb_storage_(answer, gl_meta_why(reader));
    gl_directory_leave(view->directory);
    gl_meta_reader_free(reader);
    if (status == 200)
        *list = listing.list;
    else
        json_decref(listing.list);
    return status;
}

int
gl_verb_recipient_list_(const struct gl_query_view *view,
                        const struct gl_call *call, json_t **answer)
{
    const char *domain = gl_verb_text_(call, "site", NULL);
    struct gl_meta_site site = {.id = 0};
    json_t *list;

    if (domain != NULL && !gl_directory_site(view->directory, domain, &site))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
    int status = gl_verb_recipients_(view, site.id, &list, answer);
    if (status == 200)
        *answer = json_pack("{s:o}", "recipients", list);
    return status;
}

/* ---- add ---- */

/* One address, as sendmail takes it as a word: no quotes, no comments. */
static int
is_address(const char *address)
{
    const char *at = strchr(address, '@');
    size_t len = strlen(address);

    if (at == NULL || at == address || at[1] == '\0' || address[0] == '-' ||
        len > GL_MAIL_ADDRESS_MAX || strchr(at + 1, '@') != NULL)
        return 0;
    return strcspn(address, " \t\r\n,;:<>()[]\\\"") == len &&
           g_utf8_validate(address, -1, NULL) && strspn(at + 1, ".-") == 0 &&
           address[len - 1] != '.';
}

/* RECIPIENT of CALL, but its site: 0, or a status. */
static int
read_recipient(struct gl_ingest *in, const struct gl_call *call,
               struct gl_meta_recipient *recipient, json_t **answer)
{
    const char *address = gl_verb_text_(call, "address", "");
    const char *code = gl_verb_text_(call, "language", "en");
    const char *gets = gl_verb_text_(call, "gets", NULL);
    enum gl_language language;

    *recipient = (struct gl_meta_recipient){
        .gets = GL_GETS_SUMMARY | GL_GETS_NOTICES, .created_ms = in->now_ms};
    if (in->conf->outbox[0] == '\0')
        return gl_verb_refuse_(answer, 409,
                               "no mail is made: glinto.conf names no "
                               "\"outbox\"");
    if (!is_address(address))
        return gl_verb_refuse_(answer, 400, "\"%s\" is no mail address",
                               address);
    if (!gl_language_find(code, strlen(code), &language))
        return gl_verb_refuse_(answer, 400, "there is no language \"%s\"",
                               code);
    for (size_t i = 0; gets != NULL && i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].word, gets) == 0)
            recipient->gets = words[i].gets;
    if (gets != NULL && strcmp(word_of(recipient->gets), gets) != 0)
        return gl_verb_refuse_(answer, 400,
                               "\"gets\" is summary, notices or both");
    g_strlcpy(recipient->address, address, sizeof recipient->address);
    g_strlcpy(recipient->language, gl_language_code(language),
              sizeof recipient->language);
    return 0;
}

/* The site, or, without one, the machine: which has no summary. */
static int
read_site(struct gl_ingest *in, const struct gl_call *call,
          struct gl_meta_recipient *recipient, struct gl_meta_site **site,
          json_t **answer)
{
    const char *domain = gl_verb_text_(call, "site", NULL);

    *site = NULL;
    if (domain == NULL) {
        recipient->gets = GL_GETS_NOTICES;
        return 0;
    }
    int status = gl_verb_site_(in, domain, site, answer);
    if (status != 0)
        return status;
    recipient->site = (*site)->id;
    struct gl_zone *zone = gl_zone_new((*site)->timezone);
    if (zone == NULL)
        return gl_verb_zone_((*site)->timezone, answer);
    recipient->monday = gl_mondays_due(zone, in->now_ms) + 7;
    gl_zone_free(zone);
    return 0;
}

/* Who is there already is changed.  In meta.db's transaction. */
static int
store(struct gl_ingest *in, struct gl_meta_recipient *recipient)
{
    struct gl_meta_recipient known = *recipient;
    int found = gl_meta_recipient(in->meta, &known);

    if (found == 0)
        return gl_meta_recipient_add(in->meta, recipient);
    if (found < 0)
        return found;
    g_strlcpy(recipient->id, known.id, sizeof recipient->id);
    recipient->created_ms = known.created_ms;
    return gl_meta_recipient_set(in->meta, recipient);
}

int
gl_verb_recipient_add_(struct gl_ingest *in, const struct gl_call *call,
                       json_t **answer)
{
    struct gl_meta_recipient recipient;
    g_autofree struct gl_meta_site *site = NULL;
    int status = read_recipient(in, call, &recipient, answer);

    if (status == 0)
        status = read_site(in, call, &recipient, &site, answer);
    if (status == 0)
        status = gl_verb_begin_(in, answer);
    if (status == 0)
        status = gl_verb_commit_(in, call, store(in, &recipient), answer);
    if (status == 0)
        *answer = json_pack(
            "{s:o}", "recipient",
            recipient_json(&recipient, site == NULL ? NULL : site->domain));
    return status != 0 ? status : 200;
}

/* ---- remove ---- */

int
gl_verb_recipient_remove_(struct gl_ingest *in, const struct gl_call *call,
                          json_t **answer)
{
    const char *id = gl_verb_text_(call, "id", "");
    const char *domain = gl_verb_text_(call, "site", NULL);
    g_autofree struct gl_meta_site *site = NULL;
    int status = domain == NULL ? 0 : gl_verb_site_(in, domain, &site, answer);

    if (status == 0)
        status = gl_verb_begin_removal_(in, call, answer);
    if (status == 0)
        status = gl_verb_commit_or_(
            in, call,
            gl_meta_recipient_remove(in->meta, id,
                                     site == NULL ? -1 : site->id),
            answer, 404, "nobody with id \"%s\" gets mails", id);
    return status != 0 ? status : 200;
}

/* The link of a mail: whoever has it ends these mails. */
int
gl_verb_recipient_leave_(struct gl_ingest *in, const struct gl_call *call,
                         json_t **answer)
{
    struct gl_meta_recipient recipient;
    uint8_t hash[GL_META_HASH_LEN];

    gl_directory_hash(gl_verb_text_(call, "link", ""), hash);
    json_object_del(call->args, "link"); /* not for the audit */
    int status = gl_verb_begin_(in, answer);
    if (status != 0)
        return status;
    int found = gl_meta_unsubscribes(in->meta, hash, in->now_ms, &recipient);
    if (found == 1) {
        json_object_set_new(call->args, "id", json_string(recipient.id));
        json_object_set_new(call->args, "removed",
                            json_string(recipient.address));
        found = gl_meta_recipient_remove(in->meta, recipient.id, -1);
    }
    status = gl_verb_commit_or_(in, call, found, answer, 404,
                                "this link ends nothing any more");
    return status != 0 ? status : 200;
}
