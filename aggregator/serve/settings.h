/* The pages of a site's settings, each shown as an answer.  Loop thread. */

#ifndef GL_SETTINGS_H
#define GL_SETTINGS_H

#include "serve/path.h"

enum gl_settings_page {
    GL_SETTINGS_SITE,       /* the site, its links, people and tokens */
    GL_SETTINGS_COLLECTION, /* what is counted, what is kept of it */
    GL_SETTINGS_REPORTS,    /* goals, funnels, segments, annotations */
    GL_SETTINGS_CHANGES     /* what was changed, and by whom */
};

enum gl_settings_who {
    GL_SETTINGS_EDITOR,
    GL_SETTINGS_OWNER,       /* of the site */
    GL_SETTINGS_OWNER_OF_ALL /* and of its account */
};

/* What is shown to whom. */
struct gl_settings_shown {
    struct gl_paths *paths;
    struct evhttp_request *req;
    struct gl_asker asker; /* of the request, as long as that */
    struct gl_meta_person person;
    struct gl_meta_site site;
    enum gl_settings_page page;
    int status;
    const char *fault; /* a sentence, or NULL; copied */
    json_t *told;      /* a secret, shown this once; taken; or NULL */
};

/* SHOWN of REQUEST as it came. */
struct gl_settings_shown
gl_settings_shown(struct gl_paths *paths,
                  const struct gl_path_request *request,
                  enum gl_settings_page page);
/* The answer; REQ is its own from now on. */
void gl_settings_show(const struct gl_settings_shown *shown);

enum gl_settings_who gl_settings_who(const struct gl_paths *paths,
                                     const struct gl_meta_person *person,
                                     const struct gl_meta_site *site);
/* The path of PAGE of SITE, the caller's (g_free). */
char *gl_settings_path(const struct gl_meta_site *site,
                       enum gl_settings_page page);

#endif
