/*
 * spool/parked.h as a model: the files of parked frames, an array of them.
 * One is whole and on the disk when gl_parked_write() returns 0; a power cut
 * before that, or after a 1, decides.
 */

#include "sim.h"

#include "spool/parked.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FILES 256

struct parked_file {
    int db, here, there; /* there: after a power cut, maybe */
    struct gl_segment_header header;
    uint32_t len;
    uint8_t bytes[SIM_FILE_BYTES];
};

static struct parked_file files[FILES];
static int files_n;

void
sim_parked_reset(void)
{
    files_n = 0;
}

void
sim_parked_cut(void)
{
    for (int i = 0; i < files_n; i++) {
        if (files[i].here != files[i].there && sim_one_in(2))
            files[i].there = files[i].here;
        files[i].here = files[i].there;
    }
}

static struct parked_file *
find(int db, const char *name)
{
    char has[GL_SEGMENT_NAME_MAX];

    for (int i = 0; i < files_n; i++) {
        gl_segment_name(has, files[i].header.id);
        if (files[i].here && files[i].db == db && strcmp(has, name) == 0)
            return &files[i];
    }
    return NULL;
}

/* The syncfs that the databases have is theirs too. */
void
sim_parked_sync(void)
{
    for (int i = 0; i < files_n; i++)
        files[i].there = files[i].here;
}

int
sim_parked_any(void)
{
    for (int i = 0; i < files_n; i++)
        if (files[i].here)
            return 1;
    return 0;
}

int
sim_parked_durable(int db, uint32_t number)
{
    struct gl_frame frame;
    uint32_t has;

    for (int i = 0; i < files_n; i++)
        for (uint32_t at = 0;
             files[i].db == db && files[i].there && at < files[i].len;
             at += frame.bytes) {
            if (gl_frame_read(&frame, files[i].bytes + at, files[i].len - at,
                              &files[i].header, 0) != GL_FRAME_OK)
                break;
            memcpy(&has, frame.payload, sizeof has);
            if (has == number)
                return 1;
        }
    return 0;
}

static int
fails(void)
{
    if (!sim_fault_in(sim.plan.store_io))
        return 0;
    sim_note("  ... and fails");
    errno = EIO;
    return 1;
}

/* A folder's descriptor is the number of the account's database. */
int
gl_parked_folder(const char *data, const char *account, int make)
{
    (void) data;
    sim_op(SIM_LIGHT, "open a parked folder");
    if (fails())
        return -1;
    errno = ENOENT;
    return make || sim_parked_any() ? atoi(account) : -1;
}

void
gl_parked_remove_folder(const char *data, const char *account)
{
    (void) data;
    (void) account;
}

GPtrArray *
gl_parked_names(int folder)
{
    GPtrArray *names;
    char name[GL_SEGMENT_NAME_MAX];

    if (fails())
        return NULL;
    names = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < files_n; i++)
        if (files[i].here && files[i].db == folder) {
            gl_segment_name(name, files[i].header.id);
            g_ptr_array_add(names, g_strdup(name));
        }
    return names;
}

int
gl_parked_write(int folder, const struct gl_segment_header *header,
                const GByteArray *frames)
{
    char name[GL_SEGMENT_NAME_MAX];
    struct parked_file *file;

    gl_segment_name(name, header->id);
    sim_op(SIM_HEAVY, "park");
    file = find(folder, name);
    if (file == NULL && files_n == FILES)
        errno = ENOSPC;
    if (fails() || (file == NULL && files_n == FILES))
        return -1;
    if (file == NULL) {
        file = &files[files_n++];
        file->there = 0;
    }
    file->db = folder;
    file->header = *header;
    file->len = frames->len;
    memcpy(file->bytes, frames->data, frames->len);
    file->here = 1;
    sim_op(SIM_HEAVY, "park, not yet synced");
    if (fails())
        return 1;
    file->there = 1;
    return 0;
}

enum gl_parked_result
gl_parked_read(struct gl_parked *parked, int folder, const char *name,
               char *why, size_t why_len)
{
    struct parked_file *file = find(folder, name);
    struct gl_frame frame;
    uint32_t at = 0;

    sim_op(SIM_LIGHT, "read what is parked");
    if (file == NULL)
        return GL_PARKED_GONE;
    if (fails()) {
        g_strlcpy(why, "by chance", why_len);
        return GL_PARKED_LATER;
    }
    parked->header = file->header;
    parked->bytes = NULL;
    parked->damaged = 0;
    parked->frames = g_array_new(FALSE, FALSE, sizeof(struct gl_frame));
    while (at < file->len) {
        if (gl_frame_read(&frame, file->bytes + at, file->len - at,
                          &file->header, 0) != GL_FRAME_OK)
            sim_violation("what is parked is no frame");
        g_array_append_val(parked->frames, frame);
        at += frame.bytes;
    }
    return GL_PARKED_OK;
}

void
gl_parked_free(struct gl_parked *parked)
{
    g_array_free(parked->frames, TRUE);
}

int
gl_parked_unlink(int folder, const char *name)
{
    struct parked_file *file = find(folder, name);

    sim_op(SIM_HEAVY, "unlink what is parked");
    if (fails())
        return -1;
    if (file == NULL)
        return 0;
    file->here = 0;
    sim_op(SIM_HEAVY, "unlink what is parked, not yet synced");
    file->there = 0;
    return 0;
}

int
gl_parked_keep(int folder, const char *name)
{
    sim_violation("%s of %d is kept as damaged", name, folder);
    return 0;
}
