/*
 * Many accounts: more are active than may be connected at once (store/).
 * Opening a file costs as much as a hundred events, so events of an account
 * that is not connected wait in the spool until there are some.
 *
 *   frame ──► cold? ──► its place is noted ──► enough, or late, or asked for,
 *               │ no                           or the account is busy, or its
 *               │                              turn has come (bring.c)
 *               │                                           │
 *               └──────────────► applied ◄── read again ────┘
 *
 * Of a backlog all is looked for first: while there are more accounts than
 * connections even those that have one gather, so that each is opened and
 * commits once and not in every round.  A round that has begun as many
 * transactions as it may leaves the accounts that follow to gather, too.
 *
 * Nothing is answered for them that is not so for every frame: the spool has
 * them, the account's position does not cover them, their segments stay.  A
 * stop leaves them there.  Whoever asks for an account's numbers has what
 * waits applied first, and nothing waits while somebody goes on asking.
 *
 * With fewer accounts than connections nothing waits longer; nor does anything
 * of an account that waits for a site's object (building.c), whose frames come
 * again from the first.  What has gathered is applied by bring.c.
 *
 * Writer thread.
 */

#include "ingest/gather.h"

#include "gl_assert.h"
#include "spool/frame.h"
#include "store/account/accounts.h"

void
gl_ingest_gather_init_(struct gl_ingest *in)
{
    TAILQ_INIT(&in->gathering.list);
    in->gathering.taken = g_ptr_array_new();
}

void
gl_ingest_gather_account_(struct gl_ingest_account *account)
{
    account->gathered =
        g_array_new(FALSE, FALSE, sizeof(struct gl_ingest_gathered));
}

/* Of a backlog every account seems to be. */
static int
is_fresh(const struct gl_ingest *in, const struct gl_spool_frame *frame)
{
    return in->now_ms - frame->at_ms < GL_INGEST_FRESH_MS;
}

/* A FRAME that waits shows that ACCOUNT should have a connection: what waits
 * is then applied next. */
static void
note_busy(struct gl_ingest *in, struct gl_ingest_account *account,
          const struct gl_spool_frame *frame)
{
    if (!is_fresh(in, frame))
        return;
    if (in->boot_ms - account->busy_since_ms > GL_INGEST_BUSY_MS) {
        account->busy_since_ms = in->boot_ms;
        account->busy_n = 0;
    }
    if (++account->busy_n < GL_INGEST_BUSY || !gl_account_keep(account->store))
        return;
    account->busy_n = 0;
    account->gathered_ms = INT64_MIN / 2;
    TAILQ_REMOVE(&in->gathering.list, account, gathering);
    TAILQ_INSERT_HEAD(&in->gathering.list, account, gathering);
}

/* So many files were opened in this round that the others wait. */
static int
opens_are_over(const struct gl_ingest *in)
{
    return in->round_accounts > 0 &&
           gl_clock_boot_ms() - in->round_start_ms >= GL_INGEST_ROUND_OPENS_MS;
}

int
gl_ingest_gathers_(const struct gl_ingest *in,
                   const struct gl_ingest_entry *entry)
{
    const struct gl_ingest_account *account = entry->account;

    if (account == &in->of_meta || account->waits)
        return 0;
    if (account->gathered->len > 0)
        return 1;
    if (account->transaction != GL_ACCOUNT_IDLE || account->careful ||
        in->boot_ms < account->asked_ms)
        return 0;
    return in->round_accounts >= GL_INGEST_ROUND_ACCOUNTS ||
           gl_account_is_cold(account->store) ||
           (in->backlog && gl_accounts_are_many(in->pool)) ||
           (gl_file_connection(account->file) == 0 && opens_are_over(in));
}

/* What waits for others is due at once, and stands before what is not. */
static void
begin_to_gather(struct gl_ingest *in, struct gl_ingest_account *account)
{
    account->gathered_ms = in->boot_ms;
    if (gl_account_is_cold(account->store))
        TAILQ_INSERT_TAIL(&in->gathering.list, account, gathering);
    else
        TAILQ_INSERT_HEAD(&in->gathering.list, account, gathering);
}

void
gl_ingest_gather_(struct gl_ingest *in, struct gl_ingest_entry *entry,
                  const struct gl_spool_frame *frame)
{
    struct gl_ingest_account *account = entry->account;
    struct gl_ingest_gathered place;

    if (frame->index <= entry->gathered)
        return; /* its segment is read again for another account */
    if (account->gathered->len == 0)
        begin_to_gather(in, account);
    account->hurries |= in->backlog || !in->caught_up;
    place = (struct gl_ingest_gathered){entry, frame->at_ms, frame->offset,
                                        frame->index, frame->payload_len};
    g_array_append_val(account->gathered, place);
    entry->gathered = frame->index;
    in->gathering.n++;
    note_busy(in, account, frame);
    if (account->gathered->len == GL_INGEST_ENOUGH) {
        TAILQ_REMOVE(&in->gathering.list, account, gathering);
        TAILQ_INSERT_HEAD(&in->gathering.list, account, gathering);
    }
}

void
gl_ingest_scatter_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    if (account->gathered->len == 0)
        return;
    for (guint i = 0; i < account->all->len; i++)
        g_array_index(account->all, struct gl_ingest_place, i)
            .entry->gathered = 0;
    GL_ASSERT(in->gathering.n >= account->gathered->len);
    in->gathering.n -= account->gathered->len;
    account->hurries = 0;
    g_array_free(account->gathered, TRUE); /* its memory as well */
    gl_ingest_gather_account_(account);
    TAILQ_REMOVE(&in->gathering.list, account, gathering);
}
