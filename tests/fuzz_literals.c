/* fuzz_literals.c - any text as Python's literals and as a list of names: a tree is whole, and its texts are valid. */
#include "fuzz.h"
#include "ingest/lists.h"
#include "ingest/literal.h"

static void check_names(const char *what, kino_names *names)
{
    (void)what;
    for (size_t i = 0; i < names->count; i++) {
        check_text(names->items[i].name);
        must(*names->items[i].name != 0, "a name is empty");
    }
    names->count = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    kino_literals tree = {0};
    kino_arena arena = {0};
    kino_faults faults = {0};
    kino_cleaner cleaner = {.arena = &arena, .faults = &faults};
    kino_names names = {0};
    kino_named one;
    kino_buffer b = {0};
    kino_buffer_put(&b, bytes, size);
    kino_buffer_put(&b, "", 0);
    const kino_field f = {b.data, b.size};
    if (!kino_literal_parse(&tree, f.text, f.size, NULL)) {
        must(tree.count > 0 && tree.nodes[0].end == tree.count, "a tree is not whole");
        for (size_t i = 0; i < tree.count; i++) {
            must(tree.nodes[i].end > i && tree.nodes[i].end <= tree.count, "a value ends before it begins");
            must(strlen(tree.nodes[i].text) == tree.nodes[i].size, "a text has a zero in it");
            kino_literal_get(&tree, i, "id");
        }
    }
    for (int words = 0; words < 2; words++)
        if (kino_read_names(&cleaner, &tree, f, words ? KINO_VOCABLE_GENRES : KINO_VOCABLE_ANY, &names))
            check_names("names", &names);
    if (kino_read_people(&cleaner, &tree, f, NULL, 10, &names))
        check_names("people", &names);
    if (kino_read_people(&cleaner, &tree, f, "Director", 10, &names))
        check_names("directors", &names);
    if (kino_read_named(&cleaner, &tree, f, &one))
        check_text(one.name);
    kino_literals_free(&tree);
    kino_arena_free(&arena);
    free(names.items);
    free(cleaner.buffer.data);
    free(cleaner.plain.data);
    free(b.data);
    return 0;
}

FUZZ_MAIN("literals", 40, 100)
