/* An exported preset on the desktop: prints the hash that gruve_output_hash prints for the preset. */
#include <stdio.h>

#include "fixed_stream.h"

static void nothing(void) {}

int main(void) {
    if (gruve_memory_size(&MODEL) != JOIN(MODEL, _memory_size)) {
        fprintf(stderr, "the header says %d words of memory, the runtime %zu\n", (int)JOIN(MODEL, _memory_size),
                gruve_memory_size(&MODEL));
        return 1;
    }
    printf("%016llx\n", (unsigned long long)hash_of_outputs(nothing, nothing));
    return 0;
}
