/*
 * One line a message on standard error, with time and level; control bytes
 * escaped.  The level is set at start and by HUP.  Never log a client address.
 */

#ifndef GL_LOG_H
#define GL_LOG_H

enum gl_log_level { GL_LOG_ERROR = 0, GL_LOG_NOTICE = 1, GL_LOG_DEBUG = 2 };

void gl_log_open(int level);
void gl_log(int level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
