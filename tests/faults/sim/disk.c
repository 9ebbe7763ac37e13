/*
 * The fake disk: one directory of files.  A sector and a name are on the disk
 * when they were synced; until then a power cut decides about each of them
 * alone, in no order.  A kill -9 takes nothing.
 */

#include "sim.h"

#include <string.h>

static struct sim_file files[SIM_FILES];
static uint8_t contents[SIM_FILES][2][SIM_FILE_BYTES];
static int files_n;
static int64_t dir_mtime_ms;

void
sim_disk_reset(void)
{
    files_n = 0;
    dir_mtime_ms = 0;
}

int
sim_disk_files(void)
{
    return files_n;
}

struct sim_file *
sim_disk_file(int file)
{
    return &files[file];
}

const char *
sim_disk_name(int file)
{
    const struct sim_file *f = &files[file];

    if (f->name == SIM_TEMP || f->name == SIM_FINAL)
        return f->names[f->name == SIM_FINAL];
    return NULL;
}

int
sim_disk_find(const char *name)
{
    for (int i = files_n - 1; i >= 0; i--) {
        const char *has = sim_disk_name(i);

        if (has != NULL && strcmp(has, name) == 0)
            return i;
    }
    return -1;
}

void
sim_disk_changed(void)
{
    dir_mtime_ms = sim_wall_ms() & ~INT64_C(3); /* the kernel's is coarse */
}

int64_t
sim_disk_dir_mtime_ms(void)
{
    return dir_mtime_ms;
}

int
sim_disk_make(const char *name)
{
    int temp = strncmp(name, GL_SEGMENT_TEMP_PREFIX, 2) == 0;
    struct sim_file *f = &files[files_n];

    if (files_n == SIM_FILES)
        return -1;
    memset(f, 0, sizeof *f);
    f->bytes = contents[files_n][0];
    f->disk = contents[files_n][1];
    memset(f->bytes, 0, SIM_FILE_BYTES);
    memset(f->disk, 0, SIM_FILE_BYTES);
    strncpy(f->names[!temp], name, sizeof f->names[0] - 1);
    f->name = temp ? SIM_TEMP : SIM_FINAL;
    f->visited = 1u << f->name;
    f->mtime_ms = sim_wall_ms() & ~INT64_C(3);
    sim_disk_changed();
    return files_n++;
}

void
sim_disk_write(int file, const uint8_t *bytes, size_t len, uint32_t at)
{
    struct sim_file *f = &files[file];
    uint32_t first = at / SIM_SECTOR, last;

    if (len == 0)
        return;
    last = (at + (uint32_t) len - 1) / SIM_SECTOR;
    memcpy(f->bytes + at, bytes, len);
    for (uint32_t sector = first; sector <= last; sector++)
        f->dirty |= 1u << sector;
    f->mtime_ms = sim_wall_ms() & ~INT64_C(3);
}

static void
bring(struct sim_file *f, uint32_t sectors)
{
    for (uint32_t i = 0; i < SIM_SECTORS; i++)
        if (f->dirty & sectors & 1u << i)
            memcpy(f->disk + (size_t) i * SIM_SECTOR,
                   f->bytes + (size_t) i * SIM_SECTOR, SIM_SECTOR);
    f->dirty &= ~sectors;
}

void
sim_disk_sync(int file)
{
    struct sim_file *f = &files[file];

    bring(f, UINT32_MAX);
    f->disk_size = f->size;
}

static void
keep_name(struct sim_file *f, enum sim_name name)
{
    f->disk_name = name;
    f->visited = name == f->name ? 0 : 1u << f->name;
}

void
sim_disk_sync_dir(void)
{
    for (int i = 0; i < files_n; i++)
        keep_name(&files[i], files[i].name);
}

/* One of the names it had since the directory was synced. */
static enum sim_name
any_name(const struct sim_file *f)
{
    enum sim_name name;

    if (f->visited == 0)
        return f->disk_name;
    do {
        name = (enum sim_name) sim_below(SIM_REMOVED + 1);
    } while (name != f->disk_name && !(f->visited & 1u << name));
    return name;
}

static uint32_t
some_sectors(void)
{
    uint32_t sectors = sim_below(UINT32_MAX);

    switch (sim_below(4)) {
    case 0:
        return 0;
    case 1:
        return UINT32_MAX;
    default:
        return sectors;
    }
}

void
sim_disk_write_back(void)
{
    struct sim_file *f;

    if (files_n == 0)
        return;
    f = &files[sim_below((uint32_t) files_n)];
    if (sim_one_in(2)) {
        bring(f, some_sectors());
        if (sim_one_in(2))
            f->disk_size = f->size;
    } else {
        keep_name(f, any_name(f));
    }
}

static void
cut_file(struct sim_file *f)
{
    bring(f, some_sectors());
    if (f->disk_size != f->size && sim_one_in(2))
        f->disk_size = f->size;
    memcpy(f->bytes, f->disk, SIM_FILE_BYTES);
    memset(f->bytes + f->disk_size, 0, SIM_FILE_BYTES - f->disk_size);
    f->size = f->disk_size;
    f->dirty = 0;
    f->name = any_name(f);
    f->disk_name = f->name;
    f->visited = 0;
}

void
sim_disk_cut(void)
{
    for (int i = 0; i < files_n; i++)
        if (files[i].disk_name != SIM_REMOVED)
            cut_file(&files[i]);
    sim_disk_changed();
}
