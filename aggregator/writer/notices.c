/* Notices, looked for; see notices.h. */

#include "writer/notices.h"

#include <string.h>
#include <sys/statvfs.h>

#include "clock.h"
#include "access/elsewhere.h"
#include "log.h"
#include "notices/traffic.h"
#include "question/range.h"
#include "store/directory/directory.h"
#include "store/meta/mails.h"
#include "store/meta/notices.h"
#include "writer/asked.h"
#include "writer/quotas.h"
#include "writer/telling.h"

#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)
#define LATE_MS (2 * MINUTE_MS) /* events of an hour are rows by then */
#define WEEK_HOURS 168
/* A disk is nearly full with less than a tenth and less than 10 GiB; until it
 * has an eighth, or 12. */
#define DISK_SHARE 10
#define DISK_SHARE_ENDS 8
#define GIB (INT64_C(1) << 30)
#define DISK_BYTES (10 * GIB)
#define DISK_BYTES_ENDS (12 * GIB)

struct gl_writer_notices {
    int64_t hour;  /* since 1970 (UTC), when sites were looked through */
    GArray *sites; /* ids of those that are left */
    struct gl_writer_asked asked; /* about the last of them... */
    int64_t last;    /* ...up to this hour, by the clock that it had then */
    int64_t disk_ms; /* boot: when disks are looked at */
    struct gl_writer_quotas *quotas;
};

static struct gl_writer_notices *
notices_of(struct gl_ingest *in)
{
    if (in->notices == NULL) {
        in->notices = g_new0(struct gl_writer_notices, 1);
        in->notices->sites = g_array_new(FALSE, FALSE, sizeof(int64_t));
        in->notices->quotas = gl_writer_quotas_new_();
    }
    return in->notices;
}

void
gl_writer_notices_free_(struct gl_writer_notices *notices)
{
    if (notices == NULL)
        return;
    gl_writer_forget_(&notices->asked);
    gl_writer_quotas_free_(notices->quotas);
    g_array_free(notices->sites, TRUE);
    g_free(notices);
}

/* ---- of which sites ---- */

static void
add_id(GArray *sites, int64_t id)
{
    for (guint i = 0; i < sites->len; i++)
        if (g_array_index(sites, int64_t, i) == id)
            return;
    g_array_append_val(sites, id);
}

static int
add_wanted(void *arg, const struct gl_meta_recipient *recipient)
{
    if (recipient->site != 0 && (recipient->gets & GL_GETS_NOTICES))
        add_id(arg, recipient->site);
    return 0;
}

static int
add_site(void *arg, const struct gl_meta_site *site)
{
    g_array_append_val(arg, site->id);
    return 0;
}

/* Of now, with its numbers here; NULL = not so. */
static const struct gl_meta_site *
find_site(const struct gl_ingest *in, int64_t id)
{
    const struct gl_version *now = gl_meta_now(in->meta);
    const struct gl_meta_site *site = gl_version_site_id(now, id);

    return site == NULL || gl_elsewhere_site(in->conf, now, site, NULL) ? NULL
                                                                        : site;
}

/* notify_command is told of all. */
static void
list_sites(struct gl_ingest *in, struct gl_writer_notices *notices)
{
    int64_t hour = (in->now_ms - LATE_MS) / HOUR_MS;

    if (notices->hour == hour || notices->sites->len > 0)
        return;
    notices->hour = hour;
    if (in->conf->notify_command[0] != '\0')
        gl_version_sites(gl_meta_now(in->meta), NULL, add_site,
                         notices->sites);
    else
        gl_meta_recipients(in->meta, add_wanted, notices->sites);
}

/* ---- one site ---- */

/* The local clock of a site, in hours since 1970. */
static int64_t
local_hour(const struct gl_zone *zone, int64_t at_ms)
{
    return (at_ms + gl_zone_ahead_ms(zone, at_ms)) / HOUR_MS;
}

static int
ask_site(struct gl_ingest *in, struct gl_writer_notices *notices,
         const struct gl_meta_site *site, const struct gl_zone *zone)
{
    int64_t today = local_hour(zone, in->now_ms - LATE_MS) / 24;
    char *first = gl_range_date_text(today - 7 * GL_TRAFFIC_WEEKS - 1);
    char *last = gl_range_date_text(today);
    json_t *args = json_pack(
        "{s:{s:s, s:[s], s:[s, s], s:[s], s:{s:i}}}", "query", "site_id",
        site->domain, "metrics", "pageviews", "date_range", first, last,
        "dimensions", "time:hour", "pagination", "limit", 1000);

    g_free(first);
    g_free(last);
    notices->last = local_hour(zone, notices->hour * HOUR_MS) - 1;
    return gl_writer_ask_(in, &notices->asked, "query", args);
}

/* "2026-11-24 10:00:00" as an hour since 1970; 0: it is none. */
static int64_t
hour_of(const char *label)
{
    char date[11];
    int64_t day;

    if (label == NULL || strlen(label) < 13)
        return 0;
    g_strlcpy(date, label, sizeof date);
    return gl_range_read_date(date, &day)
               ? day * 24 + g_ascii_strtoll(label + 11, NULL, 10)
               : 0;
}

