#define _GNU_SOURCE
/* Clients that change the memory they share with the daemon while it is in use, each for a moment, until they are killed. */

#include "meddle.h"

#include "client.h"

#include <corosync/cmap.h>
#include <corosync/cpg.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILES 24
#define RINGS "/dev/shm/qb-"

/* Where things are in a header. */
enum { WRITE = 0, READ = 4, WORDS_COUNT = 8, HEADER_PATH = 12, DATA_PATH = 4108, USERS = 8204, SEMAPHORE = 8208, FLOW = 8240 };

static char paths[FILES][256];

/* Finds the files of this process's connections by what it has mapped. */
static int find_files(void) {
    char line[512];
    int count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL && count < FILES) {
        char *path = strstr(line, RINGS);
        if (path == NULL) {
            continue;
        }
        path[strcspn(path, "\n ")] = 0;
        if (count == 0 || strcmp(paths[count - 1], path) != 0) {
            snprintf(paths[count++], sizeof(paths[0]), "%s", path);
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return count;
}

static uint32_t random_word(unsigned *seed) {
    static const uint32_t edges[] = {0,          1,          2,          3,          263167,     263168,    263169, 0x7FFFFFFF,
                                     0x80000000, 0xFFFFFFFF, 0xA1A1A1A1, 0xA110CED0, 0xD0D0D0D0, 1048576, 0xFFFFFFFC};
    uint32_t choice = (uint32_t)rand_r(seed);
    return choice % 3 == 0 ? (uint32_t)rand_r(seed) % 300000 : edges[choice % (sizeof(edges) / sizeof(edges[0]))];
}

/* What is changed, over and over: words of a header, words of the data, the length of a file, paths in a header, or everything
   that a socket takes. */
static void change(const char *what, int files, unsigned *seed) {
    int is_word = strcmp(what, "words") == 0;
    int is_data = strcmp(what, "data") == 0;
    for (int round = 0;; round++) {
        const char *path = paths[rand_r(seed) % files];
        int is_header = strstr(path, "-header") != NULL;
        int file = open(path, O_RDWR);
        if (file < 0) {
            continue;
        }
        uint32_t word = random_word(seed);
        if (is_word && is_header) {
            static const int places[] = {WRITE, READ, WORDS_COUNT, USERS, SEMAPHORE, SEMAPHORE + 4, SEMAPHORE + 8, FLOW};
            (void)!pwrite(file, &word, 4, places[rand_r(seed) % 8]);
        } else if (is_data && !is_header) {
            static uint32_t noise[16384];
            for (int index = 0; index < 16384; index++) {
                noise[index] = random_word(seed);
            }
            for (int part = 0; part < 16; part++) {
                (void)!pwrite(file, noise, sizeof(noise), part * (off_t)sizeof(noise));
            }
        } else if (strcmp(what, "lengths") == 0) {
            static const off_t lengths[] = {0, 1, 4096, 8192, 12288};
            (void)!ftruncate(file, lengths[rand_r(seed) % 5]);
        } else if (strcmp(what, "holes") == 0) {
            fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1 << 20);
        } else if (strcmp(what, "paths") == 0 && is_header) {
            static const char victim[] = "/dev/shm/victim/file";
            (void)!pwrite(file, victim, sizeof(victim), HEADER_PATH);
            (void)!pwrite(file, victim, sizeof(victim), DATA_PATH);
        }
        close(file);
        if (round % 4 == 0) {
            usleep(200);
        }
    }
}

/* Changes what the next request says of its size, in its chunk and in its header, while it waits to be read: to something
   else and back, as fast as it goes. */
static void change_sizes(int files, unsigned *seed) {
    volatile uint32_t *headers[FILES], *data[FILES];
    int count = 0;
    for (int index = 0; index < files; index++) {
        char *end = strstr(paths[index], "-request-") != NULL ? strstr(paths[index], "-header") : NULL;
        if (end == NULL) {
            continue;
        }
        char other[256 + 8];
        snprintf(other, sizeof(other), "%.*s-data", (int)(end - paths[index]), paths[index]);
        int header = open(paths[index], O_RDWR), file = open(other, O_RDWR);
        struct stat state;
        if (header < 0 || file < 0 || fstat(file, &state) != 0) {
            continue;
        }
        void *start = mmap(NULL, 8252, PROT_READ | PROT_WRITE, MAP_SHARED, header, 0);
        void *bytes = mmap(NULL, (size_t)state.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (start != MAP_FAILED && bytes != MAP_FAILED) {
            headers[count] = start;
            data[count++] = bytes;
        }
    }
    while (count > 0) {
        int ring = rand_r(seed) % count;
        uint32_t total = headers[ring][WORDS_COUNT / 4];
        uint32_t place = total > 0 ? headers[ring][READ / 4] % total : 0;
        /* The chunk's length and mark, then the request's id and size in two words each. */
        volatile uint32_t *length = &data[ring][place], *size = &data[ring][(place + 4) % (total > 0 ? total : 1)];
        uint32_t former_length = *length, former_size = *size, wrong = random_word(seed);
        for (int round = 0; round < 50; round++) {
            *length = wrong;
            *size = wrong;
            *length = former_length;
            *size = former_size;
        }
    }
    _exit(1);
}

static void flood_bytes(void) {
    static char noise[4096];
    for (int descriptor = 3; descriptor < 64; descriptor++) {
        int type = 0;
        socklen_t size = sizeof(type);
        if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM) {
            (void)!send(descriptor, noise, sizeof(noise), MSG_DONTWAIT | MSG_NOSIGNAL);
        }
    }
}

static void nothing(cpg_handle_t handle, const struct cpg_name *group, uint32_t node, uint32_t pid, void *message,
                    size_t length) {
}

/* Uses two services as programs do, while a child changes what it shares with the daemon. */
static void work(const char *what, unsigned seed) {
    cpg_handle_t group_handle;
    cmap_handle_t map_handle;
    cpg_callbacks_t callbacks = {nothing, NULL};
    struct cpg_name group = {7, "meddler"};
    static char message[20000];
    struct iovec part = {message, sizeof(message)};
    if (cpg_initialize(&group_handle, &callbacks) != CS_OK || cmap_initialize(&map_handle) != CS_OK) {
        _exit(1);
    }
    cpg_join(group_handle, &group);
    int files = find_files();
    int is_flood = strcmp(what, "bytes") == 0;
    if (files == 0) {
        _exit(1);
    }
    if (!is_flood && fork() == 0) {
        if (strcmp(what, "sizes") == 0) {
            change_sizes(files, &seed);
        }
        change(what, files, &seed);
    }
    for (uint32_t round = 0;; round++) {
        part.iov_len = (size_t)(rand_r(&seed) % (int)sizeof(message));
        cpg_mcast_joined(group_handle, CPG_TYPE_AGREED, &part, 1);
        cpg_dispatch(group_handle, CS_DISPATCH_ALL);
        cmap_set_uint32(map_handle, "hostile.meddled", round);
        if (is_flood) {
            flood_bytes();
        }
    }
}

void meddle(const char *what, int count, int milliseconds) {
    int worked = 0;
    for (int index = 0; index < count; index++) {
        pid_t child = fork();
        if (child == 0) {
            setpgid(0, 0);
            work(what, (unsigned)index * 7919 + 1);
        }
        setpgid(child, child);
        usleep((useconds_t)(milliseconds * 1000 + index * 7919 % 9000));
        /* Whoever has come to an end by a signal of its own has worked too. */
        kill(-child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        worked += WIFSIGNALED(status);
    }
    say("meddled %d", worked);
}
