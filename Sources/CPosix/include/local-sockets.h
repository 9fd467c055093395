#ifndef RONDO_LOCAL_SOCKETS_H
#define RONDO_LOCAL_SOCKETS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A unix stream socket that listens at `name`, non-blocking and closed on exec, whose connections tell who is there; with a
   '/' in front of the name it is a path, which is made anew and open to everybody, otherwise abstract. -1 with errno set. */
int rondo_listen_at(const char *name, int backlog);

/* A unix stream socket, non-blocking and closed on exec, that is connected to who listens at `name` and tells him who sends;
   names as above. -1 with errno set, EAGAIN when too many wait there. */
int rondo_connect_to(const char *name);

/* The next connection, non-blocking and closed on exec; -1 with errno set. */
int rondo_accept_connection(int descriptor);

/* Who sent a message: real ids, attested by the kernel. */
struct rondo_sender {
    int32_t process;
    uint32_t user;
    uint32_t group;
};

/* Receives without waiting, with who sent it; -1 with errno set, EPROTO when the kernel does not say who. */
ssize_t rondo_receive_from_sender(int descriptor, void *bytes, size_t capacity, struct rondo_sender *sender);

/* Sends no more than fits, without waiting and without SIGPIPE; -1 with errno set. */
ssize_t rondo_send_now(int descriptor, const void *bytes, size_t length);

/* Takes up to `count` bytes that nobody looks at, without waiting; -1 with errno set, 0 at the end of the stream. */
ssize_t rondo_skip_bytes(int descriptor, size_t count);

/* Whether bytes wait there, after an error of the socket has been taken away. */
int rondo_has_bytes(int descriptor);

#endif
