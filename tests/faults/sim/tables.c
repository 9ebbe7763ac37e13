/*
 * store/account/account.h, store/meta/meta.h and their neighbours as far as
 * the ingest files linked here call them, on the model of the store.  An
 * account's id is its number.
 */

#include "count/count.h"
#include "days.h"
#include "store/account/account.h"
#include "store/account/accounts.h"
#include "store/db/lock.h"
#include "store/meta/counts.h"
#include "store/meta/meta.h"
#include "store/rows/midnight.h"
#include "store/rows/rows.h"
#include "store/rows/tallies.h"
#include "store/rows/visits.h"
#include "store/site/sites.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

struct gl_file {
    int db;
};

struct gl_account {
    struct gl_file file;
};

static struct gl_account accounts[SIM_DBS]; /* the first is meta.db */

int
sim_account_db(const struct gl_account *account)
{
    return account->file.db;
}

static int64_t made[SIM_SEGMENTS]; /* as any of them was told */

/* ---- files ---- */

struct gl_file *
gl_account_file(struct gl_account *account)
{
    return &account->file;
}

struct gl_file *
gl_meta_file(struct gl_meta *meta)
{
    (void) meta;
    return &accounts[0].file;
}

int
gl_file_begin(struct gl_file *file, enum gl_durability durability)
{
    return sim_db_begin(file->db,
                        file->db != 0 && durability == GL_COMMIT_LATER);
}

int
gl_file_commit(struct gl_file *file)
{
    return sim_db_commit(file->db);
}

void
gl_file_close(struct gl_file *file)
{
    sim_db_let_go(file->db);
}

const char *
gl_file_why(const struct gl_file *file)
{
    (void) file;
    return "by chance";
}

int
gl_file_full(const struct gl_file *file)
{
    (void) file;
    return 0;
}

uint64_t
gl_file_stamp(const struct gl_file *file)
{
    (void) file;
    return 0;
}

int
gl_file_upto(struct gl_file *file, const uint8_t seg[16], uint32_t *upto)
{
    int error = sim_db_usable(file->db);

    sim_op(SIM_LIGHT, "read upto");
    if (error == 0)
        *upto = sim_db_upto(file->db, (uint32_t) sim_truth_segment(seg));
    return error;
}

int
gl_file_know(struct gl_file *file, const uint8_t seg[16], uint32_t *upto,
             uint32_t *connection)
{
    uint32_t now = gl_file_connection(file);
    int error;

    if (now != 0 && now == *connection)
        return 0;
    error = gl_file_upto(file, seg, upto);
    if (error == 0)
        *connection = gl_file_connection(file);
    return error;
}

int
gl_file_set_upto(struct gl_file *file, const uint8_t seg[16], uint32_t upto,
                 int64_t made_ms)
{
    int segment = sim_truth_segment(seg);

    if (segment != -1)
        made[segment] = made_ms;
    return sim_db_change(file->db, SIM_UPTO, (uint32_t) segment, upto);
}

uint32_t
gl_file_connection(const struct gl_file *file)
{
    return sim_db_connection(file->db);
}

int
gl_file_segments(struct gl_file *file,
                 void (*segment)(void *arg, const uint8_t seg[16],
                                 uint32_t upto),
                 void *arg)
{
    uint8_t id[GL_SEGMENT_ID_BYTES];
    int error = sim_db_usable(file->db);

    for (int i = 0; i < SIM_SEGMENTS && error == 0; i++)
        if (sim_db_upto(file->db, (uint32_t) i) > 0) {
            sim_truth_id_of(i, id);
            segment(arg, id, sim_db_upto(file->db, (uint32_t) i));
        }
    return error;
}

int
gl_file_sweep(struct gl_file *file, const struct gl_sweep *sweep)
{
    uint8_t id[GL_SEGMENT_ID_BYTES];
    int error = 0, n = 0;

    for (int i = 0; i < SIM_SEGMENTS && error == 0; i++) {
        if (sim_db_upto(file->db, (uint32_t) i) == 0 ||
            (made[i] < sweep->since_ms && made[i] >= sweep->before_ms))
            continue;
        sim_truth_id_of(i, id);
        if (!sweep->gone(sweep->arg, id))
            continue;
        error = sim_db_change(file->db, SIM_FORGET, (uint32_t) i, 0);
        n++;
    }
    return error < 0 ? error : n;
}

/* The frame under way counts here. */
static int
apply(int db)
{
    return sim_db_change(db, SIM_APPLY, (uint32_t) sim_frame_now, 0);
}

/* ... and is a row of its day, unless that has none any more. */
static int
insert(int db, uint32_t frame)
{
    const struct sim_day *day = sim_db_day(db, sim_day_of(frame));

    sim_seal_changed(db, sim_day_of(frame));
    return sim_db_change(db, SIM_APPLY, frame, sim_day_token(day));
}

/* ---- accounts ---- */

struct gl_account *
gl_accounts_get(struct gl_accounts *pool, const char *id)
{
    struct gl_account *account = &accounts[atoi(id)];

    (void) pool;
    account->file.db = atoi(id);
    return account;
}

int
gl_data_lock(const char *data, char *why, size_t why_len, int *busy)
{
    (void) data;
    (void) why;
    (void) why_len;
    *busy = 0;
    return open(".", O_RDONLY); /* it is the spool's lock that is tried */
}

