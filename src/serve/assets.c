/* assets.c - what a browser loads beside the page, and the API's description: files of src/page, compressed by the
 * build. files.c has the templates, as they are. */
#include <string.h>

#include "serve/assets.h"

#define ASSET(symbol, file)                                                                                            \
    __asm__(".section .rodata\n.balign 16\nkino_asset_" #symbol ":\n.incbin \"" file ".gz\"\n"                         \
            "kino_asset_" #symbol "_end:\n.byte 0\n.previous\n");                                                      \
    extern const unsigned char kino_asset_##symbol[], kino_asset_##symbol##_end[]

ASSET(style, "style.css");
ASSET(main, "main.js");
ASSET(combobox, "combobox.js");
ASSET(map, "map.js");
ASSET(openapi, "openapi.json");

#define TAG "\"" KINO_ASSETS "\""

static const kino_asset assets[] = {
    {"style.css", "text/css; charset=utf-8", TAG, kino_asset_style, kino_asset_style_end},
    {"main.js", "text/javascript; charset=utf-8", TAG, kino_asset_main, kino_asset_main_end},
    {"combobox.js", "text/javascript; charset=utf-8", TAG, kino_asset_combobox, kino_asset_combobox_end},
    {"map.js", "text/javascript; charset=utf-8", TAG, kino_asset_map, kino_asset_map_end},
    {"openapi.json", "application/json; charset=utf-8", TAG, kino_asset_openapi, kino_asset_openapi_end},
};

const kino_asset *kino_asset_find(const char *name)
{
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (!strcmp(assets[i].name, name))
            return &assets[i];
    return NULL;
}
