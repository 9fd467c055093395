#ifndef RONDO_EVENTS_H
#define RONDO_EVENTS_H

#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

/* epoll_pwait2(2): waits at most `nanoseconds` (for ever when negative); where the kernel lacks it, epoll_wait(2) with
   the time rounded up to milliseconds. Returns the number of events, or -1 with errno set. */
int rondo_epoll_wait(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds);

/* Adds, changes or removes a descriptor; `data` comes back with its events. */
int rondo_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t data);
int rondo_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t data);
int rondo_epoll_remove(int epoll, int descriptor);

/* For `events` of rondo_epoll_add: report once whenever something happens, not for as long as it lasts. (Swift does not see
   the unsigned constant.) */
static const uint32_t rondo_epoll_edge = EPOLLET;

uint64_t rondo_event_data(const struct epoll_event *event);

/* Waits at most `nanoseconds` until one of the first RONDO_MOST_AWAITED descriptors can be read. Returns how many can, 0 when the
   time is up, or -1 with errno set. */
#define RONDO_MOST_AWAITED 16
int rondo_await_readable(const int *descriptors, int count, int64_t nanoseconds);

/* A timer on CLOCK_MONOTONIC as a descriptor, non-blocking and closed on exec; -1 with errno set. */
int rondo_open_timer(void);

/* Sets it to expire once, at this time (which must not be 0) or at once when that has passed. Forgets any earlier setting
   and expiry. Returns 0, or -1 with errno set. */
int rondo_set_timer(int timer, uint64_t nanoseconds);

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t rondo_monotonic_nanoseconds(void);

#endif
