/*
 * A member of a process group that multicasts messages of all sizes, from 1 byte to 1 MiB, and writes down everything
 * that is delivered to it, in order. When its daemon dies it comes back with the next one, as a new life.
 *
 * Usage: order GROUP MEMBERS RATE SEED FILE
 *
 * RATE is in messages a second. Sending starts when the group has MEMBERS members for the first time. Commands on
 * standard input: `finish` sends a last message and no further one (`finished` is printed when the last messages of
 * MEMBERS nodes have come), `close` ends the writing (`closed`). FILE holds records of 40 bytes, host byte order.
 */
#include <corosync/cpg.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define LARGEST (1024u * 1024)
/* What may be under way of one sender; at least one message always may. */
#define LARGEST_BACKLOG 64u
#define LARGEST_BACKLOG_BYTES (1024u * 1024)
#define BURST 16u

enum kind { LIFE = 1, DELIVERY, RING, MEMBER, CHANGE, ADDRESS, GONE, END, REFUSED };
enum role { IS_MEMBER, HAS_LEFT, HAS_JOINED };
enum { SHORT = 1, ALTERED = 2, LAST = 4 };

struct record {
    uint32_t kind, node, process, life;
    uint64_t number;
    uint32_t length, flags;
    uint64_t digest;
};

/* In front of every message that is long enough; the others begin with the low byte of their number. */
struct header {
    uint64_t number;
    uint32_t node, process, life, length, last, unused;
};

static FILE *file;
static cpg_handle_t handle;
static uint32_t own_node, own_process, life, expected_members, started, joined, finishing, marked, closed;
/* Of this life: messages the library accepted, those that came back, and the bytes of those that did not yet. */
static uint64_t accepted, returned, bytes_under_way;
static uint32_t lengths_under_way[2 * LARGEST_BACKLOG];
static uint32_t finished_nodes[CPG_MEMBERS_MAX], finished_count;
static unsigned char message[LARGEST], wanted[LARGEST];

static void write_record(struct record record)
{
    if (!closed && fwrite(&record, sizeof(record), 1, file) != 1)
        exit(3);
}

static uint64_t mix(uint64_t value)
{
    value ^= value >> 33;
    value *= 0xff51afd7ed558ccdu;
    value ^= value >> 33;
    value *= 0xc4ceb9fe1a85ec53u;
    return value ^ value >> 33;
}

/* Two messages have the same digest only if they have the same bytes, as far as a test can tell. */
static uint64_t digest_of(const unsigned char *bytes, size_t length)
{
    uint64_t digest = mix(length + 1), word;
    size_t at = 0;
    for (; at + sizeof(word) <= length; at += sizeof(word)) {
        memcpy(&word, bytes + at, sizeof(word));
        digest = mix(digest ^ word) + at;
    }
    for (; at < length; at++)
        digest = mix(digest ^ bytes[at]) + at;
    return digest;
}

/* The body that belongs to a header, or the whole of a short message of this node and first byte. */
static void fill(unsigned char *out, const struct header *header, uint32_t node, unsigned char first, uint32_t length)
{
    uint64_t state, at = 0;
    if (header) {
        state = mix(header->number ^ mix((uint64_t)header->node << 32 ^ header->process ^ (uint64_t)header->life << 48));
        memcpy(out, header, sizeof(*header));
        at = sizeof(*header);
    } else {
        state = mix((uint64_t)node << 16 ^ (uint64_t)first << 8 ^ length);
        out[at++] = first;
    }
    for (; at + sizeof(state) <= length; at += sizeof(state)) {
        state += 0x9e3779b97f4a7c15u;
        const uint64_t word = state ^ state >> 29;
        memcpy(out + at, &word, sizeof(word));
    }
    for (; at < length; at++)
        out[at] = (unsigned char)(state >> 8 * (at % sizeof(state)));
}

/* A quarter of all messages is short; one in a hundred is large, and some of these need two parts. */
static uint32_t length_of(uint64_t number, uint64_t seed)
{
    const uint64_t random = mix(number ^ mix(seed ^ (uint64_t)own_node << 40 ^ (uint64_t)life << 50));
    const uint32_t share = random % 100, rest = (uint32_t)(random >> 32);
    if (number % 4 == 1)
        return 1 + rest % (sizeof(struct header) - 1);
    if (share < 70)
        return sizeof(struct header) + rest % 600;
    if (share < 90)
        return 600 + rest % 9000;
    if (share < 98)
        return 9000 + rest % 60000;
    return share < 99 ? 70000 + rest % (LARGEST - 70000 + 1) : LARGEST;
}

