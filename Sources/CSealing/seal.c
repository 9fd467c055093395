#include "include/seal.h"

#include "include/secret.h"
#include "libcrypto.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16, LONGEST_HASH = 64, LONGEST_HASH_BLOCK = 128 };

/* Salts made ahead, in a page that is zero in a child after fork(2): there `left` is 0, so that it never uses a salt
   that its parent uses too. */
struct salts {
    size_t left;
    uint8_t bytes[4080];
};
_Static_assert(sizeof(struct salts) <= 4096, "salts lie in one page");

struct rondo_seal {
    const struct rondo_libcrypto *crypto;
    /* Both hold the expanded key; NULL without a cipher. */
    EVP_CIPHER_CTX *encryption;
    EVP_CIPHER_CTX *decryption;
    /* HMAC (RFC 2104): the states of the hash after the key's inner and outer block, and one to work with. */
    EVP_MD_CTX *inner;
    EVP_MD_CTX *outer;
    EVP_MD_CTX *work;
    size_t hash_length;
    struct salts *salts;
};

/* MARK: Making and freeing */

static EVP_CIPHER_CTX *new_cipher(
    const struct rondo_libcrypto *crypto, const EVP_CIPHER *cipher, const uint8_t *key, int encrypts) {
    EVP_CIPHER_CTX *context = crypto->EVP_CIPHER_CTX_new();
    if (context == NULL) return NULL;
    if (crypto->EVP_CipherInit_ex2(context, cipher, key, NULL, encrypts, NULL) == 1) return context;
    crypto->EVP_CIPHER_CTX_free(context);
    return NULL;
}

static enum rondo_seal_problem make_ciphers(struct rondo_seal *seal, int bits, const uint8_t *key, size_t key_length) {
    const char *name = bits == 128 ? "AES-128-CBC" : bits == 192 ? "AES-192-CBC" : bits == 256 ? "AES-256-CBC" : NULL;
    if (name == NULL) return RONDO_SEAL_UNSUPPORTED;
    if (key_length < (size_t)bits / 8) return RONDO_SEAL_BAD_KEY;
    EVP_CIPHER *cipher = seal->crypto->EVP_CIPHER_fetch(NULL, name, NULL);
    if (cipher == NULL) return RONDO_SEAL_UNSUPPORTED;
    seal->encryption = new_cipher(seal->crypto, cipher, key, 1);
    seal->decryption = new_cipher(seal->crypto, cipher, key, 0);
    seal->crypto->EVP_CIPHER_free(cipher);
    return seal->encryption != NULL && seal->decryption != NULL ? RONDO_SEAL_OK : RONDO_SEAL_NO_MEMORY;
}

/* The state of the hash after one block: the key's, with every byte changed by `pad`. */
static EVP_MD_CTX *hash_of_pad(
    const struct rondo_libcrypto *crypto, const EVP_MD *hash, const uint8_t *block, size_t size, uint8_t pad) {
    uint8_t padded[LONGEST_HASH_BLOCK];
    for (size_t i = 0; i < size; i++) padded[i] = block[i] ^ pad;
    EVP_MD_CTX *state = crypto->EVP_MD_CTX_new();
    if (state != NULL &&
        (crypto->EVP_DigestInit_ex(state, hash, NULL) != 1 || crypto->EVP_DigestUpdate(state, padded, size) != 1)) {
        crypto->EVP_MD_CTX_free(state);
        state = NULL;
    }
    rondo_wipe(padded, sizeof padded);
    return state;
}

/* The key as a block of the hash: as it is when it fits, else its hash; zeros behind. */
static int key_block(
    struct rondo_seal *seal, const EVP_MD *hash, const uint8_t *key, size_t key_length, uint8_t *block, size_t size) {
    memset(block, 0, size);
    if (key_length <= size) {
        memcpy(block, key, key_length);
        return 1;
    }
    return seal->crypto->EVP_DigestInit_ex(seal->work, hash, NULL) == 1 &&
           seal->crypto->EVP_DigestUpdate(seal->work, key, key_length) == 1 &&
           seal->crypto->EVP_DigestFinal_ex(seal->work, block, NULL) == 1;
}

