/*
 * store/account.h, store/meta.h and their neighbours as far as the ingest
 * files linked here call them, on the model of the store.  An account's id is
 * its number.
 */

#include "count/count.h"
#include "sim.h"
#include "store/account.h"
#include "store/accounts.h"
#include "store/lock.h"
#include "store/meta.h"
#include "store/meta_counts.h"
#include "store/midnight.h"
#include "store/rows.h"
#include "store/sites.h"
#include "store/tallies.h"
#include "store/visits.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

struct gl_account {
    int db;
};

static struct gl_account accounts[SIM_DBS];

struct each {
    void (*segment)(void *arg, const uint8_t seg[16], uint32_t upto);
    void *arg;
};

static int
segments(int db, struct each *each)
{
    uint8_t id[GL_SEGMENT_ID_BYTES];
    int error = sim_db_usable(db);

    for (int i = 0; i < SIM_SEGMENTS && error == 0; i++)
        if (sim_db_upto(db, (uint32_t) i) > 0) {
            sim_truth_id_of(i, id);
            each->segment(each->arg, id, sim_db_upto(db, (uint32_t) i));
        }
    return error;
}

static int
set_upto(int db, const uint8_t *seg, uint32_t upto)
{
    return sim_db_change(db, SIM_UPTO, (uint32_t) sim_truth_segment(seg),
                         upto);
}

static int
read_upto(int db, const uint8_t *seg, uint32_t *upto)
{
    int error = sim_db_usable(db);

    sim_op(SIM_LIGHT, "read upto");
    if (error == 0)
        *upto = sim_db_upto(db, (uint32_t) sim_truth_segment(seg));
    return error;
}

/* Also rows that were never made, of meta.db's notes on parked segments: no
 * frame ends the process here. */
static int
forget(int db, const uint8_t *seg)
{
    int segment = sim_truth_segment(seg);

    return segment == -1
               ? 0
               : sim_db_change(db, SIM_FORGET, (uint32_t) segment, 0);
}

/* The frame under way counts here. */
static int
apply(int db)
{
    return sim_db_change(db, SIM_APPLY, (uint32_t) sim_frame_now, 0);
}

/* ---- accounts ---- */

struct gl_account *
gl_accounts_get(struct gl_accounts *pool, const char *id)
{
    struct gl_account *account = &accounts[atoi(id)];

    (void) pool;
    account->db = atoi(id);
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
gl_accounts_tend(struct gl_accounts *pool, int64_t now_ms)
{
    (void) pool;
    (void) now_ms;
    sim_store_close_some();
}

int
gl_account_begin(struct gl_account *account, enum gl_durability durability)
{
    return sim_db_begin(account->db, durability == GL_COMMIT_LATER);
}

int
gl_account_commit(struct gl_account *account)
{
    return sim_db_commit(account->db);
}

int
gl_account_rollback(struct gl_account *account)
{
    return sim_db_rollback(account->db);
}

void
gl_account_let_go(struct gl_account *account)
{
    sim_db_let_go(account->db);
}

void
gl_account_doubt(struct gl_account *account)
{
    sim_db_doubt(account->db);
}

int
gl_account_doubtful(const struct gl_account *account)
{
    (void) account;
    return 0;
}

uint64_t
gl_account_look(const struct gl_account *account)
{
    (void) account;
    return 0;
}

int
gl_account_savepoint(struct gl_account *account)
{
    sim_db_save(account->db);
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
    sim_db_undo(account->db);
    return 0;
}

const char *
gl_account_why(const struct gl_account *account)
{
    (void) account;
    return "by chance";
}

int
gl_account_upto(struct gl_account *account, const uint8_t seg[16],
                uint32_t *upto)
{
    return read_upto(account->db, seg, upto);
}

uint32_t
gl_account_connection(const struct gl_account *account)
{
    return sim_db_connection(account->db);
}

int
gl_account_set_upto(struct gl_account *account, const uint8_t seg[16],
                    uint32_t upto)
{
    return set_upto(account->db, seg, upto);
}

int
gl_account_segments(struct gl_account *account,
                    void (*segment)(void *arg, const uint8_t seg[16],
                                    uint32_t upto),
                    void *arg)
{
    struct each each = {segment, arg};

    return segments(account->db, &each);
}

int
gl_account_forget(struct gl_account *account, const uint8_t seg[16])
{
    return forget(account->db, seg);
}

int
gl_account_add_drop(struct gl_account *account, int64_t site, int64_t day,
                    struct gl_text reason, uint64_t n)
{
    (void) site;
    (void) day;
    (void) reason;
    (void) n;
    return apply(account->db);
}

int
gl_account_insert(struct gl_account *account,
                  const struct gl_store_event *event)
{
    (void) event;
    if (sim_truth_is_bad((uint32_t) sim_frame_now)) {
        sim_db_refuse(account->db);
        return -GL_STORE_DATA;
    }
    return apply(account->db);
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
    return sim_db_usable(account->db);
}

int
gl_account_covers(struct gl_account *account, struct gl_account *other,
                  int64_t site)
{
    (void) other;
    (void) site;
    return sim_db_usable(account->db);
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
    return sim_db_usable(account->db);
}

int
gl_account_any_link(struct gl_account *account)
{
    return sim_db_usable(account->db);
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
    return sim_db_usable(account->db);
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
gl_meta_tend(struct gl_meta *meta, int64_t now_ms)
{
    (void) meta;
    (void) now_ms;
}

int
gl_meta_upto(struct gl_meta *meta, const uint8_t seg[16], uint32_t *upto)
{
    (void) meta;
    return read_upto(0, seg, upto);
}

uint32_t
gl_meta_connection(const struct gl_meta *meta)
{
    (void) meta;
    return sim_db_connection(0);
}

int
gl_meta_set_upto(struct gl_meta *meta, const uint8_t seg[16], uint32_t upto)
{
    (void) meta;
    return set_upto(0, seg, upto);
}

int
gl_meta_segments(struct gl_meta *meta,
                 void (*segment)(void *arg, const uint8_t seg[16],
                                 uint32_t upto),
                 void *arg)
{
    struct each each = {segment, arg};

    (void) meta;
    return segments(0, &each);
}

int
gl_meta_forget(struct gl_meta *meta, const uint8_t seg[16])
{
    (void) meta;
    return forget(0, seg);
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
