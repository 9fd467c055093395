#include "client.h"

#include <corosync/cpg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static cpg_handle_t handles[SLOTS];
static void *zero_copy;
/* Set for a dispatch that blocks until a callback finalizes the handle. */
static int ends_in_callback;

static const char *reason(uint32_t number) {
    static const char *const names[] = {"undefined", "join", "leave", "nodedown", "nodeup", "procdown"};
    return number < 6 ? names[number] : "unknown";
}

/* Names with every byte that is no letter shown; long ones by their length. */
static void print_name(char *out, size_t size, const struct cpg_name *name) {
    if (name->length > 24) {
        snprintf(out, size, "%c*%u", name->value[0], name->length);
        return;
    }
    size_t at = 0;
    for (uint32_t index = 0; index < name->length && at + 5 < size; index++) {
        unsigned char byte = (unsigned char)name->value[index];
        at += (size_t)snprintf(out + at, size - at, byte > 32 && byte < 127 ? "%c" : "\\%03o", byte);
    }
    out[at] = 0;
}

static struct cpg_name name_from(const char *word) {
    struct cpg_name name;
    memset(&name, 0, sizeof(name));
    if (strncmp(word, "len:", 4) == 0) {
        name.length = (uint32_t)atoi(word + 4);
        memset(name.value, 'x', sizeof(name.value));
    } else if (strncmp(word, "nul:", 4) == 0) {
        name.length = (uint32_t)strlen(word + 4) + 1;
        memcpy(name.value, word + 4, name.length);
    } else {
        name.length = (uint32_t)strlen(word);
        memcpy(name.value, word, name.length);
    }
    return name;
}

static void list(const char *label, const struct cpg_address *entries, size_t count, int with_reasons) {
    if (count == 0) {
        return;
    }
    fprintf(words, " %s", label);
    for (size_t index = 0; index < count; index++) {
        fprintf(words, " %u/%u", entries[index].nodeid, entries[index].pid);
        if (with_reasons) {
            fprintf(words, ":%s", reason(entries[index].reason));
        }
    }
}

static void on_delivery(cpg_handle_t handle, const struct cpg_name *group, uint32_t node, uint32_t pid, void *message,
                        size_t length) {
    char name[140];
    print_name(name, sizeof(name), group);
    uint64_t sum = 0;
    for (size_t index = 0; index < length; index++) {
        sum = sum * 31 + ((const unsigned char *)message)[index];
    }
    say("  delivery %s from %u/%u: %zu bytes, sum %llx", name, node, pid, length, (unsigned long long)sum);
    happened();
    if (ends_in_callback) {
        say("  finalize in the callback: %s", result_name(cpg_finalize(handle)));
    }
}

static int compare_addresses(const void *first, const void *second) {
    const struct cpg_address *a = first;
    const struct cpg_address *b = second;
    return a->nodeid != b->nodeid ? (a->nodeid < b->nodeid ? -1 : 1) : (a->pid < b->pid ? -1 : a->pid > b->pid);
}

/* Processes found when rings meet come in the order in which their nodes happened to announce them: shown ascending. */
static void list_joined(const struct cpg_address *entries, size_t count) {
    struct cpg_address sorted[CPG_MEMBERS_MAX];
    memcpy(sorted, entries, count * sizeof(sorted[0]));
    qsort(sorted, count, sizeof(sorted[0]), compare_addresses);
    list("joined", sorted, count, 1);
}

static void on_change(cpg_handle_t handle, const struct cpg_name *group, const struct cpg_address *members,
                      size_t member_count, const struct cpg_address *left, size_t left_count,
                      const struct cpg_address *joined, size_t joined_count) {
    char name[140];
    print_name(name, sizeof(name), group);
    fprintf(words, "  change %s:", name);
    list("members", members, member_count, 0);
    list("left", left, left_count, 1);
    list_joined(joined, joined_count);
    say("%s", "");
    happened();
}

