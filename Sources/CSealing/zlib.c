#include "models.h"

/* RFC 1950 streams, in one call each (zlib.h). */

enum { Z_OK = 0, Z_STREAM_ERROR = -2, Z_MEM_ERROR = -4, Z_BUF_ERROR = -5 };

static struct zlib {
    int (*compress2)(uint8_t *out, unsigned long *out_length, const uint8_t *in, unsigned long length, int level);
    int (*uncompress)(uint8_t *out, unsigned long *out_length, const uint8_t *in, unsigned long length);
} zlib;

static const struct rondo_symbol symbols[] = {
    RONDO_SYMBOL(struct zlib, compress2),
    RONDO_SYMBOL(struct zlib, uncompress),
};

static int compress_stream(
    void *memory, int level, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    (void)memory;
    unsigned long count = capacity;
    switch (zlib.compress2(out, &count, in, length, level)) {
    case Z_OK: return (int)count;
    case Z_STREAM_ERROR: return RONDO_COMPRESSION_BAD_LEVEL;
    case Z_MEM_ERROR: return RONDO_COMPRESSION_NO_MEMORY;
    default: return RONDO_COMPRESSION_NO_ROOM;
    }
}

static int decompress_stream(void *memory, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    (void)memory;
    unsigned long count = capacity;
    switch (zlib.uncompress(out, &count, in, length)) {
    case Z_OK: return (int)count;
    case Z_MEM_ERROR: return RONDO_COMPRESSION_NO_MEMORY;
    case Z_BUF_ERROR: return count == capacity ? RONDO_COMPRESSION_NO_ROOM : RONDO_COMPRESSION_MALFORMED;
    default: return RONDO_COMPRESSION_MALFORMED;
    }
}

const struct rondo_codec_kind rondo_zlib = {
    .soname = "libz.so.1",
    .symbols = symbols,
    .symbol_count = RONDO_COUNT(symbols),
    .functions = &zlib,
    .compress = compress_stream,
    .decompress = decompress_stream,
};
