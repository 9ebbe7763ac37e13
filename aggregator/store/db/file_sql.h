/*
 * The texts that begin the lists of every file, so that their numbers are the
 * same in all: transactions, and how far each segment was applied.
 */

GL_SQL(BEGIN, "BEGIN IMMEDIATE")
GL_SQL(COMMIT, "COMMIT")
GL_SQL(UPTO, "SELECT upto FROM ingest WHERE seg = ?1")
GL_SQL(SET_UPTO, "INSERT INTO ingest (seg, upto, made) VALUES (?1, ?2, ?3) "
                 "ON CONFLICT (seg) DO UPDATE SET upto = excluded.upto")
GL_SQL(SEGMENTS, "SELECT seg, upto FROM ingest")
GL_SQL(OLD, "SELECT seg FROM ingest WHERE made >= ?1 OR made < ?2")
GL_SQL(FORGET, "DELETE FROM ingest WHERE seg = ?1")
