/* SPDX-License-Identifier: MIT */
/* The hashes give the published values, agree with naive second versions of
 * themselves, and keep the limits that their headers state. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "onemiss/core/crc32c_scalar.h"
#include "onemiss/core/hash_crc32c.h"
#include "onemiss/core/hash_fibonacci.h"
#include "onemiss/core/hash_fnv1a.h"
#include "onemiss/core/hash_identity.h"
#include "onemiss/core/hash_murmur3.h"
#include "onemiss/core/hash_siphash13.h"
#include "onemiss/core/hash_siphash24.h"
#include "onemiss/core/hash_wyhash.h"
#include "onemiss/core/hash_xxh3.h"

#define N_OF(array) (sizeof(array) / sizeof(array)[0])

enum { MAX_BYTES = 300 };

static om_seed seed_of(uint64_t low, uint64_t high)
{
    om_seed seed;
    seed.low = low;
    seed.high = high;
    return seed;
}

static const om_seed seeds[] = {
    {0, 0},
    {1, 0},
    {0, 1},
    {0x0706050403020100, 0x0f0e0d0c0b0a0908},
    {0xfedcba9876543210, 0x8000000000000001},
    {UINT64_MAX, UINT64_MAX},
};

/* Test keys: a full-period generator, so that all are distinct (constants:
 * Knuth's MMIX). */
static uint64_t next_key(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state;
}

static void expect(const char *name, size_t n, uint64_t got, uint64_t wanted)
{
    if (got != wanted)
        fail_msg("%s, %zu: got %016llx, wanted %016llx", name, n, (unsigned long long)got,
                 (unsigned long long)wanted);
}

static void put_le64(unsigned char *at, uint64_t word)
{
    for (int i = 0; i < 8; i++)
        at[i] = (unsigned char)(word >> 8 * i & 0xff);
}

/* n bytes, the first one lowest. */
static uint64_t get_le(const unsigned char *at, size_t n)
{
    uint64_t word = 0;
    while (n-- > 0)
        word = word << 8 | at[n];
    return word;
}

static uint64_t rotate_by_one_bit(uint64_t word, int times)
{
    while (times-- > 0)
        word = word << 1 | word >> 63;
    return word;
}

/* ----------------------------------------------------------- naive versions */

