#define _GNU_SOURCE
#include "include/echo.h"

#include <errno.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>

int rondo_open_echo_socket(int family, int *is_raw) {
    int protocol = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
    int kind = SOCK_NONBLOCK | SOCK_CLOEXEC;
    *is_raw = 0;
    int descriptor = socket(family, SOCK_DGRAM | kind, protocol);
    if (descriptor >= 0) {
        return descriptor;
    }
    descriptor = socket(family, SOCK_RAW | kind, protocol);
    if (descriptor < 0) {
        return -1;
    }
    *is_raw = 1;
    /* All other messages that come to this machine are none of ours. Best effort: they would be read and dropped. */
    if (family == AF_INET) {
        struct icmp_filter filter = {.data = ~(1U << ICMP_ECHOREPLY)};
        (void)setsockopt(descriptor, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter));
    } else {
        struct icmp6_filter filter;
        ICMP6_FILTER_SETBLOCKALL(&filter);
        ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
        (void)setsockopt(descriptor, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter));
    }
    return descriptor;
}

int rondo_receive_datagram(int descriptor, void *bytes, size_t size, struct sockaddr_storage *source) {
    socklen_t length = sizeof(*source);
    ssize_t count;
    do {
        count = recvfrom(descriptor, bytes, size, MSG_DONTWAIT, (struct sockaddr *)source, &length);
    } while (count < 0 && errno == EINTR);
    return (int)count;
}
