#include "models.h"

#include <stdlib.h>
#include <string.h>

/* Raw LZO1X (lzo1x.h, LZO.TXT). The levels are five compressors of one format; what each works in is the header's. */

typedef int compressor(const uint8_t *in, size_t length, uint8_t *out, size_t *out_length, void *work);

enum { LZO_E_OK = 0, LZO_E_OUTPUT_OVERRUN = -5 };

static struct lzo {
    int (*lzo_init)(
        unsigned version, int size_of_short, int size_of_int, int size_of_long, int size_of_u32, int size_of_uint,
        int size_of_pointer, int size_of_char_pointer, int size_of_void_pointer, int size_of_callback);
    compressor *lzo1x_1_compress;
    compressor *lzo1x_1_11_compress;
    compressor *lzo1x_1_12_compress;
    compressor *lzo1x_1_15_compress;
    compressor *lzo1x_999_compress;
    compressor *lzo1x_decompress_safe;
} lzo;

static const struct rondo_symbol symbols[] = {
    {"__lzo_init_v2", offsetof(struct lzo, lzo_init)},
    RONDO_SYMBOL(struct lzo, lzo1x_1_compress),
    RONDO_SYMBOL(struct lzo, lzo1x_1_11_compress),
    RONDO_SYMBOL(struct lzo, lzo1x_1_12_compress),
    RONDO_SYMBOL(struct lzo, lzo1x_1_15_compress),
    RONDO_SYMBOL(struct lzo, lzo1x_999_compress),
    RONDO_SYMBOL(struct lzo, lzo1x_decompress_safe),
};

/* The compressors do not ask how much room there is, so they write to a place where the longest result fits. */
struct work {
    uint8_t longest[RONDO_COMPRESSION_LONGEST + RONDO_COMPRESSION_LONGEST / 16 + 64 + 3];
    /* The largest need of all, that of level 999: 14 × 16384 shorts; level 15 takes 32768 pointers. */
    _Alignas(16) uint8_t memory[14 * 16384 * sizeof(short)];
};
_Static_assert(sizeof(((struct work *)0)->memory) >= 32768 * sizeof(void *), "all levels' memory");

static int begin(void) {
    /* lzo_callback_t has six pointers; the library compares all sizes with those it was built for. */
    return lzo.lzo_init(
               0x20a0, sizeof(short), sizeof(int), sizeof(long), sizeof(uint32_t), sizeof(size_t), sizeof(void *),
               sizeof(char *), sizeof(void *), 6 * sizeof(void *)) == LZO_E_OK;
}

static void *new_work(void) {
    return malloc(sizeof(struct work));
}

static compressor *variant(int level) {
    switch (level) {
    case 11: return lzo.lzo1x_1_11_compress;
    case 12: return lzo.lzo1x_1_12_compress;
    case 15: return lzo.lzo1x_1_15_compress;
    case 999: return lzo.lzo1x_999_compress;
    default: return lzo.lzo1x_1_compress;
    }
}

static int compress_block(
    void *memory, int level, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    struct work *work = memory;
    size_t count = sizeof work->longest;
    if (variant(level)(in, length, work->longest, &count, work->memory) != LZO_E_OK || count > capacity)
        return RONDO_COMPRESSION_NO_ROOM;
    memcpy(out, work->longest, count);
    return (int)count;
}

static int decompress_block(void *memory, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    (void)memory;
    size_t count = capacity;
    switch (lzo.lzo1x_decompress_safe(in, length, out, &count, NULL)) {
    case LZO_E_OK: return (int)count;
    case LZO_E_OUTPUT_OVERRUN: return RONDO_COMPRESSION_NO_ROOM;
    default: return RONDO_COMPRESSION_MALFORMED;
    }
}

const struct rondo_codec_kind rondo_lzo2 = {
    .soname = "liblzo2.so.2",
    .symbols = symbols,
    .symbol_count = RONDO_COUNT(symbols),
    .functions = &lzo,
    .begin = begin,
    .new = new_work,
    .free = free,
    .compress = compress_block,
    .decompress = decompress_block,
};
