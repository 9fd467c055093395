#define _GNU_SOURCE
#include "include/events.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
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

static int wait_roughly(int epoll, struct epoll_event *events, int capacity, int milliseconds) {
#if defined(SYS_epoll_pwait) && defined(__LP64__)
    return (int)syscall(SYS_epoll_pwait, epoll, events, capacity, milliseconds, NULL, (size_t)0);
#else
    return epoll_wait(epoll, events, capacity, milliseconds);
#endif
}

int rondo_epoll_wait(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds) {
    if (nanoseconds <= 0) {
        return wait_roughly(epoll, events, capacity, nanoseconds < 0 ? -1 : 0);
    }
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    int count = wait_precisely(epoll, events, capacity, &limit);
    if (count >= 0 || (errno != ENOSYS && errno != EPERM)) {
        return count;
    }
    int64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);
    return wait_roughly(epoll, events, capacity, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}

int rondo_await_readable(const int *descriptors, int count, int64_t nanoseconds) {
    struct pollfd all[RONDO_MOST_AWAITED];
    nfds_t number = 0;
    while ((int)number < count && number < RONDO_MOST_AWAITED) {
        all[number] = (struct pollfd){.fd = descriptors[number], .events = POLLIN};
        number++;
    }
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
#if defined(SYS_ppoll) && defined(__LP64__)
    return (int)syscall(SYS_ppoll, all, number, &limit, NULL, (size_t)0);
#else
    return ppoll(all, number, &limit, NULL);
#endif
}

int rondo_open_timer(void) {
    return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
}

int rondo_set_timer(int timer, uint64_t nanoseconds) {
    struct itimerspec setting = {
        .it_value = {.tv_sec = (time_t)(nanoseconds / 1000000000u), .tv_nsec = (long)(nanoseconds % 1000000000u)}};
    return timerfd_settime(timer, TFD_TIMER_ABSTIME, &setting, NULL);
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
