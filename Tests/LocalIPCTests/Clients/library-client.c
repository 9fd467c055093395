/* A program on the real client libraries. It says what it asks and what it is told, one line each, without anything
   that differs from run to run, so that two daemons can be compared. */

#include <corosync/cmap.h>
#include <corosync/cpg.h>
#include <corosync/quorum.h>
#include <corosync/votequorum.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

static const char *process(uint32_t pid) { return pid == (uint32_t)getpid() ? "me" : pid == 0 ? "0" : "other"; }

/* Waits for the first event and then dispatches until none comes for a while. */
#define DRAIN(fd, dispatch)                                                                                           \
    do {                                                                                                              \
        struct pollfd waiting = {fd, POLLIN, 0};                                                                      \
        int patience = 2000;                                                                                          \
        while (poll(&waiting, 1, patience) > 0 && (dispatch) == CS_OK) {                                              \
            patience = 150;                                                                                           \
        }                                                                                                             \
    } while (0)

/* Process groups. */

static void list(const char *label, const struct cpg_address *entries, size_t count) {
    for (size_t index = 0; index < count; index++) {
        say("  %s node %u %s reason %u", label, entries[index].nodeid, process(entries[index].pid),
            entries[index].reason);
    }
}

static void on_delivery(cpg_handle_t handle, const struct cpg_name *group, uint32_t node, uint32_t pid, void *message,
                        size_t length) {
    uint64_t sum = 0;
    for (size_t index = 0; index < length; index++) {
        sum = sum * 31 + ((const unsigned char *)message)[index];
    }
    say("delivery %.*s node %u %s, %zu bytes, sum %llx", (int)group->length, group->value, node, process(pid), length,
        (unsigned long long)sum);
}

static void on_change(cpg_handle_t handle, const struct cpg_name *group, const struct cpg_address *members,
                      size_t member_count, const struct cpg_address *left, size_t left_count,
                      const struct cpg_address *joined, size_t joined_count) {
    say("change of %.*s", (int)group->length, group->value);
    list("member", members, member_count);
    list("left", left, left_count);
    list("joined", joined, joined_count);
}

static void on_ring(cpg_handle_t handle, struct cpg_ring_id ring, uint32_t count, const uint32_t *members) {
    say("ring of node %u, %u members, first %u", ring.nodeid, count, count > 0 ? members[0] : 0);
}

