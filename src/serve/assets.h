/* assets.h - the files of the page that are part of the program, compressed by gzip. */
#ifndef KINO_SERVE_ASSETS_H
#define KINO_SERVE_ASSETS_H

typedef struct kino_asset {
    const char *name, *type, *etag;
    const unsigned char *bytes, *end;
} kino_asset;

const kino_asset *kino_asset_find(const char *name); /* NULL: there is none */

#endif
