/* A program on the client libraries of a cluster engine, told what to call line by line. It prints every call with its
   result and every callback in the order they come, so that what two engines answer can be compared. */

#ifndef CLIENT_H
#define CLIENT_H

#include <corosync/corotypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SLOTS 8
#define WORDS 12

/* One call, as words: the library, the handle's slot (or `bad`), the call, its arguments. */
struct call {
    int count;
    char *words[WORDS];
};

/* The argument at `index`, or an empty text; `NULL` becomes a null pointer. */
const char *text(const struct call *call, int index);
long long number(const struct call *call, int index);
int has(const struct call *call, const char *word);

/* The handle a call names: one of `handles`, or a number that was never a handle. */
uint64_t handle_of(const struct call *call, const uint64_t *handles);
int slot_of(const struct call *call);

/* Where everything goes that the program says. The libraries print of themselves now and then (libcpg "sleep. counter=0"
   to stderr, whenever the daemon of that moment asks it to wait): that is no answer, and does not come here. */
extern FILE *words;

/* Prints a line. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints `function(arguments) = RESULT` and what follows. */
void said(const struct call *call, const char *function, cs_error_t result, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
const char *result_name(cs_error_t result);
/* Notes that a callback ran. */
void happened(void);

/* Waits until a number of callbacks has come (four seconds at most), then a moment longer for those that should not. */
void await_events(int fd, int count, cs_error_t (*dispatch)(uint64_t, cs_dispatch_flags_t), uint64_t handle);
/* Calls that every library has in the same form; returns 0 when `call` is none of them. */
struct common {
    const char *prefix;
    cs_error_t (*fd_get)(uint64_t, int *);
    cs_error_t (*dispatch)(uint64_t, cs_dispatch_flags_t);
    cs_error_t (*finalize)(uint64_t);
    cs_error_t (*context_set)(uint64_t, const void *);
    cs_error_t (*context_get)(uint64_t, const void **);
};
int common_call(const struct call *call, const struct common *common, uint64_t *handles);

void cpg_call(const struct call *call);
void cfg_call(const struct call *call);
void cmap_call(const struct call *call);
void quorum_call(const struct call *call);
void votequorum_call(const struct call *call);
void sam_call(const struct call *call);
void hostile_call(const struct call *call);

#endif
