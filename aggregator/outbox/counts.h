/* What is in the outbox just now.  Any thread. */

#ifndef GL_OUTBOX_COUNTS_H
#define GL_OUTBOX_COUNTS_H

struct gl_outbox_counts {
    int waiting;  /* not ended */
    int in_doubt; /* of these, whose try has no end, and nobody is at it */
};

/* All 0 where the folders cannot be read. */
void gl_outbox_count(const char *outbox, const char *journals,
                     struct gl_outbox_counts *counts);

#endif
