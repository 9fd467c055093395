#ifndef RONDO_RINGS_H
#define RONDO_RINGS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Memory that is shared with another process, which may write to it, and shorten the file behind it, at any time. */

/* Reserves so many bytes of addresses, a multiple of the page's size; NULL with errno set. */
void *rondo_reserve_addresses(size_t length);

/* Maps the first `length` bytes of a file to an address of a reservation, shared; -1 with errno set. */
int rondo_map_file(void *address, size_t length, int descriptor);

/* Gives a reservation back, with what is mapped there. */
void rondo_release_addresses(void *start, size_t length);

/* Stands for one reservation. */
struct rondo_guard;

/* From now on, touching a page of the reservation that its file has lost turns all of the reservation into zeros of one's own
   instead of SIGBUS; any other SIGBUS is what it was. On one thread only. NULL with errno set. */
struct rondo_guard *rondo_guard_addresses(void *start, size_t length);

/* Whether a page was lost since. */
int rondo_is_guard_broken(const struct rondo_guard *guard);

void rondo_release_guard(struct rondo_guard *guard);

/* A word of 32 bits, read before what is read after it, written behind what was written before it. `address` is a multiple
   of 4. */
static inline uint32_t rondo_load_word(const void *address) {
    return __atomic_load_n((const uint32_t *)address, __ATOMIC_ACQUIRE);
}

static inline void rondo_store_word(void *address, uint32_t word) {
    __atomic_store_n((uint32_t *)address, word, __ATOMIC_RELEASE);
}

static inline void rondo_add_to_word(void *address, int32_t difference) {
    __atomic_fetch_add((uint32_t *)address, (uint32_t)difference, __ATOMIC_ACQ_REL);
}

/* The semaphores of the C library between processes, used without it: what it finds in them it believes, down to the system
   call it makes. `address` is a multiple of 8. */
void rondo_make_semaphore(void *address);
uint32_t rondo_semaphore_value(const void *address);
void rondo_raise_semaphore(void *address);
void rondo_lower_semaphore(void *address);
/* Lowers it by one, waiting for that until it is raised: 1, or 0 when the time is up, or earlier. */
int rondo_await_semaphore(void *address, int milliseconds);

#endif