static enum rondo_seal_problem make_states(
    struct rondo_seal *seal, const EVP_MD *hash, const uint8_t *key, size_t key_length) {
    int size = seal->crypto->EVP_MD_get_block_size(hash);
    int length = seal->crypto->EVP_MD_get_size(hash);
    if (size <= 0 || size > LONGEST_HASH_BLOCK || length <= 0 || length > LONGEST_HASH || length > size)
        return RONDO_SEAL_UNSUPPORTED;
    seal->hash_length = (size_t)length;
    seal->work = seal->crypto->EVP_MD_CTX_new();
    if (seal->work == NULL) return RONDO_SEAL_NO_MEMORY;
    uint8_t block[LONGEST_HASH_BLOCK];
    if (key_block(seal, hash, key, key_length, block, (size_t)size)) {
        seal->inner = hash_of_pad(seal->crypto, hash, block, (size_t)size, 0x36);
        seal->outer = hash_of_pad(seal->crypto, hash, block, (size_t)size, 0x5c);
    }
    rondo_wipe(block, sizeof block);
    return seal->inner != NULL && seal->outer != NULL ? RONDO_SEAL_OK : RONDO_SEAL_FAILED;
}

static enum rondo_seal_problem make_hash(
    struct rondo_seal *seal, const char *name, const uint8_t *key, size_t key_length) {
    EVP_MD *hash = seal->crypto->EVP_MD_fetch(NULL, name, NULL);
    if (hash == NULL) return RONDO_SEAL_UNSUPPORTED;
    enum rondo_seal_problem problem = make_states(seal, hash, key, key_length);
    seal->crypto->EVP_MD_free(hash);
    return problem;
}

static enum rondo_seal_problem refill(struct salts *salts) {
    if (rondo_random(salts->bytes, sizeof salts->bytes) != 0) return RONDO_SEAL_NO_RANDOM;
    salts->left = sizeof salts->bytes / RONDO_SALT_LENGTH;
    return RONDO_SEAL_OK;
}

static enum rondo_seal_problem make_salts(struct rondo_seal *seal) {
    seal->salts = (struct salts *)rondo_secret_new(sizeof *seal->salts, 1);
    return seal->salts == NULL ? RONDO_SEAL_NO_MEMORY : refill(seal->salts);
}

struct rondo_seal *rondo_seal_new(
    int cipher_bits, const char *hash, const uint8_t *key, size_t key_length, enum rondo_seal_problem *problem) {
    const struct rondo_libcrypto *crypto = rondo_libcrypto();
    struct rondo_seal *seal = crypto != NULL ? calloc(1, sizeof *seal) : NULL;
    *problem = crypto == NULL ? RONDO_SEAL_NO_LIBRARY
               : seal == NULL ? RONDO_SEAL_NO_MEMORY
               : key_length == 0 || key_length > 4096 ? RONDO_SEAL_BAD_KEY
                                                      : RONDO_SEAL_OK;
    if (seal != NULL) seal->crypto = crypto;
    if (*problem == RONDO_SEAL_OK) *problem = make_hash(seal, hash, key, key_length);
    if (*problem == RONDO_SEAL_OK && cipher_bits != 0) *problem = make_ciphers(seal, cipher_bits, key, key_length);
    if (*problem == RONDO_SEAL_OK && cipher_bits != 0) *problem = make_salts(seal);
    if (*problem == RONDO_SEAL_OK) return seal;
    if (crypto != NULL) crypto->ERR_clear_error();
    rondo_seal_free(seal);
    return NULL;
}

void rondo_seal_free(struct rondo_seal *seal) {
    if (seal == NULL) return;
    const struct rondo_libcrypto *crypto = seal->crypto;
    /* libcrypto overwrites the states of ciphers and hashes when it frees them. */
    if (crypto != NULL) {
        crypto->EVP_CIPHER_CTX_free(seal->encryption);
        crypto->EVP_CIPHER_CTX_free(seal->decryption);
        crypto->EVP_MD_CTX_free(seal->inner);
        crypto->EVP_MD_CTX_free(seal->outer);
        crypto->EVP_MD_CTX_free(seal->work);
    }
    rondo_secret_free((uint8_t *)seal->salts, sizeof *seal->salts);
    rondo_wipe(seal, sizeof *seal);
    free(seal);
}

/* MARK: Packets */

static int authenticate(struct rondo_seal *seal, const uint8_t *bytes, size_t length, uint8_t *hash) {
    const struct rondo_libcrypto *crypto = seal->crypto;
    return crypto->EVP_MD_CTX_copy_ex(seal->work, seal->inner) == 1 &&
           crypto->EVP_DigestUpdate(seal->work, bytes, length) == 1 &&
           crypto->EVP_DigestFinal_ex(seal->work, hash, NULL) == 1 &&
           crypto->EVP_MD_CTX_copy_ex(seal->work, seal->outer) == 1 &&
           crypto->EVP_DigestUpdate(seal->work, hash, seal->hash_length) == 1 &&
           crypto->EVP_DigestFinal_ex(seal->work, hash, NULL) == 1;
}

