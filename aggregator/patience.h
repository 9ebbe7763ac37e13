/* Threads that let others go first: those that answer, and nginx. */

#ifndef GL_PATIENCE_H
#define GL_PATIENCE_H

/* The longest that a page waits for a processor such a thread is on. */
#define GL_PATIENCE_US 100

/*
 * The calling thread is as nice as NICE, 0..19, and where the kernel allows it
 * (Linux 6.12) leaves the processor to whoever becomes ready after
 * GL_PATIENCE_US, not after some milliseconds.  A page passes a processor ten
 * times on its way, so that a few threads with nothing but work to do would
 * cost it tens of them.  What the kernel refuses is done without.
 */
void gl_patience_begin(int nice);

#endif
