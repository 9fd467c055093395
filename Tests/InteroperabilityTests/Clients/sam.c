#include "client.h"

#include <corosync/sam.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int health;

static int on_health_check(void) {
    if (health != 0) {
        say("  health check fails");
    }
    return health;
}

static void on_warning(int signal_number) {
    static const char message[] = "  warned\n";
    ssize_t ignored = write(fileno(words), message, sizeof(message) - 1);
    (void)ignored;
    _exit(3);
}

static const char *said_data(size_t size, const char *data) {
    static char shown[64];
    snprintf(shown, sizeof(shown), "'%.*s'", (int)(size < 40 ? size : 40), data);
    return shown;
}

/* The words of a call stand one place to the left: there is no handle. */
static void told(const struct call *call, cs_error_t result, const char *more) {
    fprintf(words, "sam_%s(", call->words[1]);
    for (int index = 2; index < call->count; index++) {
        fprintf(words, "%s%s", index > 2 ? " " : "", call->words[index]);
    }
    say(") = %s%s%s", result_name(result), *more ? " " : "", more);
}

/* A success has this process killed at once, perhaps before it could say so: its end says it. */
static void mark_failed(const struct call *call) {
    cs_error_t result = sam_mark_failed();
    if (result != CS_OK) {
        told(call, result, "");
    }
}

void sam_call(const struct call *call) {
    const char *name = call->words[1];
    char more[64] = "";
    if (strcmp(name, "initialize") == 0) {
        told(call, sam_initialize((int)number(call, 2), (sam_recovery_policy_t)number(call, 3)), "");
    } else if (strcmp(name, "register") == 0) {
        unsigned int instance = 0;
        cs_error_t result = sam_register(&instance);
        signal(SIGUSR1, on_warning);
        snprintf(more, sizeof(more), "instance %u", instance);
        say("pid %d", (int)getpid());
        told(call, result, more);
    } else if (strcmp(name, "start") == 0) {
        told(call, sam_start(), "");
    } else if (strcmp(name, "stop") == 0) {
        told(call, sam_stop(), "");
    } else if (strcmp(name, "hc_send") == 0) {
        told(call, sam_hc_send(), "");
    } else if (strcmp(name, "hc_callback_register") == 0) {
        told(call, sam_hc_callback_register(strcmp(call->words[2], "none") == 0 ? NULL : on_health_check), "");
    } else if (strcmp(name, "warn_signal_set") == 0) {
        told(call, sam_warn_signal_set((int)number(call, 2)), "");
    } else if (strcmp(name, "data_store") == 0) {
        const char *data = text(call, 2);
        told(call, sam_data_store(data, data != NULL ? strlen(data) : 0), "");
    } else if (strcmp(name, "data_getsize") == 0) {
        size_t size = 99;
        cs_error_t result = sam_data_getsize(&size);
        snprintf(more, sizeof(more), "%zu", size);
        told(call, result, more);
    } else if (strcmp(name, "data_restore") == 0) {
        char data[64] = "";
        size_t room = (size_t)number(call, 2);
        cs_error_t result = sam_data_restore(data, room < sizeof(data) ? room : sizeof(data) - 1);
        told(call, result, said_data(strlen(data), data));
    } else if (strcmp(name, "mark_failed") == 0) {
        mark_failed(call);
    } else if (strcmp(name, "finalize") == 0) {
        told(call, sam_finalize(), "");
    } else if (strcmp(name, "become_ill") == 0) {
        health = 1;
    } else {
        say("no such call: sam %s", name);
    }
}
