#ifndef RONDO_PROCESS_H
#define RONDO_PROCESS_H

/* SCHED_RR at the highest priority for the calling thread; -1 with errno set. */
int rondo_schedule_round_robin(int priority);
int rondo_highest_round_robin_priority(void);

/* Lifts RLIMIT_MEMLOCK; locks all present and future memory. Each -1 with errno set. */
int rondo_lift_memory_lock_limit(void);
int rondo_lock_memory(void);

/* setpriority(2) for the process group; -1 with errno set. */
int rondo_set_group_priority(int priority);

/* A POSIX record lock on the whole file: 0 held, -1 with errno set (EACCES or EAGAIN: another process holds it). */
int rondo_lock_file(int descriptor);

#endif
