/*
 * Who a referrer or a tag is: the published table of search engines, social
 * networks, mail and advertising hosts with our additions, and the public
 * suffix list for all others.
 */

#ifndef GL_ENRICH_REFERRER_H
#define GL_ENRICH_REFERRER_H

#include "channel.h"
#include "url.h"

struct gl_referrers;

struct gl_source {
    const char *name; /* lives as long as the table, or points into HOST */
    enum gl_category category;
    int paid; /* the tag itself says that the visit was paid for */
};

/*
 * Reads referrers.json of DATA_DIR, and spammers.txt where an operator put
 * one (one host a line).  NULL with *WHY a static sentence.
 */
struct gl_referrers *gl_referrers_new_(const char *data_dir, const char **why);
void gl_referrers_free_(struct gl_referrers *referrers);

/* The domain that somebody registered at the end of HOST, into which it
 * points; all of it when there is none (an address, one label, a suffix). */
const char *gl_referrers_domain_(struct gl_referrers *referrers,
                                 const char *host);

/* The known name of URL's host and path, else its registrable host. */
void gl_referrers_name_(struct gl_referrers *referrers,
                        struct gl_source *source, const struct gl_url *url);
/*
 * The known name of a word from utm_source, source or ref ("fb", "google",
 * "linkedin-ads", "youtube.com"); 0, or -1: not known.
 */
int gl_referrers_tag_(const struct gl_referrers *referrers,
                      struct gl_source *source, struct gl_text tag);
/* 1 when HOST or a domain above it is a known spammer. */
int gl_referrers_spam_(const struct gl_referrers *referrers, const char *host);

#endif
