/* map_layout.h - every film a point of the plane, near the films that are like it.
 *
 *     float *at = kino_map_layout(vectors, graph, threads);   // [n][2], within [-1, 1]; free()
 *
 * The nearest rows of each row (by the graph, or where there is none by scan) pull it, rows drawn at random push it:
 * the layout of LargeVis and UMAP, begun from the two principal components. Each of the epochs computes all new places
 * from all old ones, so that the same rows give the same bytes whatever the thread count. */
#ifndef KINO_ROWS_MAP_LAYOUT_H
#define KINO_ROWS_MAP_LAYOUT_H

#include "index/index.h"

float *kino_map_layout(const kino_vectors *v, const kino_hnsw *graph, int threads);

#endif
