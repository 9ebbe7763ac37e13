/* Every SQL text of lanes.c; of the first ones it uses those that begin and
 * end a transaction, and positions. */

#include "store/db/file_sql.h"

GL_SQL(BEGUN, "SELECT begun, first FROM state")
GL_SQL(SET_BEGUN, "UPDATE state SET begun = 1, first = ?1")
GL_SQL(LANES, "SELECT name, pending FROM lane")
GL_SQL(HELD_BYTES,
       "SELECT coalesce(sum(length(frames)), 0) FROM held WHERE lane = ?1")
GL_SQL(HELD, "SELECT frames FROM held WHERE lane = ?1 ORDER BY id")
GL_SQL(LET_GO, "DELETE FROM held WHERE lane = ?1")
GL_SQL(OPEN, "SELECT seg, lane, wall, size, frames, bytes, last FROM open")
GL_SQL(SET_OPEN, "INSERT OR REPLACE INTO open (seg, lane, wall, size, frames, "
                 "bytes, last) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
GL_SQL(SHUT, "DELETE FROM open WHERE seg = ?1")
GL_SQL(KEPT_BYTES,
       "SELECT coalesce(sum(length(bytes)), 0) FROM kept WHERE seg = ?1")
GL_SQL(KEPT, "SELECT at, bytes FROM kept WHERE seg = ?1 ORDER BY id")
GL_SQL(KEEP, "INSERT INTO kept (seg, at, bytes) VALUES (?1, ?2, ?3)")
GL_SQL(SYNCED, "DELETE FROM kept WHERE seg = ?1")
