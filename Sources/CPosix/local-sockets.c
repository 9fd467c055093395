#define _GNU_SOURCE
#include "include/local-sockets.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Abstract sockets are named by the whole address, with the zero bytes behind the name. */
static int make_address(struct sockaddr_un *address, const char *name) {
    size_t length = strlen(name);
    if (length + 1 > sizeof(address->sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path + (name[0] == '/' ? 0 : 1), name, length);
    return 0;
}

static int bind_to(int descriptor, const char *name) {
    struct sockaddr_un address = {0};
    int is_path = name[0] == '/';
    if (make_address(&address, name) != 0) {
        return -1;
    }
    if (is_path) {
        unlink(name);
    }
    if (bind(descriptor, (struct sockaddr *)&address, sizeof(address)) != 0) {
        return -1;
    }
    return is_path ? chmod(name, 0777) : 0;
}

int rondo_listen_at(const char *name, int backlog) {
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return -1;
    }
    int on = 1;
    /* Connections inherit it, so that what is sent before they are accepted has its sender too. */
    if (bind_to(descriptor, name) != 0 || setsockopt(descriptor, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) != 0 ||
        listen(descriptor, backlog) != 0) {
        int code = errno;
        close(descriptor);
        errno = code;
        return -1;
    }
    return descriptor;
}

int rondo_connect_to(const char *name) {
    struct sockaddr_un address = {0};
    if (make_address(&address, name) != 0) {
        return -1;
    }
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return -1;
    }
    int on = 1;
    /* What is sent before the server asks who sends has its sender only where the sender asks, too. */
    if (setsockopt(descriptor, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) != 0 ||
        connect(descriptor, (struct sockaddr *)&address, sizeof(address)) != 0) {
        int code = errno;
        close(descriptor);
        errno = code;
        return -1;
    }
    return descriptor;
}

int rondo_accept_connection(int descriptor) {
    int connection;
    do {
        connection = accept4(descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } while (connection < 0 && errno == EINTR);
    return connection;
}

ssize_t rondo_receive_from_sender(int descriptor, void *bytes, size_t capacity, struct rondo_sender *sender) {
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(struct ucred))];
    } control;
    struct iovec part = {bytes, capacity};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control.room)};
    ssize_t count;
    do {
        count = recvmsg(descriptor, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (count < 0 && errno == EINTR);
    if (count <= 0) {
        return count;
    }
    for (struct cmsghdr *item = CMSG_FIRSTHDR(&message); item != NULL; item = CMSG_NXTHDR(&message, item)) {
        if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_CREDENTIALS &&
            item->cmsg_len >= CMSG_LEN(sizeof(struct ucred))) {
            struct ucred who;
            memcpy(&who, CMSG_DATA(item), sizeof(who));
            sender->process = who.pid;
            sender->user = who.uid;
            sender->group = who.gid;
            int off = 0;
            /* From now on nobody asks. */
            setsockopt(descriptor, SOL_SOCKET, SO_PASSCRED, &off, sizeof(off));
            return count;
        }
    }
    errno = EPROTO;
    return -1;
}

ssize_t rondo_send_now(int descriptor, const void *bytes, size_t length) {
    ssize_t count;
    do {
        count = send(descriptor, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (count < 0 && errno == EINTR);
    return count;
}

ssize_t rondo_skip_bytes(int descriptor, size_t count) {
    char bytes[512];
    ssize_t taken;
    do {
        taken = recv(descriptor, bytes, count < sizeof(bytes) ? count : sizeof(bytes), MSG_DONTWAIT);
    } while (taken < 0 && errno == EINTR);
    return taken;
}

int rondo_has_bytes(int descriptor) {
    int error = 0;
    socklen_t size = sizeof(error);
    /* A program that ends with events unread leaves an error, which would be read before its bytes. */
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    char byte;
    return recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}
