/* Clients that do what no well-behaved program does, by the hundred. */

#include "client.h"
#include "crowd.h"
#include "meddle.h"

#include <corosync/cmap.h>
#include <corosync/cpg.h>
#include <corosync/quorum.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 400

/* Opens as many connections as asked for, to three services in turn, and then closes them. */
static int open_and_close(int count, int closes) {
    static uint64_t handles[MANY];
    int opened = 0;
    for (; opened < count && opened < MANY; opened++) {
        cpg_callbacks_t none = {NULL, NULL};
        quorum_callbacks_t quiet = {NULL};
        uint32_t type;
        cs_error_t result = opened % 3 == 0   ? cpg_initialize(&handles[opened], &none)
                            : opened % 3 == 1 ? cmap_initialize(&handles[opened])
                                              : quorum_initialize(&handles[opened], &quiet, &type);
        if (result != CS_OK) {
            break;
        }
    }
    for (int index = 0; closes && index < opened; index++) {
        if (index % 3 == 0) {
            cpg_finalize(handles[index]);
        } else if (index % 3 == 1) {
            cmap_finalize(handles[index]);
        } else {
            quorum_finalize(handles[index]);
        }
    }
    return opened;
}

/* A process that asks and sends without pause, until it is killed. */
static void ask_for_ever(void) {
    cpg_handle_t group_handle;
    cmap_handle_t map_handle;
    cpg_callbacks_t none = {NULL, NULL};
    struct cpg_name group = {7, "hostile"};
    static char message[30000];
    struct iovec part = {message, sizeof(message)};
    if (cpg_initialize(&group_handle, &none) != CS_OK || cmap_initialize(&map_handle) != CS_OK) {
        _exit(1);
    }
    cpg_join(group_handle, &group);
    for (uint32_t round = 0;; round++) {
        cpg_mcast_joined(group_handle, CPG_TYPE_AGREED, &part, 1);
        cmap_set_uint32(map_handle, "hostile.round", round);
    }
}

/* Processes that are killed after ever different times, most of them in the middle of a request. */
static void vanish(int count) {
    for (int index = 0; index < count; index++) {
        pid_t child = fork();
        if (child == 0) {
            ask_for_ever();
        }
        usleep(500 + (useconds_t)(index * 7919 % 9000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
}

static uint64_t received;

static void on_delivery(cpg_handle_t handle, const struct cpg_name *group, uint32_t node, uint32_t pid, void *message,
                        size_t length) {
    received += length;
}

/* Sends to a group and reads what comes back; says how much came in all. */
static void flood(int count, size_t size) {
    cpg_handle_t handle;
    cpg_callbacks_t callbacks = {on_delivery, NULL};
    struct cpg_name group = {5, "flood"};
    struct iovec part = {calloc(size, 1), size};
    cs_error_t result = cpg_initialize(&handle, &callbacks);
    if (result == CS_OK) {
        result = cpg_join(handle, &group);
    }
    received = 0;
    for (int sent = 0; result == CS_OK && sent < count;) {
        result = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &part, 1);
        if (result == CS_OK) {
            sent++;
        } else if (result == CS_ERR_TRY_AGAIN) {
            result = CS_OK;
            usleep(500);
        }
        cpg_dispatch(handle, CS_DISPATCH_ALL);
    }
    for (int round = 0; result == CS_OK && received < (uint64_t)count * size && round < 20000; round++) {
        cpg_dispatch(handle, CS_DISPATCH_ALL);
        usleep(500);
    }
    say("flood: %s, %llu bytes came", result_name(result), (unsigned long long)received);
    cpg_finalize(handle);
    free(part.iov_base);
}

/* A connection to a service by its socket alone; -1 when nobody takes it. */
static int reach(const char *service) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(service);
    if (length + 1 > sizeof(address.sun_path)) {
        return -1;
    }
    memcpy(address.sun_path + 1, service, length);
    socklen_t size = (socklen_t)sizeof(address);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    for (int round = 0; descriptor >= 0 && round < 2000; round++) {
        if (connect(descriptor, (struct sockaddr *)&address, size) == 0) {
            return descriptor;
        }
        if (errno != EAGAIN) {
            break;
        }
        usleep(500);
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    return -1;
}

/* Says who it is, and how large a buffer it wants; the error the daemon answers with, or -1 for none. */
static int introduce(int descriptor, uint32_t buffer) {
    struct {
        int32_t id __attribute__((aligned(8)));
        int32_t size __attribute__((aligned(8)));
        uint32_t buffer __attribute__((aligned(8)));
    } request = {-1, sizeof(request), buffer};
    struct {
        int32_t id __attribute__((aligned(8)));
        int32_t size __attribute__((aligned(8)));
        int32_t error __attribute__((aligned(8)));
    } answer;
    if (send(descriptor, &request, sizeof(request), MSG_NOSIGNAL) != sizeof(request)) {
        return -1;
    }
    for (int round = 0; round < 20000; round++) {
        ssize_t count = recv(descriptor, &answer, sizeof(answer), 0);
        if (count == (ssize_t)sizeof(answer)) {
            return -answer.error;
        }
        if (count >= 0 || errno != EAGAIN) {
            return -1;
        }
        usleep(500);
    }
    return -1;
}

/* Connects and says nothing; the connections stay until the program ends. */
static void silent(const char *service, int count) {
    int connected = 0;
    for (int failures = 0; connected < count && failures < 3;) {
        if (reach(service) >= 0) {
            connected++;
        } else {
            failures++;
        }
    }
    say("silent %d", connected);
}

/* Asks for connections; how many were denied. */
static void ask(const char *service, int count, uint32_t buffer) {
    int denied = 0;
    for (int index = 0; index < count; index++) {
        int descriptor = reach(service);
        if (descriptor >= 0) {
            denied += introduce(descriptor, buffer) == EACCES;
            close(descriptor);
        }
    }
    say("denied %d", denied);
}

/* Connects and sends bytes without sense. */
static void babble(const char *service, int count) {
    static unsigned char noise[65536];
    memset(noise, 0x5a, sizeof(noise));
    for (int index = 0; index < count; index++) {
        int descriptor = reach(service);
        if (descriptor >= 0) {
            (void)!send(descriptor, noise, sizeof(noise), MSG_NOSIGNAL);
            close(descriptor);
        }
    }
    say("babbled");
}

void hostile_call(const struct call *call) {
    const char *name = call->words[1];
    if (strcmp(name, "open_and_close") == 0) {
        int opened = 0;
        for (int round = 0; round < number(call, 3); round++) {
            opened += open_and_close((int)number(call, 2), 1);
        }
        say("opened and closed %d", opened);
    } else if (strcmp(name, "open") == 0) {
        say("opened %d", open_and_close((int)number(call, 2), 0));
    } else if (strcmp(name, "silent") == 0) {
        silent(call->words[2], (int)number(call, 3));
    } else if (strcmp(name, "ask") == 0) {
        ask(call->words[2], (int)number(call, 3), (uint32_t)number(call, 4));
    } else if (strcmp(name, "babble") == 0) {
        babble(call->words[2], (int)number(call, 3));
    } else if (strcmp(name, "meddle") == 0) {
        meddle(call->words[2], (int)number(call, 3), (int)number(call, 4));
    } else if (strcmp(name, "vanish") == 0) {
        vanish((int)number(call, 2));
    } else if (strcmp(name, "flood") == 0) {
        flood((int)number(call, 2), (size_t)number(call, 3));
    } else if (!crowd_call(call)) {
        say("no such call: hostile %s", name);
    }
}
