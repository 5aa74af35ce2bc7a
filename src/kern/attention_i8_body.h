/* attention_i8_body.h - self-attention of one text in bytes; included behind matmul_i8_body.h, whose tiles do both of
 * its products. The contract is in kern.h.
 *
 *     scores  = queries x keys      the queries' codes are the inputs, the keys the weights of a tile
 *     p       = softmax(scores)     in float; times the scale of each value, then a row of bytes 0..255
 *     context = p x values          p is the input, the values are the weights
 *
 * p becomes bytes after the scales of the values are in it: the tokens that a head looks at when it finds nothing,
 * [CLS] and [SEP], have by far the largest p and the smallest values, and would leave few steps to the others. */

typedef struct head {
    size_t keys, values;            /* tokens, filled up to whole panels, and to whole lanes */
    int8_t *key, *value;            /* [keys / 32][8][32][4], [values / 4][32][4] */
    int32_t *key_sum;               /* [keys]: of a key's bytes */
    int32_t value_sum[KINO_HEAD];   /* of a column's, where the tiles need it */
    float *key_scale, *value_scale; /* [keys], zeros behind the tokens */
    float *scores;                  /* [BYTE_ROWS][keys] */
    uint8_t *p;                     /* [BYTE_ROWS][values] */
} head;

/* The codes of a token that is not there: zeros. */
static const uint8_t no_token[KINO_HEAD] = {
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
};

/* The keys and values of a head as weights of tiles: a code less 128 as a signed byte is the code but for its top
 * bit. `step` and `scale_step`: from token to token. */
static void pack_head(size_t tokens, const uint8_t *k, const uint8_t *v, size_t step, const float *k_scale,
                      const float *v_scale, size_t scale_step, head *h)
{
    for (size_t t = 0; t < h->keys; t++) {
        const uint8_t *key = t < tokens ? k + t * step : no_token;
        int8_t *out = h->key + t / KINO_PANEL * KINO_PANEL * KINO_HEAD + t % KINO_PANEL * 4;
        for (size_t i = 0; i < KINO_HEAD; i += 4, out += 4 * KINO_PANEL) {
            uint32_t four;
            memcpy(&four, key + i, sizeof four);
            four ^= 0x80808080;
            memcpy(out, &four, sizeof four);
        }
        h->key_sum[t] = (int32_t)bytes_sum(key) - 128 * KINO_HEAD;
        h->key_scale[t] = t < tokens ? k_scale[t * scale_step] : 0;
        h->value_scale[t] = t < tokens ? v_scale[t * scale_step] : 0;
    }
    memset(h->value_sum, 0, sizeof h->value_sum);
    for (size_t t = 0; t < h->values; t += 4) {
        const uint8_t *row[4];
        for (size_t i = 0; i < 4; i++) {
            row[i] = t + i < tokens ? v + (t + i) * step : no_token;
            for (size_t j = 0; BYTE_SUMS && j < KINO_HEAD; j++)
                h->value_sum[j] += row[i][j] - 128;
        }
        bytes_interleave(row[0], row[1], row[2], row[3], 0x80, h->value + t * KINO_HEAD);
        bytes_interleave(row[0] + 16, row[1] + 16, row[2] + 16, row[3] + 16, 0x80, h->value + t * KINO_HEAD + 64);
    }
}

/* scores[rows][keys] of queries[rows][32], codes, scale[rows] */
static void score_rows(const head *h, size_t rows, const uint8_t *queries, const float *scale)
{
    _Alignas(64) int32_t sums[BYTE_ROWS * BYTE_COLUMNS * LANES];
    for (size_t at = 0; at < h->keys; at += LANES * BYTE_COLUMNS) {
        byte_tiles[rows - 1](KINO_HEAD, queries,
                             h->key + at / KINO_PANEL * KINO_PANEL * KINO_HEAD + at % KINO_PANEL * 4, sums);
        for (size_t c = 0; c < BYTE_COLUMNS; c++) {
            const size_t key = at + c * LANES;
            /* The queries' codes are 128 too large. */
            const lanes step = lanes_load(h->key_scale + key);
            const lanes extra = lanes_mul(lanes_from_ints(h->key_sum + key), lanes_set(128));
            for (size_t r = 0; r < rows; r++) {
                lanes v = acc_lanes(acc_finish(sums + (r * BYTE_COLUMNS + c) * LANES, h->key_sum + key));
                v = lanes_mul(lanes_mul(lanes_sub(v, extra), step), lanes_set(scale[r]));
                lanes_store(h->scores + r * h->keys + key, v);
            }
        }
    }
}