static void groups(void) {
    cpg_model_v1_data_t model = {CPG_MODEL_V1, on_delivery, on_change, on_ring, CPG_MODEL_V1_DELIVER_INITIAL_TOTEM_CONF};
    cpg_handle_t handle;
    say("cpg initialize %d", cpg_model_initialize(&handle, CPG_MODEL_V1, (cpg_model_data_t *)&model, NULL));
    int fd = -1;
    cpg_fd_get(handle, &fd);
    unsigned int node = 0;
    int result = cpg_local_get(handle, &node);
    say("local_get %d node %u", result, node);
    struct cpg_name group = {5, "alpha"};
    struct cpg_name other = {4, "beta"};
    struct cpg_name longest = {128, ""};
    memset(longest.value, 'x', 128);

    char *text = "hello";
    struct iovec part = {text, 5};
    say("mcast before join %d", cpg_mcast_joined(handle, CPG_TYPE_AGREED, &part, 1));
    say("leave before join %d", cpg_leave(handle, &group));
    say("join %d", cpg_join(handle, &group));
    say("mcast right after join %d", cpg_mcast_joined(handle, CPG_TYPE_AGREED, &part, 1));
    DRAIN(fd, cpg_dispatch(handle, CS_DISPATCH_ALL));
    say("join again %d", cpg_join(handle, &group));
    say("join another %d", cpg_join(handle, &other));

    struct cpg_address members[CPG_MEMBERS_MAX];
    int count = 0;
    result = cpg_membership_get(handle, &group, members, &count);
    say("membership_get %d, %d", result, count);
    for (int index = 0; index < count; index++) {
        say("  node %u %s", members[index].nodeid, process(members[index].pid));
    }
    count = 9;
    result = cpg_membership_get(handle, &other, members, &count);
    say("membership_get of nobody %d, %d", result, count);

    struct iovec parts[3] = {{"one", 3}, {"", 0}, {"three", 5}};
    say("mcast of parts %d", cpg_mcast_joined(handle, CPG_TYPE_AGREED, parts, 3));
    struct iovec nothing = {"", 0};
    say("mcast of nothing %d", cpg_mcast_joined(handle, CPG_TYPE_AGREED, &nothing, 1));
    DRAIN(fd, cpg_dispatch(handle, CS_DISPATCH_ALL));

    static const size_t sizes[] = {1000, 100000, 1047552, 1047553, 2500000};
    for (size_t index = 0; index < sizeof(sizes) / sizeof(sizes[0]); index++) {
        unsigned char *large = malloc(sizes[index]);
        for (size_t at = 0; at < sizes[index]; at++) {
            large[at] = (unsigned char)(at * 7 + index);
        }
        struct iovec whole = {large, sizes[index]};
        do {
            result = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &whole, 1);
        } while (result == CS_ERR_TRY_AGAIN && usleep(1000) == 0);
        say("mcast of %zu bytes %d", sizes[index], result);
        DRAIN(fd, cpg_dispatch(handle, CS_DISPATCH_ALL));
        free(large);
    }

    static const cpg_iteration_type_t kinds[] = {CPG_ITERATION_NAME_ONLY, CPG_ITERATION_ONE_GROUP, CPG_ITERATION_ALL};
    for (int kind = 0; kind < 3; kind++) {
        cpg_iteration_handle_t iteration;
        say("iterate %d %d", kind, cpg_iteration_initialize(handle, kinds[kind], kind == 1 ? &group : NULL, &iteration));
        struct cpg_iteration_description_t entry;
        while ((result = cpg_iteration_next(iteration, &entry)) == CS_OK) {
            say("  %.*s node %u %s", (int)entry.group.length, entry.group.value, entry.nodeid, process(entry.pid));
        }
        say("  end %d, finalize %d", result, cpg_iteration_finalize(iteration));
    }
    say("leave %d", cpg_leave(handle, &group));
    DRAIN(fd, cpg_dispatch(handle, CS_DISPATCH_ALL));
    say("leave again %d", cpg_leave(handle, &group));
    say("finalize %d", cpg_finalize(handle));

    cpg_callbacks_t callbacks = {on_delivery, on_change};
    say("initialize %d", cpg_initialize(&handle, &callbacks));
    cpg_fd_get(handle, &fd);
    say("join with the longest name %d", cpg_join(handle, &longest));
    DRAIN(fd, cpg_dispatch(handle, CS_DISPATCH_ALL));
    say("finalize %d", cpg_finalize(handle));
}

/* Quorum. */

static void on_quorum_v0(quorum_handle_t handle, uint32_t quorate, uint64_t sequence, uint32_t count,
                         uint32_t *members) {
    say("quorum %u, %u members, first %u", quorate, count, count > 0 ? members[0] : 0);
}

static void on_quorum(quorum_handle_t handle, uint32_t quorate, struct quorum_ring_id ring, uint32_t count,
                      const uint32_t *members) {
    say("quorum %u in a ring of node %u, %u members, first %u", quorate, ring.nodeid, count, count > 0 ? members[0] : 0);
}

static void on_nodes(quorum_handle_t handle, struct quorum_ring_id ring, uint32_t member_count,
                     const uint32_t *members, uint32_t joined_count, const uint32_t *joined, uint32_t left_count,
                     const uint32_t *left) {
    say("nodes of a ring of node %u: %u members, %u joined, %u left", ring.nodeid, member_count, joined_count,
        left_count);
}

