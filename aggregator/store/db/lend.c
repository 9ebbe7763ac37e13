/* The connection that is lent; see lend.h. */

#include "store/db/lend.h"

#include "gl_assert.h"
#include "store/db/swap.h"
#include "store/db/switches.h"

#include <stdlib.h>
#include <string.h>

/* A file's head: "SQLite format 3", the size of a page, and two bytes that say
 * whether it has a log. */
#define HEAD_BYTES 24
#define AT_LOG 18
#define HAS_LOG 2

struct gl_lend {
    struct gl_swap *swap;
    struct gl_lent lent; /* handle NULL = none */
    int statements_n;
    int out;
    sqlite3_stmt *version, *tables;
    unsigned char head[HEAD_BYTES]; /* of every file it is lent to */
    unsigned char *known;           /* their tables; owned */
    size_t known_len, known_size;
};

/* ---- what tables a file has ---- */

/* Beginning at AT of what is known: the same, or, while it learns, added; then
 * where it ends.  0 = another. */
static size_t
meet(struct gl_lend *lend, int learn, size_t at, const void *bytes, size_t len)
{
    if (!learn)
        return len <= lend->known_len - at &&
                       memcmp(lend->known + at, bytes, len) == 0
                   ? at + len
                   : 0;
    if (at + len > lend->known_size) {
        size_t size = 2 * (at + len);
        void *more = realloc(lend->known, size);
        if (more == NULL)
            return 0;
        lend->known = more;
        lend->known_size = size;
    }
    memcpy(lend->known + at, bytes, len);
    lend->known_len = at + len;
    return at + len;
}

static size_t
meet_text(struct gl_lend *lend, int learn, size_t at, int column)
{
    const void *text = sqlite3_column_text(lend->tables, column);
    size_t len = (size_t) sqlite3_column_bytes(lend->tables, column);
    at = meet(lend, learn, at, &len, sizeof len);
    return at == 0 || len == 0 ? at : meet(lend, learn, at, text, len);
}

/* Root, name and text of a table or an index. */
static size_t
meet_table(struct gl_lend *lend, int learn, size_t at)
{
    sqlite3_int64 root = sqlite3_column_int64(lend->tables, 0);
    at = meet(lend, learn, at, &root, sizeof root);
    for (int column = 1; column <= 2 && at != 0; column++)
        at = meet_text(lend, learn, at, column);
    return at;
}

/* 1 = the file has them, or they are learned. */
static int
has_tables(struct gl_lend *lend, int learn)
{
    size_t at = 0;
    int rc;
    while ((rc = sqlite3_step(lend->tables)) == SQLITE_ROW)
        if ((at = meet_table(lend, learn, at)) == 0)
            break;
    sqlite3_reset(lend->tables);
    return rc == SQLITE_DONE && at > 0 && at == lend->known_len;
}

static int
has_version(struct gl_lend *lend, int version)
{
    int has = sqlite3_step(lend->version) == SQLITE_ROW &&
              sqlite3_column_int(lend->version, 0) == version;
    sqlite3_reset(lend->version);
    return has;
}

/* ---- the connection ---- */

static void
drop(struct gl_lend *lend)
{
    for (int i = 0; i < lend->statements_n; i++) {
        sqlite3_finalize(lend->lent.statements[i]);
        lend->lent.statements[i] = NULL;
    }
    sqlite3_finalize(lend->version);
    sqlite3_finalize(lend->tables);
    lend->version = lend->tables = NULL;
    int rc = sqlite3_close(lend->lent.handle);
    GL_ASSERT(rc == SQLITE_OK); /* no statement is left of it */
    lend->lent.handle = NULL;
    gl_swap_away(lend->swap);
    lend->known_len = 0;
}

static int
prepare(struct gl_lend *lend, const char *sql, sqlite3_stmt **statement)
{
    return sqlite3_prepare_v3(lend->lent.handle, sql, -1,
                              SQLITE_PREPARE_PERSISTENT, statement, NULL);
}

/* 1 = it is open, and knows its tables.  The file is there. */
static int
make(struct gl_lend *lend, const char *path, int version)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;
    int rc = sqlite3_open_v2(path, &lend->lent.handle, flags,
                             gl_swap_vfs(lend->swap));
    if (rc != SQLITE_OK ||
        gl_swap_head(lend->swap, lend->head, HEAD_BYTES) != SQLITE_OK ||
        lend->head[AT_LOG] != HAS_LOG || lend->head[AT_LOG + 1] != HAS_LOG)
        return 0;
    gl_store_set_switches_(lend->lent.handle);
    lend->lent.synchronous = GL_DB_FULL;
    return gl_store_set_settings_(lend->lent.handle) == SQLITE_OK &&
           prepare(lend, "PRAGMA user_version", &lend->version) == SQLITE_OK &&
           prepare(lend,
                   "SELECT rootpage, name, sql FROM sqlite_schema "
                   "ORDER BY rowid",
                   &lend->tables) == SQLITE_OK &&
           has_version(lend, version) && has_tables(lend, 1);
}

/* 1 = the file is as those before. */
static int
is_alike(struct gl_lend *lend, int version)
{
    unsigned char head[HEAD_BYTES];
    return gl_swap_head(lend->swap, head, HEAD_BYTES) == SQLITE_OK &&
           memcmp(head, lend->head, HEAD_BYTES) == 0 &&
           has_version(lend, version) && has_tables(lend, 0);
}

/* ---- what db.c calls ---- */

struct gl_lend *
gl_lend_new(int statements_n)
{
    struct gl_lend *lend = calloc(1, sizeof *lend);
    if (lend == NULL)
        return NULL;
    lend->statements_n = statements_n;
    lend->lent.statements =
        calloc((size_t) statements_n, sizeof *lend->lent.statements);
    lend->swap = gl_swap_new();
    if (lend->lent.statements != NULL && lend->swap != NULL)
        return lend;
    gl_lend_free(lend);
    return NULL;
}

void
gl_lend_free(struct gl_lend *lend)
{
    if (lend == NULL)
        return;
    GL_ASSERT(!lend->out);
    if (lend->lent.handle != NULL)
        drop(lend);
    gl_swap_free(lend->swap);
    free(lend->lent.statements);
    free(lend->known);
    free(lend);
}

struct gl_lent *
gl_lend_take(struct gl_lend *lend, const char *path, int version)
{
    int is_new = lend->lent.handle == NULL;
    if (lend->out || gl_swap_to(lend->swap, path) != SQLITE_OK)
        return NULL;
    if (!(is_new ? make(lend, path, version) : is_alike(lend, version))) {
        drop(lend);
        return NULL;
    }
    lend->out = 1;
    return &lend->lent;
}

void
gl_lend_back(struct gl_lend *lend, int spent)
{
    GL_ASSERT(lend->out);
    lend->out = 0;
    for (int i = 0; i < lend->statements_n; i++) {
        if (lend->lent.statements[i] == NULL)
            continue;
        sqlite3_reset(lend->lent.statements[i]);
        sqlite3_clear_bindings(lend->lent.statements[i]);
    }
    sqlite3_wal_hook(lend->lent.handle, NULL, NULL);
    if (spent || !sqlite3_get_autocommit(lend->lent.handle))
        drop(lend);
    else
        gl_swap_away(lend->swap);
}
