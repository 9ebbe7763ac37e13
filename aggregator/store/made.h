/*
 * Which changes of sites this machine has made, by the audit of its meta.db,
 * and how long sites keep what they have: of several machines, where all make
 * the same (admin/passing.h), so have the others.  Reads only; any thread,
 * glintod may run.
 */

#ifndef GL_STORE_MADE_H
#define GL_STORE_MADE_H

#include <stddef.h>
#include <stdint.h>

/* "1764500000000 site.add a.example", when, what and the domain that it names,
 * of each.  *UPTO = the last change of all machines that was made here.  0, or
 * -1 with a sentence in WHY. */
int gl_made_read(const char *data, int64_t *upto,
                 void (*each)(void *arg, const char *made), void *arg,
                 char *why, size_t why_len);

/* EACH site: what it is called, and its retention_days, 0 = it keeps all, by
 * all changes up to *UPTO, and perhaps later ones.  0, or -1 with a sentence
 * in WHY. */
int gl_made_kept(const char *data, int64_t *upto,
                 void (*each)(void *arg, int64_t site, const char *domain,
                              int64_t days),
                 void *arg, char *why, size_t why_len);

#endif