static void note_finished(uint32_t node)
{
    for (uint32_t index = 0; index < finished_count; index++)
        if (finished_nodes[index] == node)
            return;
    finished_nodes[finished_count++] = node;
    if (finished_count == expected_members) {
        printf("finished\n");
        fflush(stdout);
    }
}

static void delivered(cpg_handle_t from, const struct cpg_name *group, uint32_t node, uint32_t process, void *bytes,
                      size_t length)
{
    struct record record = { .kind = DELIVERY, .node = node, .process = process, .length = (uint32_t)length };
    struct header header;
    (void)from;
    (void)group;
    if (length == 0 || length > LARGEST) {
        record.flags = ALTERED;
    } else if (length < sizeof(header)) {
        record.flags = SHORT;
        record.number = *(unsigned char *)bytes;
        fill(wanted, NULL, node, *(unsigned char *)bytes, (uint32_t)length);
    } else {
        memcpy(&header, bytes, sizeof(header));
        record.number = header.number;
        record.life = header.life;
        if (header.node != node || header.process != process || header.length != length)
            record.flags = ALTERED;
        fill(wanted, &header, node, 0, (uint32_t)length);
        if (header.last)
            record.flags |= LAST;
    }
    if (!(record.flags & ALTERED) && memcmp(wanted, bytes, length) != 0)
        record.flags |= ALTERED;
    record.digest = digest_of(bytes, length);
    write_record(record);
    if (node == own_node && process == own_process && returned < accepted) {
        bytes_under_way -= lengths_under_way[returned % (2 * LARGEST_BACKLOG)];
        returned++;
    }
    if (record.flags & LAST)
        note_finished(node);
}

static void write_addresses(const struct cpg_address *addresses, size_t count, enum role role)
{
    for (size_t index = 0; index < count; index++)
        write_record((struct record){ .kind = ADDRESS,
                                      .node = addresses[index].nodeid,
                                      .process = addresses[index].pid,
                                      .life = role == IS_MEMBER ? 0 : addresses[index].reason,
                                      .flags = role });
}

static void changed(cpg_handle_t from, const struct cpg_name *group, const struct cpg_address *members, size_t count,
                    const struct cpg_address *left, size_t left_count, const struct cpg_address *came,
                    size_t came_count)
{
    (void)from;
    (void)group;
    write_record((struct record){
        .kind = CHANGE, .number = accepted, .length = (uint32_t)(count + left_count + came_count) });
    write_addresses(members, count, IS_MEMBER);
    write_addresses(left, left_count, HAS_LEFT);
    write_addresses(came, came_count, HAS_JOINED);
    for (size_t index = 0; index < came_count; index++)
        if (came[index].nodeid == own_node && came[index].pid == own_process)
            joined = 1;
    if (count == expected_members)
        started = 1;
    /* Whoever came has not heard the last messages of the others. */
    finished_count = 0;
    marked = 0;
}

