#define _GNU_SOURCE
#include "include/rings.h"

#include <errno.h>
#include <linux/futex.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void *rondo_reserve_addresses(size_t length) {
    void *start = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

int rondo_map_file(void *address, size_t length, int descriptor) {
    return mmap(address, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor, 0) == MAP_FAILED ? -1 : 0;
}

void rondo_release_addresses(void *start, size_t length) {
    munmap(start, length);
}

struct rondo_guard {
    uintptr_t start;
    size_t length;
    volatile sig_atomic_t is_broken;
    struct rondo_guard *next;
};

/* Read by the handler, which runs on the thread that changes them: SIGBUS comes from what that thread touches, and it touches
   no guarded page while it changes the list. */
static struct rondo_guard *guards;
static struct sigaction former;
static int is_guarding;

static void replace_lost_memory(int number, siginfo_t *what, void *context) {
    (void)number;
    (void)context;
    uintptr_t address = (uintptr_t)what->si_addr;
    int code = errno;
    for (struct rondo_guard *guard = guards; guard != NULL; guard = guard->next) {
        if (what->si_code <= 0 || address - guard->start >= guard->length) {
            continue;
        }
        /* All of it: whose memory has a hole is cut off anyway, and page by page a client could use up the mappings that a
           process may have. */
        if (mmap((void *)guard->start, guard->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
            MAP_FAILED) {
            guard->is_broken = 1;
            errno = code;
            return;
        }
    }
    /* Not ours: it happens again when this returns, and then means what it meant before. */
    sigaction(SIGBUS, &former, NULL);
    errno = code;
}

struct rondo_guard *rondo_guard_addresses(void *start, size_t length) {
    if (!is_guarding) {
        struct sigaction action = {.sa_sigaction = replace_lost_memory, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        sigemptyset(&action.sa_mask);
        if (sigaction(SIGBUS, &action, &former) != 0) {
            return NULL;
        }
        is_guarding = 1;
    }
    struct rondo_guard *guard = calloc(1, sizeof(*guard));
    if (guard == NULL) {
        return NULL;
    }
    guard->start = (uintptr_t)start;
    guard->length = length;
    guard->next = guards;
    guards = guard;
    return guard;
}

int rondo_is_guard_broken(const struct rondo_guard *guard) {
    return guard->is_broken != 0;
}

void rondo_release_guard(struct rondo_guard *guard) {
    for (struct rondo_guard **place = &guards; *place != NULL; place = &(*place)->next) {
        if (*place == guard) {
            *place = guard->next;
            free(guard);
            return;
        }
    }
}

/* The C library's layout since 2.21 where words have 64 bits: the value in the lower half of one, in the upper one how many
   wait; behind it whether the semaphore is between processes. */
#if __SIZEOF_POINTER__ != 8
#error "the layout of semaphores is known for 64 bits only"
#endif
#define WAITING_SHIFT 32

void rondo_make_semaphore(void *address) {
    sem_init((sem_t *)address, 1, 0);
}

uint32_t rondo_semaphore_value(const void *address) {
    return (uint32_t)__atomic_load_n((const uint64_t *)address, __ATOMIC_ACQUIRE);
}

/* The half on which the kernel lets wait. */
static uint32_t *value_word(void *address) {
    uint32_t *value = (uint32_t *)address;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value++;
#endif
    return value;
}

void rondo_raise_semaphore(void *address) {
    uint64_t former_value = __atomic_fetch_add((uint64_t *)address, 1, __ATOMIC_RELEASE);
    if (former_value >> WAITING_SHIFT == 0) {
        return;
    }
    /* Wakes whoever waits there in any process; a page that is gone makes it fail. */
    syscall(SYS_futex, value_word(address), FUTEX_WAKE, 1, NULL, NULL, 0);
}

static int try_to_lower(uint64_t *semaphore) {
    uint64_t former_value = __atomic_load_n(semaphore, __ATOMIC_RELAXED);
    while ((uint32_t)former_value != 0) {
        if (__atomic_compare_exchange_n(semaphore, &former_value, former_value - 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            return 1;
        }
    }
    return 0;
}

int rondo_await_semaphore(void *address, int milliseconds) {
    uint64_t *semaphore = address;
    if (try_to_lower(semaphore)) {
        return 1;
    }
    if (milliseconds <= 0) {
        return 0;
    }
    struct timespec limit = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    /* Whoever raises it wakes nobody while nobody is said to wait. */
    __atomic_fetch_add(semaphore, (uint64_t)1 << WAITING_SHIFT, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, value_word(address), FUTEX_WAIT, 0, &limit, NULL, 0);
    __atomic_fetch_sub(semaphore, (uint64_t)1 << WAITING_SHIFT, __ATOMIC_SEQ_CST);
    return try_to_lower(semaphore);
}

void rondo_lower_semaphore(void *address) {
    __atomic_fetch_sub((uint64_t *)address, 1, __ATOMIC_ACQ_REL);
}
