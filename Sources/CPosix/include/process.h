#ifndef RONDO_PROCESS_H
#define RONDO_PROCESS_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* SCHED_RR for the calling thread; -1 with errno set. */
int rondo_schedule_round_robin(int priority);
int rondo_highest_round_robin_priority(void);

/* Lifts RLIMIT_MEMLOCK; locks all present memory, and future memory from the moment that it is first touched: what somebody
   only reserves, however much, costs nothing. Each -1 with errno set. */
int rondo_lift_memory_lock_limit(void);
/* Whether this process has CAP_IPC_LOCK, to which RLIMIT_MEMLOCK does not apply. */
int rondo_may_lock_any_memory(void);
int rondo_lock_memory(void);

/* Lifts the limit of open descriptors as far as the process may; -1 with errno set. The limit now. */
int rondo_lift_descriptor_limit(void);
int rondo_descriptor_limit(void);

/* Who connected a unix socket; -1 with errno set. */
int rondo_peer_user(int descriptor, uint32_t *user, int32_t *process);

/* setpriority(2) for the process group; -1 with errno set. */
int rondo_set_group_priority(int priority);

/* A POSIX record lock on the whole file: 0 held, -1 with errno set (EACCES or EAGAIN: another process holds it). */
int rondo_lock_file(int descriptor);

/* fork(2), which Swift does not import: only safe before the first thread is started. */
pid_t rondo_fork(void);

/* pipe2(2) with O_CLOEXEC: `ends[0]` reads, `ends[1]` writes. */
int rondo_open_pipe(int ends[2]);

/* Blocks the given signals in the calling thread (threads started later inherit that) and returns a non-blocking
   descriptor that becomes readable when one arrives; -1 with errno set. */
int rondo_open_signals(const int *signals, size_t count);

/* The next signal of that descriptor, 0 when none is waiting. */
int rondo_next_signal(int descriptor);

/* Sends `length` bytes to a unix datagram socket by path; a leading '@' names an abstract one. -1 with errno set. */
int rondo_send_to_unix_socket(const char *path, const void *bytes, size_t length);

/* A unix datagram socket connected to `path`, whose sends give up after a second; -1 with errno set. */
int rondo_connect_unix_datagram(const char *path);

/* Whether the error of a refused record lock means that another process holds it. */
int rondo_is_lock_held(int code);

/* Sets after how many seconds an open watchdog device resets the machine, and arms it: the seconds it is set to now, -1
   with errno set where it does not tell. */
int rondo_watchdog_set_timeout(int descriptor, int seconds);

/* Starts the time of an open watchdog device anew; -1 with errno set. */
int rondo_watchdog_keep_alive(int descriptor);

/* Resets the machine, or switches it off, at once; returns only when that fails, -1 with errno set. */
int rondo_end_machine(int power_off);

/* Back to ordinary scheduling, for the calling thread; -1 with errno set. */
int rondo_schedule_normal(void);

/* Starts a thread with a small stack: locked memory is resident memory. Returns 0 or an errno value. */
int rondo_start_thread(pthread_t *thread, void *(*body)(void *), void *argument);

/* pthread_timedjoin_np(3): 0 when the thread ended before `deadline` of CLOCK_REALTIME. */
int rondo_join_thread(pthread_t thread, const struct timespec *deadline);

#endif
