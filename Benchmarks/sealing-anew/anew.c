#include "include/anew.h"

#include <dlfcn.h>
#include <string.h>

/* OSSL_PARAM of openssl/core.h. */
struct parameter {
    const char *key;
    unsigned type;
    void *data;
    size_t size, returned;
};
enum { UTF8_STRING = 4, BLOCK = 16 };

static struct {
    void *(*EVP_CIPHER_fetch)(void *, const char *, const char *);
    void *(*EVP_CIPHER_CTX_new)(void);
    void (*EVP_CIPHER_CTX_free)(void *);
    int (*EVP_CipherInit_ex)(void *, const void *, void *, const uint8_t *key, const uint8_t *iv, int encrypts);
    int (*EVP_CipherUpdate)(void *, uint8_t *out, int *count, const uint8_t *in, int length);
    int (*EVP_CipherFinal_ex)(void *, uint8_t *out, int *count);
    void *(*EVP_MAC_fetch)(void *, const char *, const char *);
    void *(*EVP_MAC_CTX_new)(void *);
    void (*EVP_MAC_CTX_free)(void *);
    int (*EVP_MAC_init)(void *, const uint8_t *key, size_t length, const struct parameter *);
    int (*EVP_MAC_update)(void *, const uint8_t *, size_t);
    int (*EVP_MAC_final)(void *, uint8_t *out, size_t *count, size_t capacity);
    int (*RAND_bytes)(uint8_t *, int);
} crypto;

static const char *const names[] = {
    "EVP_CIPHER_fetch", "EVP_CIPHER_CTX_new", "EVP_CIPHER_CTX_free", "EVP_CipherInit_ex", "EVP_CipherUpdate",
    "EVP_CipherFinal_ex", "EVP_MAC_fetch", "EVP_MAC_CTX_new", "EVP_MAC_CTX_free", "EVP_MAC_init", "EVP_MAC_update",
    "EVP_MAC_final", "RAND_bytes",
};

static void *cipher, *mac;
static struct parameter parameters[2];

int rondo_anew_begin(const char *cipher_name, const char *hash) {
    void *library = dlopen("libcrypto.so.3", RTLD_NOW);
    if (library == NULL) return 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        void *address = dlsym(library, names[i]);
        if (address == NULL) return 0;
        memcpy((char *)&crypto + i * sizeof address, &address, sizeof address);
    }
    cipher = cipher_name != NULL ? crypto.EVP_CIPHER_fetch(NULL, cipher_name, NULL) : NULL;
    mac = crypto.EVP_MAC_fetch(NULL, "HMAC", NULL);
    parameters[0] = (struct parameter){"digest", UTF8_STRING, (void *)hash, strlen(hash), (size_t)-1};
    return mac != NULL && (cipher != NULL || cipher_name == NULL);
}

static size_t authenticate(const uint8_t *key, size_t key_length, const uint8_t *bytes, size_t length, uint8_t *hash) {
    size_t count = 0;
    void *context = crypto.EVP_MAC_CTX_new(mac);
    if (crypto.EVP_MAC_init(context, key, key_length, parameters) == 1 &&
        crypto.EVP_MAC_update(context, bytes, length) == 1)
        crypto.EVP_MAC_final(context, hash, &count, 64);
    crypto.EVP_MAC_CTX_free(context);
    return count;
}

static size_t transform(
    const uint8_t *key, const uint8_t *salt, const uint8_t *in, size_t length, uint8_t *out, int encrypts) {
    int count = 0, last = 0;
    void *context = crypto.EVP_CIPHER_CTX_new();
    if (crypto.EVP_CipherInit_ex(context, cipher, NULL, key, salt, encrypts) == 1 &&
        crypto.EVP_CipherUpdate(context, out, &count, in, (int)length) == 1)
        crypto.EVP_CipherFinal_ex(context, out + count, &last);
    crypto.EVP_CIPHER_CTX_free(context);
    return (size_t)(count + last);
}

size_t rondo_anew_seal(const uint8_t *key, size_t key_length, const uint8_t *plain, size_t length, uint8_t *image) {
    size_t end = length;
    if (cipher == NULL) {
        memcpy(image, plain, length);
    } else {
        if (crypto.RAND_bytes(image, BLOCK) != 1) return 0;
        end = BLOCK + transform(key, image, plain, length, image + BLOCK, 1);
    }
    return end + authenticate(key, key_length, image, end, image + end);
}

size_t rondo_anew_open(const uint8_t *key, size_t key_length, uint8_t *image, size_t length, size_t hash_length) {
    uint8_t hash[64];
    size_t end = length - hash_length;
    if (authenticate(key, key_length, image, end, hash) != hash_length || memcmp(hash, image + end, hash_length) != 0)
        return 0;
    return cipher == NULL ? end : transform(key, image, image + BLOCK, end - BLOCK, image + BLOCK, 0);
}
