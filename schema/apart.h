/*
 * A function that its caller hardly ever calls.  Left to itself a compiler
 * makes it a part of the caller, which then saves registers and guards its
 * stack for it each time, also when there is nothing to do.
 */

#ifndef GL_APART_H
#define GL_APART_H

#define GL_APART __attribute__((noinline))

#endif
