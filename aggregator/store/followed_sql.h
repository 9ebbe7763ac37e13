/* Every SQL text of followed.c; of the first ones it uses those that begin and
 * end a transaction. */

#include "store/db/file_sql.h"

GL_SQL(STATE, "SELECT low, pending FROM state")
GL_SQL(SET_STATE, "UPDATE state SET low = ?1, pending = ?2")
GL_SQL(BEGINS, "SELECT first, begins FROM state")
GL_SQL(SET_BEGINS, "UPDATE state SET low = ?1, first = ?1, begins = ?2")
GL_SQL(LOG, "SELECT log FROM state")
GL_SQL(SET_LOG, "UPDATE state SET log = ?1")
GL_SQL(LAST, "SELECT seg, upto, xid FROM position "
             "WHERE at = (SELECT max(at) FROM position)")
GL_SQL(BEFORE,
       "SELECT seg, upto, xid FROM position WHERE at <= "
       "(SELECT max(at) FROM position) - ?1 ORDER BY xid DESC LIMIT ?2")
GL_SQL(CHANGES, "SELECT changes FROM state")
GL_SQL(SET_CHANGES, "UPDATE state SET changes = ?1")
GL_SQL(OLDEST, "SELECT min(xid) FROM position")
GL_SQL(SEG_UPTO, "SELECT upto FROM position WHERE seg = ?1")
GL_SQL(SET_SEG_UPTO,
       "INSERT INTO position (seg, upto, xid, at) VALUES (?1, ?2, ?3, ?4) "
       "ON CONFLICT (seg) DO UPDATE SET upto = excluded.upto, "
       "xid = excluded.xid, at = excluded.at")
GL_SQL(FORGET_BEFORE, "DELETE FROM position WHERE at < ?1 AND "
                      "xid < (SELECT low FROM state)")
