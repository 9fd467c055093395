#include "client.h"

#include <corosync/cmap.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static cmap_handle_t handles[SLOTS];
static cmap_iter_handle_t iterators[SLOTS];
static cmap_track_handle_t tracks[SLOTS];

static void print_value(char *out, size_t size, cmap_value_types_t type, const void *data, size_t length) {
    if (data == NULL || length == 0) {
        snprintf(out, size, "nothing");
        return;
    }
    switch (type) {
    case CMAP_VALUETYPE_STRING:
        snprintf(out, size, "'%.*s'", (int)(length < 60 ? length : 60), (const char *)data);
        return;
    case CMAP_VALUETYPE_FLOAT:
        snprintf(out, size, "%g", (double)*(const float *)data);
        return;
    case CMAP_VALUETYPE_DOUBLE:
        snprintf(out, size, "%g", *(const double *)data);
        return;
    default: {
        size_t at = 0;
        for (size_t index = 0; index < length && index < 16; index++) {
            at += (size_t)snprintf(out + at, size - at, "%02x", ((const unsigned char *)data)[index]);
        }
    }
    }
}

static void on_change(cmap_handle_t handle, cmap_track_handle_t track, int32_t event, const char *key,
                      struct cmap_notify_value new_value, struct cmap_notify_value old_value, void *data) {
    char now[200];
    char before[200];
    print_value(now, sizeof(now), new_value.type, new_value.data, new_value.len);
    print_value(before, sizeof(before), old_value.type, old_value.data, old_value.len);
    say("  key %s event %d for %lu: type %d length %zu %s, was type %d length %zu %s", key, event,
        (unsigned long)(uintptr_t)data, new_value.type, new_value.len, now, old_value.type, old_value.len, before);
    happened();
}

/* Bytes from hexadecimal text, or `size:N` for N bytes of 'a'. */
static unsigned char *bytes_from(const char *word, size_t *length) {
    if (strncmp(word, "size:", 5) == 0) {
        *length = (size_t)atoi(word + 5);
        unsigned char *bytes = malloc(*length + 1);
        memset(bytes, 'a', *length);
        bytes[*length] = 0;
        return bytes;
    }
    *length = strlen(word) / 2;
    unsigned char *bytes = calloc(*length + 1, 1);
    for (size_t index = 0; index < *length; index++) {
        sscanf(word + 2 * index, "%2hhx", &bytes[index]);
    }
    return bytes;
}

/* `len:N` is a key of N characters. */
static char *key_from(const char *word) {
    if (word == NULL || strncmp(word, "len:", 4) != 0) {
        return word == NULL ? NULL : strdup(word);
    }
    size_t length = (size_t)atoi(word + 4);
    char *key = malloc(length + 1);
    memset(key, 'k', length);
    key[length] = 0;
    return key;
}

static void get(const struct call *call, cmap_handle_t handle, const char *key) {
    /* The room the caller has; `none` asks for type and length only. */
    size_t length = call->count > 4 ? (size_t)number(call, 4) : 64;
    cmap_value_types_t type = 0;
    char buffer[20000];
    char value[200];
    cs_error_t result = cmap_get(handle, key, has(call, "none") ? NULL : buffer, &length, &type);
    if (result != CS_OK) {
        said(call, "cmap_get", result, "%s", "");
        return;
    }
    print_value(value, sizeof(value), type, has(call, "none") ? NULL : buffer, length);
    said(call, "cmap_get", result, "type %d length %zu %s", type, length, value);
}

