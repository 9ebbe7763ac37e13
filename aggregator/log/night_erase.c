/* Packs without what was erased; see night_erase.h. */

#include "log/night_erase.h"

#include <stdlib.h>

/* Of changes that erase and were made: the last whose events are all in packs,
 * 0 = none is to be done.  A chunk that comes later is of a newer transaction
 * (pass.c). */
static const char select_last[] =
    "SELECT coalesce(max(id), 0) FROM change WHERE verb IN ('site.reset', "
    "'site.remove') AND id > (SELECT erased FROM night) AND id <= $1::bigint "
    "AND xid < coalesce((SELECT xid FROM chunk ORDER BY xid LIMIT 1), "
    "'18446744073709551615'::xid8)";

static int
erase_upto(struct gl_rewrite *r, int64_t last)
{
    const char *values[1];
    uint64_t from, until;
    PGresult *result;

    if (gl_rewrite_names(r, last, 1) != 0)
        return -1;
    gl_names_range(r->names, &from, &until);
    if (gl_rewrite_packs(r, GL_REWRITE_SELECT("true"), 1, values, from,
                         until) != 0)
        return -1;
    result = gl_rewrite_ask(r, "UPDATE night SET erased = $1::bigint", last);
    PQclear(result);
    return result == NULL ? -1 : 0;
}

int
gl_night_erase(struct gl_rewrite *r)
{
    PGresult *row = gl_rewrite_ask(r, select_last, r->upto);
    int64_t last = row == NULL ? -1 : strtoll(PQgetvalue(row, 0, 0), NULL, 10);

    PQclear(row);
    return last > 0 ? erase_upto(r, last) : (int) last;
}
