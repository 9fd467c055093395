#include "client.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

FILE *words;
static int events;

/* Keeps the standard output for the program's own words; the libraries' go to a file beside the node's log. */
static void take_words(void) {
    words = fdopen(dup(1), "w");
    int place = open("/run/lab/libraries.log", O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (place < 0) {
        place = open("/dev/null", O_WRONLY);
    }
    if (words == NULL || place < 0 || dup2(place, 1) < 0 || dup2(place, 2) < 0) {
        _exit(70);
    }
    close(place);
}

void happened(void) { events++; }

const char *text(const struct call *call, int index) {
    if (index >= call->count || strcmp(call->words[index], "''") == 0) {
        return "";
    }
    return strcmp(call->words[index], "NULL") == 0 ? NULL : call->words[index];
}

long long number(const struct call *call, int index) {
    return index < call->count ? (long long)strtoull(call->words[index], NULL, 0) : 0;
}

int has(const struct call *call, const char *word) {
    for (int index = 3; index < call->count; index++) {
        if (strcmp(call->words[index], word) == 0) {
            return 1;
        }
    }
    return 0;
}

int slot_of(const struct call *call) {
    int slot = call->count > 1 ? atoi(call->words[1]) : 0;
    return slot >= 0 && slot < SLOTS ? slot : 0;
}

uint64_t handle_of(const struct call *call, const uint64_t *handles) {
    return call->count > 1 && strcmp(call->words[1], "bad") == 0 ? 0x1234567800000063ULL : handles[slot_of(call)];
}

void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(words, format, arguments);
    va_end(arguments);
    fputc('\n', words);
    fflush(words);
}

const char *result_name(cs_error_t result) {
    static const char *const names[] = {
        "0", "CS_OK", "CS_ERR_LIBRARY", "CS_ERR_VERSION", "CS_ERR_INIT", "CS_ERR_TIMEOUT", "CS_ERR_TRY_AGAIN",
        "CS_ERR_INVALID_PARAM", "CS_ERR_NO_MEMORY", "CS_ERR_BAD_HANDLE", "CS_ERR_BUSY", "CS_ERR_ACCESS",
        "CS_ERR_NOT_EXIST", "CS_ERR_NAME_TOO_LONG", "CS_ERR_EXIST", "CS_ERR_NO_SPACE", "CS_ERR_INTERRUPT",
        "CS_ERR_NAME_NOT_FOUND", "CS_ERR_NO_RESOURCES", "CS_ERR_NOT_SUPPORTED", "CS_ERR_BAD_OPERATION",
        "CS_ERR_FAILED_OPERATION", "CS_ERR_MESSAGE_ERROR", "CS_ERR_QUEUE_FULL", "CS_ERR_QUEUE_NOT_AVAILABLE",
        "CS_ERR_BAD_FLAGS", "CS_ERR_TOO_BIG", "CS_ERR_NO_SECTIONS",
    };
    return result < sizeof(names) / sizeof(names[0]) ? names[result] : "an unknown result";
}