/* The paper's figure 2.1, column by column. */
static void naive_sipround(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate_by_one_bit(v[1], 13);
    v[3] = rotate_by_one_bit(v[3], 16);
    v[1] ^= v[0];
    v[3] ^= v[2];
    v[0] = rotate_by_one_bit(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate_by_one_bit(v[1], 17);
    v[3] = rotate_by_one_bit(v[3], 21);
    v[1] ^= v[2];
    v[3] ^= v[0];
    v[2] = rotate_by_one_bit(v[2], 32);
}

/* The paper's section 2: pad to whole words, the last byte is the length. */
static uint64_t naive_siphash(const void *bytes, size_t n, om_seed seed, int c, int d)
{
    unsigned char padded[MAX_BYTES + 2100] = {0};
    const size_t n_padded = (n / 8 + 1) * 8;
    if (n > 0)
        memcpy(padded, bytes, n);
    padded[n_padded - 1] = (unsigned char)(n % 256);
    uint64_t v[4] = {0x736f6d6570736575, 0x646f72616e646f6d, 0x6c7967656e657261,
                     0x7465646279746573};
    for (int i = 0; i < 4; i++)
        v[i] ^= i % 2 == 0 ? seed.low : seed.high;
    for (size_t at = 0; at <= n_padded; at += 8) {
        const int is_end = at == n_padded;
        const uint64_t word = is_end ? 0 : get_le(padded + at, 8);
        v[3] ^= word;
        v[2] ^= is_end ? 0xff : 0;
        for (int i = 0; i < (is_end ? d : c); i++)
            naive_sipround(v);
        v[0] ^= word;
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static uint64_t naive_siphash13(const void *bytes, size_t n, om_seed seed)
{
    return naive_siphash(bytes, n, seed, 1, 3);
}

static uint64_t naive_siphash24(const void *bytes, size_t n, om_seed seed)
{
    return naive_siphash(bytes, n, seed, 2, 4);
}

/* libxxhash's streaming code, a byte at a time: another path through it. */
static uint64_t naive_xxh3(const void *bytes, size_t n, om_seed seed)
{
    static XXH3_state_t state;
    const unsigned char *at = (const unsigned char *)bytes;
    XXH3_64bits_reset_withSeed(&state, seed.low);
    for (size_t i = 0; i < n; i++)
        XXH3_64bits_update(&state, at + i, 1);
    return XXH3_64bits_digest(&state);
}

/* The prime 2^40 + 2^8 + 0xb3 as shifts and additions. */
static uint64_t naive_fnv1a(const void *bytes, size_t n, om_seed seed)
{
    const unsigned char *at = (const unsigned char *)bytes;
    uint64_t h = 14695981039346656037u ^ seed.low;
    for (size_t i = 0; i < n; i++) {
        h ^= at[i];
        h = (h << 40) + (h << 8) + (h << 7) + (h << 5) + (h << 4) + (h << 1) + h;
    }
    return h;
}

static uint64_t naive_fmix64(uint64_t word)
{
    word ^= word >> 33;
    word *= 0xff51afd7ed558ccd;
    word ^= word >> 33;
    word *= 0xc4ceb9fe1a85ec53;
    word ^= word >> 33;
    return word;
}

/* Both words of MurmurHash3_x64_128: the tail is a block filled up with zeros
 * that mixes into h1 and h2 without the steps between blocks. */
static void naive_murmur3_128(const void *bytes, size_t n, uint32_t seed, uint64_t h[2])
{
    static const uint64_t factor[2] = {0x87c37b91114253d5, 0x4cf5ad432745937f};
    static const uint64_t addend[2] = {0x52dce729, 0x38495ab5};
    unsigned char padded[MAX_BYTES + 4200] = {0};
    if (n > 0)
        memcpy(padded, bytes, n);
    h[0] = h[1] = seed;
    for (size_t at = 0; at < n; at += 16) {
        for (int i = 0; i < 2; i++) {
            uint64_t word = get_le(padded + at + 8 * i, 8) * factor[i];
            h[i] ^= rotate_by_one_bit(word, i == 0 ? 31 : 33) * factor[1 - i];
            if (n - at >= 16)
                h[i] = (rotate_by_one_bit(h[i], i == 0 ? 27 : 31) + h[1 - i]) * 5 +
                       addend[i];
        }
    }
    h[0] ^= n;
    h[1] ^= n;
    h[0] += h[1];
    h[1] += h[0];
    h[0] = naive_fmix64(h[0]);
    h[1] = naive_fmix64(h[1]);
    h[0] += h[1];
    h[1] += h[0];
}

static uint64_t naive_murmur3(const void *bytes, size_t n, om_seed seed)
{
    uint64_t h[2];
    naive_murmur3_128(bytes, n, (uint32_t)(seed.low & UINT32_MAX), h);
    return h[0];
}

/* a * b in two words, bit by bit. */
static void naive_multiply(uint64_t a, uint64_t b, uint64_t product[2])
{
    product[0] = product[1] = 0;
    for (int bit = 63; bit >= 0; bit--) {
        product[1] = product[1] << 1 | product[0] >> 63;
        product[0] <<= 1;
        if (b >> bit & 1) {
            product[0] += a;
            product[1] += product[0] < a;
        }
    }
}

static uint64_t naive_fold(uint64_t a, uint64_t b)
{
    uint64_t product[2];
    naive_multiply(a, b, product);
    return product[0] ^ product[1];
}

static const uint64_t secret[4] = {0x2d358dccaa6c78a5, 0x8bb84b93962eacc9,
                                   0x4b33a62ed433d4a3, 0x4d5a2da51de1aa47};

/* Lanes as arrays: from 48 bytes on, three lanes take 16 bytes each, then lane
 * 0 alone. */
static uint64_t naive_wyhash(const void *bytes, size_t n, om_seed seed)
{
    const unsigned char *at = (const unsigned char *)bytes;
    const uint64_t start = seed.low ^ naive_fold(seed.low ^ secret[0], secret[1]);
    uint64_t lane[3] = {start, start, start}, word[2] = {0, 0}, product[2];
    size_t done = 0;
    for (; n >= 48 && n - done >= 48; done += 48)
        for (int i = 0; i < 3; i++)
            lane[i] = naive_fold(get_le(at + done + 16 * i, 8) ^ secret[i + 1],
                                 get_le(at + done + 16 * i + 8, 8) ^ lane[i]);
    if (n >= 48)
        lane[0] ^= lane[1] ^ lane[2];
    for (; n - done > 16; done += 16)
        lane[0] = naive_fold(get_le(at + done, 8) ^ secret[1],
                             get_le(at + done + 8, 8) ^ lane[0]);
    if (n > 16) {
        word[0] = get_le(at + n - 16, 8);
        word[1] = get_le(at + n - 8, 8);
    } else if (n == 16) {
        word[0] = get_le(at, 4) << 32 | get_le(at + 8, 4);
        word[1] = get_le(at + 12, 4) << 32 | get_le(at + 4, 4);
    } else if (n >= 8) {
        word[0] = get_le(at, 4) << 32 | get_le(at + 4, 4);
        word[1] = get_le(at + n - 4, 4) << 32 | get_le(at + n - 8, 4);
    } else if (n >= 4) {
        word[0] = get_le(at, 4) << 32 | get_le(at, 4);
        word[1] = get_le(at + n - 4, 4) << 32 | get_le(at + n - 4, 4);
    } else if (n > 0) {
        word[0] =
            get_le(at, 1) << 16 | get_le(at + n / 2, 1) << 8 | get_le(at + n - 1, 1);
    }
    naive_multiply(word[0] ^ secret[1], word[1] ^ lane[0], product);
    return naive_fold(product[0] ^ secret[0] ^ n, product[1] ^ secret[1]);
}

/* The register, one bit of input at a time. */
static uint32_t naive_crc32c_state(uint32_t state, const void *bytes, size_t n)
{
    const unsigned char *at = (const unsigned char *)bytes;
    for (size_t bit = 0; bit < 8 * n; bit++) {
        const uint32_t out = (state ^ (uint32_t)at[bit / 8] >> bit % 8) & 1;
        state = state >> 1 ^ (out ? 0x82f63b78 : 0);
    }
    return state;
}

static uint64_t naive_crc32c(const void *bytes, size_t n, om_seed seed)
{
    const uint32_t fold = (uint32_t)((seed.low >> 32 ^ seed.low) & UINT32_MAX);
    const uint32_t crc = ~naive_crc32c_state(0xffffffff ^ fold, bytes, n);
    const uint32_t high = crc * 0x9e3779b1u;
    return (uint64_t)high << 32 | crc;
}

static uint64_t naive_fibonacci(const void *bytes, size_t n, om_seed seed)
{
    unsigned char padded[MAX_BYTES + 16] = {0};
    const size_t n_words = (n + 7) / 8;
    uint64_t h = seed.low;
    if (n > 0)
        memcpy(padded, bytes, n);
    for (size_t i = 0; i <= n_words; i++) {
        const uint64_t word = i < n_words ? get_le(padded + 8 * i, 8) : n;
        h = rotate_by_one_bit((h ^ word) * 11400714819323198485u, 32);
    }
    return h;
}

/* ------------------------------------------------------ the hashes in a row */

typedef struct hash {
    const char *name;
    uint64_t (*u64)(uint64_t key, om_seed seed);
    uint64_t (*bytes)(const void *bytes, size_t n, om_seed seed);
    uint64_t (*view)(om_view text, om_seed seed);
    uint64_t (*naive)(const void *bytes, size_t n, om_seed seed);
    int u64_is_bytes;    /* u64 is the hash of the key's 8 little-endian bytes */
    int has_suffix;      /* view appends 0xFF */
    int n_seed_bits;     /* bits of seed.low that `bytes` uses, counted from the lowest */
    uint32_t smhasher;   /* published verification value, 0 for none */
    int avalanches_high; /* dense keys spread evenly over the u64 hash's top byte */
} hash;

/* smhasher: verification values of SMHasher3 (fwojcik/smhasher3:
 * hashes/siphash.cpp, fnv.cpp, wyhash.cpp), for xxh3 of Zig's standard library
 * (lib/std/hash/xxhash.zig, its tests). */
#define ROW(name)                                                                        \
#name, om_##name##_u64, om_##name##_bytes, om_##name##_view, naive_##name
static const hash hashes[] = {
    {ROW(siphash13), 1, 1, 64, 0x8936B193, 1},
    {ROW(siphash24), 1, 1, 64, 0x57B661ED, 1},
    {ROW(xxh3), 1, 0, 64, 0x9A636405, 1},
    {ROW(fnv1a), 1, 0, 64, 0x103455FC, 0},
    {ROW(murmur3), 0, 0, 32, 0, 1},
    {ROW(wyhash), 0, 0, 64, 0x9DAE7DD3, 1},
    {ROW(crc32c), 1, 0, 64, 0, 1},
    {ROW(fibonacci), 0, 0, 64, 0, 0},
};
#undef ROW

/* Rust: library/coretests/tests/hash/sip.rs, test_siphash_1_3, as little-endian
 * words. */
static const uint64_t vectors_13[64] = {
    0xabac0158050fc4dc, 0xc9f49bf37d57ca93, 0x82cb9b024dc7d44d, 0x8bf80ab8e7ddf7fb,
    0xcf75576088d38328, 0xdef9d52f49533b67, 0xc50d2b50c59f22a7, 0xd3927d989bb11140,
    0x369095118d299a8e, 0x25a48eb36c063de4, 0x79de85ee92ff097f, 0x70c118c1f94dc352,
    0x78a384b157b4d9a2, 0x306f760c1229ffa7, 0x605aa111c0f95d34, 0xd320d86d2a519956,
    0xcc4fdd1a7d908b66, 0x9cf2689063dbd80c, 0x8ffc389cb473e63e, 0xf21f9de58d297d1c,
    0xc0dc2f46a6cce040, 0xb992abfe2b45f844, 0x7ffe7b9ba320872e, 0x525a0e7fdae6c123,
    0xf464aeb267349c8c, 0x45cd5928705b0979, 0x3a3e35e3ca9913a5, 0xa91dc74e4ade3b35,
    0xfb0bed02ef6cd00d, 0x88d93cb44ab1e1f4, 0x540f11d643c5e663, 0x2370dd1f8c21d1bc,
    0x81157b6c16a7b60d, 0x4d54b9e57a8ff9bf, 0x759f12781f2a753e, 0xcea1a3bebf186b91,
    0x2cf508d3ada26206, 0xb6101c2da3c33057, 0xb3f47496ae3a36a1, 0x626b57547b108392,
    0xc1d2363299e41531, 0x667cc1923f1ad944, 0x65704ffec8138825, 0x24f280d1c28949a6,
    0xc2ca1cedfaf8876b, 0xc2164bfc9f042196, 0xa16e9c9368b1d623, 0x49fb169c8b5114fd,
    0x9f3143f8df074c46, 0xc6fdaf2412cc86b3, 0x7eaf49d10a52098f, 0x1cf313559d292f9a,
    0xc44a30dda2f41f12, 0x36fae98943a71ed0, 0x318fb34c73f0bce6, 0xa27abf3670a7e980,
    0xb4bcc0db243c6d75, 0x23f8d852fdb71513, 0x8f035f4da67d8a08, 0xd89cd0e5b7e8f148,
    0xf6f4e6bcf7a644ee, 0xaec59ad80f1837f2, 0xc3b2f6154b6694e0, 0x9d199062b7bbb3a8,
};

/* veorq/SipHash: vectors.h, vectors_sip64, as little-endian words. */
static const uint64_t vectors_24[64] = {
    0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a, 0x85676696d7fb7e2d,
    0xcf2794e0277187b7, 0x18765564cd99a68d, 0xcbc9466e58fee3ce, 0xab0200f58b01d137,
    0x93f5f5799a932462, 0x9e0082df0ba9e4b0, 0x7a5dbbc594ddb9f3, 0xf4b32f46226bada7,
    0x751e8fbc860ee5fb, 0x14ea5627c0843d90, 0xf723ca908e7af2ee, 0xa129ca6149be45e5,
    0x3f2acc7f57c29bdb, 0x699ae9f52cbe4794, 0x4bc1b3f0968dd39c, 0xbb6dc91da77961bd,
    0xbed65cf21aa2ee98, 0xd0f2cbb02e3b67c7, 0x93536795e3a33e88, 0xa80c038ccd5ccec8,
    0xb8ad50c6f649af94, 0xbce192de8a85b8ea, 0x17d835b85bbb15f3, 0x2f2e6163076bcfad,
    0xde4daaaca71dc9a5, 0xa6a2506687956571, 0xad87a3535c49ef28, 0x32d892fad841c342,
    0x7127512f72f27cce, 0xa7f32346f95978e3, 0x12e0b01abb051238, 0x15e034d40fa197ae,
    0x314dffbe0815a3b4, 0x027990f029623981, 0xcadcd4e59ef40c4d, 0x9abfd8766a33735c,
    0x0e3ea96b5304a7d0, 0xad0c42d6fc585992, 0x187306c89bc215a9, 0xd4a60abcf3792b95,
    0xf935451de4f21df2, 0xa9538f0419755787, 0xdb9acddff56ca510, 0xd06c98cd5c0975eb,
    0xe612a3cb9ecba951, 0xc766e62cfcadaf96, 0xee64435a9752fe72, 0xa192d576b245165a,
    0x0a8787bf8ecb74b2, 0x81b3e73d20b49b6f, 0x7fa8220ba3b2ecea, 0x245731c13ca42499,
    0xb78dbfaf3a8d83bd, 0xea1ad565322a1a0b, 0x60e61c23a3795013, 0x6606d7e446282b93,
    0x6ca4ecb15c5f91e1, 0x9f626da15c9625f3, 0xe51b38608ef25f57, 0x958a324ceb064572,
};

/* --------------------------------------------------------- published values */

/* The lab's notes: key zero, u64 as 8 little-endian bytes, text as its bytes
 * then 0xFF. */
static void siphash13_gives_the_hashes_that_the_notes_were_measured_with(void **state)
{
    (void)state;
    const om_seed zero = {0, 0};
    expect("0", 0, om_siphash13_u64(0, zero), 0xbd60acb658c79e45);
    expect("1", 0, om_siphash13_u64(1, zero), 0x1e9f734161d62dd9);
    expect("key_0", 0, om_siphash13_view(om_view_text("key_0"), zero),
           0xcbc9c5b2431ea1c5);
}

/* Key 00 01 .. 0f, input 00 01 .. of 0 to 63 bytes. */
static void siphash_gives_the_published_vectors(void **state)
{
    (void)state;
    const om_seed seed = seed_of(0x0706050403020100, 0x0f0e0d0c0b0a0908);
    unsigned char input[64];
    for (size_t n = 0; n < N_OF(input); n++) {
        input[n] = (unsigned char)n;
        expect("siphash13", n, om_siphash13_bytes(input, n, seed), vectors_13[n]);
        expect("siphash24", n, om_siphash24_bytes(input, n, seed), vectors_24[n]);
    }
}

/* draft-eastlake-fnv, appendix C; the last: the zero-hash challenge of Noll's
 * FNV page. */
static void fnv1a_gives_the_published_vectors(void **state)
{
    (void)state;
    const om_seed zero = {0, 0};
    expect("", 0, om_fnv1a_bytes(NULL, 0, zero), 0xcbf29ce484222325);
    expect("a", 1, om_fnv1a_bytes("a", 1, zero), 0xaf63dc4c8601ec8c);
    expect("foobar", 6, om_fnv1a_bytes("foobar", 6, zero), 0x85944171f73967e8);
    expect("zero", 8, om_fnv1a_bytes("\xd5\x6b\xb9\x53\x42\x87\x08\x36", 8, zero), 0);
}

/* Widely repeated: h1 of MurmurHash3_x64_128 (for example spaolacci/murmur3,
 * murmur_test.go, for seeds 0, 1 and 42), and fmix64 of 0, 1 and all ones. */
static void murmur3_gives_the_published_vectors(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed;
        const char *text;
        uint64_t h1;
    } vectors[] = {
        {0, "", 0},
        {0, "hello", 0xcbd8a7b341bd9b02},
        {0, "hello, world", 0x342fac623a5ebc8e},
        {0, "19 Jan 2038 at 3:14:07 AM", 0xb89e5988b737affc},
        {0, "The quick brown fox jumps over the lazy dog.", 0xcd99481f9ee902c9},
        {1, "", 0x4610abe56eff5cb5},
        {1, "hello", 0xa78ddff5adae8d10},
        {42, "hello, world", 0xb91864d797caa956},
        {42, "The quick brown fox jumps over the lazy dog.", 0x74f33c659cda5af7},
    };
    for (size_t i = 0; i < N_OF(vectors); i++)
        expect(
            "murmur3", i,
            om_murmur3_view(om_view_text(vectors[i].text), seed_of(vectors[i].seed, 0)),
            vectors[i].h1);
    expect("fmix64", 0, om_murmur3_u64(0, seeds[0]), 0);
    expect("fmix64", 1, om_murmur3_u64(1, seeds[0]), 0xb456bcfc34c2cb2c);
    expect("fmix64", 2, om_murmur3_u64(UINT64_MAX, seeds[0]), 0x64b5720b4b825f21);
}

/* The messages of wyhash's test_vector.cpp, seed = index; values of version 4.2
 * as SMHasher3's self-test has them (hashes/wyhash.cpp). */
static void wyhash_gives_the_published_vectors(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t hash;
    } vectors[] = {
        {"", 0x93228a4de0eec5a2},
        {"a", 0xc5bac3db178713c4},
        {"abc", 0xa97f2f7b1d9b3314},
        {"message digest", 0x786d1f1df3801df4},
        {"abcdefghijklmnopqrstuvwxyz", 0xdca5a8138ad37c87},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
         0xb9e734f117cfaf70},
        {"1234567890123456789012345678901234567890123456789012345678901234567890123456789"
         "0",
         0x6cc5eab49a92d617},
    };
    for (size_t i = 0; i < N_OF(vectors); i++)
        expect("wyhash", i, om_wyhash_view(om_view_text(vectors[i].text), seed_of(i, 0)),
               vectors[i].hash);
}

