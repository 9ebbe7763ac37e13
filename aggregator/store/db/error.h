/*
 * What can go wrong in storage, by what is to be done about it.  Functions of
 * this room return 0 or a positive answer, or -enum gl_store_error.
 */

#ifndef GL_STORE_DB_ERROR_H
#define GL_STORE_DB_ERROR_H

enum gl_store_error {
    GL_STORE_ENVIRONMENT = 1, /* disk full, I/O, busy, memory, cannot open,
                                 read-only: roll back, try again later */
    GL_STORE_DATA = 2,        /* constraint, too big: this frame is bad */
    GL_STORE_CORRUPT = 3,     /* damaged or no database: park the account */
    GL_STORE_NEWER = 4        /* made by a newer glintod: leave it alone */
};

#endif
