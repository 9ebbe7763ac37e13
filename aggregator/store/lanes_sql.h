/* Every SQL text of lanes.c; of the first ones it uses those that begin and
 * end a transaction, and positions. */

#include "store/db/file_sql.h"

GL_SQL(BEGUN, "SELECT begun, first FROM state")
GL_SQL(SET_BEGUN, "UPDATE state SET begun = 1, first = ?1")
GL_SQL(LANES, "SELECT name, pending FROM lane")
GL_SQL(SET_LANE, "INSERT INTO lane (name, pending) VALUES (?1, ?2) "
                 "ON CONFLICT (name) DO UPDATE SET pending = excluded.pending")
GL_SQL(HELD_BYTES,
       "SELECT coalesce(sum(length(frames)), 0) FROM held WHERE lane = ?1")
GL_SQL(HELD, "SELECT frames FROM held WHERE lane = ?1 ORDER BY id")
GL_SQL(HOLD, "INSERT INTO held (lane, frames) VALUES (?1, ?2)")
GL_SQL(LET_GO, "DELETE FROM held WHERE lane = ?1")
