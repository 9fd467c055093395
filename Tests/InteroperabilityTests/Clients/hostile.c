/* Clients that do what no well-behaved program does, by the hundred. */

#include "client.h"

#include <corosync/cmap.h>
#include <corosync/cpg.h>
#include <corosync/quorum.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
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
    } else if (strcmp(name, "vanish") == 0) {
        vanish((int)number(call, 2));
    } else if (strcmp(name, "flood") == 0) {
        flood((int)number(call, 2), (size_t)number(call, 3));
    } else {
        say("no such call: hostile %s", name);
    }
}
