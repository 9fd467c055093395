/* A switch that delays: takes Ethernet frames off some interfaces and puts them on others later, as tc netem would.
 *
 *   relay run SEED INTERFACE...      forwards; reads conditions from standard input, ends when that is closed
 *   relay plain INTERFACE            has the kernel send whole frames of this interface: with checksums, no longer
 *                                    than its MTU
 *
 * Conditions are lines `DELAY JITTER LOSS DUPLICATE`: nanoseconds, nanoseconds around the delay, and shares in
 * millionths. Every copy of a frame has its own delay, so frames overtake each other. Each line is answered by `ok`.
 * The counters at the end go to standard error.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_PORTS = 64, MOST_ADDRESSES = 256, LONGEST_FRAME = 65536 + 64, BATCH = 64 };

struct frame {
    int64_t due; /* CLOCK_MONOTONIC, ns */
    uint64_t order;
    int port;
    size_t length;
    unsigned char *bytes;
};

static struct { int count, socket[MOST_PORTS]; } ports;
static struct { int count; unsigned char address[MOST_ADDRESSES][6]; int port[MOST_ADDRESSES]; } known;
static struct { struct frame *frames; size_t count, room; uint64_t planned; } heap;
static struct { int64_t delay, jitter; uint64_t loss, duplicate; } conditions;
static struct { unsigned long in, out, lost, doubled, long_ones, refused; int64_t latest; } counters;
static uint64_t state;

static void fail(const char *what)
{
    fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t chance(uint64_t bound)
{
    uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return (uint64_t)(((unsigned __int128)(z ^ (z >> 31)) * bound) >> 64);
}

static int64_t clock_now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

/* --- frames under way, earliest first ---------------------------------------------------------------------------- */

static int precedes(const struct frame *a, const struct frame *b)
{
    return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void push(struct frame frame)
{
    if (heap.count == heap.room) {
        heap.room = heap.room ? heap.room * 2 : 4096;
        heap.frames = realloc(heap.frames, heap.room * sizeof *heap.frames);
        if (!heap.frames) fail("memory");
    }
    size_t place = heap.count++;
    while (place > 0 && precedes(&frame, &heap.frames[(place - 1) / 2])) {
        heap.frames[place] = heap.frames[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    heap.frames[place] = frame;
}

static struct frame pop(void)
{
    struct frame first = heap.frames[0], last = heap.frames[--heap.count];
    size_t place = 0;
    for (size_t child; (child = 2 * place + 1) < heap.count; place = child) {
        if (child + 1 < heap.count && precedes(&heap.frames[child + 1], &heap.frames[child])) child++;
        if (!precedes(&heap.frames[child], &last)) break;
        heap.frames[place] = heap.frames[child];
    }
    if (heap.count) heap.frames[place] = last;
    return first;
}

/* --- in and out --------------------------------------------------------------------------------------------------- */

static void plan(int port, const unsigned char *bytes, size_t length, int64_t came)
{
    struct frame frame = { .port = port, .length = length, .order = heap.planned++ };
    frame.due = came + conditions.delay;
    if (conditions.jitter) frame.due += (int64_t)chance(2 * (uint64_t)conditions.jitter + 1) - conditions.jitter;
    frame.bytes = malloc(length);
    if (!frame.bytes) fail("memory");
    memcpy(frame.bytes, bytes, length);
    push(frame);
}

static void send_to(int port, const unsigned char *bytes, size_t length, int64_t came)
{
    if (chance(1000000) < conditions.loss) {
        counters.lost++;
        return;
    }
    plan(port, bytes, length, came);
    if (conditions.duplicate && chance(1000000) < conditions.duplicate) {
        counters.doubled++;
        plan(port, bytes, length, came);
    }
}

static void learn(const unsigned char *address, int port)
{
    for (int i = 0; i < known.count; i++)
        if (!memcmp(known.address[i], address, 6)) {
            known.port[i] = port;
            return;
        }
    if (known.count == MOST_ADDRESSES) return;
    memcpy(known.address[known.count], address, 6);
    known.port[known.count++] = port;
}

static void forward(int from, const unsigned char *bytes, size_t length, int64_t came)
{
    counters.in++;
    if (length > ETH_FRAME_LEN) counters.long_ones++;
    learn(bytes + 6, from);
    for (int i = 0; i < known.count; i++)
        if (!memcmp(known.address[i], bytes, 6)) {
            if (known.port[i] != from) send_to(known.port[i], bytes, length, came);
            return;
        }
    for (int to = 0; to < ports.count; to++)
        if (to != from) send_to(to, bytes, length, came);
}

/* Reads what has come; the kernel's time stamp tells when that was, however late this program looks. */
static void receive(int port)
{
    static unsigned char buffers[BATCH][LONGEST_FRAME], control[BATCH][128];
    struct iovec vectors[BATCH];
    struct mmsghdr messages[BATCH];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < BATCH; i++) {
        vectors[i] = (struct iovec){ buffers[i], LONGEST_FRAME };
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
        messages[i].msg_hdr.msg_control = control[i];
        messages[i].msg_hdr.msg_controllen = sizeof control[i];
    }
    int count = recvmmsg(ports.socket[port], messages, BATCH, MSG_DONTWAIT, NULL);
    int64_t now = clock_now(CLOCK_MONOTONIC), wall = clock_now(CLOCK_REALTIME);
    for (int i = 0; i < count; i++) {
        if (messages[i].msg_len < ETH_HLEN) continue;
        int64_t age = 0;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&messages[i].msg_hdr); c; c = CMSG_NXTHDR(&messages[i].msg_hdr, c))
            if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
                struct timespec stamp;
                memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
                age = wall - (stamp.tv_sec * 1000000000ll + stamp.tv_nsec);
            }
        if (age < 0 || age > 1000000000ll) age = 0;
        forward(port, buffers[i], messages[i].msg_len, now - age);
    }
}

