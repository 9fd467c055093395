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

#endif
