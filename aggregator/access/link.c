/* What lets a person in; see link.h. */

#include "access/link.h"

#include "gl_assert.h"

#include <glib.h>
#include <string.h>

#include "store/directory/directory.h"
#include "store/meta/drawn.h"
#include "store/meta/meta.h"

#define DAY_MS 86400000
#define FIRST_OWNER "owner"

static int
make_key(struct gl_meta *meta, const char *person, struct gl_meta_key *key,
         int64_t now_ms)
{
    GL_ASSERT(key->until_ms > now_ms);

    g_strlcpy(key->person, person, sizeof key->person);
    return gl_meta_key_add(meta, key, now_ms);
}

int
gl_link_make(struct gl_meta *meta, const char *person, int64_t now_ms,
             struct gl_link *link)
{
    struct gl_meta_key key = {.once = 1};
    char secret[GL_SECRET_LEN + 1];

    gl_meta_draw_secret(meta, secret, key.hash);
    g_snprintf(link->path, sizeof link->path, GL_LINK_PATH "%s", secret);
    key.until_ms = link->until_ms = now_ms + (int64_t) GL_LINK_DAYS * DAY_MS;
    return make_key(meta, person, &key, now_ms);
}

int
gl_session_make(struct gl_meta *meta, const char *person, const char *secret,
                int64_t now_ms)
{
    struct gl_meta_key key = {.until_ms =
                                  now_ms + (int64_t) GL_SESSION_S * 1000};

    gl_directory_hash(secret, key.hash);
    return make_key(meta, person, &key, now_ms);
}

int
gl_link_first_owner(struct gl_meta *meta, const char *account, int64_t now_ms,
                    struct gl_link *link)
{
    struct gl_meta_person person = {.name = FIRST_OWNER, .created_ms = now_ms};
    struct gl_meta_role role = {.role = GL_ROLE_OWNER};

    int rc = gl_meta_person_add(meta, &person);
    if (rc != 1)
        return rc;
    g_strlcpy(role.person, person.id, sizeof role.person);
    g_strlcpy(role.account, account, sizeof role.account);
    rc = gl_meta_role_set(meta, &role);
    if (rc == 0)
        rc = gl_link_make(meta, person.id, now_ms, link);
    return rc;
}
