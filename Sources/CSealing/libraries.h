#ifndef RONDO_LIBRARIES_H
#define RONDO_LIBRARIES_H

#include <stddef.h>

/* A name in a library, and where in a table of functions its address belongs. */
struct rondo_symbol {
    const char *name;
    size_t offset;
};

#define RONDO_SYMBOL(table, name) {#name, offsetof(table, name)}

/* Opens a library and fills the table. Returns 1, or 0 with what is wrong in `failure`; then nothing of it stays open.
   */
int rondo_load_library(
    const char *soname, const struct rondo_symbol *symbols, size_t count, void *table, char *failure,
    size_t failure_size);

#endif
