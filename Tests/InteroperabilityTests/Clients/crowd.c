#define _GNU_SOURCE
/* Programs that share a node with others: that send without pause, that stop reading, that end in the middle of a call. */

#include "crowd.h"

#include <corosync/cfg.h>
#include <corosync/cmap.h>
#include <corosync/cpg.h>
#include <corosync/quorum.h>
#include <corosync/votequorum.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FROZEN 32

static uint64_t messages;

static void on_delivery(cpg_handle_t handle, const struct cpg_name *group, uint32_t node, uint32_t pid, void *message,
                        size_t length) {
    messages++;
}

static long long milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static cs_error_t join(cpg_handle_t *handle) {
    cpg_callbacks_t callbacks = {on_delivery, NULL};
    struct cpg_name group = {5, "crowd"};
    cs_error_t result = cpg_initialize(handle, &callbacks);
    messages = 0;
    return result == CS_OK ? cpg_join(*handle, &group) : result;
}

/* Reads for so long; a node that has nothing to say is no fault. */
static cs_error_t read_for(cpg_handle_t handle, long long time) {
    long long end = milliseconds() + time;
    cs_error_t result = CS_OK;
    while (result == CS_OK && milliseconds() < end) {
        uint64_t before = messages;
        result = cpg_dispatch(handle, CS_DISPATCH_ALL);
        if (result == CS_ERR_TRY_AGAIN) {
            result = CS_OK;
        }
        if (messages == before) {
            usleep(500);
        }
    }
    return result;
}

static void press(long long time, size_t size) {
    cpg_handle_t handle;
    struct iovec part = {calloc(size, 1), size};
    cs_error_t result = join(&handle);
    long long end = milliseconds() + time;
    uint64_t sent = 0;
    while (result == CS_OK && milliseconds() < end) {
        result = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &part, 1);
        if (result == CS_OK) {
            sent++;
        } else if (result == CS_ERR_TRY_AGAIN) {
            result = CS_OK;
            usleep(200);
        }
        cs_error_t reading = cpg_dispatch(handle, CS_DISPATCH_ALL);
        if (reading != CS_OK && reading != CS_ERR_TRY_AGAIN) {
            result = reading;
        }
    }
    say("pressed: %s, sent %llu, read %llu", result_name(result), (unsigned long long)sent, (unsigned long long)messages);
    cpg_finalize(handle);
    free(part.iov_base);
}

static void pause_reading(long long before, long long time, long long after) {
    cpg_handle_t handle;
    cs_error_t result = join(&handle);
    if (result == CS_OK) {
        result = read_for(handle, before);
    }
    uint64_t first = messages;
    usleep((useconds_t)time * 1000);
    if (result == CS_OK) {
        result = read_for(handle, after);
    }
    say("paused: %s, read %llu, then %llu", result_name(result), (unsigned long long)first,
        (unsigned long long)(messages - first));
    cpg_finalize(handle);
}

