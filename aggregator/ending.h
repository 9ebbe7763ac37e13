/*
 * No program of ours ends without a line that says how: what returns from main
 * says it itself; what a signal ends is said here, by the process as it dies.
 * Only kill -9 leaves no time for it (the next glintod tells that one).
 */

#ifndef GL_ENDING_H
#define GL_ENDING_H

#include <signal.h>

/* First of all in main, with one thread: from now on each signal that ends the
 * process writes "NAME: ended by signal SIGSEGV" first.  NAME stays with the
 * caller.  A file that may not grow (SIGXFSZ) is an error of write from now
 * on, and a handler that is there already, as a sanitizer's, stays. */
void gl_ending_begin(const char *name);

/* TERM, INT and HUP, which SET has then, wait until they are asked for: one
 * that comes while the program starts is neither lost nor its end.  Of the
 * calling thread and those that it makes.  0, or -1: errno. */
int gl_ending_hold(sigset_t *set);

/* What a thread that takes no signals blocks: all but those that say that the
 * thread itself is broken.  The kernel ends a process without a word where
 * such a one is blocked. */
void gl_ending_leave_to_others(sigset_t *set);

/* One call more in a process that dies, in the thread that broke, and only
 * for a signal of a broken thread. */
void gl_ending_note(void (*note)(int number));

#endif