/* xxHash: cli/xsum_sanity_check.c, its buffer and XXH3 table (lengths that fit
 * here). */
static void xxh3_gives_the_published_vectors(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        uint64_t unseeded, seeded; /* seeded: with PRIME64 */
    } vectors[] = {
        {0, 0x2D06800538D394C2, 0xA8A6B918B2F0364A},
        {1, 0xC44BDFF4074EECDB, 0x032BE332DD766EF8},
        {6, 0x27B56A84CD2D7325, 0x84589C116AB59AB9},
        {12, 0xA713DAF0DFBB77E7, 0xE7303E1B2336DE0E},
        {24, 0xA3FE70BF9D3510EB, 0x850E80FC35BDD690},
        {48, 0x397DA259ECBA1F11, 0xADC2CBAA44ACC616},
        {80, 0xBCDEFBBB2C47C90A, 0xC6DD0CB699532E73},
        {195, 0xCD94217EE362EC3A, 0xBA68003D370CB3D9},
        {403, 0xCDEB804D65C6DEA4, 0x6259F6ECFD6443FD},
        {2367, 0xCB37AEB9E5D361ED, 0xD2DB3415B942B42A},
    };
    const uint64_t prime64 = 11400714785074694797u;
    unsigned char input[2367];
    uint64_t generator = 2654435761u;
    for (size_t i = 0; i < sizeof input; i++, generator *= prime64)
        input[i] = (unsigned char)(generator >> 56);
    for (size_t i = 0; i < N_OF(vectors); i++) {
        expect("xxh3", vectors[i].n, om_xxh3_bytes(input, vectors[i].n, seeds[0]),
               vectors[i].unseeded);
        expect("xxh3 seeded", vectors[i].n,
               om_xxh3_bytes(input, vectors[i].n, seed_of(prime64, 0)),
               vectors[i].seeded);
    }
}

