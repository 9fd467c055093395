#ifndef RONDO_ECHO_H
#define RONDO_ECHO_H

#include <stddef.h>
#include <sys/socket.h>

/* A socket for ICMP echo requests and their answers, non-blocking and closed on exec: the kernel's own kind where this
   process may open one (net.ipv4.ping_group_range), else a raw socket (CAP_NET_RAW) that takes answers only. `is_raw` says
   which. -1 with errno set when neither is permitted. */
int rondo_open_echo_socket(int family, int *is_raw);

/* Takes one datagram, and where it came from; its length, or -1 with errno set when there is none. */
int rondo_receive_datagram(int descriptor, void *bytes, size_t size, struct sockaddr_storage *source);

#endif
