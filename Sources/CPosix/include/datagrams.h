#ifndef RONDO_DATAGRAMS_H
#define RONDO_DATAGRAMS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Same layout as struct mmsghdr (checked where the calls are made). */
struct rondo_datagram {
    struct msghdr header;
    unsigned int length;
};

/* sendmmsg(2) and recvmmsg(2); like these they return how many datagrams were handled, or -1 with errno set. */
int rondo_sendmmsg(int descriptor, struct rondo_datagram *datagrams, unsigned int count, int flags);
int rondo_recvmmsg(int descriptor, struct rondo_datagram *datagrams, unsigned int count, int flags);

/* sendto(2); the number of bytes sent, or -1 with errno set. */
int rondo_send_datagram(
    int descriptor, const void *bytes, size_t length, int flags, const struct sockaddr_storage *address,
    socklen_t address_length);

/* Bytes a control buffer needs for one segment size, sending or receiving. */
enum { RONDO_SEGMENT_CONTROL_SIZE = 32 };

/* Asks the kernel to cut the datagram's payload into datagrams of `size` bytes (UDP_SEGMENT). `control` must hold
   RONDO_SEGMENT_CONTROL_SIZE bytes and live as long as the header is used. */
void rondo_set_segment_size(struct msghdr *header, void *control, uint16_t size);

/* The size of the segments the kernel joined in a received payload (UDP_GRO), or 0 when it is one datagram. */
int rondo_segment_size(const struct msghdr *header);

/* Switches joining of received datagrams on; -1 with errno set where the kernel cannot. */
int rondo_enable_segment_joining(int descriptor);

/* Sets a socket buffer beyond the system's limit where allowed, else up to it; -1 with errno set when both fail. */
int rondo_set_receive_buffer(int descriptor, int bytes);
int rondo_set_send_buffer(int descriptor, int bytes);

/* The MTU of a network interface by index, or -1 with errno set. */
int rondo_interface_mtu(int descriptor, unsigned int index);


/* A descriptor that becomes readable when an interface or an address of this machine changes (rtnetlink), non-blocking and
   closed on exec; -1 with errno set. */
int rondo_open_address_watch(void);

/* Takes what waits there, unread: who wants to know asks for all addresses anew. */
void rondo_drain_address_watch(int descriptor);

/* What a UDP socket needs that carries links: datagrams are never cut on their way (and a path MTU that the kernel has heard
   of does not count), bind to an address that is not there yet, what the network says of datagrams comes to the error
   queue, and low delay as type of service (IPv4). Best effort: each option that the kernel refuses is left out. */
void rondo_configure_link_socket(int descriptor, int family);

enum { RONDO_QUOTE_SIZE = 64 };

/* Lets what the network says of a UDP socket's datagrams come to its error queue. Best effort. */
void rondo_want_reports(int descriptor, int family);

/* Lets the kernel drop all that comes to a socket. Reports in its error queue still come. Best effort. */
void rondo_ignore_input(int descriptor);

/* Takes away an error that was noted for the next call on a socket, so that nobody is told of it again. */
void rondo_clear_error(int descriptor);

/* Something the network or the kernel said of a datagram that was sent (IP_RECVERR). */
struct rondo_socket_report {
    /* Where the datagram was going; ss_family 0 when that is not known. */
    struct sockaddr_storage destination;
    /* EMSGSIZE, ECONNREFUSED, EHOSTUNREACH … */
    int error;
    /* With EMSGSIZE: the MTU, 0 when it is not told. */
    uint32_t mtu;
    /* Whether the network said so, and not this machine. */
    int from_network;
    /* Whether the machine said so that the datagram was for, from the very address. */
    int from_destination;
    /* What the report quotes of the datagram's payload, as far as there is room. */
    int quoted;
    unsigned char quote[RONDO_QUOTE_SIZE];
};

/* Takes the next one from the error queue: 1, or 0 when there is none. */
int rondo_next_socket_report(int descriptor, struct rondo_socket_report *report);

#endif