/* RFC 3720, appendix B.4 (CRCs there in byte order), and the check value of the
 * catalogues. */
static void crc32c_gives_the_published_vectors_in_its_low_half(void **state)
{
    (void)state;
    static const unsigned char scsi_read[48] = {
        [0] = 0x01,  [1] = 0xc0,  [16] = 0x14, [22] = 0x04,
        [27] = 0x14, [31] = 0x18, [32] = 0x28, [40] = 0x02};
    unsigned char zeros[32], ones[32], up[32], down[32];
    for (int i = 0; i < 32; i++) {
        zeros[i] = 0;
        ones[i] = 0xff;
        up[i] = (unsigned char)i;
        down[i] = (unsigned char)(31 - i);
    }
    const om_seed zero = {0, 0};
    const uint64_t low = UINT32_MAX;
    expect("check", 9, om_crc32c_bytes("123456789", 9, zero) & low, 0xE3069283);
    expect("zeros", 32, om_crc32c_bytes(zeros, 32, zero) & low, 0x8A9136AA);
    expect("ones", 32, om_crc32c_bytes(ones, 32, zero) & low, 0x62A8AB43);
    expect("up", 32, om_crc32c_bytes(up, 32, zero) & low, 0x46DD794E);
    expect("down", 32, om_crc32c_bytes(down, 32, zero) & low, 0x113FDB5C);
    expect("scsi", 48, om_crc32c_bytes(scsi_read, 48, zero) & low, 0xD9963A56);
}

