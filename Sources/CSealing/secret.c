#define _GNU_SOURCE
#include "include/secret.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

static size_t whole_pages(size_t length) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (length + page - 1) / page * page;
}

uint8_t *rondo_secret_new(size_t length, int is_wiped_on_fork) {
    if (length == 0 || length > (1u << 20)) {
        errno = EINVAL;
        return NULL;
    }
    size_t size = whole_pages(length);
    uint8_t *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return NULL;
    if (is_wiped_on_fork && madvise(pages, size, MADV_WIPEONFORK) != 0) {
        int code = errno;
        munmap(pages, size);
        errno = code;
        return NULL;
    }
    /* Both keep the secret off the disk. An unprivileged user's limit of locked memory may be used up; a key on such a
       machine may be swapped out, which is no reason to do without the ring. */
    (void)mlock(pages, size);
    (void)madvise(pages, size, MADV_DONTDUMP);
    return pages;
}

void rondo_secret_free(uint8_t *secret, size_t length) {
    if (secret == NULL) return;
    explicit_bzero(secret, length);
    munmap(secret, whole_pages(length));
}

void rondo_wipe(void *bytes, size_t length) {
    explicit_bzero(bytes, length);
}

int rondo_secrets_equal(const uint8_t *a, const uint8_t *b, size_t length) {
    volatile uint8_t difference = 0;
    for (size_t i = 0; i < length; i++) difference |= a[i] ^ b[i];
    return difference == 0;
}

int rondo_random(uint8_t *bytes, size_t length) {
    while (length > 0) {
        ssize_t count = getrandom(bytes, length, 0);
        if (count < 0) {
            if (errno == EINTR) continue;
            return -1;
        }
        bytes += count;
        length -= (size_t)count;
    }
    return 0;
}
