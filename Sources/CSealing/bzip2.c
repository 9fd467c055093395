#include "models.h"

/* .bz2 streams, in one call each (bzlib.h). */

enum { BZ_OK = 0, BZ_PARAM_ERROR = -2, BZ_MEM_ERROR = -3, BZ_OUTBUFF_FULL = -8 };

/* Decompression in 2.5 bytes for each byte of a block in place of 4: a stream chooses its block's size, up to 900 kB.
   */
enum { SMALL = 1 };

static struct bzip2 {
    int (*BZ2_bzBuffToBuffCompress)(
        char *out, unsigned *out_length, char *in, unsigned length, int block_size, int verbosity, int work_factor);
    int (*BZ2_bzBuffToBuffDecompress)(
        char *out, unsigned *out_length, char *in, unsigned length, int small, int verbosity);
} bzip2;

static const struct rondo_symbol symbols[] = {
    RONDO_SYMBOL(struct bzip2, BZ2_bzBuffToBuffCompress),
    RONDO_SYMBOL(struct bzip2, BZ2_bzBuffToBuffDecompress),
};

static int compress_stream(
    void *memory, int level, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    (void)memory;
    unsigned count = (unsigned)capacity;
    /* The library declares its input without const, and does not write to it. */
    switch (bzip2.BZ2_bzBuffToBuffCompress((char *)out, &count, (char *)in, (unsigned)length, level, 0, 0)) {
    case BZ_OK: return (int)count;
    case BZ_PARAM_ERROR: return RONDO_COMPRESSION_BAD_LEVEL;
    case BZ_MEM_ERROR: return RONDO_COMPRESSION_NO_MEMORY;
    default: return RONDO_COMPRESSION_NO_ROOM;
    }
}

static int decompress_stream(void *memory, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    (void)memory;
    unsigned count = (unsigned)capacity;
    switch (bzip2.BZ2_bzBuffToBuffDecompress((char *)out, &count, (char *)in, (unsigned)length, SMALL, 0)) {
    case BZ_OK: return (int)count;
    case BZ_MEM_ERROR: return RONDO_COMPRESSION_NO_MEMORY;
    case BZ_OUTBUFF_FULL: return RONDO_COMPRESSION_NO_ROOM;
    default: return RONDO_COMPRESSION_MALFORMED;
    }
}

const struct rondo_codec_kind rondo_bzip2 = {
    .soname = "libbz2.so.1.0",
    .symbols = symbols,
    .symbol_count = RONDO_COUNT(symbols),
    .functions = &bzip2,
    .compress = compress_stream,
    .decompress = decompress_stream,
};
