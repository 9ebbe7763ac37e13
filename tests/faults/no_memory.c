/*
 * Preloaded: an allocator that fails when the plan says so.  The plan is a
 * file of one struct plan that GLINTO_NO_MEMORY names; a test changes it while
 * processes have it mapped, and all of them count in it together.
 */

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct plan {
    uint32_t armed;
    int32_t skip;   /* calls that succeed before... */
    uint32_t fails; /* ...so many that fail; UINT32_MAX = there is no more */
    uint32_t failed;
};

static struct plan *plan;

/* glibc's own, whatever stands before it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

__attribute__((constructor)) static void
map_plan(void)
{
    const char *path = getenv("GLINTO_NO_MEMORY");
    int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    void *page;

    if (fd == -1)
        return;
    page = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (page != MAP_FAILED)
        plan = page;
}

static int
fails(void)
{
    int32_t left;

    if (plan == NULL || !__atomic_load_n(&plan->armed, __ATOMIC_ACQUIRE))
        return 0;
    left = __atomic_fetch_sub(&plan->skip, 1, __ATOMIC_RELAXED);
    if (left > 0 || (uint32_t) -left >= plan->fails)
        return 0;
    __atomic_fetch_add(&plan->failed, 1, __ATOMIC_RELAXED);
    errno = ENOMEM;
    return 1;
}

void *
malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t size)
{
    return fails() ? NULL : __libc_realloc(p, size);
}

void *
memalign(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int
posix_memalign(void **p, size_t alignment, size_t size)
{
    int before = errno;
    void *memory = memalign(alignment, size);

    errno = before;
    if (memory == NULL)
        return ENOMEM;
    *p = memory;
    return 0;
}

/* Where there is no more, the kernel has none either. */
void *
mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    if (fd == -1 && plan != NULL && plan->fails == UINT32_MAX && fails())
        return MAP_FAILED;
    return (void *) syscall(SYS_mmap, at, size, protection, flags, fd, offset);
}
