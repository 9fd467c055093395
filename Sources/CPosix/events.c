#define _GNU_SOURCE
#include "include/events.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* No thread here is ever cancelled, and the C library's preparations for that cost as much as a short call. */
static int wait_precisely(int epoll, struct epoll_event *events, int capacity, const struct timespec *limit) {
#if defined(SYS_epoll_pwait2) && defined(__LP64__)
    return (int)syscall(SYS_epoll_pwait2, epoll, events, capacity, limit, NULL, (size_t)0);
#else
    return epoll_pwait2(epoll, events, capacity, limit, NULL);
#endif
}

int rondo_epoll_wait(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds) {
    if (nanoseconds < 0) {
        return epoll_wait(epoll, events, capacity, -1);
    }
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    int count = wait_precisely(epoll, events, capacity, &limit);
    if (count >= 0 || (errno != ENOSYS && errno != EPERM)) {
        return count;
    }
    int64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);
    return epoll_wait(epoll, events, capacity, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}

static int control(int epoll, int operation, int descriptor, uint32_t events, uint64_t data) {
    struct epoll_event event = {.events = events, .data.u64 = data};
    return epoll_ctl(epoll, operation, descriptor, &event);
}

int rondo_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t data) {
    return control(epoll, EPOLL_CTL_ADD, descriptor, events, data);
}

int rondo_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t data) {
    return control(epoll, EPOLL_CTL_MOD, descriptor, events, data);
}

int rondo_epoll_remove(int epoll, int descriptor) {
    return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
}

uint64_t rondo_event_data(const struct epoll_event *event) {
    return event->data.u64;
}

uint64_t rondo_monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
