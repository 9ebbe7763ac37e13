/* What workers read is written when it is time. */

#ifndef GL_WORKERS_H
#define GL_WORKERS_H

#include <stdint.h>

#include "conf.h"
#include "store/meta/meta.h"
#include "workers/salt.h"

struct gl_workers {
    const struct gl_conf *conf; /* which says where */
    struct gl_salt_clock salt_clock;
    int64_t salt_ms;      /* boot: when salts were last made */
    int64_t sites_ms;     /* boot: when the sites file was written last */
    int64_t sites_due_ms; /* boot: when it is next; INT64_MAX = it is so */
    char sites_why[512];  /* why workers do not know all sites; "" = they do */
};

/* Today's salt, and the next; once in GL_SALT_TICK_MS. */
void gl_workers_make_salt_(struct gl_workers *workers, int64_t now_ms,
                           int64_t boot_ms);
/* Write the workers' file anew; .sites_why says whether it worked. */
void gl_workers_write_sites_(struct gl_workers *workers, struct gl_meta *meta,
                             int64_t boot_ms);
/* At once, or at .sites_due_ms when it is long and was written just now. */
void gl_workers_sites_changed_(struct gl_workers *workers,
                               struct gl_meta *meta, int64_t boot_ms);

#endif
