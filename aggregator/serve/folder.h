/*
 * What nginx gives out without asking glintod: files in the folder "pages" of
 * glinto.conf.
 *
 *     sites/HOST/SITE/now.html, now.html.gz    the page of SITE as a stranger
 *                                              sees it first, while it is new
 *     sites/HOST/SITE/last.html                the same, when it is new no
 *                                              more: while glintod is away
 *     .../now.de.html, last.de.html ...        in German, for who asks in it;
 *                                              now.html is for all when one
 *                                              language is fixed
 *     assets/NAME, NAME.gz                     styles and scripts
 *     asides/paused.de.html, slow.de.html ...  what nginx says by itself
 *
 * A folder SITE says that HOST shows it to everybody: nginx gives out its
 * files, and what it has cached of it, only while the folder is there.  Who
 * may see what ahead.c knows.
 *
 * On tmpfs, so that nobody waits for a disk.  A file is put in the place of
 * one before by rename(2).  What fails is said in the log once; nginx asks
 * glintod then.  Loop thread.
 */

#ifndef GL_FOLDER_H
#define GL_FOLDER_H

#include <stddef.h>

struct gl_folder;

/* Make the folder PATH where it is not there.  Never NULL. */
struct gl_folder *gl_folder_open(const char *path);
void gl_folder_free(struct gl_folder *folder);

/* HOST as nginx's $host has it and SITE as in the path can be names of
 * folders here: 1, or 0. */
int gl_folder_fits(const char *host, const char *site);

/* HOST shows SITE: the folder alone.  All of the following: 0, or -1. */
int gl_folder_mark(struct gl_folder *folder, const char *host,
                   const char *site);
/* PAGE is new; LANGUAGE is a code, or "" for all. */
int gl_folder_put(struct gl_folder *folder, const char *host, const char *site,
                  const char *language, const char *page, size_t len);
/* What is there is not new any more. */
void gl_folder_rest(struct gl_folder *folder, const char *host,
                    const char *site, const char *language);
/* In all languages. */
void gl_folder_rest_all(struct gl_folder *folder, const char *host,
                        const char *site);
/* Nothing of it is there when this returns. */
void gl_folder_remove(struct gl_folder *folder, const char *host,
                      const char *site);
/* NAME, as "paused", in the language of this code. */
int gl_folder_put_aside(struct gl_folder *folder, const char *name,
                        const char *language, const char *page, size_t len);
int gl_folder_put_asset(struct gl_folder *folder, const char *name,
                        const char *data, size_t len);

/* Each SITE of each HOST that is there, from another life. */
void gl_folder_each(struct gl_folder *folder,
                    void (*each)(void *arg, const char *host,
                                 const char *site),
                    void *arg);

#endif
