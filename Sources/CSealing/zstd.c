#include "models.h"

#include <stdlib.h>

/* One frame of Zstandard (zstd.h, RFC 8878). In one call it decompresses straight into the room that there is, without
   a window of its own, whatever the frame asks for. */

typedef struct ZSTD_CCtx_s ZSTD_CCtx;
typedef struct ZSTD_DCtx_s ZSTD_DCtx;

static const unsigned long long content_size_unknown = -1ULL;

static struct zstd {
    ZSTD_CCtx *(*ZSTD_createCCtx)(void);
    size_t (*ZSTD_freeCCtx)(ZSTD_CCtx *);
    size_t (*ZSTD_compressCCtx)(ZSTD_CCtx *, void *out, size_t capacity, const void *in, size_t length, int level);
    ZSTD_DCtx *(*ZSTD_createDCtx)(void);
    size_t (*ZSTD_freeDCtx)(ZSTD_DCtx *);
    size_t (*ZSTD_decompressDCtx)(ZSTD_DCtx *, void *out, size_t capacity, const void *in, size_t length);
    unsigned long long (*ZSTD_getFrameContentSize)(const void *in, size_t length);
    unsigned (*ZSTD_isError)(size_t code);
} zstd;

static const struct rondo_symbol symbols[] = {
    RONDO_SYMBOL(struct zstd, ZSTD_createCCtx),     RONDO_SYMBOL(struct zstd, ZSTD_freeCCtx),
    RONDO_SYMBOL(struct zstd, ZSTD_compressCCtx),   RONDO_SYMBOL(struct zstd, ZSTD_createDCtx),
    RONDO_SYMBOL(struct zstd, ZSTD_freeDCtx),       RONDO_SYMBOL(struct zstd, ZSTD_decompressDCtx),
    RONDO_SYMBOL(struct zstd, ZSTD_getFrameContentSize), RONDO_SYMBOL(struct zstd, ZSTD_isError),
};

/* The compressor's part is made with the first packet that is to be compressed: most nodes only receive. */
struct contexts {
    ZSTD_CCtx *compression;
    ZSTD_DCtx *decompression;
};

static void *new_contexts(void) {
    struct contexts *contexts = calloc(1, sizeof *contexts);
    if (contexts == NULL) return NULL;
    contexts->decompression = zstd.ZSTD_createDCtx();
    if (contexts->decompression != NULL) return contexts;
    free(contexts);
    return NULL;
}

static void free_contexts(void *memory) {
    struct contexts *contexts = memory;
    zstd.ZSTD_freeCCtx(contexts->compression);
    zstd.ZSTD_freeDCtx(contexts->decompression);
    free(contexts);
}

static int compress_frame(
    void *memory, int level, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    struct contexts *contexts = memory;
    if (contexts->compression == NULL) contexts->compression = zstd.ZSTD_createCCtx();
    if (contexts->compression == NULL) return RONDO_COMPRESSION_NO_MEMORY;
    size_t count = zstd.ZSTD_compressCCtx(contexts->compression, out, capacity, in, length, level);
    return zstd.ZSTD_isError(count) ? RONDO_COMPRESSION_NO_ROOM : (int)count;
}

/* Frames of versions before 1.0 and frames to be skipped have other first bytes: the library would take them, too. */
static int is_frame(const uint8_t *in, size_t length) {
    return length > 4 && in[0] == 0x28 && in[1] == 0xb5 && in[2] == 0x2f && in[3] == 0xfd;
}

static int decompress_frame(void *memory, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    struct contexts *contexts = memory;
    if (!is_frame(in, length)) return RONDO_COMPRESSION_MALFORMED;
    unsigned long long size = zstd.ZSTD_getFrameContentSize(in, length);
    if (size > capacity && size < content_size_unknown - 1) return RONDO_COMPRESSION_NO_ROOM;
    size_t count = zstd.ZSTD_decompressDCtx(contexts->decompression, out, capacity, in, length);
    return zstd.ZSTD_isError(count) || count > capacity ? RONDO_COMPRESSION_MALFORMED : (int)count;
}

const struct rondo_codec_kind rondo_zstd = {
    .soname = "libzstd.so.1",
    .symbols = symbols,
    .symbol_count = RONDO_COUNT(symbols),
    .functions = &zstd,
    .new = new_contexts,
    .free = free_contexts,
    .compress = compress_frame,
    .decompress = decompress_frame,
};
