/*
 * While a backup of a city is made nothing is handed over to glintod: each
 * file is copied at its own moment, and all are to say the same of the log.
 *
 *   glinto-postgresql   gate ─► turn ─────────► leave      many times a second
 *   glintod's backup    gate, kept ─► turn: none is under way ... closed
 *
 * Two bytes of a file in FOLLOWED (glinto.conf), which the kernel locks: they
 * are free when who had them is dead.
 */

#ifndef GL_STORE_HOLD_H
#define GL_STORE_HOLD_H

/* Of segments there that are written and not named yet (log/handover.h). */
#define GL_HOLD_HALF "n-"
/* In a backup, and in data of one: those that waited for glintod; and while
 * it takes them (writer/restored.c). */
#define GL_HOLD_WAITING "waiting"
#define GL_HOLD_TAKEN "waiting.taken"

/* A descriptor, or -1 with errno. */
int gl_hold_open(const char *followed);

/* Who hands over: 1 = a turn may begin, until gl_hold_leave(); 0 = not now. */
int gl_hold_enter(int fd);
void gl_hold_leave(int fd);

/* Who copies: 1 = no turn is under way, and none begins until FD is closed;
 * 0 = not yet: ask again. */
int gl_hold_take(int fd);

#endif
