#include "client.h"

#include <corosync/cfg.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static corosync_cfg_handle_t handles[SLOTS];
/* What the shutdown callback of each handle answers: nothing, no (1), yes (2). */
static int answers[SLOTS];

static void on_shutdown(corosync_cfg_handle_t handle, corosync_cfg_shutdown_flags_t flags) {
    say("  asked to shut down, flags %d", (int)flags);
    happened();
    for (int slot = 0; slot < SLOTS; slot++) {
        if (handles[slot] == handle && answers[slot] != 0) {
            corosync_cfg_shutdown_reply_flags_t reply =
                answers[slot] == 2 ? COROSYNC_CFG_SHUTDOWN_FLAG_YES : COROSYNC_CFG_SHUTDOWN_FLAG_NO;
            say("  corosync_cfg_replyto_shutdown(in the callback %d) = %s", (int)reply,
                result_name(corosync_cfg_replyto_shutdown(handle, reply)));
        }
    }
}

static void initialize(const struct call *call) {
    corosync_cfg_callbacks_t callbacks = {on_shutdown};
    answers[slot_of(call)] = has(call, "yes") ? 2 : has(call, "no") ? 1 : 0;
    cs_error_t result =
        corosync_cfg_initialize(&handles[slot_of(call)], has(call, "NULL") ? NULL : &callbacks);
    said(call, "corosync_cfg_initialize", result, "%s", "");
}

static void ring_status(const struct call *call, corosync_cfg_handle_t handle) {
    char **names = NULL;
    char **status = NULL;
    unsigned int count = 0;
    cs_error_t result = corosync_cfg_ring_status_get(handle, &names, &status, &count);
    said(call, "corosync_cfg_ring_status_get", result, "%u", result == CS_OK ? count : 0);
    for (unsigned int index = 0; result == CS_OK && index < count; index++) {
        say("  '%s' '%s'", names[index], status[index]);
        free(names[index]);
        free(status[index]);
    }
    if (result == CS_OK) {
        free(names);
        free(status);
    }
}

static void node_status(const struct call *call, corosync_cfg_handle_t handle) {
    struct corosync_cfg_node_status_v1 status;
    memset(&status, 0, sizeof(status));
    cs_error_t result = corosync_cfg_node_status_get(
        handle, (unsigned int)number(call, 3),
        call->count > 4 ? (corosync_cfg_node_status_version_t)number(call, 4) : CFG_NODE_STATUS_V1,
        has(call, "NULL") ? NULL : &status);
    if (result != CS_OK) {
        said(call, "corosync_cfg_node_status_get", result, "%s", "");
        return;
    }
    said(call, "corosync_cfg_node_status_get", result, "version %d node %u reachable %u remote %u external %u onwire %u %u %u",
         (int)status.version, status.nodeid, status.reachable, status.remote, status.external, status.onwire_min,
         status.onwire_max, status.onwire_ver);
    for (int link = 0; link < CFG_MAX_LINKS; link++) {
        const struct corosync_knet_link_status_v1 *at = &status.link_status[link];
        if (at->enabled || at->connected || at->mtu || at->src_ipaddr[0] || at->dst_ipaddr[0]) {
            say("  link %d: enabled %u connected %u dynconnected %u mtu %u from '%s' to '%s'", link, at->enabled,
                at->connected, at->dynconnected, at->mtu, at->src_ipaddr, at->dst_ipaddr);
        }
    }
}

static void node_addresses(const struct call *call, corosync_cfg_handle_t handle) {
    corosync_cfg_node_address_t addresses[8];
    size_t room = call->count > 4 ? (size_t)number(call, 4) : 8;
    int count = 0;
    memset(addresses, 0, sizeof(addresses));
    cs_error_t result =
        corosync_cfg_get_node_addrs(handle, (unsigned int)number(call, 3), room, &count, addresses);
    said(call, "corosync_cfg_get_node_addrs", result, "%d", result == CS_OK ? count : 0);
    for (int index = 0; result == CS_OK && index < count && index < 8; index++) {
        const struct sockaddr_storage *address = (const struct sockaddr_storage *)addresses[index].address;
        char shown[INET6_ADDRSTRLEN] = "";
        const void *bytes = address->ss_family == AF_INET6
                                ? (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr
                                : (const void *)&((const struct sockaddr_in *)address)->sin_addr;
        inet_ntop(address->ss_family, bytes, shown, sizeof(shown));
        say("  family %d length %d %s", address->ss_family, addresses[index].address_length, shown);
    }
}

static const struct common common = {
    "corosync_cfg", corosync_cfg_fd_get, corosync_cfg_dispatch, corosync_cfg_finalize, NULL, NULL};

void cfg_call(const struct call *call) {
    const char *name = call->words[2];
    corosync_cfg_handle_t handle = handle_of(call, handles);
    if (strcmp(name, "initialize") == 0) {
        initialize(call);
    } else if (strcmp(name, "ring_status_get") == 0) {
        ring_status(call, handle);
    } else if (strcmp(name, "node_status_get") == 0) {
        node_status(call, handle);
    } else if (strcmp(name, "get_node_addrs") == 0) {
        node_addresses(call, handle);
    } else if (strcmp(name, "local_get") == 0) {
        unsigned int node = 0;
        cs_error_t result = corosync_cfg_local_get(handle, &node);
        said(call, "corosync_cfg_local_get", result, "node %u", node);
    } else if (strcmp(name, "kill_node") == 0) {
        cs_error_t result = corosync_cfg_kill_node(handle, (unsigned int)number(call, 3), text(call, 4));
        said(call, "corosync_cfg_kill_node", result, "%s", "");
    } else if (strcmp(name, "trackstart") == 0) {
        said(call, "corosync_cfg_trackstart", corosync_cfg_trackstart(handle, (uint8_t)number(call, 3)), "%s", "");
    } else if (strcmp(name, "trackstop") == 0) {
        said(call, "corosync_cfg_trackstop", corosync_cfg_trackstop(handle), "%s", "");
    } else if (strcmp(name, "try_shutdown") == 0) {
        cs_error_t result = corosync_cfg_try_shutdown(handle, (corosync_cfg_shutdown_flags_t)number(call, 3));
        said(call, "corosync_cfg_try_shutdown", result, "%s", "");
    } else if (strcmp(name, "replyto_shutdown") == 0) {
        cs_error_t result =
            corosync_cfg_replyto_shutdown(handle, (corosync_cfg_shutdown_reply_flags_t)number(call, 3));
        said(call, "corosync_cfg_replyto_shutdown", result, "%s", "");
    } else if (strcmp(name, "reload_config") == 0) {
        said(call, "corosync_cfg_reload_config", corosync_cfg_reload_config(handle), "%s", "");
    } else if (strcmp(name, "reopen_log_files") == 0) {
        said(call, "corosync_cfg_reopen_log_files", corosync_cfg_reopen_log_files(handle), "%s", "");
    } else if (!common_call(call, &common, handles)) {
        say("no such call: cfg %s", name);
    }
}