void said(const struct call *call, const char *function, cs_error_t result, const char *format, ...) {
    fprintf(words, "%s(", function);
    for (int index = 1; index < call->count; index++) {
        if (index != 2) {
            fprintf(words, "%s%s", call->words[index], index + 1 < call->count && !(index == 1 && call->count == 3) ? " " : "");
        }
    }
    fprintf(words, ") = %s", result_name(result));
    char more[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(more, sizeof(more), format, arguments);
    va_end(arguments);
    fprintf(words, "%s%s\n", *more != 0 ? " " : "", more);
    fflush(words);
}

void await_events(int fd, int count, cs_error_t (*dispatch)(uint64_t, cs_dispatch_flags_t), uint64_t handle) {
    events = 0;
    struct pollfd waiting = {fd, POLLIN, 0};
    while (poll(&waiting, 1, events < count ? 4000 : 50) > 0) {
        cs_error_t result = dispatch(handle, CS_DISPATCH_ALL);
        if (result != CS_OK) {
            say("  dispatch ends with %s", result_name(result));
            return;
        }
    }
    if (events < count) {
        say("  only %d of %d callbacks came", events, count);
    }
}

int common_call(const struct call *call, const struct common *common, uint64_t *handles) {
    const char *name = call->words[2];
    uint64_t handle = handle_of(call, handles);
    char function[64];
    snprintf(function, sizeof(function), "%s_%s", common->prefix, name);
    if (strcmp(name, "finalize") == 0) {
        said(call, function, common->finalize(handle), "%s", "");
    } else if (strcmp(name, "fd_get") == 0) {
        int fd = -1;
        cs_error_t result = common->fd_get(handle, &fd);
        said(call, function, result, "%s", fd >= 0 ? "a descriptor" : "no descriptor");
    } else if (strcmp(name, "dispatch") == 0) {
        said(call, function, common->dispatch(handle, (cs_dispatch_flags_t)number(call, 3)), "%s", "");
    } else if (strcmp(name, "events") == 0) {
        int fd = -1;
        common->fd_get(handle, &fd);
        await_events(fd, (int)number(call, 3), common->dispatch, handle);
    } else if (common->context_set != NULL && strcmp(name, "context_set") == 0) {
        said(call, function, common->context_set(handle, (const void *)(uintptr_t)number(call, 3)), "%s", "");
    } else if (common->context_get != NULL && strcmp(name, "context_get") == 0) {
        const void *context = NULL;
        cs_error_t result = common->context_get(handle, &context);
        said(call, function, result, "%lu", (unsigned long)(uintptr_t)context);
    } else {
        return 0;
    }
    return 1;
}

/* A line of standard input, read byte by byte: processes that a library forks go on reading where this one stopped. */
static int read_line(char *line, size_t size) {
    size_t length = 0;
    char byte;
    ssize_t got;
    while ((got = read(0, &byte, 1)) == 1 && byte != '\n') {
        if (length + 1 < size) {
            line[length++] = byte;
        }
    }
    line[length] = 0;
    return got == 1 || length > 0;
}

static void carry_out(const struct call *call) {
    const char *library = call->words[0];
    if (strcmp(library, "cpg") == 0 && call->count > 2) {
        cpg_call(call);
    } else if (strcmp(library, "cfg") == 0 && call->count > 2) {
        cfg_call(call);
    } else if (strcmp(library, "cmap") == 0 && call->count > 2) {
        cmap_call(call);
    } else if (strcmp(library, "quorum") == 0 && call->count > 2) {
        quorum_call(call);
    } else if (strcmp(library, "votequorum") == 0 && call->count > 2) {
        votequorum_call(call);
    } else if (strcmp(library, "sam") == 0 && call->count > 1) {
        sam_call(call);
    } else if (strcmp(library, "hostile") == 0 && call->count > 1) {
        hostile_call(call);
    } else if (strcmp(library, "sleep") == 0) {
        usleep((useconds_t)number(call, 1) * 1000);
    } else if (strcmp(library, "chatter") == 0) {
        /* As a library would. */
        fprintf(stderr, "sleep. counter=0\n");
        puts("a library's own words");
        fflush(stdout);
    } else if (strcmp(library, "die") == 0) {
        raise((int)number(call, 1));
    } else {
        say("no such call: %s", library);
    }
}

int main(void) {
    take_words();
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    say("pid %d", (int)getpid());
    char line[8192];
    while (read_line(line, sizeof(line))) {
        struct call call = {0, {0}};
        char *position = NULL;
        const char *number_of_call = strtok_r(line, " ", &position);
        char *word;
        while (call.count < WORDS && (word = strtok_r(NULL, " ", &position)) != NULL) {
            call.words[call.count++] = word;
        }
        char mark[32];
        snprintf(mark, sizeof(mark), "%s", number_of_call != NULL ? number_of_call : "0");
        if (call.count > 0) {
            carry_out(&call);
        }
        say("#%s", mark);
    }
    return 0;
}