static enum rondo_seal_problem take_salt(struct salts *salts, uint8_t *salt) {
    if (salts->left == 0) {
        enum rondo_seal_problem problem = refill(salts);
        if (problem != RONDO_SEAL_OK) return problem;
    }
    salts->left--;
    memcpy(salt, salts->bytes + salts->left * RONDO_SALT_LENGTH, RONDO_SALT_LENGTH);
    return RONDO_SEAL_OK;
}

/* Salt and ciphertext; returns their length, which never exceeds that of salt and filled plain text. */
static int encrypt(
    struct rondo_seal *seal, const uint8_t *salt, const uint8_t *plain, size_t length, uint8_t *image) {
    const struct rondo_libcrypto *crypto = seal->crypto;
    if (salt != NULL) {
        memcpy(image, salt, RONDO_SALT_LENGTH);
    } else {
        enum rondo_seal_problem problem = take_salt(seal->salts, image);
        if (problem != RONDO_SEAL_OK) return problem;
    }
    int count = 0, last = 0;
    uint8_t *out = image + RONDO_SALT_LENGTH;
    if (crypto->EVP_CipherInit_ex2(seal->encryption, NULL, NULL, image, -1, NULL) != 1 ||
        crypto->EVP_CipherUpdate(seal->encryption, out, &count, plain, (int)length) != 1 ||
        crypto->EVP_CipherFinal_ex(seal->encryption, out + count, &last) != 1) {
        return RONDO_SEAL_FAILED;
    }
    return RONDO_SALT_LENGTH + count + last;
}

int rondo_seal(
    struct rondo_seal *seal, const uint8_t *salt, const uint8_t *plain, size_t length, uint8_t *image,
    size_t capacity) {
    size_t protected = seal->encryption != NULL ? RONDO_SALT_LENGTH + (length / BLOCK + 1) * BLOCK : length;
    if (length > RONDO_SEAL_LONGEST || protected + seal->hash_length > capacity) return RONDO_SEAL_NO_ROOM;
    int result = (int)protected;
    if (seal->encryption == NULL) {
        if (length > 0) memcpy(image, plain, length);
    } else {
        result = encrypt(seal, salt, plain, length, image);
    }
    if (result >= 0 && !authenticate(seal, image, (size_t)result, image + result)) result = RONDO_SEAL_FAILED;
    if (result >= 0) return result + (int)seal->hash_length;
    seal->crypto->ERR_clear_error();
    return result;
}

/* Decrypts whole blocks where they lie; returns how many bytes of plain text they hold. */
static int decrypt(struct rondo_seal *seal, const uint8_t *salt, uint8_t *blocks, size_t length) {
    const struct rondo_libcrypto *crypto = seal->crypto;
    int count = 0, last = 0;
    if (crypto->EVP_CipherInit_ex2(seal->decryption, NULL, NULL, salt, -1, NULL) == 1 &&
        crypto->EVP_CipherUpdate(seal->decryption, blocks, &count, blocks, (int)length) == 1 &&
        crypto->EVP_CipherFinal_ex(seal->decryption, blocks + count, &last) == 1) {
        return count + last;
    }
    crypto->ERR_clear_error();
    return RONDO_OPEN_BAD_PADDING;
}

int rondo_open(struct rondo_seal *seal, uint8_t *image, size_t length, size_t *start) {
    *start = 0;
    if (length > RONDO_SEAL_LONGEST || length < seal->hash_length) return RONDO_OPEN_BAD_LENGTH;
    size_t protected = length - seal->hash_length;
    if (seal->decryption != NULL && (protected < RONDO_SALT_LENGTH + BLOCK || protected % BLOCK != 0))
        return RONDO_OPEN_BAD_LENGTH;
    uint8_t hash[LONGEST_HASH];
    if (!authenticate(seal, image, protected, hash)) {
        seal->crypto->ERR_clear_error();
        return RONDO_SEAL_FAILED;
    }
    if (seal->crypto->CRYPTO_memcmp(hash, image + protected, seal->hash_length) != 0) return RONDO_OPEN_BAD_HASH;
    if (seal->decryption == NULL) return (int)protected;
    *start = RONDO_SALT_LENGTH;
    return decrypt(seal, image, image + RONDO_SALT_LENGTH, protected - RONDO_SALT_LENGTH);
}