/* What the engine says, of the whole hours up to LAST. */
static void
read_traffic(const json_t *answer, int64_t last, struct gl_traffic *traffic)
{
    const json_t *row;
    int64_t oldest = last + 1;
    size_t i;

    *traffic = (struct gl_traffic){.weeks = 0};
    json_array_foreach (json_object_get(answer, "results"), i, row) {
        int64_t hour = hour_of(json_string_value(
            json_array_get(json_object_get(row, "dimensions"), 0)));
        int64_t n = json_integer_value(
            json_array_get(json_object_get(row, "metrics"), 0));
        int64_t ago = last - hour, week = ago / WEEK_HOURS;

        if (hour == 0 || n == 0 || ago < 0)
            continue;
        oldest = MIN(oldest, hour);
        if (week <= GL_TRAFFIC_WEEKS && ago % WEEK_HOURS < GL_TRAFFIC_HOURS)
            traffic->views[week][ago % WEEK_HOURS] += n;
    }
    traffic->weeks =
        (int) MIN((last + 1 - oldest) / WEEK_HOURS, GL_TRAFFIC_WEEKS);
}

/* HOURS up to LAST, by the site's clock. */
static void
tell(struct gl_ingest *in, const struct gl_meta_site *site, int64_t last,
     enum gl_notice_kind kind, const struct gl_traffic_said *said)
{
    struct gl_telling telling = {
        .notice = {.kind = kind,
                   .of = site->domain,
                   .n = said->n,
                   .usual = said->usual,
                   .from_hour = last + 1 - said->hours,
                   .to_hour = last + 1,
                   .since_ms = (last + 1 - said->hours) * HOUR_MS},
        .site = site->id,
        .account = site->account};

    g_snprintf(telling.key, sizeof telling.key, "%lld", (long long) site->id);
    if (said->state != GL_TRAFFIC_STAYS)
        gl_telling_(in, &telling, said->state == GL_TRAFFIC_HOLDS);
}

/* Its hour was not over when it was asked: LAST is of then. */
static void
judge(struct gl_ingest *in, const struct gl_meta_site *site, int64_t last,
      const json_t *answer)
{
    struct gl_traffic traffic;
    struct gl_traffic_told told;

    read_traffic(answer, last, &traffic);
    gl_traffic_judge(&traffic, &told);
    tell(in, site, last, GL_NOTICE_SPIKE, &told.spike);
    tell(in, site, last, GL_NOTICE_NO_EVENTS, &told.none);
    tell(in, site, last, GL_NOTICE_DROP, &told.drop);
}

static int
look_at_sites(struct gl_ingest *in, struct gl_writer_notices *notices)
{
    const struct gl_meta_site *site;
    struct gl_zone *zone;
    int done = 1;

    list_sites(in, notices);
    if (notices->sites->len == 0)
        return 0;
    site = find_site(
        in, g_array_index(notices->sites, int64_t, notices->sites->len - 1));
    zone = site == NULL ? NULL : gl_zone_new(site->timezone);
    if (gl_writer_answered_(&notices->asked)) {
        if (site != NULL && notices->asked.status == 200)
            judge(in, site, notices->last, notices->asked.answer);
        gl_writer_forget_(&notices->asked);
        g_array_set_size(notices->sites, notices->sites->len - 1);
    } else if (notices->asked.asking) {
        done = 0;
    } else if (zone == NULL) {
        g_array_set_size(notices->sites, notices->sites->len - 1);
    } else {
        done = ask_site(in, notices, site, zone);
    }
    gl_zone_free(zone);
    return done;
}

/* ---- disks ---- */

static void
look_at_disk(struct gl_ingest *in, const char *name, const char *folder)
{
    struct gl_telling telling = {
        .notice = {.kind = GL_NOTICE_DISK,
                   .of = folder,
                   .since_ms = in->now_ms - in->now_ms % GL_DAY_MS}};
    struct statvfs disk;
    int64_t free_bytes, all_bytes;

    if (statvfs(folder, &disk) == -1 || disk.f_blocks == 0)
        return;
    free_bytes = (int64_t) disk.f_bavail * (int64_t) disk.f_frsize;
    all_bytes = (int64_t) disk.f_blocks * (int64_t) disk.f_frsize;
    telling.notice.n = free_bytes * 100 / all_bytes;
    telling.notice.usual = 100;
    g_strlcpy(telling.key, name, sizeof telling.key);
    if (free_bytes < all_bytes / DISK_SHARE && free_bytes < DISK_BYTES)
        gl_telling_(in, &telling, 1);
    else if (free_bytes >= all_bytes / DISK_SHARE_ENDS ||
             free_bytes >= DISK_BYTES_ENDS)
        gl_telling_(in, &telling, 0);
}

static void
look_at_disks(struct gl_ingest *in, struct gl_writer_notices *notices)
{
    if (in->boot_ms < notices->disk_ms)
        return;
    notices->disk_ms = in->boot_ms + MINUTE_MS;
    look_at_disk(in, "data", in->conf->data);
    look_at_disk(in, "spool", in->conf->spool);
}

/* ---- a turn ---- */

int
gl_writer_notice_(struct gl_ingest *in)
{
    struct gl_writer_notices *notices;

    if (in->backlog)
        return 0;
    notices = notices_of(in);
    if (in->conf->outbox[0] == '\0')
        return gl_writer_quotas_look_(in, notices->quotas);
    look_at_disks(in, notices);
    return look_at_sites(in, notices) |
           gl_writer_quotas_look_(in, notices->quotas);
}
