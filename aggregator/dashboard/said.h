/*
 * Messages in the C that conf/templates makes of the templates: where one goes
 * into a page.  Of template.c alone.
 */

#ifndef GL_DASHBOARD_SAID_H
#define GL_DASHBOARD_SAID_H

#include "dashboard/made.h"

struct gl_made_saying {
    FILE *out;
    const struct gl_made_scope *scope;
};

static inline void
gl_made_said_text_(void *arg, const char *bytes, size_t len)
{
    gl_made_escape_len_(((struct gl_made_saying *) arg)->out, bytes, len);
}

/* Of a message alone, whose tags conf/messages knows. */
static inline void
gl_made_said_tag_(void *arg, const char *bytes, size_t len)
{
    fwrite_unlocked(bytes, 1, len, ((struct gl_made_saying *) arg)->out);
}

static inline const json_t *
gl_made_said_place_(void *arg, const char *name)
{
    return gl_made_look_(((struct gl_made_saying *) arg)->scope, name);
}

/* Between tags; a message in an attribute has none. */
static inline void
gl_made_say_(FILE *out, const struct gl_made_scope *scope, enum gl_say which,
             enum gl_say_part part)
{
    static const struct gl_say_to to = {gl_made_said_text_, gl_made_said_tag_,
                                        gl_made_said_place_};
    struct gl_made_saying saying = {out, scope};

    gl_say_walk(which, part, &to, &saying);
}

/* With its places, for a script that fills them. */
static inline void
gl_made_for_script_(FILE *out, const struct gl_made_scope *scope,
                    enum gl_say which)
{
    (void) scope;
    gl_made_escape_(out, gl_say(which));
}

#endif