static void deliver(void)
{
    while (heap.count) {
        int64_t late = clock_now(CLOCK_MONOTONIC) - heap.frames[0].due;
        if (late < 0) return;
        if (late > counters.latest) counters.latest = late;
        struct frame frame = pop();
        if (send(ports.socket[frame.port], frame.bytes, frame.length, 0) < 0) counters.refused++;
        else counters.out++;
        free(frame.bytes);
    }
}

/* --- set up ------------------------------------------------------------------------------------------------------- */

static int open_port(const char *name)
{
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
    if (fd < 0) fail("packet socket");
    int on = 1, size = 64 << 20;
    struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
    address.sll_ifindex = (int)if_nametoindex(name);
    if (!address.sll_ifindex) fail(name);
    if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) < 0) fail("PACKET_IGNORE_OUTGOING");
    if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0) fail("SO_TIMESTAMPNS");
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) fail(name);
    struct packet_mreq all = { .mr_ifindex = address.sll_ifindex, .mr_type = PACKET_MR_PROMISC };
    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all);
    return fd;
}

static int make_plain(const char *name)
{
    const uint32_t commands[] = { ETHTOOL_STXCSUM, ETHTOOL_SGSO, ETHTOOL_STSO, ETHTOOL_SGRO };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct ethtool_value value = { .cmd = commands[i], .data = 0 };
        struct ifreq request = { 0 };
        snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
        request.ifr_data = (char *)&value;
        if (ioctl(fd, SIOCETHTOOL, &request) < 0 && commands[i] == ETHTOOL_STXCSUM) fail(name);
    }
    return 0;
}

static int read_conditions(void)
{
    static char line[256];
    static size_t filled;
    ssize_t count = read(0, line + filled, sizeof line - 1 - filled);
    if (count <= 0) return 0;
    filled += (size_t)count;
    line[filled] = 0;
    for (char *end; (end = strchr(line, '\n'));) {
        long long delay, jitter, loss, duplicate;
        if (sscanf(line, "%lld %lld %lld %lld", &delay, &jitter, &loss, &duplicate) == 4) {
            conditions.delay = delay;
            conditions.jitter = jitter < delay ? jitter : delay;
            conditions.loss = (uint64_t)loss;
            conditions.duplicate = (uint64_t)duplicate;
            if (write(1, "ok\n", 3) != 3) return 0;
        }
        filled -= (size_t)(end + 1 - line);
        memmove(line, end + 1, filled + 1);
    }
    return filled < sizeof line - 1;
}

int main(int count, char **words)
{
    if (count == 3 && !strcmp(words[1], "plain")) return make_plain(words[2]);
    if (count < 4 || strcmp(words[1], "run") || count - 3 > MOST_PORTS) {
        fprintf(stderr, "usage: relay run SEED INTERFACE... | relay plain INTERFACE\n");
        return 64;
    }
    state = strtoull(words[2], NULL, 10);
    struct pollfd waiting[MOST_PORTS + 1] = { { .fd = 0, .events = POLLIN } };
    for (int i = 3; i < count; i++) {
        ports.socket[ports.count] = open_port(words[i]);
        waiting[++ports.count] = (struct pollfd){ .fd = ports.socket[ports.count - 1], .events = POLLIN };
    }
    /* Late by tens of microseconds and not by a time slice, where that is allowed. */
    struct sched_param priority = { .sched_priority = sched_get_priority_max(SCHED_FIFO) };
    sched_setscheduler(0, SCHED_FIFO, &priority);
    prctl(PR_SET_TIMERSLACK, 1);
    mlockall(MCL_CURRENT | MCL_FUTURE);
    if (write(1, "ready\n", 6) != 6) return 1;

    for (;;) {
        struct timespec rest = { 1, 0 };
        if (heap.count) {
            int64_t left = heap.frames[0].due - clock_now(CLOCK_MONOTONIC);
            if (left < 0) left = 0;
            if (left < 1000000000) rest = (struct timespec){ 0, left };
        }
        int ready = ppoll(waiting, (nfds_t)ports.count + 1, &rest, NULL);
        if (ready < 0 && errno != EINTR) fail("poll");
        if (ready > 0) {
            for (int port = 0; port < ports.count; port++)
                if (waiting[port + 1].revents) receive(port);
            if (waiting[0].revents && !read_conditions()) break;
        }
        deliver();
    }
    fprintf(stderr, "relay: %lu in, %lu out, %lu lost, %lu doubled, %lu too long, %lu refused, at most %lld us late\n",
        counters.in, counters.out, counters.lost, counters.doubled, counters.long_ones, counters.refused,
        (long long)counters.latest / 1000);
    return 0;
}