/* SMHasher's verification: key i is the bytes 0 .. i-1 with seed 256 - i; then
 * the 256 results, as bytes, are hashed with seed 0. */
static void bytes_gives_the_verification_value_of_smhasher(void **state)
{
    (void)state;
    for (const hash *h = hashes; h < hashes + N_OF(hashes); h++) {
        unsigned char key[256], results[256 * 8];
        for (size_t i = 0; i < 256; i++) {
            key[i] = (unsigned char)i;
            put_le64(results + 8 * i, h->bytes(key, i, seed_of(256 - i, 0)));
        }
        const uint64_t value = h->bytes(results, sizeof results, seeds[0]) & UINT32_MAX;
        if (h->smhasher != 0)
            expect(h->name, 0, value, h->smhasher);
    }
}

/* The header returns only h1, which has no verification value: the naive
 * version, which has both words, is held to SMHasher's, and every length of h1
 * to the naive version. */
static void naive_murmur3_gives_the_verification_value_of_smhasher(void **state)
{
    (void)state;
    unsigned char key[256], results[256 * 16];
    uint64_t h[2];
    for (size_t i = 0; i < 256; i++) {
        key[i] = (unsigned char)i;
        naive_murmur3_128(key, i, (uint32_t)(256 - i), h);
        put_le64(results + 16 * i, h[0]);
        put_le64(results + 16 * i + 8, h[1]);
    }
    naive_murmur3_128(results, sizeof results, 0, h);
    expect("murmur3", 0, h[0] & UINT32_MAX, 0x6384BA69);
}

