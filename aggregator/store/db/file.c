/* A file as rounds see it: what all do alike, and who does the rest. */

#include "store/db/file.h"

#include "store/db/positions.h"

int
gl_file_begin(struct gl_file *file, enum gl_durability durability)
{
    return file->kind->begin(file->owner, durability);
}

int
gl_file_commit(struct gl_file *file)
{
    return file->kind->commit(file->owner);
}

void
gl_file_close(struct gl_file *file)
{
    file->kind->close(file->owner);
}

const char *
gl_file_why(const struct gl_file *file)
{
    return file->db->why;
}

int
gl_file_full(const struct gl_file *file)
{
    return file->db->full;
}

uint64_t
gl_file_stamp(const struct gl_file *file)
{
    return gl_db_look(file->db);
}

uint32_t
gl_file_connection(const struct gl_file *file)
{
    return file->db->handle != NULL ? file->db->opened : 0;
}

int
gl_file_upto(struct gl_file *file, const uint8_t seg[16], uint32_t *upto)
{
    if (!file->db->error && gl_positions_know_(&file->positions, seg, upto))
        return 0;
    *upto = 0;
    int rc = file->kind->ready(file->owner);
    return rc ? rc : gl_positions_read_(&file->positions, file->db, seg, upto);
}

int
gl_file_know(struct gl_file *file, const uint8_t seg[16], uint32_t *upto,
             uint32_t *connection)
{
    uint32_t now = gl_file_connection(file);
    if (now != 0 && now == *connection)
        return 0;
    int rc = gl_file_upto(file, seg, upto);
    if (rc == 0)
        *connection = gl_file_connection(file);
    return rc;
}

int
gl_file_set_upto(struct gl_file *file, const uint8_t seg[16], uint32_t upto,
                 int64_t made_ms)
{
    return gl_positions_set_(&file->positions, file->db, seg, upto, made_ms);
}

int
gl_file_segments(struct gl_file *file,
                 void (*segment)(void *arg, const uint8_t seg[16],
                                 uint32_t upto),
                 void *arg)
{
    int rc = file->kind->ready(file->owner);
    return rc ? rc : gl_positions_each_(file->db, segment, arg);
}

int
gl_file_sweep(struct gl_file *file, const struct gl_sweep *sweep)
{
    return gl_positions_sweep_(&file->positions, file->db, sweep);
}
