/* What people may do; see people.h. */

#include "store/meta/people.h"

#include "store/meta/meta_internal.h"

static int
remove_role(struct gl_meta *meta, const struct gl_meta_role *role)
{
    int rc = gl_db_change(&meta->db, GL_META_SQL_REMOVE_ROLE,
                          GL_VALUES(gl_as_string(role->person),
                                    gl_as_string(role->account),
                                    gl_as_int(role->site)));
    if (rc == 0)
        gl_directory_remove_role(meta->directory, role);
    return rc;
}

int
gl_meta_role_set(struct gl_meta *meta, const struct gl_meta_role *role)
{
    if (role->role == GL_ROLE_NONE)
        return remove_role(meta, role);
    int rc = gl_db_change(&meta->db, GL_META_SQL_SET_ROLE,
                          GL_VALUES(gl_as_string(role->person),
                                    gl_as_string(role->account),
                                    gl_as_int(role->site),
                                    gl_as_string(gl_role_word(role->role))));
    if (rc == 0)
        gl_directory_put_role(meta->directory, role);
    return rc;
}

/* Roles of SITE go, or to TO. */
struct handing {
    struct gl_meta *meta;
    int64_t site, to; /* 0 = nowhere */
};

static int
hand_on(void *arg, const struct gl_meta_role *role)
{
    const struct handing *handing = arg;
    struct gl_meta_role moved = *role;
    int rc;

    if (role->site != handing->site)
        return 0;
    rc = remove_role(handing->meta, role);
    moved.site = handing->to;
    return rc == 0 && moved.site != 0 ? gl_meta_role_set(handing->meta, &moved)
                                      : rc;
}

int
gl_meta_roles_hand_on(struct gl_meta *meta, int64_t site, int64_t to)
{
    struct handing handing = {meta, site, to};

    return gl_version_roles(gl_directory_now(meta->directory), NULL, hand_on,
                            &handing);
}

int
gl_meta_read_roles_(struct gl_meta *meta)
{
    struct gl_meta_role role = {0};
    char word[16];
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_ROLES, NULL);
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        gl_db_column_string(ask, 0, role.person, sizeof role.person);
        gl_db_column_string(ask, 1, role.account, sizeof role.account);
        role.site = sqlite3_column_int64(ask, 2);
        gl_db_column_string(ask, 3, word, sizeof word);
        if (gl_role_read(word, &role.role)) /* else it is none */
            gl_directory_put_role(meta->directory, &role);
    }
    return rc;
}