/* --------------------------------------------------------------- every hash */

/* Exact heap blocks, so that a sanitizer sees a read outside. */
static void
bytes_agrees_with_the_naive_version_at_every_length_and_alignment(void **state)
{
    (void)state;
    uint64_t generator = 1;
    for (size_t n = 0; n <= MAX_BYTES; n++) {
        const size_t offset = n % 8 + (size_t)(next_key(&generator) >> 61);
        unsigned char *exact = (unsigned char *)malloc(offset + n > 0 ? offset + n : 1);
        assert_non_null(exact);
        for (size_t i = 0; i < offset + n; i++)
            exact[i] = (unsigned char)(next_key(&generator) >> 56);
        for (size_t i = 0; i < N_OF(hashes) * N_OF(seeds); i++) {
            const hash *h = &hashes[i / N_OF(seeds)];
            const om_seed seed = seeds[i % N_OF(seeds)];
            expect(h->name, n, h->bytes(exact + offset, n, seed),
                   h->naive(exact + offset, n, seed));
        }
        free(exact);
    }
}

static void bytes_is_the_same_at_every_address_and_whatever_lies_around(void **state)
{
    (void)state;
    unsigned char text[40], arena[64];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)(7 * i + 1);
    for (const hash *h = hashes; h < hashes + N_OF(hashes); h++)
        for (size_t n = 0; n <= sizeof text; n++)
            for (size_t offset = 0; offset < 16; offset++) {
                memset(arena, (int)(offset * 17), sizeof arena);
                memcpy(arena + offset, text, n);
                expect(h->name, n, h->bytes(arena + offset, n, seeds[3]),
                       h->bytes(text, n, seeds[3]));
            }
}

static void null_with_no_bytes_is_the_empty_input(void **state)
{
    (void)state;
    for (const hash *h = hashes; h < hashes + N_OF(hashes); h++) {
        expect(h->name, 0, h->bytes(NULL, 0, seeds[3]), h->bytes("x", 0, seeds[3]));
        expect(h->name, 0, h->view(om_view_of(NULL, 0), seeds[3]),
               h->view(om_view_text(""), seeds[3]));
    }
}

static void u64_is_the_hash_of_the_little_endian_bytes_where_defined_so(void **state)
{
    (void)state;
    uint64_t generator = 2;
    for (size_t i = 0; i < 10000; i++) {
        const uint64_t key = i < 64 ? UINT64_C(1) << i : next_key(&generator);
        const om_seed seed = seeds[i % N_OF(seeds)];
        unsigned char bytes[8];
        put_le64(bytes, key);
        for (const hash *h = hashes; h < hashes + N_OF(hashes); h++)
            if (h->u64_is_bytes)
                expect(h->name, i, h->u64(key, seed), h->bytes(bytes, 8, seed));
    }
}

static void u64_is_its_formula_where_it_is_not_the_hash_of_the_bytes(void **state)
{
    (void)state;
    uint64_t generator = 3;
    for (size_t i = 0; i < 10000; i++) {
        const uint64_t key = i < 64 ? UINT64_C(1) << i : next_key(&generator);
        const om_seed seed = seeds[i % N_OF(seeds)];
        const uint64_t x = key ^ seed.low;
        expect("murmur3", i, om_murmur3_u64(key, seed), naive_fmix64(x));
        expect("wyhash", i, om_wyhash_u64(key, seed),
               naive_fold(x ^ secret[0], secret[1]));
        expect("fibonacci", i, om_fibonacci_u64(key, seed),
               rotate_by_one_bit(x * 11400714819323198485u, 32));
        expect("identity", i, om_identity_u64(key, seed), key);
    }
}

static void view_is_the_bytes_and_for_siphash_then_one_byte_ff(void **state)
{
    (void)state;
    unsigned char text[MAX_BYTES + 1];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)(31 * i + 5);
    for (const hash *h = hashes; h < hashes + N_OF(hashes); h++)
        for (size_t n = 0; n <= MAX_BYTES; n++) {
            const unsigned char saved = text[n];
            const om_view view = om_view_of((const char *)text, n);
            const uint64_t got = h->view(view, seeds[3]);
            text[n] = 0xff;
            expect(h->name, n, got,
                   h->bytes(text, n + (h->has_suffix ? 1 : 0), seeds[3]));
            text[n] = saved;
        }
}

static void every_seed_bit_that_is_used_changes_the_hash(void **state)
{
    (void)state;
    for (const hash *h = hashes; h < hashes + N_OF(hashes); h++)
        for (int bit = 0; bit < 64; bit++) {
            const om_seed a = seeds[3];
            const om_seed b = seed_of(a.low ^ UINT64_C(1) << bit, a.high);
            const uint64_t changed =
                h->bytes("onemiss", 7, a) ^ h->bytes("onemiss", 7, b);
            if ((changed != 0) != (bit < h->n_seed_bits))
                fail_msg("%s bytes, bit %d of seed.low", h->name, bit);
            if (h->u64(42, a) == h->u64(42, b))
                fail_msg("%s u64, bit %d of seed.low", h->name, bit);
        }
}