/* Rows of scores to codes p; factor[r]: what a sum of p times value is to be multiplied by. Step by step over all rows,
 * because the sums across a register that end each step would stall those of one row. */
static void softmax_codes(const head *h, size_t tokens, size_t rows, float *factor)
{
    float top[BYTE_ROWS], per[BYTE_ROWS];
    for (size_t r = 0; r < rows; r++) {
        float *scores = h->scores + r * h->keys;
        for (size_t t = tokens; t < h->values; t++)
            scores[t] = -INFINITY;
        lanes most = lanes_load(scores);
        for (size_t t = LANES; t < h->values; t += LANES)
            most = lanes_max(most, lanes_load(scores + t));
        top[r] = lanes_largest(most);
    }
    for (size_t r = 0; r < rows; r++) {
        float *scores = h->scores + r * h->keys;
        lanes sum = lanes_set(0), most = sum, base = lanes_set(top[r]);
        for (size_t t = 0; t < h->values; t += LANES) {
            lanes v = lanes_exp2_coarse(lanes_sub(lanes_load(scores + t), base));
            sum = lanes_add(sum, v);
            v = lanes_mul(v, lanes_load(h->value_scale + t));
            most = lanes_max(most, v);
            lanes_store(scores + t, v);
        }
        float range = lanes_largest(most);
        range = range > 1e-30f ? range : 1e-30f;
        per[r] = 255.0f / range;
        factor[r] = range * (1.0f / 255.0f) / lanes_sum(sum);
    }
    for (size_t r = 0; r < rows; r++) {
        const float *scores = h->scores + r * h->keys;
        const lanes scale = lanes_set(per[r]);
        for (size_t t = 0; t < h->values; t += LANES)
            lanes_store_bytes(h->p + r * h->values + t, lanes_mul(lanes_load(scores + t), scale));
    }
}

/* out[rows][32] = p values, rows `step` apart */
static void mix_values(const head *h, size_t rows, const float *factor, float *out, size_t step)
{
    _Alignas(64) int32_t sums[BYTE_ROWS * BYTE_COLUMNS * LANES];
    for (size_t at = 0; at < KINO_HEAD; at += LANES * BYTE_COLUMNS) {
        byte_tiles[rows - 1](h->values, h->p, h->value + at * 4, sums);
        for (size_t c = 0; c < BYTE_COLUMNS; c++)
            for (size_t r = 0; r < rows; r++) {
                const size_t column = at + c * LANES;
                lanes v = acc_lanes(acc_finish(sums + (r * BYTE_COLUMNS + c) * LANES, h->value_sum + column));
                lanes_store(out + r * step + column, lanes_mul(v, lanes_set(factor[r])));
            }
    }
}

static void attention_i8(size_t tokens, size_t heads, const uint8_t *qkv, const float *scale, float *scratch,
                         float *out)
{
    const size_t dim = heads * KINO_HEAD, step = 3 * dim, scale_step = 3 * heads;
    head h = {.keys = (tokens + KINO_PANEL - 1) / KINO_PANEL * KINO_PANEL,
              .values = (tokens + LANES - 1) / LANES * LANES};
    h.scores = scratch;
    h.key_scale = h.scores + BYTE_ROWS * h.keys;
    h.value_scale = h.key_scale + h.keys;
    h.key_sum = (int32_t *)(h.value_scale + h.keys);
    h.key = (int8_t *)(h.key_sum + h.keys);
    h.value = h.key + h.keys * KINO_HEAD;
    h.p = (uint8_t *)(h.value + h.values * KINO_HEAD);
    for (size_t i = 0; i < heads; i++) {
        const uint8_t *q = qkv + i * KINO_HEAD;
        pack_head(tokens, q + dim, q + 2 * dim, step, scale + heads + i, scale + 2 * heads + i, scale_step, &h);
        for (size_t at = 0; at < tokens; at += BYTE_ROWS) {
            const size_t rows = tokens - at < BYTE_ROWS ? tokens - at : BYTE_ROWS;
            uint8_t queries[BYTE_ROWS * KINO_HEAD];
            float q_scale[BYTE_ROWS], factor[BYTE_ROWS];
            for (size_t r = 0; r < rows; r++) {
                memcpy(queries + r * KINO_HEAD, q + (at + r) * step, KINO_HEAD);
                q_scale[r] = scale[(at + r) * scale_step + i];
            }
            score_rows(&h, rows, queries, q_scale);
            softmax_codes(&h, tokens, rows, factor);
            mix_values(&h, rows, factor, out + at * dim + i * KINO_HEAD, dim);
        }
    }
}
