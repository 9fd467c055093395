#include "client.h"

#include <corosync/quorum.h>
#include <stdio.h>
#include <string.h>

static quorum_handle_t handles[SLOTS];

static void list(const char *label, uint32_t count, const uint32_t *nodes) {
    if (count == 0) {
        return;
    }
    fprintf(words, " %s", label);
    for (uint32_t index = 0; index < count; index++) {
        fprintf(words, " %u", nodes[index]);
    }
}

static void on_notification(quorum_handle_t handle, uint32_t quorate, uint64_t sequence, uint32_t count,
                            uint32_t *members) {
    fprintf(words, "  quorum %s in ring .<%llx>:", quorate ? "yes" : "no", (unsigned long long)sequence);
    list("members", count, members);
    say("%s", "");
    happened();
}

static void on_quorum(quorum_handle_t handle, uint32_t quorate, struct quorum_ring_id ring, uint32_t count,
                      const uint32_t *members) {
    fprintf(words, "  quorum %s in ring %u.<%llx>:", quorate ? "yes" : "no", ring.nodeid, (unsigned long long)ring.seq);
    list("members", count, members);
    say("%s", "");
    happened();
}

static void on_nodes(quorum_handle_t handle, struct quorum_ring_id ring, uint32_t member_count,
                     const uint32_t *members, uint32_t joined_count, const uint32_t *joined, uint32_t left_count,
                     const uint32_t *left) {
    fprintf(words, "  nodes of ring %u.<%llx>:", ring.nodeid, (unsigned long long)ring.seq);
    list("members", member_count, members);
    list("joined", joined_count, joined);
    list("left", left_count, left);
    say("%s", "");
    happened();
}

static void initialize(const struct call *call) {
    uint32_t type = 99;
    quorum_callbacks_t callbacks = {has(call, "none") ? NULL : on_notification};
    cs_error_t result = quorum_initialize(&handles[slot_of(call)], has(call, "NULL") ? NULL : &callbacks, &type);
    said(call, "quorum_initialize", result, "type %u", type);
}

static void model_initialize(const struct call *call) {
    uint32_t type = 99;
    quorum_model_v0_data_t v0 = {QUORUM_MODEL_V0, on_notification};
    quorum_model_v1_data_t v1 = {QUORUM_MODEL_V1, on_quorum, on_nodes};
    quorum_model_t model = (quorum_model_t)number(call, 3);
    quorum_model_data_t *data = model == QUORUM_MODEL_V0 ? (quorum_model_data_t *)&v0 : (quorum_model_data_t *)&v1;
    cs_error_t result = quorum_model_initialize(&handles[slot_of(call)], model, has(call, "NULL") ? NULL : data, &type,
                                                (void *)(uintptr_t)7);
    said(call, "quorum_model_initialize", result, "type %u", type);
}

static const struct common common = {"quorum",       quorum_fd_get,      quorum_dispatch,
                                     quorum_finalize, quorum_context_set, quorum_context_get};

void quorum_call(const struct call *call) {
    const char *name = call->words[2];
    quorum_handle_t handle = handle_of(call, handles);
    if (strcmp(name, "initialize") == 0) {
        initialize(call);
    } else if (strcmp(name, "model_initialize") == 0) {
        model_initialize(call);
    } else if (strcmp(name, "getquorate") == 0) {
        int quorate = 99;
        cs_error_t result = quorum_getquorate(handle, &quorate);
        said(call, "quorum_getquorate", result, "%d", quorate);
    } else if (strcmp(name, "trackstart") == 0) {
        said(call, "quorum_trackstart", quorum_trackstart(handle, (unsigned int)number(call, 3)), "%s", "");
    } else if (strcmp(name, "trackstop") == 0) {
        said(call, "quorum_trackstop", quorum_trackstop(handle), "%s", "");
    } else if (!common_call(call, &common, handles)) {
        say("no such call: quorum %s", name);
    }
}