static void quorum(void) {
    quorum_handle_t handle;
    uint32_t type = 9;
    int quorate = 9;
    int fd = -1;
    quorum_callbacks_t callbacks = {on_quorum_v0};
    int result = quorum_initialize(&handle, &callbacks, &type);
    say("quorum initialize %d type %u", result, type);
    quorum_fd_get(handle, &fd);
    result = quorum_getquorate(handle, &quorate);
    say("getquorate %d %d", result, quorate);
    say("trackstart %d", quorum_trackstart(handle, CS_TRACK_CURRENT));
    DRAIN(fd, quorum_dispatch(handle, CS_DISPATCH_ALL));
    say("trackstart %d", quorum_trackstart(handle, CS_TRACK_CHANGES));
    say("trackstart %d", quorum_trackstart(handle, CS_TRACK_CHANGES));
    DRAIN(fd, quorum_dispatch(handle, CS_DISPATCH_ALL));
    say("trackstop %d", quorum_trackstop(handle));
    say("trackstop %d", quorum_trackstop(handle));
    say("finalize %d", quorum_finalize(handle));

    quorum_model_v1_data_t model = {QUORUM_MODEL_V1, on_quorum, on_nodes};
    result = quorum_model_initialize(&handle, QUORUM_MODEL_V1, (quorum_model_data_t *)&model, &type, NULL);
    say("quorum model initialize %d type %u", result, type);
    quorum_fd_get(handle, &fd);
    say("trackstart %d", quorum_trackstart(handle, CS_TRACK_CURRENT | CS_TRACK_CHANGES));
    DRAIN(fd, quorum_dispatch(handle, CS_DISPATCH_ALL));
    say("finalize %d", quorum_finalize(handle));
}

/* Votequorum. */

static void on_votes(votequorum_handle_t handle, uint64_t context, uint32_t quorate, uint32_t count,
                     votequorum_node_t nodes[]) {
    say("votes for %llx: quorate %u", (unsigned long long)context, quorate);
    for (uint32_t index = 0; index < count; index++) {
        say("  node %u state %u", nodes[index].nodeid, nodes[index].state);
    }
}

static void on_expected(votequorum_handle_t handle, uint64_t context, uint32_t expected) {
    say("expected votes for %llx: %u", (unsigned long long)context, expected);
}

static void on_vote_nodes(votequorum_handle_t handle, uint64_t context, votequorum_ring_id_t ring, uint32_t count,
                          uint32_t nodes[]) {
    say("vote nodes for %llx of a ring of node %u: %u, first %u", (unsigned long long)context, ring.nodeid, count,
        count > 0 ? nodes[0] : 0);
}

static void info(votequorum_handle_t handle, unsigned int node) {
    struct votequorum_info info;
    memset(&info, 0, sizeof(info));
    int result = votequorum_getinfo(handle, node, &info);
    say("getinfo %u %d", node, result);
    if (result == CS_OK) {
        say("  node %u state %u votes %u expected %u highest %u total %u quorum %u flags %u device %u '%s'",
            info.node_id, info.node_state, info.node_votes, info.node_expected_votes, info.highest_expected,
            info.total_votes, info.quorum, info.flags, info.qdevice_votes, info.qdevice_name);
    }
}

