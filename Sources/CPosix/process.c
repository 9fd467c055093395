#define _GNU_SOURCE
#include "include/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <linux/capability.h>
#include <linux/watchdog.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

int rondo_schedule_round_robin(int priority) {
    struct sched_param parameters = {.sched_priority = priority};
    return sched_setscheduler(0, SCHED_RR, &parameters);
}

int rondo_schedule_normal(void) {
    struct sched_param parameters = {.sched_priority = 0};
    return sched_setscheduler(0, SCHED_OTHER, &parameters);
}

int rondo_highest_round_robin_priority(void) {
    return sched_get_priority_max(SCHED_RR);
}

int rondo_lift_memory_lock_limit(void) {
    struct rlimit limit = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    return setrlimit(RLIMIT_MEMLOCK, &limit);
}

int rondo_may_lock_any_memory(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (syscall(SYS_capget, &header, sets) != 0) {
        return 0;
    }
    return (sets[CAP_TO_INDEX(CAP_IPC_LOCK)].effective & CAP_TO_MASK(CAP_IPC_LOCK)) != 0;
}

int rondo_lock_memory(void) {
    if (mlockall(MCL_CURRENT) != 0) return -1;
    return mlockall(MCL_FUTURE | MCL_ONFAULT);
}

int rondo_lift_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit);
}

int rondo_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    return limit.rlim_cur > INT_MAX ? INT_MAX : (int)limit.rlim_cur;
}

int rondo_peer_user(int descriptor, uint32_t *user, int32_t *process) {
    struct ucred peer = {0};
    socklen_t size = sizeof(peer);
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -1;
    *user = peer.uid;
    *process = peer.pid;
    return 0;
}

int rondo_set_group_priority(int priority) {
    return setpriority(PRIO_PGRP, 0, priority);
}

int rondo_watchdog_set_timeout(int descriptor, int seconds) {
    int wanted = seconds;
    int options = WDIOS_ENABLECARD;
    int set = ioctl(descriptor, WDIOC_SETTIMEOUT, &wanted);
    int found = 0;
    if (set != 0 && ioctl(descriptor, WDIOC_GETTIMEOUT, &found) != 0) return -1;
    ioctl(descriptor, WDIOC_SETOPTIONS, &options);
    return set == 0 ? wanted : found;
}

int rondo_watchdog_keep_alive(int descriptor) {
    return ioctl(descriptor, WDIOC_KEEPALIVE, 0);
}

int rondo_end_machine(int power_off) {
    return reboot(power_off ? RB_POWER_OFF : RB_AUTOBOOT);
}

int rondo_lock_file(int descriptor) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};
    return fcntl(descriptor, F_SETLK, &lock);
}

int rondo_is_lock_held(int code) {
    return code == EACCES || code == EAGAIN;
}

pid_t rondo_fork(void) {
    return fork();
}

int rondo_open_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

int rondo_open_signals(const int *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < count; index++) {
        sigaddset(&set, signals[index]);
    }
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) {
        return -1;
    }
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int rondo_next_signal(int descriptor) {
    struct signalfd_siginfo information;
    ssize_t count = read(descriptor, &information, sizeof(information));
    return count == (ssize_t)sizeof(information) ? (int)information.ssi_signo : 0;
}

/* Fills `address` and returns its length, 0 when the path does not fit. */
static socklen_t unix_address(struct sockaddr_un *address, const char *path) {
    size_t length = strlen(path);
    memset(address, 0, sizeof(*address));
    address->sun_family = AF_UNIX;
    if (length == 0 || length >= sizeof(address->sun_path)) {
        errno = ENAMETOOLONG;
        return 0;
    }
    memcpy(address->sun_path, path, length);
    if (path[0] == '@') {
        address->sun_path[0] = 0;
        return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    }
    return (socklen_t)sizeof(*address);
}

int rondo_send_to_unix_socket(const char *path, const void *bytes, size_t length) {
    struct sockaddr_un address;
    socklen_t size = unix_address(&address, path);
    if (size == 0) {
        return -1;
    }
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return -1;
    }
    ssize_t sent = sendto(descriptor, bytes, length, MSG_NOSIGNAL, (struct sockaddr *)&address, size);
    int code = errno;
    close(descriptor);
    errno = code;
    return sent == (ssize_t)length ? 0 : -1;
}

int rondo_connect_unix_datagram(const char *path) {
    struct sockaddr_un address;
    socklen_t size = unix_address(&address, path);
    if (size == 0) {
        return -1;
    }
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return -1;
    }
    struct timeval limit = {.tv_sec = 1, .tv_usec = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    if (connect(descriptor, (struct sockaddr *)&address, size) != 0) {
        int code = errno;
        close(descriptor);
        errno = code;
        return -1;
    }
    return descriptor;
}

int rondo_start_thread(pthread_t *thread, void *(*body)(void *), void *argument) {
    pthread_attr_t attributes;
    int result = pthread_attr_init(&attributes);
    if (result != 0) {
        return result;
    }
    result = pthread_attr_setstacksize(&attributes, 256 * 1024);
    if (result == 0) {
        result = pthread_create(thread, &attributes, body, argument);
    }
    pthread_attr_destroy(&attributes);
    return result;
}

int rondo_join_thread(pthread_t thread, const struct timespec *deadline) {
    return pthread_timedjoin_np(thread, NULL, deadline);
}
