#include "libcrypto.h"

#include "include/seal.h"
#include "libraries.h"

#include <pthread.h>

#define SYMBOL(name) RONDO_SYMBOL(struct rondo_libcrypto, name)

static const struct rondo_symbol symbols[] = {
    SYMBOL(EVP_CIPHER_fetch),      SYMBOL(EVP_CIPHER_free),    SYMBOL(EVP_CIPHER_CTX_new),
    SYMBOL(EVP_CIPHER_CTX_free),   SYMBOL(EVP_CipherInit_ex2), SYMBOL(EVP_CipherUpdate),
    SYMBOL(EVP_CipherFinal_ex),    SYMBOL(EVP_MD_fetch),       SYMBOL(EVP_MD_free),
    SYMBOL(EVP_MD_get_size),       SYMBOL(EVP_MD_get_block_size),
    SYMBOL(EVP_MD_CTX_new),        SYMBOL(EVP_MD_CTX_free),    SYMBOL(EVP_MD_CTX_copy_ex),
    SYMBOL(EVP_DigestInit_ex),     SYMBOL(EVP_DigestUpdate),   SYMBOL(EVP_DigestFinal_ex),
    SYMBOL(CRYPTO_memcmp),         SYMBOL(ERR_clear_error),
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rondo_libcrypto functions;
static int is_loaded;
static char failure[256] = "libcrypto has not been loaded";

const struct rondo_libcrypto *rondo_libcrypto(void) {
    pthread_mutex_lock(&lock);
    if (!is_loaded) {
        is_loaded = rondo_load_library(
            "libcrypto.so.3", symbols, sizeof symbols / sizeof symbols[0], &functions, failure, sizeof failure);
    }
    int is_there = is_loaded;
    pthread_mutex_unlock(&lock);
    return is_there ? &functions : NULL;
}

const char *rondo_crypto_failure(void) {
    return failure;
}
