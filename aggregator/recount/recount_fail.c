/* See recount_fail.h. */

#include "recount/recount_fail.h"

#include <sqlite3.h>
#include <stdio.h>

enum gl_executed
gl_recount_fail_(struct gl_recount *run)
{
    snprintf(run->why, sizeof run->why, "%s", sqlite3_errmsg(run->db));
    if (sqlite3_errcode(run->db) == SQLITE_INTERRUPT)
        return GL_EXECUTE_CANCELLED;
    return sqlite3_errcode(run->db) == SQLITE_ERROR ? GL_EXECUTE_BAD
                                                    : GL_EXECUTE_STORAGE;
}
