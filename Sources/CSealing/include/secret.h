#ifndef RONDO_SECRET_H
#define RONDO_SECRET_H

#include <stddef.h>
#include <stdint.h>

/* `length` bytes of zeros in pages of their own: locked where the process may, left out of core dumps, and zero again
   in a child after fork(2) when `is_wiped_on_fork`. NULL with errno set. */
uint8_t *rondo_secret_new(size_t length, int is_wiped_on_fork);

/* Overwrites them and gives them back. Takes NULL. */
void rondo_secret_free(uint8_t *secret, size_t length);

/* Overwrites them for good: no compiler leaves that out. */
void rondo_wipe(void *bytes, size_t length);

/* Whether both are equal, in a time that does not depend on where they differ. */
int rondo_secrets_equal(const uint8_t *a, const uint8_t *b, size_t length);

/* Fills it with bytes of the kernel's generator; waits for that to be ready, only right after the machine's start.
   Returns 0, or -1 with errno set. */
int rondo_random(uint8_t *bytes, size_t length);

#endif
