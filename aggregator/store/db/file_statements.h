/* Numbers of the statements of every file.  Inside this room only. */

#ifndef GL_STORE_DB_FILE_STATEMENTS_H
#define GL_STORE_DB_FILE_STATEMENTS_H

enum gl_db_sql {
#define GL_SQL(name, text) GL_DB_SQL_##name,
#include "store/db/file_sql.h"
#undef GL_SQL
    GL_DB_SQL_N
};

#endif