static void on_ring(cpg_handle_t handle, struct cpg_ring_id ring, uint32_t count, const uint32_t *members) {
    fprintf(words, "  ring %u.<%llx>:", ring.nodeid, (unsigned long long)ring.seq);
    for (uint32_t index = 0; index < count; index++) {
        fprintf(words, " %u", members[index]);
    }
    say("%s", "");
    happened();
}

static void initialize(const struct call *call) {
    cpg_callbacks_t callbacks = {on_delivery, on_change};
    cs_error_t result = cpg_initialize(&handles[slot_of(call)], has(call, "NULL") ? NULL : &callbacks);
    said(call, "cpg_initialize", result, "%s", "");
}

static void model_initialize(const struct call *call) {
    cpg_model_v1_data_t data = {CPG_MODEL_V1, on_delivery, on_change, on_ring, 0};
    data.flags = has(call, "flag") ? CPG_MODEL_V1_DELIVER_INITIAL_TOTEM_CONF : (unsigned int)number(call, 5);
    cs_error_t result =
        cpg_model_initialize(&handles[slot_of(call)], (cpg_model_t)number(call, 3),
                             has(call, "NULL") ? NULL : (cpg_model_data_t *)&data, (void *)(uintptr_t)7);
    said(call, "cpg_model_initialize", result, "%s", "");
}

static void multicast(const struct call *call, int with_parts) {
    struct iovec parts[4];
    int count = 0;
    char *buffer = NULL;
    if (with_parts) {
        for (int index = 3; index < call->count && count < 4; index++) {
            parts[count].iov_base = (void *)text(call, index);
            parts[count++].iov_len = strlen(text(call, index));
        }
    } else {
        size_t size = (size_t)number(call, 3);
        buffer = malloc(size + 1);
        for (size_t at = 0; at < size; at++) {
            buffer[at] = (char)(at * 7 + size);
        }
        parts[count].iov_base = buffer;
        parts[count++].iov_len = size;
    }
    cs_error_t result;
    int rounds = 0;
    do {
        result = cpg_mcast_joined(handle_of(call, handles),
                                  with_parts || call->count < 5 ? CPG_TYPE_AGREED : (cpg_guarantee_t)number(call, 4),
                                  parts, (unsigned int)count);
    } while (result == CS_ERR_TRY_AGAIN && rounds++ < 5000 && usleep(1000) == 0);
    said(call, "cpg_mcast_joined", result, "%s", "");
    free(buffer);
}

static void membership(const struct call *call) {
    struct cpg_name group = name_from(text(call, 3));
    struct cpg_address members[CPG_MEMBERS_MAX];
    int count = -1;
    cs_error_t result = cpg_membership_get(handle_of(call, handles), &group, members, &count);
    said(call, "cpg_membership_get", result, "%d", result == CS_OK ? count : 0);
    if (result == CS_OK && count > 0) {
        fprintf(words, " ");
        list("members", members, (size_t)count, 0);
        say("%s", "");
    }
}

static void iterate(const struct call *call) {
    struct cpg_name group = name_from(text(call, 4));
    cpg_iteration_handle_t iteration = 0;
    cs_error_t result = cpg_iteration_initialize(handle_of(call, handles), (cpg_iteration_type_t)number(call, 3),
                                                 call->count > 4 ? &group : NULL, &iteration);
    said(call, "cpg_iteration_initialize", result, "%s", "");
    if (result != CS_OK) {
        return;
    }
    struct cpg_iteration_description_t entry;
    while ((result = cpg_iteration_next(iteration, &entry)) == CS_OK) {
        char name[140];
        print_name(name, sizeof(name), &entry.group);
        say("cpg_iteration_next() = CS_OK %s %u/%u", name, entry.nodeid, entry.pid);
    }
    say("cpg_iteration_next() = %s at the end", result_name(result));
    say("cpg_iteration_finalize() = %s", result_name(cpg_iteration_finalize(iteration)));
    say("cpg_iteration_next(finalized) = %s", result_name(cpg_iteration_next(iteration, &entry)));
    say("cpg_iteration_finalize(finalized) = %s", result_name(cpg_iteration_finalize(iteration)));
}

