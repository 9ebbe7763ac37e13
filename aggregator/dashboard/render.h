/*
 * HTML of the pages, from the templates of aggregator/dashboard.  All text is
 * escaped here; nothing else makes HTML.
 */

#ifndef GL_RENDER_H
#define GL_RENDER_H

#include <jansson.h>
#include <stddef.h>

#include "store/directory/directory.h"

struct gl_elsewhere;

/* What stands in the place of a report that could not be made, the caller's:
 * STATUS is why, with SENTENCE. */
json_t *gl_render_fault(int status, const char *sentence);
/* What stands there while the events of today are read after a start. */
json_t *gl_render_coming(void);

/* Each returns a whole page, malloc'd, and its length; NULL: out of memory.
 * LIVE is what the hub has, REPORT (taken) what counted rows show; of a "part",
 * and of one "turned" to, it is all there is on the page.  BY is how
 * one came to it, NULL = by the site's name:
 *
 *     link     the secret of the link that shows it
 *     segment  whose visits alone are shown, 0 = all; then nothing is live
 *     embed    {dark, light, wide}: how a picture for frames looks, with
 *              nothing to click
 *     settings {token: of his forms}: he may change them
 */
char *gl_render_site(const struct gl_meta_site *site, const json_t *by,
                     const json_t *live, json_t *report, size_t *len);
/* LIST: a page of the list of public sites: {sites: [{domain, visitors?,
 * change?, line?, outside?: the page that has them, of another machine}],
 * others: there is anything of them to be shown or said, more: there are
 * others behind the LAST, all: the host shows the sites of all, prefix: what
 * was looked for, after: where the page begins; "" = with the first, person?:
 * {name, token of his forms, own: sites in which he has a role, as in
 * sites}}. */
char *gl_render_list(const json_t *list, size_t *len);
/* Of a site that is not public; SENTENCE says so. */
char *gl_render_closed(const struct gl_meta_site *site, const char *sentence,
                       size_t *len);
/* Of rows of the site called DOMAIN, for who has not signed in. */
char *gl_render_sign_in(const char *domain, size_t *len);
/* Of SITE, whose numbers are on another machine, there at PATH. */
char *gl_render_elsewhere(const struct gl_meta_site *site,
                          const struct gl_elsewhere *where, const char *path,
                          size_t *len);
/* Of SITE, with the names of VIEW (taken) for TEMPLATE. */
char *gl_render_of_site(const char *template, const struct gl_meta_site *site,
                        json_t *view, size_t *len);
/* PHRASE: what HTTP calls STATUS. */
char *gl_render_error(int status, const char *phrase, const char *sentence,
                      size_t *len);
/* The same with a way back to SITE. */
char *gl_render_below(const struct gl_meta_site *site, int status,
                      const char *phrase, const char *sentence, size_t *len);

/* What nginx says by itself, NAME: "paused" while glintod is away, "slow" to
 * who asks too often. */
char *gl_render_aside(const char *name, size_t *len);

/* TEMPLATE, the name of one of ours, with the names of VIEW (taken) and those
 * of the styles and scripts. */
char *gl_render(const char *template, json_t *view, size_t *len);
/* 1: LIVE has numbers, and not only says that there are none yet. */
int gl_render_has_numbers(const json_t *live);
/* PAGE, which gl_render_site() made of SITE, with LIVE in the place of the
 * numbers of then; its report is as it was. */
char *gl_render_again(const struct gl_meta_site *site, const json_t *by,
                      const json_t *live, const char *page, size_t *len);
/* 1: PAGE has a report, and not a word on why there is none. */
int gl_render_has_report(const char *page);

/* A style or script: */
struct gl_asset {
    const char *type;
    const char *data;
    size_t len;
};

/* The asset called NAME (with the hash of its content in it), or NULL. */
const struct gl_asset *gl_render_asset(const char *name,
                                       struct gl_asset *asset);
void gl_render_assets(void (*each)(void *arg, const char *name,
                                   const struct gl_asset *asset),
                      void *arg);

#endif
