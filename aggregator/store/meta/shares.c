/* Links that show a site; see shares.h. */

#include "store/meta/shares.h"

#include "store/meta/meta_internal.h"

#include <string.h>

int
gl_meta_share_add(struct gl_meta *meta, struct gl_meta_share *share)
{
    gl_meta_draw_id_(meta, share->id);
    int rc = gl_db_change(
        &meta->db, GL_META_SQL_ADD_SHARE,
        GL_VALUES(gl_as_string(share->id), gl_as_int(share->site),
                  gl_as_string(share->name),
                  gl_as_blob(share->hash, sizeof share->hash),
                  gl_as_string(share->password), gl_as_int(share->segment),
                  gl_as_int(share->until_ms), gl_as_int(share->created_ms)));
    if (rc == 0)
        gl_directory_put_share(meta->directory, share);
    return rc;
}

int
gl_meta_share_remove(struct gl_meta *meta, int64_t site, const char *id)
{
    int rc = gl_db_changed(&meta->db, GL_META_SQL_REMOVE_SHARE,
                           GL_VALUES(gl_as_string(id), gl_as_int(site)));
    if (rc == 1)
        gl_directory_remove_share(meta->directory, id);
    return rc;
}

static int
set_site(struct gl_meta *meta, const struct gl_meta_share *share, int64_t site)
{
    struct gl_meta_share moved = *share;
    int rc =
        gl_db_changed(&meta->db, GL_META_SQL_HAND_ON_SHARE,
                      GL_VALUES(gl_as_string(share->id), gl_as_int(site)));

    moved.site = site;
    if (rc == 1)
        gl_directory_put_share(meta->directory, &moved);
    return rc;
}

struct handing {
    struct gl_meta *meta;
    int64_t site, to;
};

static int
hand_on(void *arg, const struct gl_meta_share *share)
{
    const struct handing *handing = arg;
    int rc = 0;

    if (share->site == handing->site)
        rc = handing->to == 0
                 ? gl_meta_share_remove(handing->meta, share->site, share->id)
                 : set_site(handing->meta, share, handing->to);
    return rc < 0 ? rc : 0;
}

int
gl_meta_shares_hand_on(struct gl_meta *meta, int64_t site, int64_t to)
{
    struct handing handing = {meta, site, to};

    return gl_version_shares(gl_directory_now(meta->directory), hand_on,
                             &handing);
}

int
gl_meta_read_shares_(struct gl_meta *meta)
{
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_SHARES, NULL);
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        struct gl_meta_share share = {.site = sqlite3_column_int64(ask, 1)};

        if (sqlite3_column_bytes(ask, 3) != sizeof share.hash)
            continue;
        gl_db_column_string(ask, 0, share.id, sizeof share.id);
        gl_db_column_string(ask, 2, share.name, sizeof share.name);
        memcpy(share.hash, sqlite3_column_blob(ask, 3), sizeof share.hash);
        gl_db_column_string(ask, 4, share.password, sizeof share.password);
        share.segment = sqlite3_column_int64(ask, 5);
        share.until_ms = sqlite3_column_int64(ask, 6);
        share.created_ms = sqlite3_column_int64(ask, 7);
        gl_directory_put_share(meta->directory, &share);
    }
    return rc;
}