static void only_siphash_uses_the_high_word_of_the_seed(void **state)
{
    (void)state;
    for (const hash *h = hashes; h < hashes + N_OF(hashes); h++)
        for (int bit = 0; bit < 64; bit++) {
            const om_seed a = seeds[3];
            const om_seed b = seed_of(a.low, a.high ^ UINT64_C(1) << bit);
            if ((h->u64(42, a) != h->u64(42, b)) != h->has_suffix)
                fail_msg("%s u64, bit %d of seed.high", h->name, bit);
            if ((h->bytes("x", 1, a) != h->bytes("x", 1, b)) != h->has_suffix)
                fail_msg("%s bytes, bit %d of seed.high", h->name, bit);
        }
}

/* Keys 0 .. 65535 in 256 classes, 256 expected in each. */
static unsigned worst_class(const hash *h, int shift, om_seed seed)
{
    unsigned n[256] = {0}, worst = 0;
    for (uint64_t key = 0; key < 65536; key++)
        n[h->u64(key, seed) >> shift & 0xff]++;
    for (int i = 0; i < 256; i++) {
        const unsigned off = n[i] > 256 ? n[i] - 256 : 256 - n[i];
        worst = off > worst ? off : worst;
    }
    return worst;
}

/* 96 is 6 standard deviations of a random function. */
static void
dense_keys_spread_over_the_low_byte_and_where_claimed_the_high_one(void **state)
{
    (void)state;
    for (const hash *h = hashes; h < hashes + N_OF(hashes); h++) {
        if (worst_class(h, 0, seeds[3]) > 96)
            fail_msg("%s, low byte: off by %u", h->name, worst_class(h, 0, seeds[3]));
        if (h->avalanches_high && worst_class(h, 56, seeds[3]) > 96)
            fail_msg("%s, high byte: off by %u", h->name, worst_class(h, 56, seeds[3]));
    }
}

/* ------------------------------------------------------------ stated limits */

static void crc32c_high_half_is_the_low_half_times_an_odd_number(void **state)
{
    (void)state;
    for (uint64_t key = 0; key < 10000; key++) {
        const uint64_t h = om_crc32c_u64(key, seeds[4]);
        expect("crc32c", 0, h >> 32, (h & UINT32_MAX) * 0x9e3779b1 & UINT32_MAX);
    }
}

static void crc32c_seeds_with_equal_halves_are_the_seed_zero(void **state)
{
    (void)state;
    expect("crc32c", 0, om_crc32c_u64(42, seed_of(0x1234567812345678, 0)),
           om_crc32c_u64(42, seeds[0]));
}

/* A difference of a multiple of the polynomial: x^32 + ... as key bits, first
 * bit lowest. */
static void crc32c_keys_that_collide_do_so_under_every_seed(void **state)
{
    (void)state;
    const uint64_t difference = UINT64_C(0x82f63b78) << 1 | 1;
    for (size_t i = 0; i < N_OF(seeds); i++)
        expect("crc32c", i, om_crc32c_u64(42 ^ difference << 5, seeds[i]),
               om_crc32c_u64(42, seeds[i]));
}

/* The crc is linear: no combination of the 32 single-bit differences may
 * vanish. */
static void crc32c_keys_that_differ_in_one_half_never_collide(void **state)
{
    (void)state;
    for (int half = 0; half < 64; half += 32) {
        uint64_t basis[32] = {0}; /* basis[i]: 0, or a word whose top bit is i */
        int rank = 0;
        for (int bit = half; bit < half + 32; bit++) {
            const uint64_t key = UINT64_C(1) << bit;
            uint64_t image = om_crc32c_u64(key, seeds[0]) ^ om_crc32c_u64(0, seeds[0]);
            image &= UINT32_MAX;
            for (int top = 31; top >= 0; top--)
                if (image >> top & 1 && basis[top] != 0)
                    image ^= basis[top];
                else if (image >> top & 1) {
                    basis[top] = image;
                    rank++;
                    break;
                }
        }
        assert_int_equal(rank, 32);
    }
}

static void crc32c_scalar_and_sse42_agree(void **state)
{
    (void)state;
#if defined(__SSE4_2__) && defined(__x86_64__)
    unsigned char text[MAX_BYTES + 8];
    uint64_t generator = 4;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)(next_key(&generator) >> 56);
    for (size_t n = 0; n <= MAX_BYTES; n++) {
        const uint32_t start = (uint32_t)(next_key(&generator) >> 32);
        const uint64_t word = next_key(&generator);
        expect("bytes", n, om_crc32c_scalar_bytes(start, text + n % 8, n),
               om_crc32c_sse42_bytes(start, text + n % 8, n));
        expect("word", n, om_crc32c_scalar_word(start, word),
               om_crc32c_sse42_word(start, word));
        expect("byte", n, om_crc32c_scalar_byte(start, text[n]),
               om_crc32c_sse42_byte(start, text[n]));
    }
#else
    skip(); /* build with -msse4.2 to run it */
#endif
}

