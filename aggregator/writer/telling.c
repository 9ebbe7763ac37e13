/* A notice is told once; see telling.h. */

#include "writer/telling.h"

#include <string.h>

#include "language/language.h"
#include "log.h"
#include "store/directory/directory.h"
#include "store/meta/mails.h"
#include "store/meta/notices.h"
#include "writer/letters.h"

/* 1 = it was told and holds still, for all that is known. */
static int
is_told(struct gl_ingest *in, const struct gl_telling *telling)
{
    int64_t since_ms;

    return gl_meta_notice(in->meta, gl_notice_name(telling->notice.kind),
                          telling->key, &since_ms) == 1;
}

/* ---- who wants it ---- */

struct wanting {
    struct gl_ingest *in;
    const struct gl_telling *telling;
    GArray *recipients; /* struct gl_meta_recipient, each address once */
};

/* The machine's recipients are told of all but of single sites. */
static int
is_wanted(const struct wanting *wanting,
          const struct gl_meta_recipient *recipient)
{
    const struct gl_telling *telling = wanting->telling;
    const struct gl_meta_site *site;

    if ((recipient->gets & GL_GETS_NOTICES) == 0)
        return 0;
    if (telling->site != 0)
        return recipient->site == telling->site;
    if (recipient->site == 0 || telling->account == NULL)
        return recipient->site == 0;
    site = gl_version_site_id(gl_meta_now(wanting->in->meta), recipient->site);
    return site != NULL && strcmp(site->account, telling->account) == 0;
}

static int
add_wanting(void *arg, const struct gl_meta_recipient *recipient)
{
    const struct wanting *wanting = arg;

    if (!is_wanted(wanting, recipient))
        return 0;
    for (guint i = 0; i < wanting->recipients->len; i++)
        if (strcmp(
                g_array_index(wanting->recipients, struct gl_meta_recipient, i)
                    .address,
                recipient->address) == 0)
            return 0;
    g_array_append_val(wanting->recipients, *recipient);
    return 0;
}

/* ---- told ---- */

/* To RECIPIENT, NULL = notify_command: 0, or -1. */
static int
tell_one(struct gl_ingest *in, const struct gl_telling *telling,
         const struct gl_meta_recipient *recipient)
{
    enum gl_language language = GL_LANGUAGE_EN;
    json_t *told;
    int result;

    if (recipient != NULL)
        gl_language_find(recipient->language, strlen(recipient->language),
                         &language);
    gl_language_use(language);
    told = gl_notice_json(&telling->notice);
    result =
        gl_letters_notice_(in, recipient, telling->site, telling->key, told);
    gl_language_use(GL_LANGUAGE_EN);
    json_decref(told);
    return result;
}

/* To all who want it: 0, or -1 and it is told again. */
static int
tell(struct gl_ingest *in, const struct gl_telling *telling)
{
    struct wanting wanting = {
        in, telling,
        g_array_new(FALSE, FALSE, sizeof(struct gl_meta_recipient))};
    int result = gl_meta_recipients(in->meta, add_wanting, &wanting);

    for (guint i = 0; i < wanting.recipients->len && result >= 0; i++)
        result = tell_one(
            in, telling,
            &g_array_index(wanting.recipients, struct gl_meta_recipient, i));
    if (result >= 0 && in->conf->notify_command[0] != '\0')
        result = tell_one(in, telling, NULL);
    g_array_free(wanting.recipients, TRUE);
    return result < 0 ? -1 : 0;
}

static void
note(struct gl_ingest *in, const struct gl_telling *telling, int holds)
{
    const char *name = gl_notice_name(telling->notice.kind);
    int rc = gl_meta_begin(in->meta);

    if (rc >= 0)
        rc = holds ? gl_meta_notice_add(in->meta, name, telling->key,
                                        telling->notice.since_ms)
                   : gl_meta_notice_remove(in->meta, name, telling->key);
    if (rc >= 0 && gl_meta_commit(in->meta) >= 0)
        return;
    gl_log(GL_LOG_ERROR, "meta.db: notices: %s", gl_meta_why(in->meta));
    gl_meta_rollback(in->meta);
}

void
gl_telling_(struct gl_ingest *in, const struct gl_telling *telling, int holds)
{
    int was = is_told(in, telling);

    if (holds == was)
        return;
    if (holds)
        gl_log(GL_LOG_NOTICE, "notice %s of %s begins",
               gl_notice_name(telling->notice.kind), telling->notice.of);
    if (holds && in->conf->outbox[0] != '\0' && tell(in, telling) != 0)
        return;
    note(in, telling, holds);
}
