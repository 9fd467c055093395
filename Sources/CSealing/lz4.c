#include "models.h"

/* One raw block of LZ4 without a frame (lz4.h, lz4hc.h): both models decompress alike. */

struct lz4 {
    int (*LZ4_compress_fast)(const char *in, char *out, int length, int capacity, int acceleration);
    int (*LZ4_compress_HC)(const char *in, char *out, int length, int capacity, int level);
    int (*LZ4_decompress_safe)(const char *in, char *out, int length, int capacity);
};
static struct lz4 lz4, lz4hc;

static const struct rondo_symbol symbols[] = {
    RONDO_SYMBOL(struct lz4, LZ4_compress_fast),
    RONDO_SYMBOL(struct lz4, LZ4_compress_HC),
    RONDO_SYMBOL(struct lz4, LZ4_decompress_safe),
};

static int compressed(int count) {
    return count > 0 ? count : RONDO_COMPRESSION_NO_ROOM;
}

static int compress_fast(
    void *memory, int level, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    (void)memory;
    return compressed(lz4.LZ4_compress_fast((const char *)in, (char *)out, (int)length, (int)capacity, level));
}

static int compress_high(
    void *memory, int level, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    (void)memory;
    return compressed(lz4hc.LZ4_compress_HC((const char *)in, (char *)out, (int)length, (int)capacity, level));
}

static int decompressed(const struct lz4 *library, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    /* It tells a block that is too long from a damaged one as little as this does. */
    int count = library->LZ4_decompress_safe((const char *)in, (char *)out, (int)length, (int)capacity);
    return count >= 0 ? count : RONDO_COMPRESSION_MALFORMED;
}

static int decompress_fast(void *memory, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    (void)memory;
    return decompressed(&lz4, in, length, out, capacity);
}

static int decompress_high(void *memory, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    (void)memory;
    return decompressed(&lz4hc, in, length, out, capacity);
}

const struct rondo_codec_kind rondo_lz4 = {
    .soname = "liblz4.so.1",
    .symbols = symbols,
    .symbol_count = RONDO_COUNT(symbols),
    .functions = &lz4,
    .compress = compress_fast,
    .decompress = decompress_fast,
};

const struct rondo_codec_kind rondo_lz4hc = {
    .soname = "liblz4.so.1",
    .symbols = symbols,
    .symbol_count = RONDO_COUNT(symbols),
    .functions = &lz4hc,
    .compress = compress_high,
    .decompress = decompress_high,
};
