/* A look at the files of a data folder, before anything opens them. */

#ifndef GL_STORE_INSPECT_H
#define GL_STORE_INSPECT_H

/*
 * TELL is told of each file of the folder DATA that this glintod could not
 * use: no database, made by a newer glintod, not to be read or written by this
 * user.  Nothing is changed, no lock is asked for: glintod may run.  What lies
 * deeper than a file's first bytes "glinto check data" finds.
 */
void gl_data_inspect(const char *data,
                     void (*tell)(void *arg, const char *sentence), void *arg);

#endif
