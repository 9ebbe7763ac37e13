/* A file that is not there yet, made empty. */

#ifndef GL_STORE_DB_CREATE_H
#define GL_STORE_DB_CREATE_H

/* Create PATH below DIRFD empty, 0600, when it is not there; 0 or -1 with
 * errno. */
int gl_db_create_file(int dirfd, const char *name);
/* The same in the folder DATA, which is made, too: its real path, the
 * caller's, or NULL with errno. */
char *gl_db_make_file(const char *data, const char *name);

#endif
