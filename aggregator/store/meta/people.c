/* People and their keys; see people.h. */

#include "store/meta/people.h"

#include "store/meta/meta_internal.h"

#include <glib.h>
#include <string.h>

/* ---- people ---- */

static struct gl_value
totp_of(const struct gl_meta_person *person)
{
    return gl_as_blob(person->totp, person->has_totp ? GL_TOTP_BYTES : 0);
}

int
gl_meta_person_add(struct gl_meta *meta, struct gl_meta_person *person)
{
    gl_meta_draw_id_(meta, person->id);
    int rc = gl_db_changed(
        &meta->db, GL_META_SQL_ADD_PERSON,
        GL_VALUES(gl_as_string(person->id), gl_as_string(person->name),
                  gl_as_string(person->password), totp_of(person),
                  gl_as_int(person->created_ms)));
    if (rc == 1)
        gl_directory_put_person(meta->directory, person);
    return rc;
}

int
gl_meta_person_set(struct gl_meta *meta, const struct gl_meta_person *person)
{
    int rc = gl_db_changed(
        &meta->db, GL_META_SQL_SET_PERSON,
        GL_VALUES(gl_as_string(person->id), gl_as_string(person->password),
                  totp_of(person), gl_as_int(person->step)));
    if (rc == 1)
        gl_directory_put_person(meta->directory, person);
    return rc;
}

int
gl_meta_person_remove(struct gl_meta *meta, const char *id)
{
    int rc = gl_db_changed(&meta->db, GL_META_SQL_REMOVE_PERSON,
                           GL_VALUES(gl_as_string(id)));
    if (rc == 1)
        gl_directory_remove_person(meta->directory, id);
    return rc;
}

int
gl_meta_read_people_(struct gl_meta *meta)
{
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_PEOPLE, NULL);
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        struct gl_meta_person person = {0};

        gl_db_column_string(ask, 0, person.id, sizeof person.id);
        gl_db_column_string(ask, 1, person.name, sizeof person.name);
        gl_db_column_string(ask, 2, person.password, sizeof person.password);
        person.has_totp = sqlite3_column_bytes(ask, 3) == GL_TOTP_BYTES;
        if (person.has_totp)
            memcpy(person.totp, sqlite3_column_blob(ask, 3), GL_TOTP_BYTES);
        person.created_ms = sqlite3_column_int64(ask, 4);
        person.step = sqlite3_column_int64(ask, 5);
        gl_directory_put_person(meta->directory, &person);
    }
    return rc;
}

/* ---- keys ---- */

int
gl_meta_key_remove(struct gl_meta *meta, const uint8_t hash[GL_META_HASH_LEN])
{
    int rc = gl_db_changed(&meta->db, GL_META_SQL_REMOVE_KEY,
                           GL_VALUES(gl_as_blob(hash, GL_META_HASH_LEN)));
    if (rc == 1)
        gl_directory_remove_key(meta->directory, hash);
    return rc;
}

/* Which keys go. */
struct removal {
    struct gl_meta *meta;
    const char *person; /* NULL = those of all whose time is over at NOW,
                           links or sessions */
    int64_t now_ms;
    int once;
};

static int
remove_key(void *arg, const struct gl_meta_key *key)
{
    const struct removal *removal = arg;
    int rc = 0;

    if (removal->person == NULL
            ? key->once == removal->once && key->until_ms <= removal->now_ms
            : strcmp(key->person, removal->person) == 0)
        rc = gl_meta_key_remove(removal->meta, key->hash);
    return rc < 0 ? rc : 0;
}

int
gl_meta_keys_remove(struct gl_meta *meta, const char *person)
{
    struct removal removal = {.meta = meta, .person = person};

    return gl_version_keys(gl_directory_now(meta->directory), remove_key,
                           &removal);
}

int
gl_meta_key_add(struct gl_meta *meta, const struct gl_meta_key *key,
                int64_t now_ms)
{
    /* by the clock of a change links are over, sessions by the machine's */
    struct removal old = {meta, NULL, now_ms, key->once};
    int rc =
        gl_version_keys(gl_directory_now(meta->directory), remove_key, &old);
    if (rc == 0)
        rc = gl_db_change(&meta->db, GL_META_SQL_ADD_KEY,
                          GL_VALUES(gl_as_blob(key->hash, sizeof key->hash),
                                    gl_as_string(key->person),
                                    gl_as_int(key->once),
                                    gl_as_int(key->until_ms)));
    if (rc == 0)
        gl_directory_add_key(meta->directory, key);
    return rc;
}

int
gl_meta_read_keys_(struct gl_meta *meta)
{
    struct gl_meta_key key = {0};
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_KEYS, NULL);
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        if (sqlite3_column_bytes(ask, 0) != sizeof key.hash)
            continue;
        memcpy(key.hash, sqlite3_column_blob(ask, 0), sizeof key.hash);
        gl_db_column_string(ask, 1, key.person, sizeof key.person);
        key.once = sqlite3_column_int(ask, 2);
        key.until_ms = sqlite3_column_int64(ask, 3);
        gl_directory_add_key(meta->directory, &key);
    }
    return rc;
}