static void votes(void) {
    votequorum_handle_t handle;
    votequorum_callbacks_t callbacks = {on_votes, on_expected, on_vote_nodes};
    votequorum_ring_id_t ring = {1, 1};
    int fd = -1;
    say("votequorum initialize %d", votequorum_initialize(&handle, &callbacks));
    votequorum_fd_get(handle, &fd);
    info(handle, 0);
    info(handle, 1);
    info(handle, 9);
    say("trackstop %d", votequorum_trackstop(handle));
    say("trackstart %d", votequorum_trackstart(handle, 0x1122334455667788ULL, CS_TRACK_CHANGES));
    say("trackstart %d", votequorum_trackstart(handle, 7, CS_TRACK_CURRENT));
    DRAIN(fd, votequorum_dispatch(handle, CS_DISPATCH_ALL));
    say("setexpected 0 %d", votequorum_setexpected(handle, 0));
    say("setexpected 9 %d", votequorum_setexpected(handle, 9));
    say("setvotes 9 of 9 %d", votequorum_setvotes(handle, 9, 9));
    say("setvotes 3 of 1 %d", votequorum_setvotes(handle, 1, 3));
    DRAIN(fd, votequorum_dispatch(handle, CS_DISPATCH_ALL));
    info(handle, 0);
    say("setvotes 1 of 1 %d", votequorum_setvotes(handle, 1, 1));
    DRAIN(fd, votequorum_dispatch(handle, CS_DISPATCH_ALL));
    info(handle, 0);
    say("register %d", votequorum_qdevice_register(handle, "device"));
    say("poll %d", votequorum_qdevice_poll(handle, "device", 1, ring));
    say("update %d", votequorum_qdevice_update(handle, "device", "other"));
    /* The new name is known once the ring has brought it back. */
    struct votequorum_info renamed;
    for (int round = 0; round < 300; round++) {
        if (votequorum_getinfo(handle, 0, &renamed) != CS_OK || strcmp(renamed.qdevice_name, "device") != 0) {
            break;
        }
        usleep(10000);
    }
    say("now called '%s'", renamed.qdevice_name);
    say("master wins %d", votequorum_qdevice_master_wins(handle, "device", 1));
    say("unregister %d", votequorum_qdevice_unregister(handle, "device"));
    say("trackstop %d", votequorum_trackstop(handle));
    say("finalize %d", votequorum_finalize(handle));
}

/* The map. */

static void on_key(cmap_handle_t handle, cmap_track_handle_t track, int32_t event, const char *key,
                   struct cmap_notify_value new_value, struct cmap_notify_value old_value, void *data) {
    say("key %s event %d for %s: new type %d length %zu, old type %d length %zu", key, event, (const char *)data,
        new_value.type, new_value.len, old_value.type, old_value.len);
}

static void map(void) {
    cmap_handle_t handle;
    int fd = -1;
    say("cmap initialize %d", cmap_initialize(&handle));
    cmap_fd_get(handle, &fd);
    cmap_track_handle_t track;
    int32_t all = CMAP_TRACK_ADD | CMAP_TRACK_DELETE | CMAP_TRACK_MODIFY;
    say("track %d", cmap_track_add(handle, "library.", all | CMAP_TRACK_PREFIX, on_key, "prefix", &track));
    say("set %d", cmap_set_uint32(handle, "library.number", 5));
    say("set %d", cmap_set_string(handle, "library.text", "some text"));
    say("inc %d", cmap_inc(handle, "library.number"));
    uint32_t number = 0;
    int result = cmap_get_uint32(handle, "library.number", &number);
    say("get %d %u", result, number);
    uint8_t small = 0;
    say("get of the wrong type %d", cmap_get_uint8(handle, "library.number", &small));
    char *text = NULL;
    result = cmap_get_string(handle, "library.text", &text);
    say("get %d '%s'", result, text != NULL ? text : "");
    free(text);
    say("set read-only %d", cmap_set_uint32(handle, "totem.version", 3));
    say("delete %d", cmap_delete(handle, "library.text"));
    say("delete %d", cmap_delete(handle, "library.text"));
    DRAIN(fd, cmap_dispatch(handle, CS_DISPATCH_ALL));
    cmap_iter_handle_t iterator;
    say("iterate %d", cmap_iter_init(handle, "library.", &iterator));
    char name[CMAP_KEYNAME_MAXLEN + 1];
    size_t length = 0;
    cmap_value_types_t type;
    while ((result = cmap_iter_next(handle, iterator, name, &length, &type)) == CS_OK) {
        say("  %s length %zu type %d", name, length, type);
    }
    say("  end %d, finalize %d", result, cmap_iter_finalize(handle, iterator));
    say("untrack %d", cmap_track_delete(handle, track));
    say("delete %d", cmap_delete(handle, "library.number"));
    say("finalize %d", cmap_finalize(handle));
}

int main(void) {
    map();
    quorum();
    votes();
    groups();
    return 0;
}