struct gl_accounts *
gl_accounts_new(const struct gl_accounts_options *options, char *why,
                size_t why_len)
{
    (void) options;
    (void) why;
    (void) why_len;
    sim_seal_forget();
    return (struct gl_accounts *) accounts;
}

void
gl_accounts_free(struct gl_accounts *pool)
{
    (void) pool;
}

int
gl_accounts_create(struct gl_accounts *pool, const char *id)
{
    (void) pool;
    (void) id;
    return 0;
}

int
gl_accounts_remove(struct gl_accounts *pool, const char *id)
{
    (void) pool;
    (void) id;
    return 0;
}

int
gl_accounts_sync(struct gl_accounts *pool)
{
    (void) pool;
    return sim_store_sync();
}

void
gl_accounts_shorten_logs(struct gl_accounts *pool, int64_t now_ms)
{
    (void) pool;
    (void) now_ms;
    sim_store_close_some();
}

void
gl_account_sync_failed(struct gl_account *account)
{
    sim_db_doubt(account->file.db);
}

int
gl_account_unsure(const struct gl_account *account)
{
    (void) account;
    return 0;
}

int
gl_account_savepoint(struct gl_account *account)
{
    sim_db_save(account->file.db);
    return 0;
}

int
gl_account_release(struct gl_account *account)
{
    (void) account;
    return 0;
}

int
gl_account_undo(struct gl_account *account)
{
    sim_db_undo(account->file.db);
    return 0;
}

const char *
gl_account_why(const struct gl_account *account)
{
    (void) account;
    return "by chance";
}

int
gl_account_add_drop(struct gl_account *account, int64_t site, int64_t day,
                    struct gl_text reason, uint64_t n)
{
    (void) site;
    (void) day;
    (void) reason;
    (void) n;
    return apply(account->file.db);
}

int
gl_account_insert(struct gl_account *account,
                  const struct gl_store_event *event)
{
    (void) event;
    if (sim_truth_is_bad((uint32_t) sim_frame_now)) {
        sim_db_refuse(account->file.db);
        return -GL_STORE_DATA;
    }
    return insert(account->file.db, (uint32_t) sim_frame_now);
}

int
gl_account_is_cold(const struct gl_account *account)
{
    return gl_file_connection(&account->file) == 0 &&
           sim_fault_in(sim.plan.cold);
}

/* What only an account's rows and visits have: there are none here. */

int
gl_account_add_dirty(struct gl_account *account, int64_t site, int64_t day)
{
    (void) account;
    (void) site;
    (void) day;
    return 0;
}

int
gl_account_close_visit(struct gl_account *account,
                       const struct gl_visit *visit)
{
    (void) account;
    (void) visit;
    return 0;
}

int
gl_account_sites(struct gl_account *account,
                 int (*site)(void *arg, int64_t site), void *arg)
{
    (void) site;
    (void) arg;
    return sim_db_usable(account->file.db);
}

int
gl_account_covers(struct gl_account *account, struct gl_account *other,
                  int64_t site)
{
    (void) other;
    (void) site;
    return sim_db_usable(account->file.db);
}

int
gl_account_open_sites(struct gl_account *account,
                      int (*site)(void *arg, int64_t site), void *arg)
{
    return gl_account_sites(account, site, arg);
}

int
gl_account_dirty(struct gl_account *account, int64_t site,
                 int (*dirty)(void *arg, int64_t site, int64_t day), void *arg)
{
    (void) site;
    (void) dirty;
    (void) arg;
    return sim_db_usable(account->file.db);
}

int
gl_account_any_link(struct gl_account *account)
{
    return sim_db_usable(account->file.db);
}

int
gl_account_late(struct gl_account *account, int64_t site,
                int (*late)(void *arg, int64_t site, int64_t day,
                            uint64_t visitor),
                void *arg)
{
    (void) site;
    (void) late;
    (void) arg;
    return sim_db_usable(account->file.db);
}

/* ---- meta.db ---- */

struct gl_meta *
gl_meta_open(const char *data, char *why, size_t why_len)
{
    static int meta;

    (void) data;
    (void) why;
    (void) why_len;
    return (struct gl_meta *) &meta;
}

void
gl_meta_close(struct gl_meta *meta)
{
    (void) meta;
}

struct gl_directory *
gl_meta_directory(const struct gl_meta *meta)
{
    (void) meta;
    return NULL;
}

int
gl_meta_begin(struct gl_meta *meta)
{
    (void) meta;
    return sim_db_begin(0, 0);
}

int
gl_meta_commit(struct gl_meta *meta)
{
    (void) meta;
    return sim_db_commit(0);
}

int
gl_meta_rollback(struct gl_meta *meta)
{
    (void) meta;
    return sim_db_rollback(0);
}

const char *
gl_meta_why(const struct gl_meta *meta)
{
    (void) meta;
    return "by chance";
}

void
gl_meta_shorten_log(struct gl_meta *meta, int64_t now_ms)
{
    (void) meta;
    (void) now_ms;
}

int
gl_meta_add_drop(struct gl_meta *meta, int64_t day, struct gl_text reason,
                 uint64_t n)
{
    (void) meta;
    (void) day;
    (void) reason;
    (void) n;
    return apply(0);
}