static void zero_copy_call(const struct call *call) {
    const char *name = call->words[2];
    cpg_handle_t handle = handle_of(call, handles);
    if (strcmp(name, "zcb_alloc") == 0) {
        zero_copy = NULL;
        cs_error_t result = cpg_zcb_alloc(handle, (size_t)number(call, 3), &zero_copy);
        said(call, "cpg_zcb_alloc", result, "%s", zero_copy != NULL ? "a buffer" : "nothing");
    } else if (zero_copy == NULL) {
        say("no buffer");
    } else if (strcmp(name, "zcb_mcast_joined") == 0) {
        size_t size = (size_t)number(call, 3);
        for (size_t at = 0; at < size; at++) {
            ((char *)zero_copy)[at] = (char)(at * 7 + size);
        }
        said(call, "cpg_zcb_mcast_joined", cpg_zcb_mcast_joined(handle, CPG_TYPE_AGREED, zero_copy, size), "%s", "");
    } else {
        said(call, "cpg_zcb_free", cpg_zcb_free(handle, zero_copy), "%s", "");
    }
}

static cs_error_t set_context(cpg_handle_t handle, const void *context) {
    return cpg_context_set(handle, (void *)(uintptr_t)context);
}

static cs_error_t get_context(cpg_handle_t handle, const void **context) {
    return cpg_context_get(handle, (void **)context);
}

static const struct common common = {"cpg", cpg_fd_get, cpg_dispatch, cpg_finalize, set_context, get_context};

void cpg_call(const struct call *call) {
    const char *name = call->words[2];
    cpg_handle_t handle = handle_of(call, handles);
    if (strcmp(name, "initialize") == 0) {
        initialize(call);
    } else if (strcmp(name, "model_initialize") == 0) {
        model_initialize(call);
    } else if (strcmp(name, "dispatch_until_finalized") == 0) {
        ends_in_callback = 1;
        said(call, "cpg_dispatch", cpg_dispatch(handle, CS_DISPATCH_BLOCKING), "blocking");
        ends_in_callback = 0;
    } else if (strcmp(name, "join") == 0) {
        struct cpg_name group = name_from(text(call, 3));
        said(call, "cpg_join", cpg_join(handle, &group), "%s", "");
    } else if (strcmp(name, "leave") == 0) {
        struct cpg_name group = name_from(text(call, 3));
        said(call, "cpg_leave", cpg_leave(handle, &group), "%s", "");
    } else if (strcmp(name, "mcast") == 0) {
        multicast(call, 0);
    } else if (strcmp(name, "mcast_parts") == 0) {
        multicast(call, 1);
    } else if (strcmp(name, "membership_get") == 0) {
        membership(call);
    } else if (strcmp(name, "iterate") == 0) {
        iterate(call);
    } else if (strcmp(name, "local_get") == 0) {
        unsigned int node = 0;
        cs_error_t result = cpg_local_get(handle, &node);
        said(call, "cpg_local_get", result, "node %u", node);
    } else if (strcmp(name, "max_atomic_msgsize_get") == 0) {
        uint32_t size = 0;
        cs_error_t result = cpg_max_atomic_msgsize_get(handle, &size);
        said(call, "cpg_max_atomic_msgsize_get", result, "%u bytes", size);
    } else if (strcmp(name, "flow_control_state_get") == 0) {
        cpg_flow_control_state_t state = CPG_FLOW_CONTROL_DISABLED;
        cs_error_t result = cpg_flow_control_state_get(handle, &state);
        said(call, "cpg_flow_control_state_get", result, "%s", state == CPG_FLOW_CONTROL_ENABLED ? "enabled" : "disabled");
    } else if (strncmp(name, "zcb_", 4) == 0) {
        zero_copy_call(call);
    } else if (!common_call(call, &common, handles)) {
        say("no such call: cpg %s", name);
    }
}