/* Also in a build where the hash itself takes the instruction. */
static void crc32c_scalar_agrees_with_the_bitwise_register(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        const unsigned char input[8] = {(unsigned char)byte, 1, 2, 3, 4, 5, 6, 7};
        expect("byte", byte, om_crc32c_scalar_byte(0, input[0]),
               naive_crc32c_state(0, input, 1));
        expect("bytes", byte, om_crc32c_scalar_bytes(0xdeadbeef, input, 8),
               naive_crc32c_state(0xdeadbeef, input, 8));
        expect("word", byte, om_crc32c_scalar_word(0xdeadbeef, get_le(input, 8)),
               naive_crc32c_state(0xdeadbeef, input, 8));
    }
}

/* high = low needs a multiple of 2^64 + 1 = 274177 * 67280421310721 (Euler's
 * factors). */
static void wyhash_u64_is_zero_for_the_one_key_that_makes_the_product_zero(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(seeds); i++)
        expect("wyhash", i, om_wyhash_u64(seeds[i].low ^ secret[0], seeds[i]), 0);
    uint64_t product[2];
    naive_multiply(274177, 67280421310721, product);
    expect("factors, high word", 0, product[1], 1);
    expect("factors, low word", 0, product[0], 1);
    assert_true(secret[1] % 274177 != 0 && secret[1] % 67280421310721 != 0);
}

/* Inverse of an odd number modulo 2^64, by Newton's method. */
static uint64_t inverse(uint64_t odd)
{
    uint64_t x = odd; /* right in 3 bits, then in 6, 12, 24, 48, 96 */
    for (int i = 0; i < 5; i++)
        x *= 2 - odd * x;
    return x;
}

static void murmur3_and_fibonacci_u64_can_be_undone(void **state)
{
    (void)state;
    uint64_t generator = 5;
    for (size_t i = 0; i < 1000; i++) {
        const uint64_t key = next_key(&generator);
        uint64_t m = om_murmur3_u64(key, seeds[4]);
        m = (m ^ m >> 33) *
            inverse(0xc4ceb9fe1a85ec53); /* 2 * 33 > 64: its own inverse */
        m = (m ^ m >> 33) * inverse(0xff51afd7ed558ccd);
        expect("murmur3", i, (m ^ m >> 33) ^ seeds[4].low, key);
        const uint64_t f = rotate_by_one_bit(om_fibonacci_u64(key, seeds[4]), 32);
        expect("fibonacci", i, f * inverse(11400714819323198485u) ^ seeds[4].low, key);
    }
}

static void fibonacci_u64_loses_key_bits_where_its_header_says(void **state)
{
    (void)state;
    for (unsigned k = 0; k < 32; k++) {
        const uint64_t above = UINT64_MAX << (32 + k), low = (UINT64_C(1) << k) - 1;
        const uint64_t changed =
            om_fibonacci_u64(42, seeds[0]) ^ om_fibonacci_u64(42 ^ above, seeds[0]);
        expect("low bits", k, changed & low, 0);
        expect("high half", k, changed >> 32, 0);
        assert_true(changed != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(siphash13_gives_the_hashes_that_the_notes_were_measured_with),
        cmocka_unit_test(siphash_gives_the_published_vectors),
        cmocka_unit_test(fnv1a_gives_the_published_vectors),
        cmocka_unit_test(murmur3_gives_the_published_vectors),
        cmocka_unit_test(wyhash_gives_the_published_vectors),
        cmocka_unit_test(xxh3_gives_the_published_vectors),
        cmocka_unit_test(crc32c_gives_the_published_vectors_in_its_low_half),
        cmocka_unit_test(bytes_gives_the_verification_value_of_smhasher),
        cmocka_unit_test(naive_murmur3_gives_the_verification_value_of_smhasher),
        cmocka_unit_test(
            bytes_agrees_with_the_naive_version_at_every_length_and_alignment),
        cmocka_unit_test(bytes_is_the_same_at_every_address_and_whatever_lies_around),
        cmocka_unit_test(null_with_no_bytes_is_the_empty_input),
        cmocka_unit_test(u64_is_the_hash_of_the_little_endian_bytes_where_defined_so),
        cmocka_unit_test(u64_is_its_formula_where_it_is_not_the_hash_of_the_bytes),
        cmocka_unit_test(view_is_the_bytes_and_for_siphash_then_one_byte_ff),
        cmocka_unit_test(every_seed_bit_that_is_used_changes_the_hash),
        cmocka_unit_test(only_siphash_uses_the_high_word_of_the_seed),
        cmocka_unit_test(
            dense_keys_spread_over_the_low_byte_and_where_claimed_the_high_one),
        cmocka_unit_test(crc32c_high_half_is_the_low_half_times_an_odd_number),
        cmocka_unit_test(crc32c_seeds_with_equal_halves_are_the_seed_zero),
        cmocka_unit_test(crc32c_keys_that_collide_do_so_under_every_seed),
        cmocka_unit_test(crc32c_keys_that_differ_in_one_half_never_collide),
        cmocka_unit_test(crc32c_scalar_and_sse42_agree),
        cmocka_unit_test(crc32c_scalar_agrees_with_the_bitwise_register),
        cmocka_unit_test(wyhash_u64_is_zero_for_the_one_key_that_makes_the_product_zero),
        cmocka_unit_test(murmur3_and_fibonacci_u64_can_be_undone),
        cmocka_unit_test(fibonacci_u64_loses_key_bits_where_its_header_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
