#ifndef RONDO_MODELS_H
#define RONDO_MODELS_H

#include "include/compression.h"
#include "libraries.h"

/* What each model is made of. Lengths and capacities are at most RONDO_COMPRESSION_LONGEST and at least 1. */
struct rondo_codec_kind {
    const char *soname;
    const struct rondo_symbol *symbols;
    size_t symbol_count;
    /* The table that the symbols go to. */
    void *functions;
    /* Called once, when the library has been opened; 0 when it is not what it should be. NULL for nothing to do. */
    int (*begin)(void);
    /* Memory for both directions; NULL for none. `free` takes what `new` gave. */
    void *(*new)(void);
    void (*free)(void *memory);
    int (*compress)(void *memory, int level, const uint8_t *in, size_t length, uint8_t *out, size_t capacity);
    int (*decompress)(void *memory, const uint8_t *in, size_t length, uint8_t *out, size_t capacity);
};

extern const struct rondo_codec_kind rondo_zlib, rondo_lz4, rondo_lz4hc, rondo_lzo2, rondo_lzma, rondo_bzip2,
    rondo_zstd;

#define RONDO_COUNT(array) (sizeof(array) / sizeof(array)[0])

#endif
