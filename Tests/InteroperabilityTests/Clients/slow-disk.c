/* Loaded before the C library, makes a disk slow: each flush takes SLOW_DISK_MS milliseconds more. */

#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void linger(void) {
    const char *text = getenv("SLOW_DISK_MS");
    usleep(text ? (useconds_t)atoi(text) * 1000 : 0);
}

int fsync(int descriptor) {
    linger();
    return (int)syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor) {
    linger();
    return (int)syscall(SYS_fdatasync, descriptor);
}