/* A program that uses every service and never stops. */
static void use_everything(unsigned seed) {
    static char message[30000];
    for (unsigned round = 0;; round++) {
        cpg_handle_t group_handle;
        cmap_handle_t map_handle, statistics_handle;
        corosync_cfg_handle_t cfg_handle;
        quorum_handle_t quorum_handle;
        votequorum_handle_t vote_handle;
        cpg_callbacks_t callbacks = {on_delivery, NULL};
        quorum_callbacks_t quiet = {NULL};
        struct cpg_name group = {5, "crowd"};
        uint32_t type, node;
        void *buffer = NULL;
        if (cpg_initialize(&group_handle, &callbacks) == CS_OK) {
            cpg_join(group_handle, &group);
            for (int count = rand_r(&seed) % 20; count > 0; count--) {
                struct iovec part = {message, (size_t)(rand_r(&seed) % (int)sizeof(message))};
                cpg_mcast_joined(group_handle, CPG_TYPE_AGREED, &part, 1);
                cpg_dispatch(group_handle, CS_DISPATCH_ALL);
            }
            if (cpg_zcb_alloc(group_handle, 10000, &buffer) == CS_OK) {
                cpg_zcb_mcast_joined(group_handle, CPG_TYPE_AGREED, buffer, 5000);
                if (rand_r(&seed) % 2) {
                    cpg_zcb_free(group_handle, buffer);
                }
            }
            cpg_iteration_handle_t walk;
            if (cpg_iteration_initialize(group_handle, CPG_ITERATION_ALL, NULL, &walk) == CS_OK) {
                struct cpg_iteration_description_t description;
                cpg_iteration_next(walk, &description);
                cpg_iteration_finalize(walk);
            }
        }
        if (cmap_initialize(&map_handle) == CS_OK) {
            cmap_track_handle_t track;
            cmap_set_uint32(map_handle, "crowd.key", round);
            cmap_track_add(map_handle, "crowd.", CMAP_TRACK_ADD | CMAP_TRACK_MODIFY | CMAP_TRACK_PREFIX, NULL, NULL, &track);
            cmap_set_uint32(map_handle, "crowd.key", round + 1);
            cmap_dispatch(map_handle, CS_DISPATCH_ALL);
        }
        if (cmap_initialize_map(&statistics_handle, CMAP_MAP_STATS) == CS_OK) {
            cmap_iter_handle_t walk;
            char name[CMAP_KEYNAME_MAXLEN + 1];
            if (cmap_iter_init(statistics_handle, "stats.ipcs.", &walk) == CS_OK) {
                for (int count = 0; count < 20 && cmap_iter_next(statistics_handle, walk, name, NULL, NULL) == CS_OK; count++) {
                }
                cmap_iter_finalize(statistics_handle, walk);
            }
            cmap_finalize(statistics_handle);
        }
        if (corosync_cfg_initialize(&cfg_handle, NULL) == CS_OK) {
            corosync_cfg_local_get(cfg_handle, &node);
            corosync_cfg_finalize(cfg_handle);
        }
        if (quorum_initialize(&quorum_handle, &quiet, &type) == CS_OK) {
            quorum_trackstart(quorum_handle, CS_TRACK_CHANGES | CS_TRACK_CURRENT);
            quorum_dispatch(quorum_handle, CS_DISPATCH_ALL);
        }
        if (votequorum_initialize(&vote_handle, NULL) == CS_OK) {
            struct votequorum_info info;
            votequorum_getinfo(vote_handle, VOTEQUORUM_QDEVICE_NODEID, &info);
            votequorum_finalize(vote_handle);
        }
        if (rand_r(&seed) % 3) {
            cpg_finalize(group_handle);
            cmap_finalize(map_handle);
            quorum_finalize(quorum_handle);
        }
    }
}

/* Half of the programs are killed; the others are frozen for as long as there is room, and killed then. */
static void break_off(int count) {
    pid_t frozen[FROZEN] = {0};
    int ended = 0;
    for (int index = 0; index < count; index++) {
        pid_t child = fork();
        if (child == 0) {
            use_everything((unsigned)index * 7919 + 1);
        }
        usleep((useconds_t)(200 + (long long)index * 104729 % 25000));
        if (index % 2 == 0) {
            ended += kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child;
            continue;
        }
        kill(child, SIGSTOP);
        pid_t *place = &frozen[index / 2 % FROZEN];
        if (*place != 0) {
            ended += kill(*place, SIGKILL) == 0 && waitpid(*place, NULL, 0) == *place;
        }
        *place = child;
    }
    say("frozen %d", count < 2 * FROZEN ? count / 2 : FROZEN);
    for (int index = 0; index < FROZEN; index++) {
        if (frozen[index] != 0) {
            ended += kill(frozen[index], SIGKILL) == 0 && waitpid(frozen[index], NULL, 0) == frozen[index];
        }
    }
    say("broke off %d", ended);
}

/* Libraries send a request's byte with this; while it is kept back it is said to have gone. */
static int keeps_back;
static int kept_from = -1;

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    if (keeps_back && count == 1) {
        kept_from = descriptor;
        return 1;
    }
    return (ssize_t)syscall(SYS_sendto, descriptor, bytes, count, flags, NULL, 0);
}

static void *deliver_late(void *time) {
    usleep((useconds_t)*(long long *)time * 1000);
    (void)!syscall(SYS_sendto, kept_from, "", 1, MSG_NOSIGNAL, NULL, 0);
    return NULL;
}

static void ask_late(long long time) {
    cmap_handle_t handle;
    uint32_t value = 0;
    pthread_t thread;
    cs_error_t result = cmap_initialize(&handle);
    long long start = milliseconds();
    if (result == CS_OK) {
        keeps_back = 1;
        pthread_create(&thread, NULL, deliver_late, &time);
        result = cmap_get_uint32(handle, "totem.version", &value);
        keeps_back = 0;
        pthread_join(thread, NULL);
        cmap_finalize(handle);
    }
    say("late: %s, %u, %s", result_name(result), value, milliseconds() - start >= time ? "after its byte" : "before its byte");
}

int crowd_call(const struct call *call) {
    const char *name = call->words[1];
    if (strcmp(name, "press") == 0) {
        press(number(call, 2), (size_t)number(call, 3));
    } else if (strcmp(name, "pause") == 0) {
        pause_reading(number(call, 2), number(call, 3), number(call, 4));
    } else if (strcmp(name, "break") == 0) {
        break_off((int)number(call, 2));
    } else if (strcmp(name, "late") == 0) {
        ask_late(number(call, 2));
    } else {
        return 0;
    }
    return 1;
}
