// Audio reader: finite samples at a rate above 0, or a DataError.
#include <cmath>
#include <cstdlib>

#include "datasets/audio/audio_file.h"
#include "datasets/support/data_error.h"
#include "tests/fuzz/bounded_memory.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Silence compresses without bound: 64 MB of samples may come from any file, and a growing vector holds them up to three times.
    constexpr std::size_t slack = std::size_t{200} << 20;
    const gruve::fuzz::MemoryFile file(data, size);
    const gruve::fuzz::BoundedMemory memory;
    try {
        const gruve::Audio audio = gruve::read_audio(file.path());
        memory.check(size, slack);
        if (audio.rate_hz <= 0 || audio.samples.empty()) std::abort();
        for (float sample : audio.samples)
            if (!std::isfinite(sample)) std::abort();
    } catch (const gruve::DataError&) {
        memory.check(size, slack);
    }
    return 0;
}
