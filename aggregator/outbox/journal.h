/*
 * What became of a mail: a file of lines that are only added, each on the disk
 * before what follows it is done.
 *
 *     try 1 AT                 committed, then the program is started
 *     sent 1 AT                it took the mail
 *     again 1 AT NEXT WHY      it did not; not before NEXT
 *     failed 1 AT WHY          nor in all tries
 *     doubt 1 AT               found by a later run: a try without an end
 *     unsure 2 AT              a second one: it is not tried again
 *
 * A line that was cut off in its middle was not committed.  Times are ms.
 */

#ifndef GL_OUTBOX_JOURNAL_H
#define GL_OUTBOX_JOURNAL_H

#include <stdint.h>

enum gl_journal_end {
    GL_JOURNAL_OPEN, /* not ended */
    GL_JOURNAL_SENT,
    GL_JOURNAL_FAILED,
    GL_JOURNAL_UNSURE
};

#define GL_JOURNAL_WHY_MAX 200

struct gl_journal {
    enum gl_journal_end end;
    int trying;      /* 1 = a try was begun and has no end yet */
    int tries;       /* begun */
    int doubts;      /* of these, whose end nobody knows */
    int64_t at_ms;   /* of the last line, 0 = there is none */
    int64_t next_ms; /* not before, it is tried again */
    char why[GL_JOURNAL_WHY_MAX];
};

/* Of mail ID; all 0: nothing was done yet.  0, or -1: it cannot be read. */
int gl_journal_read(const char *folder, const char *id,
                    struct gl_journal *journal);
/* One line more, without its end, on the disk: 0, or -1 with errno. */
int gl_journal_add(const char *folder, const char *id, const char *line);
/* 0, also when it is not there, or -1 with errno. */
int gl_journal_remove(const char *folder, const char *id);

/* A run takes the lock of FOLDER until it ends, when no other has it: its
 * descriptor, or -1 with errno. */
int gl_journal_lock(const char *folder);
/* 1 = a run is under way, or begins just now. */
int gl_journal_is_locked(const char *folder);

#endif
