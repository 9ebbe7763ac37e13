/*
 * Event rows inserted in the order of their arrival; of an import several at a
 * time.
 */

#include "store/account/account_internal.h"
#include "store/rows/rows.h"
#include "store/words/words_internal.h"

#include <string.h>

/* Positions of GL_SQL_INSERT. */
enum insert_at {
    AT_ID = 1,
    AT_SITE,
    AT_AT,
    AT_KIND,
    AT_VISITOR,
    AT_MARK,
    AT_HOST,
    AT_PATH,
    AT_REFERRER,
    AT_AGENT,
    AT_PLACE,
    AT_NAME,
    AT_TITLE,
    AT_LANGUAGE,
    AT_SCREEN,
    AT_SCROLL_DEPTH,
    AT_ENGAGEMENT,
    AT_SERVER,
    AT_PASSIVE,
    AT_EVIDENCE,
    AT_AMOUNT,
    AT_CURRENCY,
    AT_PROPS
};
_Static_assert(AT_PROPS == GL_INSERT_N, "account->bound has them all");

int
gl_account_next_id(struct gl_account *account, int64_t *id)
{
    int rc = gl_db_writable(&account->db);
    if (rc == 0 && account->next_id == 0) {
        rc = gl_db_first(&account->db,
                         gl_account_ask_(account, GL_SQL_LAST_ID, NULL), id);
        if (rc >= 0)
            account->next_id = *id + 1;
    }
    *id = account->next_id;
    return rc < 0 ? rc : 0;
}

/* A parameter keeps its value, and a row is mostly like the one before: it is
 * bound only when it changes.  A connection begins with none: NULL. */
static void
bind_code(struct gl_account *account, sqlite3_stmt *insert, enum insert_at at,
          int64_t value)
{
    if (account->bound[at - 1] == value)
        return;
    account->bound[at - 1] = value;
    gl_db_bind_code(insert, (int) at, value);
}

static void
bind_text(struct gl_account *account, sqlite3_stmt *insert, enum insert_at at,
          struct gl_text text)
{
    bind_code(account, insert, at, text.len != 0);
    if (text.len)
        gl_db_bind_text(insert, (int) at, text);
}

static void
bind_event(struct gl_account *account, sqlite3_stmt *insert,
           const struct gl_store_event *event)
{
    if (account->bound_in != account->db.opened) {
        memset(account->bound, 0, sizeof account->bound);
        account->bound_in = account->db.opened;
    }
    gl_db_bind_int(insert, AT_ID, account->next_id);
    gl_db_bind_int(insert, AT_AT, event->at_ms);
    gl_db_bind_int(insert, AT_VISITOR, (int64_t) event->visitor);
    bind_code(account, insert, AT_SITE, event->site);
    bind_code(account, insert, AT_KIND, event->kind);
    bind_code(account, insert, AT_MARK, event->mark);
    bind_code(account, insert, AT_HOST, event->host);
    bind_code(account, insert, AT_PATH, event->path);
    bind_code(account, insert, AT_REFERRER, event->referrer);
    bind_code(account, insert, AT_AGENT, event->agent);
    bind_code(account, insert, AT_PLACE, event->place);
    bind_code(account, insert, AT_NAME, event->name);
    bind_code(account, insert, AT_TITLE, event->title);
    bind_code(account, insert, AT_LANGUAGE, event->language);
    bind_code(account, insert, AT_SCREEN, event->screen);
    bind_code(account, insert, AT_SCROLL_DEPTH, event->scroll_depth);
    if (event->scroll_depth) /* on the wire: percent + 1 */
        gl_db_bind_int(insert, AT_SCROLL_DEPTH, event->scroll_depth - 1);
    bind_code(account, insert, AT_ENGAGEMENT, event->engagement_ms);
    bind_code(account, insert, AT_SERVER, event->server);
    bind_code(account, insert, AT_PASSIVE, event->passive);
    bind_code(account, insert, AT_EVIDENCE, event->evidence);
    bind_text(account, insert, AT_AMOUNT, event->amount);
    bind_text(account, insert, AT_CURRENCY, event->currency);
}

int
gl_account_insert(struct gl_account *account,
                  const struct gl_store_event *event)
{
    int64_t id;
    char props[GL_PROPS_TEXT_MAX];
    int rc = gl_account_next_id(account, &id);
    sqlite3_stmt *insert = gl_db_to_change(&account->db, GL_SQL_INSERT, NULL);
    if (rc != 0 || insert == NULL)
        return rc != 0 ? rc : account->db.none;
    bind_event(account, insert, event);
    bind_text(account, insert, AT_PROPS,
              gl_props_write_(&event->props, props));
    rc = gl_db_done(&account->db, insert);
    if (rc == 0)
        rc = gl_account_day_row_(account, event->site, gl_day_of(event->at_ms),
                                 id);
    if (rc == 0)
        account->next_id = id + 1;
    return rc;
}

static int
hold(struct gl_account *account, int64_t id,
     const struct gl_store_event *event)
{
    const int64_t numbers[GL_ROW_NUMBERS_N] = {
        id,
        event->site,
        event->at_ms,
        event->kind,
        (int64_t) event->visitor,
        event->mark,
        event->host,
        event->path,
        event->referrer,
        event->agent,
        event->place,
        event->name,
        event->title,
        event->language,
        event->screen,
        0, /* scroll depth */
        event->engagement_ms,
        event->server,
        event->passive,
        event->evidence,
    };
    return gl_rows_hold_(account, numbers);
}

int
gl_account_insert_more(struct gl_account *account,
                       const struct gl_store_event *event)
{
    int64_t id;
    int rc;
    if (event->amount.len > 0 || event->currency.len > 0 ||
        event->props.n > 0 || event->scroll_depth > 0) {
        rc = gl_rows_flush_(account);
        return rc != 0 ? rc : gl_account_insert(account, event);
    }
    rc = gl_account_next_id(account, &id);
    if (rc == 0)
        rc = hold(account, id, event);
    if (rc == 0)
        rc = gl_account_day_row_(account, event->site, gl_day_of(event->at_ms),
                                 id);
    if (rc == 0)
        account->next_id = id + 1;
    return rc;
}
