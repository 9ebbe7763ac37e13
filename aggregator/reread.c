/* HUP; see reread.h. */

#include "reread.h"

#include "gl_assert.h"
#include "files.h"
#include "log.h"

#include <stdio.h>
#include <string.h>

#define WHY_MAX 512
#define LIST_MAX 256 /* the names of all keys, with commas */

/* Names of keys, with commas. */
struct told {
    char taken[LIST_MAX], waits[LIST_MAX];
};

static void
note(void *arg, const char *key, int runs)
{
    struct told *told = arg;
    char *list = runs ? told->taken : told->waits;
    size_t len = strlen(list);

    GL_ASSERT(len < LIST_MAX);

    snprintf(list + len, LIST_MAX - len, "%s%s", len > 0 ? ", " : "", key);
}

static void
tell_keys(const char *path, const struct told *told)
{
    const char *taken = told->taken[0] != '\0' ? told->taken : "nothing";

    if (told->waits[0] == '\0')
        gl_log(GL_LOG_NOTICE, "HUP: %s was read again; changed: %s", path,
               taken);
    else
        gl_log(GL_LOG_NOTICE,
               "HUP: %s was read again; changed: %s; at the next start: %s",
               path, taken, told->waits);
}

static void
reread_patterns(const struct gl_reread *reread, const struct gl_conf *conf)
{
    char why[WHY_MAX];

    if (reread->patterns(reread->arg, why, sizeof why) != 0) {
        gl_log(GL_LOG_ERROR, "HUP: %s; the patterns of before stay in use",
               why);
        return;
    }
    gl_log(GL_LOG_NOTICE, "HUP: the patterns in %s were read again",
           conf->enrich);
    gl_log(GL_LOG_NOTICE,
           "HUP: sites and accounts need no reading: nobody but glintod "
           "changes %s/meta.db; %s is written again from it",
           conf->data, conf->sites);
}

/* Whoever sent HUP is answered at any level. */
void
gl_reread(struct gl_reread *reread, struct gl_conf *conf)
{
    struct told told = {"", ""};
    struct gl_conf fresh;
    char why[WHY_MAX];

    if (gl_conf_read(&fresh, reread->path, why, sizeof why) != 0) {
        gl_log(GL_LOG_ERROR, "HUP: %s; all stays as it was", why);
        return;
    }
    gl_conf_differences(&reread->written, &fresh, note, &told);
    gl_conf_take(&reread->written, &fresh);
    gl_files_fit(&fresh);
    gl_conf_take(conf, &fresh);
    gl_log_open(GL_LOG_NOTICE);
    tell_keys(reread->path, &told);
    reread_patterns(reread, conf);
    gl_log_open(conf->log_level);
}
