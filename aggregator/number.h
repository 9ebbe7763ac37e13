/* Numbers as people read them. */

#ifndef GL_NUMBER_H
#define GL_NUMBER_H

#include <stdint.h>

#define GL_NUMBER_MAX 32 /* bytes; the longest takes 27 */

/* 12,345; a sign before it when N is less than 0. */
void gl_number(char text[GL_NUMBER_MAX], int64_t n);

#endif
