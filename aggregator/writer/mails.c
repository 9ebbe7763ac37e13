/* The week in words, by mail; see mails.h. */

#include "writer/mails.h"

#include <string.h>

#include "access/elsewhere.h"
#include "log.h"
#include "mondays.h"
#include "store/directory/directory.h"
#include "store/meta/mails.h"
#include "writer/asked.h"
#include "writer/letters.h"

#define MINUTE_MS 60000
#define SETTLE_MS 2000 /* while mails are on their way */
#define REST_MS 60000  /* while none is */
#define SOON_DAYS 2    /* no clock is further ahead of UTC */

struct gl_writer_mails {
    int64_t minute;    /* wall: in which recipients were looked through */
    int64_t settle_ms; /* boot: when mails are */
    GArray *due;       /* struct gl_meta_recipient, the last one first */

    /* The summary that is asked for, or was last. */
    int64_t site, monday;
    char language[3];
    int has_told;
    struct gl_writer_asked asked;
};

static struct gl_writer_mails *
mails_of(struct gl_ingest *in)
{
    if (in->mails == NULL) {
        in->mails = g_new0(struct gl_writer_mails, 1);
        in->mails->due =
            g_array_new(FALSE, FALSE, sizeof(struct gl_meta_recipient));
    }
    return in->mails;
}

void
gl_writer_mails_free_(struct gl_writer_mails *mails)
{
    if (mails == NULL)
        return;
    gl_writer_forget_(&mails->asked);
    g_array_free(mails->due, TRUE);
    g_free(mails);
}

/* ---- who is due ---- */

/* The Monday whose mail RECIPIENT is due now; 0 = none. */
static int64_t
monday_due(struct gl_ingest *in, const struct gl_meta_recipient *recipient)
{
    const struct gl_meta_site *site =
        gl_version_site_id(gl_meta_now(in->meta), recipient->site);
    int here = site != NULL &&
               !gl_elsewhere_site(in->conf, gl_meta_now(in->meta), site, NULL);
    struct gl_zone *zone = here ? gl_zone_new(site->timezone) : NULL;
    int64_t monday = zone == NULL ? 0 : gl_mondays_due(zone, in->now_ms);

    gl_zone_free(zone);
    return monday >= recipient->monday ? monday : 0;
}

static int
add_due(void *arg, const struct gl_meta_recipient *recipient)
{
    struct gl_ingest *in = arg;
    struct gl_meta_recipient due = *recipient;

    due.monday = monday_due(in, recipient);
    if (due.monday != 0)
        g_array_append_val(in->mails->due, due);
    return 0;
}

static void
look(struct gl_ingest *in, struct gl_writer_mails *mails)
{
    int64_t minute = in->now_ms / MINUTE_MS;

    if (mails->minute == minute || mails->due->len > 0)
        return;
    mails->minute = minute;
    if (gl_meta_recipients_due(in->meta, in->now_ms / GL_DAY_MS + SOON_DAYS,
                               add_due, in) < 0)
        gl_log(GL_LOG_DEBUG, "meta.db tells no recipients just now");
}

/* ---- the summary ---- */

/* 1: what is told is RECIPIENT's, too. */
static int
fits(const struct gl_writer_mails *mails,
     const struct gl_meta_recipient *recipient)
{
    return mails->site == recipient->site &&
           mails->monday == recipient->monday &&
           strcmp(mails->language, recipient->language) == 0;
}

static int
ask(struct gl_ingest *in, struct gl_writer_mails *mails,
    const struct gl_meta_recipient *recipient)
{
    const struct gl_meta_site *site =
        gl_version_site_id(gl_meta_now(in->meta), recipient->site);
    char *week = gl_letters_week(recipient->monday - 7);
    json_t *args =
        json_pack("{s:s, s:s, s:s}", "site", site == NULL ? "" : site->domain,
                  "week", week, "language", recipient->language);

    mails->has_told = 0;
    mails->site = recipient->site;
    mails->monday = recipient->monday;
    g_strlcpy(mails->language, recipient->language, sizeof mails->language);
    g_free(week);
    return gl_writer_ask_(in, &mails->asked, "summary.mail", args);
}

/* Those of a summary that cannot be told now have theirs in a minute. */
static void
let_go(struct gl_writer_mails *mails)
{
    while (mails->due->len > 0 &&
           fits(mails, &g_array_index(mails->due, struct gl_meta_recipient,
                                      mails->due->len - 1)))
        g_array_set_size(mails->due, mails->due->len - 1);
}

static void
take_told(struct gl_writer_mails *mails)
{
    const json_t *answer = mails->asked.answer;

    mails->has_told = mails->asked.status == 200 && answer != NULL;
    if (mails->has_told)
        return;
    gl_log(GL_LOG_NOTICE, "the summary of a site is not to be had now: %s",
           json_string_value(json_object_get(answer, "error")));
    let_go(mails);
}

/* ---- one turn ---- */

static int
deliver_next(struct gl_ingest *in, struct gl_writer_mails *mails)
{
    struct gl_meta_recipient recipient = g_array_index(
        mails->due, struct gl_meta_recipient, mails->due->len - 1);

    if (gl_writer_answered_(&mails->asked)) {
        take_told(mails);
        return 1;
    }
    if (mails->asked.asking)
        return 0;
    if (!mails->has_told || !fits(mails, &recipient))
        return ask(in, mails, &recipient);
    g_array_set_size(mails->due, mails->due->len - 1);
    gl_letters_summary_(in, &recipient, mails->asked.answer);
    mails->settle_ms = in->boot_ms + SETTLE_MS;
    if (mails->due->len == 0) {
        mails->has_told = 0;
        gl_writer_forget_(&mails->asked);
    }
    return 1;
}

int
gl_writer_mail_(struct gl_ingest *in)
{
    struct gl_writer_mails *mails;

    if (in->conf->outbox[0] == '\0' || in->backlog)
        return 0;
    mails = mails_of(in);
    look(in, mails);
    if (mails->due->len > 0)
        return deliver_next(in, mails);
    if (in->boot_ms >= mails->settle_ms)
        mails->settle_ms =
            in->boot_ms + (gl_letters_settle_(in) > 0 ? SETTLE_MS : REST_MS);
    return 0;
}
