#ifndef RONDO_EVENTS_H
#define RONDO_EVENTS_H

#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

/* epoll_pwait2(2): waits at most `nanoseconds` (for ever when negative); where the kernel lacks it, epoll_wait(2) with
   the time rounded up to milliseconds. Returns the number of events, or -1 with errno set. */
int rondo_epoll_wait(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds);

/* Adds, changes or removes a descriptor; `data` comes back with its events. */
int rondo_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t data);
int rondo_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t data);
int rondo_epoll_remove(int epoll, int descriptor);

uint64_t rondo_event_data(const struct epoll_event *event);

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t rondo_monotonic_nanoseconds(void);

#endif