#define TYPED(NAME, TYPE, FORMAT, PARSED)                                                                             \
    if (strcmp(name, "set_" #NAME) == 0) {                                                                            \
        said(call, "cmap_set_" #NAME, cmap_set_##NAME(handle, key, (TYPE)(PARSED)), "%s", "");                       \
        return 1;                                                                                                     \
    }                                                                                                                 \
    if (strcmp(name, "get_" #NAME) == 0) {                                                                            \
        TYPE value = 0;                                                                                               \
        cs_error_t result = cmap_get_##NAME(handle, key, &value);                                                     \
        said(call, "cmap_get_" #NAME, result, FORMAT, value);                                                         \
        return 1;                                                                                                     \
    }

static int typed(const struct call *call, cmap_handle_t handle, const char *key) {
    const char *name = call->words[2];
    TYPED(int8, int8_t, "%" PRId8, number(call, 4))
    TYPED(uint8, uint8_t, "%" PRIu8, number(call, 4))
    TYPED(int16, int16_t, "%" PRId16, number(call, 4))
    TYPED(uint16, uint16_t, "%" PRIu16, number(call, 4))
    TYPED(int32, int32_t, "%" PRId32, number(call, 4))
    TYPED(uint32, uint32_t, "%" PRIu32, number(call, 4))
    TYPED(int64, int64_t, "%" PRId64, number(call, 4))
    TYPED(uint64, uint64_t, "%" PRIu64, number(call, 4))
    TYPED(float, float, "%g", atof(text(call, 4)))
    TYPED(double, double, "%g", atof(text(call, 4)))
    if (strcmp(name, "set_string") == 0) {
        said(call, "cmap_set_string", cmap_set_string(handle, key, text(call, 4)), "%s", "");
        return 1;
    }
    if (strcmp(name, "get_string") == 0) {
        char *value = NULL;
        cs_error_t result = cmap_get_string(handle, key, &value);
        said(call, "cmap_get_string", result, "'%s'", value != NULL ? value : "");
        free(value);
        return 1;
    }
    return 0;
}

static int tracking(const struct call *call, cmap_handle_t handle, const char *key) {
    const char *name = call->words[2];
    if (strcmp(name, "track_add") == 0) {
        int slot = (int)number(call, 5) % SLOTS;
        cs_error_t result = cmap_track_add(handle, key, (int32_t)number(call, 4), has(call, "none") ? NULL : on_change,
                                           (void *)(uintptr_t)slot, &tracks[slot]);
        said(call, "cmap_track_add", result, "%s", "");
    } else if (strcmp(name, "track_delete") == 0) {
        said(call, "cmap_track_delete", cmap_track_delete(handle, tracks[(int)number(call, 3) % SLOTS]), "%s", "");
    } else {
        return 0;
    }
    return 1;
}

static int iteration(const struct call *call, cmap_handle_t handle) {
    const char *name = call->words[2];
    cmap_iter_handle_t *iterator = &iterators[slot_of(call)];
    char key[CMAP_KEYNAME_MAXLEN + 1];
    size_t length = 0;
    cmap_value_types_t type = 0;
    if (strcmp(name, "iter_init") == 0) {
        said(call, "cmap_iter_init", cmap_iter_init(handle, text(call, 3), iterator), "%s", "");
    } else if (strcmp(name, "iter_next") == 0) {
        cs_error_t result = cmap_iter_next(handle, *iterator, key, &length, &type);
        said(call, "cmap_iter_next", result, "%s %zu %d", result == CS_OK ? key : "", length, type);
    } else if (strcmp(name, "iter_all") == 0) {
        cs_error_t result;
        while ((result = cmap_iter_next(handle, *iterator, key, &length, &type)) == CS_OK) {
            say("cmap_iter_next() = CS_OK %s length %zu type %d", key, length, type);
        }
        say("cmap_iter_next() = %s at the end", result_name(result));
    } else if (strcmp(name, "iter_finalize") == 0) {
        said(call, "cmap_iter_finalize", cmap_iter_finalize(handle, *iterator), "%s", "");
    } else {
        return 0;
    }
    return 1;
}

/* A text or a u32 as a text; empty when there is neither. */
static void value_text(cmap_handle_t handle, const char *key, char *out, size_t size) {
    char *value = NULL;
    uint32_t count = 0;
    out[0] = 0;
    if (cmap_get_string(handle, key, &value) == CS_OK) {
        snprintf(out, size, "%s", value);
        free(value);
    } else if (cmap_get_uint32(handle, key, &count) == CS_OK) {
        snprintf(out, size, "%u", count);
    }
}

static int keyed(const struct call *call, cmap_handle_t handle, const char *key) {
    const char *name = call->words[2];
    if (strcmp(name, "set") == 0) {
        size_t length = 0;
        unsigned char *bytes = bytes_from(text(call, 5), &length);
        cs_error_t result = cmap_set(handle, key, has(call, "none") ? NULL : bytes, length,
                                     (cmap_value_types_t)number(call, 4));
        said(call, "cmap_set", result, "%s", "");
        free(bytes);
    } else if (strcmp(name, "get") == 0) {
        get(call, handle, key);
    } else if (strcmp(name, "get_until") == 0) {
        char shown[64] = "";
        for (int round = 0; round < 500; round++) {
            value_text(handle, key, shown, sizeof(shown));
            if (strcmp(shown, text(call, 4)) == 0) {
                break;
            }
            usleep(10000);
        }
        say("  %s is '%s'", key, shown);
    } else if (strcmp(name, "delete") == 0) {
        said(call, "cmap_delete", cmap_delete(handle, key), "%s", "");
    } else if (strcmp(name, "inc") == 0) {
        said(call, "cmap_inc", cmap_inc(handle, key), "%s", "");
    } else if (strcmp(name, "dec") == 0) {
        said(call, "cmap_dec", cmap_dec(handle, key), "%s", "");
    } else {
        return typed(call, handle, key) || tracking(call, handle, key);
    }
    return 1;
}

static const struct common common = {"cmap", cmap_fd_get, cmap_dispatch, cmap_finalize, cmap_context_set,
                                     cmap_context_get};

void cmap_call(const struct call *call) {
    const char *name = call->words[2];
    cmap_handle_t handle = handle_of(call, handles);
    if (strcmp(name, "initialize") == 0) {
        said(call, "cmap_initialize", cmap_initialize(has(call, "NULL") ? NULL : &handles[slot_of(call)]), "%s", "");
        return;
    }
    if (strcmp(name, "initialize_map") == 0) {
        cs_error_t result = cmap_initialize_map(&handles[slot_of(call)], (cmap_map_t)number(call, 3));
        said(call, "cmap_initialize_map", result, "%s", "");
        return;
    }
    char *key = key_from(text(call, 3));
    if (!iteration(call, handle) && !common_call(call, &common, handles) && !keyed(call, handle, key)) {
        say("no such call: cmap %s", name);
    }
    free(key);
}
