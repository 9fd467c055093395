#define _GNU_SOURCE
#include "include/process.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

int rondo_schedule_round_robin(int priority) {
    struct sched_param parameters = {.sched_priority = priority};
    return sched_setscheduler(0, SCHED_RR, &parameters);
}

int rondo_highest_round_robin_priority(void) {
    return sched_get_priority_max(SCHED_RR);
}

int rondo_lift_memory_lock_limit(void) {
    struct rlimit limit = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    return setrlimit(RLIMIT_MEMLOCK, &limit);
}

int rondo_lock_memory(void) {
    return mlockall(MCL_CURRENT | MCL_FUTURE);
}

int rondo_set_group_priority(int priority) {
    return setpriority(PRIO_PGRP, 0, priority);
}

int rondo_lock_file(int descriptor) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};
    return fcntl(descriptor, F_SETLK, &lock);
}
