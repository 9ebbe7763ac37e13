/*
 * Processes as coroutines, and the clock: time passes while all sleep, and a
 * little with every call.  Memory that the product's files take belongs to
 * the process and goes with it.
 */

#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define STACK_BYTES (256 * 1024)
#define PLACES (SIM_WORKERS + 1)

enum state { NONE, READY, ASLEEP };

struct block {
    struct block *next, **link;
    size_t bytes;
    max_align_t memory[];
};

struct process {
    enum state state;
    int64_t wake_us;
    ucontext_t context;
    char *stack; /* kept for the next one */
    void (*run)(int place);
    struct block *blocks;
};

static struct process processes[PLACES];
static ucontext_t scheduler;
static int current = -1;

int
sim_place(void)
{
    return current;
}

int
sim_alive(int place)
{
    return processes[place].state != NONE;
}

/* ---- memory: the linker sends the product's calls here ---- */

void __real_abort(void) __attribute__((noreturn));
void __wrap_abort(void);
void *__real_malloc(size_t bytes);
void __real_free(void *memory);
void *__wrap_malloc(size_t bytes);
void __wrap_free(void *memory);
void *__wrap_calloc(size_t n, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);
void *__wrap_reallocarray(void *memory, size_t n, size_t bytes);

void *
__wrap_malloc(size_t bytes)
{
    struct block *block = __real_malloc(sizeof *block + bytes), **first;

    if (block == NULL)
        abort();
    first = &processes[current].blocks;
    block->bytes = bytes;
    block->next = *first;
    block->link = first;
    if (block->next != NULL)
        block->next->link = &block->next;
    *first = block;
    return block->memory;
}

static struct block *
block_of(void *memory)
{
    return (struct block *) ((char *) memory - offsetof(struct block, memory));
}

void
__wrap_free(void *memory)
{
    struct block *block;

    if (memory == NULL)
        return;
    block = block_of(memory);
    *block->link = block->next;
    if (block->next != NULL)
        block->next->link = block->link;
    __real_free(block);
}

void *
__wrap_calloc(size_t n, size_t bytes)
{
    void *memory = __wrap_malloc(n * bytes);

    memset(memory, 0, n * bytes);
    return memory;
}

void *
__wrap_realloc(void *memory, size_t bytes)
{
    void *bigger = __wrap_malloc(bytes);
    size_t old = memory == NULL ? 0 : block_of(memory)->bytes;

    if (old > 0)
        memcpy(bigger, memory, old < bytes ? old : bytes);
    __wrap_free(memory);
    return bigger;
}

void *
__wrap_reallocarray(void *memory, size_t n, size_t bytes)
{
    return __wrap_realloc(memory, n * bytes);
}

/* ---- life ---- */

static void
bury(int place)
{
    struct process *p = &processes[place];

    p->state = NONE;
    sim_calls_close_all(place);
    if (place == SIM_AGENT)
        sim_agent_killed();
    while (p->blocks != NULL)
        __wrap_free(p->blocks->memory);
}

static void
body(int place)
{
    processes[place].run(place);
    bury(place);
    setcontext(&scheduler);
}

void
sim_start(int place, void (*run)(int place))
{
    struct process *p = &processes[place];

    if (p->stack == NULL)
        p->stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p->stack == MAP_FAILED)
        abort();
    getcontext(&p->context);
    p->context.uc_stack.ss_sp = p->stack;
    p->context.uc_stack.ss_size = STACK_BYTES;
    p->context.uc_link = NULL;
    p->run = run;
    p->state = READY;
    makecontext(&p->context, (void (*)(void)) body, 1, place);
}

/* What must be so was not (gl_assert.h): only wrong variants come here. */
void
__wrap_abort(void)
{
    sim_violation("process %d ends itself", sim_place());
    sim_kill(sim_place());
    __real_abort();
}

void
sim_kill(int place)
{
    if (!sim_alive(place))
        return;
    sim_note("process %d is killed", place);
    bury(place);
    if (place == current)
        setcontext(&scheduler);
}

static void
pause_here(void)
{
    struct process *p = &processes[current];

    swapcontext(&p->context, &scheduler);
}

void
sim_sleep_us(int64_t us)
{
    processes[current].state = ASLEEP;
    processes[current].wake_us = sim.now_us + us;
    pause_here();
}

void
sim_wake(int place)
{
    if (processes[place].state == ASLEEP)
        processes[place].state = READY;
}

static int
others_ready(void)
{
    for (int place = 0; place < PLACES; place++)
        if (place != current && (processes[place].state == READY ||
                                 (processes[place].state == ASLEEP &&
                                  processes[place].wake_us <= sim.now_us)))
            return 1;
    return 0;
}

void
sim_op(enum sim_weight weight, const char *what)
{
    if (sim.reaping)
        return;
    sim_note("%s", what);
    sim.now_us += sim_below(400);
    if (weight == SIM_HEAVY || sim_one_in(8))
        sim.ops++;
    if (sim_fault_in(sim.plan.write_back))
        sim_disk_write_back();
    if (!sim.calm && sim.ops >= sim.fault_at && sim.fault_at > 0) {
        sim.fault_at = sim.ops + 1 + sim_below(sim.plan.gap);
        if (sim.plan.cuts > 0 && sim_one_in(1 + sim.plan.kills)) {
            sim.plan.cuts--;
            sim.cut_asked = 1;
            pause_here(); /* for ever */
        }
        if (sim.plan.kills > 0) {
            sim.plan.kills--;
            sim_kill(sim_one_in(3) ? (int) sim_below(PLACES) : current);
        }
    }
    if (sim_one_in(sim.plan.yield) && others_ready())
        pause_here();
}

/* ---- who is next ---- */

static int
pick(void)
{
    int ready[PLACES], n = 0;

    for (int place = 0; place < PLACES; place++) {
        struct process *p = &processes[place];

        if (p->state == ASLEEP && p->wake_us <= sim.now_us)
            p->state = READY;
        if (p->state == READY)
            ready[n++] = place;
    }
    return n == 0 ? -1 : ready[sim_below((uint32_t) n)];
}

static int
let_time_pass(void)
{
    int64_t wake_us = INT64_MAX;

    for (int place = 0; place < PLACES; place++)
        if (processes[place].state == ASLEEP &&
            processes[place].wake_us < wake_us)
            wake_us = processes[place].wake_us;
    if (wake_us == INT64_MAX)
        return 0;
    if (wake_us > sim.now_us)
        sim.now_us = wake_us;
    return 1;
}

int
sim_step(void)
{
    int place = pick();

    if (place == -1)
        return let_time_pass();
    current = place;
    swapcontext(&scheduler, &processes[place].context);
    current = -1;
    return 1;
}

void
sim_processes_end(void)
{
    for (int place = 0; place < PLACES; place++)
        if (sim_alive(place))
            bury(place);
}
