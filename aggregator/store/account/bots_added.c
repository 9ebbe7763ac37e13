/* See bots_added.h. */

#include "store/account/bots_added.h"

#include "store/account/account_internal.h"

#include <stdlib.h>
#include <string.h>

/* Of 192 bytes, while a transaction has bots: many accounts have but a few. */
#define SLOTS_FIRST 2
#define SLOTS_MAX 32
#define TEXT_MAX 160 /* of all five; longer ones are written at once */

struct gl_bot_added {
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
write_slot(struct gl_account *account, const struct gl_bot_added *slot)
{
    const char *texts[GL_BOT_TEXTS_N], *at = slot->text;
    for (int i = 0; i < GL_BOT_TEXTS_N; i++) {
        texts[i] = at;
        at += strlen(at) + 1;
    }
    return write_bot(account, slot->site, slot->day, texts, slot->n);
}

void
gl_bots_clear_(struct gl_bots_added *added)
{
    free(added->slots);
    *added = (struct gl_bots_added){0};
}

int
gl_bots_flush_(struct gl_account *account)
{
    struct gl_bots_added *added = &account->bots;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < added->used; i++)
        rc = write_slot(account, &added->slots[i]);
    gl_bots_clear_(added);
    return rc;
}

/* TEXTS one behind the other: 0, or -1: one is missing, or they are too
 * long. */
static int
join(struct gl_bot_added *slot, const char *const texts[GL_BOT_TEXTS_N])
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
is_same(const struct gl_bot_added *a, const struct gl_bot_added *b)
{
    return a->site == b->site && a->day == b->day && a->len == b->len &&
           memcmp(a->text, b->text, a->len) == 0;
}

/* Room for one more: 0, 1 = there is none, or an error. */
static int
make_room(struct gl_account *account)
{
    struct gl_bots_added *added = &account->bots;
    struct gl_bot_added *slots;
    size_t size;
    int rc = added->used < SLOTS_MAX ? 0 : gl_bots_flush_(account);
    if (rc != 0 || added->used < added->size)
        return rc;
    size = added->size == 0 ? SLOTS_FIRST : 2 * added->size;
    slots = realloc(added->slots, size * sizeof *slots);
    if (slots == NULL)
        return 1;
    added->slots = slots;
    added->size = size;
    return 0;
}

int
gl_bots_added_(struct gl_account *account, int64_t site, int64_t day,
               const char *const texts[GL_BOT_TEXTS_N], uint64_t n)
{
    struct gl_bots_added *added = &account->bots;
    struct gl_bot_added one;
    int rc = gl_db_writable(&account->db);
    if (rc != 0)
        return rc;
    one.site = site;
    one.day = day;
    one.n = n;
    if (join(&one, texts) != 0)
        return write_bot(account, site, day, texts, n);
    for (size_t i = 0; i < added->used; i++)
        if (is_same(&added->slots[i], &one)) {
            added->slots[i].n += n;
            return 0;
        }
    rc = make_room(account);
    if (rc == 1)
        return write_bot(account, site, day, texts, n);
    if (rc == 0)
        added->slots[added->used++] = one;
    return rc;
}
