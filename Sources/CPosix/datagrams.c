#define _GNU_SOURCE
#include "include/datagrams.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

_Static_assert(sizeof(struct rondo_datagram) == sizeof(struct mmsghdr), "layout of mmsghdr");
_Static_assert(offsetof(struct rondo_datagram, length) == offsetof(struct mmsghdr, msg_len), "layout of mmsghdr");
_Static_assert(RONDO_SEGMENT_CONTROL_SIZE >= CMSG_SPACE(sizeof(int)), "control buffer");

/* Straight to the kernel where that is possible: the C library's functions are cancellation points, which costs as much
   as a short call once the process has a second thread, and no thread here is ever cancelled. */
#if defined(SYS_sendmmsg) && defined(SYS_recvmmsg) && defined(SYS_sendto) && defined(__LP64__)
#define STRAIGHT 1
#endif

int rondo_sendmmsg(int descriptor, struct rondo_datagram *datagrams, unsigned int count, int flags) {
#ifdef STRAIGHT
    return (int)syscall(SYS_sendmmsg, descriptor, datagrams, count, flags);
#else
    return sendmmsg(descriptor, (struct mmsghdr *)datagrams, count, flags);
#endif
}

int rondo_recvmmsg(int descriptor, struct rondo_datagram *datagrams, unsigned int count, int flags) {
#ifdef STRAIGHT
    return (int)syscall(SYS_recvmmsg, descriptor, datagrams, count, flags, NULL);
#else
    return recvmmsg(descriptor, (struct mmsghdr *)datagrams, count, flags, NULL);
#endif
}

int rondo_send_datagram(
    int descriptor, const void *bytes, size_t length, int flags, const struct sockaddr_storage *address,
    socklen_t address_length) {
#ifdef STRAIGHT
    return (int)syscall(SYS_sendto, descriptor, bytes, length, flags, address, address_length);
#else
    return (int)sendto(descriptor, bytes, length, flags, (const struct sockaddr *)address, address_length);
#endif
}

void rondo_set_segment_size(struct msghdr *header, void *control, uint16_t size) {
    memset(control, 0, RONDO_SEGMENT_CONTROL_SIZE);
    header->msg_control = control;
    header->msg_controllen = CMSG_SPACE(sizeof(size));
    struct cmsghdr *item = CMSG_FIRSTHDR(header);
    item->cmsg_level = SOL_UDP;
    item->cmsg_type = UDP_SEGMENT;
    item->cmsg_len = CMSG_LEN(sizeof(size));
    memcpy(CMSG_DATA(item), &size, sizeof(size));
}

int rondo_segment_size(const struct msghdr *header) {
    struct msghdr *walk = (struct msghdr *)header;
    for (struct cmsghdr *item = CMSG_FIRSTHDR(walk); item != NULL; item = CMSG_NXTHDR(walk, item)) {
        if (item->cmsg_level == SOL_UDP && item->cmsg_type == UDP_GRO && item->cmsg_len >= CMSG_LEN(sizeof(int))) {
            int size;
            memcpy(&size, CMSG_DATA(item), sizeof(size));
            return size;
        }
    }
    return 0;
}

int rondo_enable_segment_joining(int descriptor) {
    int on = 1;
    return setsockopt(descriptor, SOL_UDP, UDP_GRO, &on, sizeof(on));
}

int rondo_set_receive_buffer(int descriptor, int bytes) {
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) == 0) {
        return 0;
    }
    return setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

int rondo_set_send_buffer(int descriptor, int bytes) {
    if (setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)) == 0) {
        return 0;
    }
    return setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
}

int rondo_interface_mtu(int descriptor, unsigned int index) {
    struct ifreq request;
    memset(&request, 0, sizeof(request));
    if (if_indextoname(index, request.ifr_name) == NULL || ioctl(descriptor, SIOCGIFMTU, &request) != 0) {
        return -1;
    }
    return request.ifr_mtu;
}

int rondo_open_address_watch(void) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
    struct sockaddr_nl own = {
        .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR};
    if (descriptor >= 0 && bind(descriptor, (struct sockaddr *)&own, sizeof(own)) != 0) {
        int code = errno;
        close(descriptor);
        errno = code;
        return -1;
    }
    return descriptor;
}

void rondo_drain_address_watch(int descriptor) {
    char bytes[8192];
    /* What is left when there is a flood is reported again. A full buffer (ENOBUFS) is news, too. */
    for (int count = 0; count < 64; count++) {
        if (recv(descriptor, bytes, sizeof(bytes), MSG_DONTWAIT) < 0 && errno != EINTR && errno != ENOBUFS) {
            return;
        }
    }
}

