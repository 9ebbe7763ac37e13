/* May this request see or ask this site?  The one room that decides it.  Loop
 * thread. */

#ifndef GL_ACCESS_H
#define GL_ACCESS_H

#include "access/rate.h"
#include "conf.h"
#include "store/directory/directory.h"
#include "store/meta/people.h"

#define GL_ACCESS_KEY_BYTES 32

/* What is asked of. */
struct gl_access {
    struct gl_directory *directory;
    const struct gl_conf *conf; /* hosts that show the sites of all, how often
                                   a token may ask, who is vouched for */
    struct gl_rate *rate;
    uint8_t key[GL_ACCESS_KEY_BYTES]; /* drawn at the start: form.h */
};

/* Who asks: values of headers, NULL = there is none, or two. */
struct gl_asker {
    const char *host;
    const char *authorization;
    const char *person; /* whom nginx vouches for */
    const char *cookies;
    int has_opened; /* the password of the link has been told before */
    char session[GL_SECRET_LEN + 1]; /* of a cookie, "" = none */
};

/* What is wanted of a site; by a token with one of these scopes. */
enum gl_access_to {
    GL_ACCESS_SEE,  /* its page: open when it is public, or stats:read */
    GL_ACCESS_ASK,  /* anything about its rows: stats:read */
    GL_ACCESS_LOOK, /* what it is: stats:read, sites:write */
    GL_ACCESS_SET,  /* to change what it is: sites:write */
    GL_ACCESS_GIVE, /* to let others see it: sites:write and stats:read */
    GL_ACCESS_EDIT, /* the same, by a person who has signed in */
    GL_ACCESS_READ, /* single rows of it, by a person with any role */
    GL_ACCESS_SHARE /* its page, by who has a link: NAME is its secret */
};

#define GL_ACCESS_COOKIE "__Host-glinto" /* of a session */

/*
 * A site is shown on its own host and on those that the operator named; there
 * a public one is open.  Otherwise "Authorization: Bearer TOKEN" is needed,
 * with a token of the site's account, which may ask on any host; or a person
 * who has signed in and has a role there.
 *
 * 200 and *SITE; 401 without a valid token or a person; 429 to one that asks
 * too often; 403 to one that has not the scope, or not enough of a role; 404
 * for an unknown site, for another account's and on another host, which look
 * the same.  401 to 429 come with a *SENTENCE.  To ask needs the token first,
 * so that nobody else learns which sites there are.
 */
int gl_access_check(const struct gl_access *access, enum gl_access_to to,
                    const struct gl_asker *asker, const char *name,
                    struct gl_meta_site *site, const char **sentence);

/* A token that may do this now, of whatever account: 200 and *TOKEN; 401, 403,
 * 429 and *SENTENCE. */
int gl_access_token(const struct gl_access *access, enum gl_access_to to,
                    const struct gl_asker *asker, struct gl_meta_token *token,
                    const char **sentence);

/* Who has the link with this SECRET: 200, *SHARE and *SITE; 404, and 401 to
 * one that takes a password, with a *SENTENCE. */
int gl_access_share(const struct gl_access *access,
                    const struct gl_asker *asker, const char *secret,
                    struct gl_meta_share *share, struct gl_meta_site *site,
                    const char **sentence);

/* Who has signed in, or is vouched for: 1 and *PERSON, or 0. */
int gl_access_person(const struct gl_access *access,
                     const struct gl_asker *asker,
                     struct gl_meta_person *person);

/* Of the sites in which PERSON has a role, those that HOST shows: their
 * domains as people read them, at most MOST; their number. */
size_t gl_access_own(const struct gl_access *access, const char *host,
                     const struct gl_meta_person *person, char domains[][254],
                     size_t most);

/* 1: HOST (as in struct gl_asker) shows the sites of all. */
int gl_access_all(const struct gl_access *access, const char *host);
/* 1: HOST shows SITE: it is the site's own, or shows all.  Of this room. */
int gl_access_shows_(const struct gl_access *access, const char *host,
                     const struct gl_meta_site *site);

/* As gl_directory_public(), of those that HOST shows. */
size_t gl_access_public(const struct gl_access *access, const char *host,
                        const char *prefix, const char *after,
                        char domains[][254], size_t most);

#endif
