/* See bots_added.h. */

#include "store/account/bots_added.h"

#include "store/account/account_internal.h"

#include <string.h>

/* Of 192 bytes, while a transaction has bots: many accounts have but a few. */
#define SLOTS_FIRST 2
#define SLOTS_MAX 32
#define TEXT_MAX 160 /* of all five; longer ones are written at once */

struct bot {
    int64_t site, day;
    uint64_t n;
    size_t len;
    char text[TEXT_MAX]; /* each with its end */
};

static int
write_bot(struct gl_account *account, int64_t site, int64_t day,
          const char *const texts[GL_BOT_TEXTS_N], uint64_t n)
{
    _Static_assert(GL_BOT_TEXTS_N == 5, "here and in the statement");
    return gl_db_change(
        &account->db, GL_SQL_ADD_BOT,
        GL_VALUES(gl_as_int(site), gl_as_int(day), gl_as_string(texts[0]),
                  gl_as_string(texts[1]), gl_as_string(texts[2]),
                  gl_as_string(texts[3]), gl_as_string(texts[4]),
                  gl_as_int(n)));
}

static int
write_slot(struct gl_account *account, const struct bot *slot)
{
    const char *texts[GL_BOT_TEXTS_N], *at = slot->text;
    for (int i = 0; i < GL_BOT_TEXTS_N; i++) {
        texts[i] = at;
        at += strlen(at) + 1;
    }
    return write_bot(account, slot->site, slot->day, texts, slot->n);
}

void
gl_bots_clear_(GArray **added)
{
    if (*added != NULL)
        g_array_free(*added, TRUE);
    *added = NULL;
}

int
gl_bots_flush_(struct gl_account *account)
{
    GArray *added = account->bots;
    int rc = 0;
    for (guint i = 0; rc == 0 && added != NULL && i < added->len; i++)
        rc = write_slot(account, &g_array_index(added, struct bot, i));
    gl_bots_clear_(&account->bots);
    return rc;
}

/* TEXTS one behind the other: 0, or -1: one is missing, or they are too
 * long. */
static int
join(struct bot *slot, const char *const texts[GL_BOT_TEXTS_N])
{
    slot->len = 0;
    for (int i = 0; i < GL_BOT_TEXTS_N; i++) {
        size_t len = texts[i] == NULL ? SIZE_MAX : strlen(texts[i]) + 1;
        if (len > TEXT_MAX - slot->len)
            return -1;
        memcpy(slot->text + slot->len, texts[i], len);
        slot->len += len;
    }
    return 0;
}

static int
is_same(const struct bot *a, const struct bot *b)
{
    return a->site == b->site && a->day == b->day && a->len == b->len &&
           memcmp(a->text, b->text, a->len) == 0;
}

/* Room for one more: 0 or an error. */
static int
make_room(struct gl_account *account)
{
    int rc = 0;
    if (account->bots != NULL && account->bots->len == SLOTS_MAX)
        rc = gl_bots_flush_(account);
    if (account->bots == NULL)
        account->bots =
            g_array_sized_new(FALSE, FALSE, sizeof(struct bot), SLOTS_FIRST);
    return rc;
}

int
gl_bots_added_(struct gl_account *account, int64_t site, int64_t day,
               const char *const texts[GL_BOT_TEXTS_N], uint64_t n)
{
    GArray *added = account->bots;
    struct bot one = {.site = site, .day = day, .n = n};
    int rc = gl_db_writable(&account->db);
    if (rc != 0)
        return rc;
    if (join(&one, texts) != 0)
        return write_bot(account, site, day, texts, n);
    for (guint i = 0; added != NULL && i < added->len; i++) {
        struct bot *slot = &g_array_index(added, struct bot, i);
        if (is_same(slot, &one)) {
            slot->n += n;
            return 0;
        }
    }
    rc = make_room(account);
    if (rc == 0)
        g_array_append_val(account->bots, one);
    return rc;
}