static void ring_changed(cpg_handle_t from, struct cpg_ring_id ring, uint32_t count, const uint32_t *members)
{
    (void)from;
    write_record((struct record){
        .kind = RING, .node = ring.nodeid, .number = ring.seq, .length = count, .digest = accepted });
    for (uint32_t index = 0; index < count; index++)
        write_record((struct record){ .kind = MEMBER, .node = members[index] });
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void daemon_is_gone(cs_error_t error)
{
    write_record((struct record){ .kind = GONE, .life = life, .number = accepted, .digest = error });
    fflush(file);
    cpg_finalize(handle);
    handle = 0;
}

/* Connects to the daemon and joins; 0 when that is not possible yet. */
static int connect_and_join(const struct cpg_name *group)
{
    cpg_model_v1_data_t model = { CPG_MODEL_V1, delivered, changed, ring_changed,
                                  CPG_MODEL_V1_DELIVER_INITIAL_TOTEM_CONF };
    cpg_handle_t connection;
    cs_error_t error;
    unsigned node;
    if (cpg_model_initialize(&connection, CPG_MODEL_V1, (cpg_model_data_t *)&model, NULL) != CS_OK)
        return 0;
    if (cpg_local_get(connection, &node) == CS_OK) {
        own_node = node;
        joined = 0;
        marked = 0;
        accepted = returned = bytes_under_way = 0;
        finished_count = 0;
        while ((error = cpg_join(connection, group)) == CS_ERR_TRY_AGAIN)
            usleep(5000);
        if (error == CS_OK) {
            handle = connection;
            life++;
            write_record(
                (struct record){ .kind = LIFE, .node = own_node, .process = own_process, .life = life });
            return 1;
        }
    }
    cpg_finalize(connection);
    return 0;
}

/* Sends the next message of this life; 0 when it has to wait. */
static int send_next(uint64_t seed)
{
    struct header header = { accepted, own_node, own_process, life, length_of(accepted, seed), finishing, 0 };
    if (finishing)
        header.length = sizeof(header);
    fill(message, header.length < sizeof(header) ? NULL : &header, own_node, (unsigned char)accepted, header.length);
    struct iovec part = { .iov_base = message, .iov_len = header.length };
    const cs_error_t error = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &part, 1);
    if (error == CS_OK) {
        lengths_under_way[accepted % (2 * LARGEST_BACKLOG)] = header.length;
        bytes_under_way += header.length;
        accepted++;
        marked = finishing;
        return 1;
    }
    /* A membership change in the middle of a message in several parts ends it: it is sent anew. */
    if (error == CS_ERR_TRY_AGAIN || error == CS_ERR_INTERRUPT)
        return 0;
    /* When the daemon dies in the middle of such a message, libcpg returns a number it never set: ask again. */
    unsigned node;
    if (cpg_local_get(handle, &node) != CS_OK)
        daemon_is_gone(error);
    else
        write_record((struct record){ .kind = REFUSED, .life = life, .number = accepted, .digest = error });
    return 0;
}

static void obey(void)
{
    char line[64];
    const ssize_t count = read(0, line, sizeof(line) - 1);
    if (count <= 0)
        exit(0);
    line[count] = 0;
    if (strstr(line, "finish"))
        finishing = 1;
    if (strstr(line, "close")) {
        write_record((struct record){ .kind = END, .life = life, .number = accepted });
        fflush(file);
        closed = 1;
        printf("closed\n");
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    struct cpg_name group;
    if (argc != 6 || strlen(argv[1]) > CPG_MAX_NAME_LENGTH || !(file = fopen(argv[5], "w"))) {
        fprintf(stderr, "usage: order GROUP MEMBERS RATE SEED FILE\n");
        return 1;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    group.length = (uint32_t)strlen(argv[1]);
    memcpy(group.value, argv[1], group.length);
    expected_members = (uint32_t)strtoul(argv[2], NULL, 10);
    const uint64_t rate = strtoull(argv[3], NULL, 10), seed = strtoull(argv[4], NULL, 10);
    if (rate == 0 || expected_members == 0 || expected_members > CPG_MEMBERS_MAX)
        return 1;
    own_process = (uint32_t)getpid();

    uint64_t next = now();
    for (;;) {
        struct pollfd ready[2] = { { .fd = 0, .events = POLLIN }, { .fd = -1, .events = POLLIN } };
        cs_error_t error = CS_OK;
        int wait = 20;
        if (!handle && connect_and_join(&group))
            next = now();
        if (handle && joined && started && !marked) {
            const uint64_t pace = 1000000000u / rate;
            uint64_t moment = now();
            /* What could not be sent in time is made up for in small bursts only. */
            if (next + BURST * pace < moment)
                next = moment - BURST * pace;
            while (handle && next <= moment && !marked && accepted - returned < LARGEST_BACKLOG
                   && (bytes_under_way < LARGEST_BACKLOG_BYTES) && send_next(seed))
                next += pace;
            moment = now();
            wait = next > moment ? (int)((next - moment) / 1000000u) + 1 : 1;
        }
        int descriptor;
        if (handle && cpg_fd_get(handle, &descriptor) == CS_OK)
            ready[1].fd = descriptor;
        if (poll(ready, 2, wait) < 0)
            continue;
        if (ready[0].revents)
            obey();
        if (handle && ready[1].revents) {
            error = cpg_dispatch(handle, CS_DISPATCH_ALL);
            fflush(file);
            if (error != CS_OK && error != CS_ERR_TRY_AGAIN)
                daemon_is_gone(error);
        }
    }
}
