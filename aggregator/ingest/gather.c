/*
 * Many accounts: more are active than may be connected at once (store/).
 * Opening a file costs as much as a hundred events, so events of an account
 * that is not connected wait in the spool until there are some.
 *
 *   frame ──► cold? ──► its place is noted ──► enough, or late, or asked for,
 *               │ no                           or the account is busy
 *               │                                           │
 *               └──────────────► applied ◄── read again ────┘
 *
 * Nothing is answered for them that is not so for every frame: the spool has
 * them, the account's position does not cover them, their segments stay.  A
 * stop leaves them there.  Whoever asks for an account's numbers has what
 * waits applied first, and nothing waits while somebody goes on asking.
 *
 * With fewer accounts than connections nothing ever gathers; nor does anything
 * of an account that waits for a site's object (building.c), whose frames come
 * again from the first.  What has gathered is applied by bring.c.
 *
 * Writer thread.
 */

#include "ingest/gather.h"
#include "spool/frame.h"
#include "store/accounts.h"

void
gl_ingest_gather_init_(struct gl_ingest *in)
{
    TAILQ_INIT(&in->gathering);
    in->taken = g_ptr_array_new();
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
    TAILQ_REMOVE(&in->gathering, account, gathering);
    TAILQ_INSERT_HEAD(&in->gathering, account, gathering);
}

static int
gathers(const struct gl_ingest *in, const struct gl_ingest_account *account)
{
    return account->gathered->len > 0 || (in->boot_ms >= account->asked_ms &&
                                          gl_account_is_cold(account->store));
}

int
gl_ingest_gather_(struct gl_ingest *in, struct gl_ingest_entry *entry,
                  const struct gl_spool_frame *frame)
{
    struct gl_ingest_account *account = entry->account;
    const struct gl_ingest_gathered place = {
        entry, frame->at_ms, frame->offset, frame->index, frame->payload_len};

    if (account->store == NULL || account->waits || !gathers(in, account))
        return 0;
    if (frame->index <= entry->gathered)
        return 1; /* its segment is read again for another account */
    if (account->gathered->len == 0) {
        account->gathered_ms = in->boot_ms;
        TAILQ_INSERT_TAIL(&in->gathering, account, gathering);
    }
    g_array_append_val(account->gathered, place);
    entry->gathered = frame->index;
    in->gathered_n++;
    note_busy(in, account, frame);
    if (account->gathered->len == GL_INGEST_ENOUGH) {
        TAILQ_REMOVE(&in->gathering, account, gathering);
        TAILQ_INSERT_HEAD(&in->gathering, account, gathering);
    }
    return 1;
}

void
gl_ingest_scatter_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    struct gl_ingest_entry *entry;

    if (account->gathered->len == 0)
        return;
    LIST_FOREACH(entry, &account->all, of_account)
    entry->gathered = 0;
    in->gathered_n -= account->gathered->len;
    g_array_free(account->gathered, TRUE); /* its memory as well */
    gl_ingest_gather_account_(account);
    TAILQ_REMOVE(&in->gathering, account, gathering);
}
