/* See patience.h. */

#define _GNU_SOURCE /* syscall */

#include "patience.h"

#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gl_assert.h"

/* What sched_setattr(2) takes, in its first version: C libraries of today
 * have no name for it. */
struct order {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t slice_ns, deadline_ns, period_ns;
};

void
gl_patience_begin(int nice)
{
    struct order order = {.size = sizeof order,
                          .policy = SCHED_OTHER,
                          .nice = nice,
                          .slice_ns = GL_PATIENCE_US * 1000};

    GL_ASSERT(nice >= 0 && nice <= 19);
    if (syscall(SYS_sched_setattr, 0, &order, 0) == -1)
        setpriority(PRIO_PROCESS, 0, nice); /* of this thread alone */
}
