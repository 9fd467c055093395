#include "libraries.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

int rondo_load_library(
    const char *soname, const struct rondo_symbol *symbols, size_t count, void *table, char *failure,
    size_t failure_size) {
    /* Bound at once, so that a name that is missing shows now and not with a packet. */
    void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        const char *text = dlerror();
        snprintf(failure, failure_size, "%s", text != NULL ? text : soname);
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        void *address = dlsym(library, symbols[i].name);
        if (address == NULL) {
            snprintf(failure, failure_size, "%s: there is no %s in it", soname, symbols[i].name);
            dlclose(library);
            return 0;
        }
        /* POSIX has functions and objects have addresses of one size; the table's member is a pointer to a function. */
        memcpy((char *)table + symbols[i].offset, &address, sizeof address);
    }
    return 1;
}