static void set_option(int descriptor, int level, int option, int value) {
    (void)setsockopt(descriptor, level, option, &value, sizeof(value));
}

void rondo_configure_link_socket(int descriptor, int family) {
    if (family == AF_INET) {
        set_option(descriptor, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
        set_option(descriptor, IPPROTO_IP, IP_FREEBIND, 1);
        set_option(descriptor, IPPROTO_IP, IP_RECVERR, 1);
        set_option(descriptor, IPPROTO_IP, IP_TOS, 0x10);
    } else {
        set_option(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
        set_option(descriptor, IPPROTO_IPV6, IPV6_DONTFRAG, 1);
        set_option(descriptor, IPPROTO_IP, IP_FREEBIND, 1);
        set_option(descriptor, IPPROTO_IPV6, IPV6_RECVERR, 1);
    }
}

void rondo_want_reports(int descriptor, int family) {
    if (family == AF_INET) {
        set_option(descriptor, IPPROTO_IP, IP_RECVERR, 1);
    } else {
        set_option(descriptor, IPPROTO_IPV6, IPV6_RECVERR, 1);
    }
}

void rondo_ignore_input(int descriptor) {
    /* A classic BPF program of one instruction: keep nothing of the packet. */
    struct sock_filter nothing = {.code = BPF_RET | BPF_K, .k = 0};
    struct sock_fprog program = {.len = 1, .filter = &nothing};
    (void)setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

void rondo_clear_error(int descriptor) {
    int error;
    socklen_t size = sizeof(error);
    (void)getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
}

/* Whether two socket addresses name the same machine's address, whatever their ports. */
static int is_same_address(const struct sockaddr_storage *one, const struct sockaddr *other) {
    if (one->ss_family != other->sa_family) {
        return 0;
    }
    if (one->ss_family == AF_INET) {
        struct sockaddr_in a, b;
        memcpy(&a, one, sizeof(a));
        memcpy(&b, other, sizeof(b));
        return a.sin_addr.s_addr == b.sin_addr.s_addr;
    }
    if (one->ss_family == AF_INET6) {
        struct sockaddr_in6 a, b;
        memcpy(&a, one, sizeof(a));
        memcpy(&b, other, sizeof(b));
        return memcmp(&a.sin6_addr, &b.sin6_addr, sizeof(a.sin6_addr)) == 0;
    }
    return 0;
}

int rondo_next_socket_report(int descriptor, struct rondo_socket_report *report) {
    /* Room for the error, for who sent it, and for a time stamp. */
    union {
        char bytes[512];
        struct cmsghdr aligned;
    } control;
    memset(report, 0, sizeof(*report));
    struct iovec part = {.iov_base = report->quote, .iov_len = sizeof(report->quote)};
    struct msghdr header = {
        .msg_name = &report->destination,
        .msg_namelen = sizeof(report->destination),
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof(control.bytes),
    };
    ssize_t length;
    do {
        length = recvmsg(descriptor, &header, MSG_ERRQUEUE | MSG_DONTWAIT);
    } while (length < 0 && errno == EINTR);
    if (length < 0) {
        return 0;
    }
    report->quoted = (int)length;
    for (struct cmsghdr *item = CMSG_FIRSTHDR(&header); item != NULL; item = CMSG_NXTHDR(&header, item)) {
        int is_error = (item->cmsg_level == SOL_IP && item->cmsg_type == IP_RECVERR)
            || (item->cmsg_level == SOL_IPV6 && item->cmsg_type == IPV6_RECVERR);
        if (is_error && item->cmsg_len >= CMSG_LEN(sizeof(struct sock_extended_err))) {
            struct sock_extended_err what;
            memcpy(&what, CMSG_DATA(item), sizeof(what));
            report->error = (int)what.ee_errno;
            report->mtu = what.ee_errno == EMSGSIZE ? what.ee_info : 0;
            report->from_network = what.ee_origin == SO_EE_ORIGIN_ICMP || what.ee_origin == SO_EE_ORIGIN_ICMP6;
            /* The offender's address lies behind the error, where there is room for the largest kind. */
            if (report->from_network && item->cmsg_len >= CMSG_LEN(sizeof(what) + sizeof(struct sockaddr_in))) {
                struct sockaddr_storage offender;
                size_t room = item->cmsg_len - CMSG_LEN(sizeof(what));
                memset(&offender, 0, sizeof(offender));
                memcpy(&offender, CMSG_DATA(item) + sizeof(what), room < sizeof(offender) ? room : sizeof(offender));
                report->from_destination = is_same_address(&report->destination, (struct sockaddr *)&offender);
            }
        }
    }
    return 1;
}
