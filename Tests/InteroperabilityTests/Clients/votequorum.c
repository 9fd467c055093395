#include "client.h"

#include <corosync/votequorum.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static votequorum_handle_t handles[SLOTS];
/* Of the last list of nodes: a quorum device polls with it. */
static votequorum_ring_id_t last_ring;

static int compare(const void *first, const void *second) {
    uint32_t a = *(const uint32_t *)first;
    uint32_t b = *(const uint32_t *)second;
    return a < b ? -1 : a > b;
}

/* The list is in no promised order: shown ascending. */
static void on_quorum(votequorum_handle_t handle, uint64_t context, uint32_t quorate, uint32_t count,
                      votequorum_node_t nodes[]) {
    static const char *const states[] = {"no", "member", "dead", "leaving"};
    qsort(nodes, count, sizeof(nodes[0]), compare);
    fprintf(words, "  votequorum %llu %s:", (unsigned long long)context, quorate ? "yes" : "no");
    for (uint32_t index = 0; index < count; index++) {
        fprintf(words, " %u:%s", nodes[index].nodeid, nodes[index].state < 4 ? states[nodes[index].state] : "unknown");
    }
    say("%s", "");
    happened();
}

static void on_expected(votequorum_handle_t handle, uint64_t context, uint32_t expected) {
    say("  votequorum %llu expects %u", (unsigned long long)context, expected);
    happened();
}

static void on_nodes(votequorum_handle_t handle, uint64_t context, votequorum_ring_id_t ring, uint32_t count,
                     uint32_t nodes[]) {
    last_ring = ring;
    fprintf(words, "  votequorum %llu nodes of ring %u.<%llx>:", (unsigned long long)context, ring.nodeid,
           (unsigned long long)ring.seq);
    for (uint32_t index = 0; index < count; index++) {
        fprintf(words, " %u", nodes[index]);
    }
    say("%s", "");
    happened();
}

static void initialize(const struct call *call) {
    votequorum_callbacks_t callbacks = {on_quorum, on_expected, on_nodes};
    votequorum_callbacks_t none = {NULL, NULL, NULL};
    votequorum_callbacks_t *given = has(call, "NULL") ? NULL : has(call, "none") ? &none : &callbacks;
    said(call, "votequorum_initialize", votequorum_initialize(&handles[slot_of(call)], given), "%s", "");
}

static void print_info(const struct call *call, const char *label, cs_error_t result,
                       const struct votequorum_info *info) {
    static const char *const flags[] = {"2node",     "quorate",  "wfa",  "lms",  "atb",
                                        "downscale", "qdevice", "alive", "cast", "master"};
    if (result != CS_OK) {
        said(call, label, result, "%s", "");
        return;
    }
    char names[200] = "";
    for (int bit = 0; bit < 10; bit++) {
        if (info->flags & (1U << bit)) {
            strcat(names, " ");
            strcat(names, flags[bit]);
        }
    }
    said(call, label, result, "node %u state %u votes %u expected %u highest %u total %u quorum %u device %u '%s'%s",
         info->node_id, info->node_state, info->node_votes, info->node_expected_votes, info->highest_expected,
         info->total_votes, info->quorum, info->qdevice_votes, info->qdevice_name, names);
}

static void getinfo(const struct call *call) {
    struct votequorum_info info;
    memset(&info, 0, sizeof(info));
    cs_error_t result = votequorum_getinfo(handle_of(call, handles), (unsigned int)number(call, 3), &info);
    print_info(call, "votequorum_getinfo", result, &info);
}

/* Asks until the node has the flags (in hexadecimal), five seconds at most. */
static void getinfo_until(const struct call *call) {
    struct votequorum_info info;
    unsigned int wanted = (unsigned int)number(call, 4);
    cs_error_t result = CS_OK;
    for (int round = 0; round < 500; round++) {
        memset(&info, 0, sizeof(info));
        result = votequorum_getinfo(handle_of(call, handles), (unsigned int)number(call, 3), &info);
        if (result == CS_OK && info.flags == wanted) {
            break;
        }
        usleep(10000);
    }
    print_info(call, "votequorum_getinfo", result, &info);
}

static char *device_name(const char *word) {
    if (word == NULL || strncmp(word, "len:", 4) != 0) {
        return word == NULL ? NULL : strdup(word);
    }
    size_t length = (size_t)atoi(word + 4);
    char *name = malloc(length + 1);
    memset(name, 'x', length);
    name[length] = 0;
    return name;
}

static void device_call(const struct call *call) {
    const char *name = call->words[2];
    votequorum_handle_t handle = handle_of(call, handles);
    char *device = device_name(text(call, 3));
    cs_error_t result = CS_OK;
    if (strcmp(name, "qdevice_register") == 0) {
        result = votequorum_qdevice_register(handle, device);
    } else if (strcmp(name, "qdevice_unregister") == 0) {
        result = votequorum_qdevice_unregister(handle, device);
    } else if (strcmp(name, "qdevice_update") == 0) {
        result = votequorum_qdevice_update(handle, device, text(call, 4));
    } else if (strcmp(name, "qdevice_poll") == 0) {
        votequorum_ring_id_t ring = last_ring;
        if (has(call, "old")) {
            ring.seq -= 4;
        }
        result = votequorum_qdevice_poll(handle, device, (unsigned int)number(call, 4), ring);
    } else {
        result = votequorum_qdevice_master_wins(handle, device, (unsigned int)number(call, 4));
    }
    char function[64];
    snprintf(function, sizeof(function), "votequorum_%s", name);
    said(call, function, result, "%s", "");
    free(device);
}

static cs_error_t set_context(votequorum_handle_t handle, const void *context) {
    return votequorum_context_set(handle, (void *)(uintptr_t)context);
}

static cs_error_t get_context(votequorum_handle_t handle, const void **context) {
    return votequorum_context_get(handle, (void **)context);
}

static const struct common common = {"votequorum",        votequorum_fd_get, votequorum_dispatch,
                                     votequorum_finalize, set_context,       get_context};

void votequorum_call(const struct call *call) {
    const char *name = call->words[2];
    votequorum_handle_t handle = handle_of(call, handles);
    if (strcmp(name, "initialize") == 0) {
        initialize(call);
    } else if (strcmp(name, "getinfo") == 0) {
        getinfo(call);
    } else if (strcmp(name, "getinfo_until") == 0) {
        getinfo_until(call);
    } else if (strcmp(name, "setexpected") == 0) {
        said(call, "votequorum_setexpected", votequorum_setexpected(handle, (unsigned int)number(call, 3)), "%s", "");
    } else if (strcmp(name, "setvotes") == 0) {
        cs_error_t result =
            votequorum_setvotes(handle, (unsigned int)number(call, 3), (unsigned int)number(call, 4));
        said(call, "votequorum_setvotes", result, "%s", "");
    } else if (strcmp(name, "trackstart") == 0) {
        cs_error_t result =
            votequorum_trackstart(handle, (uint64_t)number(call, 3), (unsigned int)number(call, 4));
        said(call, "votequorum_trackstart", result, "%s", "");
    } else if (strcmp(name, "trackstop") == 0) {
        said(call, "votequorum_trackstop", votequorum_trackstop(handle), "%s", "");
    } else if (strncmp(name, "qdevice_", 8) == 0) {
        device_call(call);
    } else if (!common_call(call, &common, handles)) {
        say("no such call: votequorum %s", name);
    }
}
