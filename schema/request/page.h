/*
 * A page's address taken apart into an event.  The rules are those of the
 * event API that trackers already speak (Plausible's): an address need not be
 * absolute, only "data:" and a path of over 2000 characters are refused; a
 * port, a user name and most of the query are never stored.
 *
 *   https://eve@www.shop.example:8443/caf%C3%A9?utm_source=news&source=x#top
 *               ^^^^^^^^^^^^^^^^     ^^^^^^^^^^ ^^^^^^^^^^^^^^^ ^^^^^^^^ ^^^
 *               host                 path       campaign        source   hash
 *
 * Matomo's mtm_campaign, pk_kwd and so on mean the utm_ keys.
 *
 * Pure: one pass, no recursion; texts point into the address unless they had
 * to be decoded.
 */

#ifndef GL_REQUEST_PAGE_H
#define GL_REQUEST_PAGE_H

#include "event.h"
#include "request/memory.h"

#pragma GCC visibility push(hidden)

/*
 * Fill in host ("(none)" when ADDRESS names none), path, utm_*, source and
 * click_id of EVENT; with HASH the fragment is part of the path.  *WRONG is a
 * static sentence when ADDRESS is refused, else NULL.  Takes at most seven
 * times the address and GL_HOST_MEMORY.  0, or -1: no memory.
 */
int gl_page_read(struct gl_memory memory, struct gl_text address, int hash,
                 struct gl_event *event, const char **wrong);

/* A path as it is stored: decoded, without white space at its end, "/" when
 * nothing is left.  0, or -1: no memory. */
int gl_page_path(struct gl_memory memory, struct gl_text text,
                 struct gl_text *path);

/*
 * A referrer as it goes on (enrich/ makes host and path of it): without blanks
 * around it, query and fragment; without its path where that makes it longer
 * than the field.  Takes six times its length.  0, or -1: no memory.
 */
int gl_page_referrer(struct gl_memory memory, struct gl_text text,
                     struct gl_text *referrer);

/* A host as it is stored, gl_host_read(), "(none)" when nothing is left. */
int gl_page_host(struct gl_memory memory, struct gl_text text,
                 struct gl_text *host);

/*
 * The name of a click id (gclid ...), a static text; empty when NAME is none.
 * A click id's value names one person's click: only its name is ever kept.
 */
struct gl_text gl_page_click_id(struct gl_text name);

#pragma GCC visibility pop

#endif
