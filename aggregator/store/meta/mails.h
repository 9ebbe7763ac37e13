/*
 * Who gets mails of a site, or of the machine, and what was mailed.  The
 * secret of a link that ends them is never stored, but its hash.
 *
 * Changes: writer thread, in a transaction.  Reads: also a reader's
 * (gl_meta_reader()).  0 or more, or -enum gl_store_error.
 */

#ifndef GL_STORE_META_MAILS_H
#define GL_STORE_META_MAILS_H

#include <stdint.h>

#include "store/meta/accounts.h"

#define GL_MAIL_ADDRESS_MAX 254 /* bytes: RFC 5321, 4.5.3.1.3 */
#define GL_MAIL_ID_MAX 95       /* bytes of the name of a mail */

/* What somebody gets. */
enum gl_mail_gets { GL_GETS_SUMMARY = 1, GL_GETS_NOTICES = 2 };

struct gl_meta_recipient {
    char id[GL_ACCOUNT_ID_LEN + 1];
    int64_t site; /* 0 = of the machine */
    char address[GL_MAIL_ADDRESS_MAX + 1];
    char language[3];
    int gets;       /* enum gl_mail_gets, or both */
    int64_t monday; /* of the next summary, days since 1970 */
    int64_t created_ms;
};

/* How a mail ended; the first two have not. */
enum gl_mail_state {
    GL_MAIL_MEANT,  /* its file is written next */
    GL_MAIL_MADE,   /* its file is in the outbox */
    GL_MAIL_SENT,   /* a program took it */
    GL_MAIL_FAILED, /* none did, in all tries */
    GL_MAIL_DOUBT   /* nobody knows, and it is not tried again */
};

struct gl_mail_sums {
    int64_t sent, failed, doubt;
    int64_t twice; /* tries of which nobody knows the end: each was followed
                      by another, so perhaps by a second copy */
};

/* ---- recipients ---- */

/* One of RECIPIENT's site and address: the rest is filled in, and 1; 0: there
 * is none. */
int gl_meta_recipient(struct gl_meta *meta,
                      struct gl_meta_recipient *recipient);
/* RECIPIENT without its id, which is filled in. */
int gl_meta_recipient_add(struct gl_meta *meta,
                          struct gl_meta_recipient *recipient);
/* Language, and what it gets. */
int gl_meta_recipient_set(struct gl_meta *meta,
                          const struct gl_meta_recipient *recipient);
int gl_meta_recipient_monday(struct gl_meta *meta, const char *id,
                             int64_t monday);
/* With its links.  SITE, -1 = of whatever site: 1, or 0 = there is none. */
int gl_meta_recipient_remove(struct gl_meta *meta, const char *id,
                             int64_t site);
/* All, by site, language and address; EACH returns 0 to go on. */
int gl_meta_recipients(struct gl_meta *meta,
                       int (*each)(void *arg,
                                   const struct gl_meta_recipient *recipient),
                       void *arg);
/* The same of those whose next summary is of a Monday up to DATE. */
int gl_meta_recipients_due(
    struct gl_meta *meta, int64_t date,
    int (*each)(void *arg, const struct gl_meta_recipient *recipient),
    void *arg);
/* All of SITE are TO's; 0: they go. */
int gl_meta_recipients_hand_on(struct gl_meta *meta, int64_t site, int64_t to);

/* ---- links ---- */

int gl_meta_unsubscribe_add(struct gl_meta *meta,
                            const uint8_t hash[GL_META_HASH_LEN],
                            const char *recipient, int64_t until_ms);
/* Whom the link with HASH is of: 1, or 0 = nobody's any more. */
int gl_meta_unsubscribes(struct gl_meta *meta,
                         const uint8_t hash[GL_META_HASH_LEN], int64_t now_ms,
                         struct gl_meta_recipient *recipient);

/* ---- mails ---- */

/* It is meant, unless it is there. */
int gl_meta_mail_add(struct gl_meta *meta, const char *id,
                     const char *recipient, int64_t now_ms);
/* Its state, or -1: there is none, or it cannot be read. */
int gl_meta_mail(struct gl_meta *meta, const char *id);
int gl_meta_mail_set(struct gl_meta *meta, const char *id,
                     enum gl_mail_state state, int tries, int doubts,
                     int64_t ended_ms);
/* Those in the outbox, at most 1000. */
int gl_meta_mails_open(struct gl_meta *meta,
                       void (*each)(void *arg, const char *id), void *arg);
/* Of mails made after SINCE. */
int gl_meta_mail_sums(struct gl_meta *meta, int64_t since_ms,
                      struct gl_mail_sums *sums);
/* What ended and was made up to then, and links of no use any more, go. */
int gl_meta_mails_forget(struct gl_meta *meta, int64_t made_ms,
                         int64_t now_ms);

#endif
