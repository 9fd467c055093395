#ifndef RONDO_COMPRESSION_H
#define RONDO_COMPRESSION_H

#include <stddef.h>
#include <stdint.h>

/* One library's compression with the memory that it works in. For one thread at a time. */
struct rondo_codec;

/* The longest plain text: a packet of the ring. */
enum { RONDO_COMPRESSION_LONGEST = 1 << 16 };

/* The models' numbers on the wire. */
enum rondo_model {
    RONDO_ZLIB = 1,
    RONDO_LZ4 = 2,
    RONDO_LZ4HC = 3,
    RONDO_LZO2 = 4,
    RONDO_LZMA = 5,
    RONDO_BZIP2 = 6,
    RONDO_ZSTD = 7,
};

enum rondo_compression_problem {
    RONDO_COMPRESSION_OK = 0,
    /* The library is not there, or not what it should be. */
    RONDO_COMPRESSION_NO_LIBRARY = -1,
    RONDO_COMPRESSION_NO_MEMORY = -2,
    /* The result does not fit where it shall go. */
    RONDO_COMPRESSION_NO_ROOM = -3,
    /* What came is not the model's. */
    RONDO_COMPRESSION_MALFORMED = -4,
    /* The library does not work with this level. */
    RONDO_COMPRESSION_BAD_LEVEL = -5,
};

/* Opens the model's library when it is the first, and takes what memory the model needs for both directions. NULL with
   the problem set; `failure`, when the library is at fault, says in what way. */
struct rondo_codec *rondo_codec_new(
    enum rondo_model model, enum rondo_compression_problem *problem, char *failure, size_t failure_size);

/* Takes NULL. */
void rondo_codec_free(struct rondo_codec *codec);

/* Compresses to at most `capacity` bytes. Returns their number, or a problem. */
int rondo_compress(
    struct rondo_codec *codec, int level, const uint8_t *in, size_t length, uint8_t *out, size_t capacity);

/* Decompresses what may be anything to at most `capacity` bytes, which are never exceeded. Returns their number, or a
   problem. */
int rondo_decompress(struct rondo_codec *codec, const uint8_t *in, size_t length, uint8_t *out, size_t capacity);

#endif
