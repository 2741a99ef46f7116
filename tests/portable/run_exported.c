/* Runs an exported preset on the desktop and prints the same hash as gruve_output_hash. */
#include <stdio.h>

#include "fixed_stream.h"

static void nothing(void) {}

int main(void) {
    const size_t size = JOIN(RUNTIME, _memory_size)(&MODEL);
    if (size != JOIN(MODEL, _memory_size)) {
        fprintf(stderr, "the header says %d words of memory, the runtime %zu\n", (int)JOIN(MODEL, _memory_size), size);
        return 1;
    }
    printf("%016llx\n", (unsigned long long)hash_of_outputs(nothing, nothing));
    return 0;
}
