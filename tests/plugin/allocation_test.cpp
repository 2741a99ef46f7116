// processBlock allocates nothing and takes no lock: every allocation of this program is counted.
#include <pthread.h>

#include <atomic>
#include <cstdlib>
#include <dlfcn.h>

#include "tests/plugin/support.h"

namespace {

thread_local bool counting = false;
std::atomic<int> allocations{0}, locks{0};

void note_allocation() {
    if (counting) ++allocations;
}

}  // namespace

// The C library's own entry points, so that JUCE, the engine and FFTW are seen too.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void __libc_free(void*);
void* malloc(std::size_t n) { note_allocation(); return __libc_malloc(n); }
void* calloc(std::size_t n, std::size_t size) { note_allocation(); return __libc_calloc(n, size); }
void* realloc(void* p, std::size_t n) { note_allocation(); return __libc_realloc(p, n); }
void free(void* p) { if (p) note_allocation(); __libc_free(p); }
int pthread_mutex_lock(pthread_mutex_t* mutex) {
    using Lock = int (*)(pthread_mutex_t*);
    static const Lock lock = reinterpret_cast<Lock>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
    if (counting) ++locks;
    return lock(mutex);
}
}

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

struct Counted {
    Counted() { allocations = locks = 0; counting = true; }
    ~Counted() { counting = false; }
};

/// Blocks of several sizes with swaps, parameter changes and detections in between.
void play_and_disturb(Processor& processor, const std::vector<Preset>& presets) {
    const Audio input = noise(2, 4096, 3, 0.5f);
    Audio work(2, 4096);
    juce::MidiBuffer midi;
    midi.ensureSize(4096);
    for (int round = 0; round < 60; ++round) {
        processor.load_bytes(serialise(presets[static_cast<std::size_t>(round) % presets.size()]), "p");
        if (round % 2 == 0) wait_until_loaded(processor);
        set(processor, id::mix, static_cast<float>(round));
        set(processor, id::bypass, round % 7 == 0 ? 1 : 0);
        const int block = std::array{1, 64, 441, 512, 1000, 4096}[static_cast<std::size_t>(round) % 6];
        for (int start = 0; start + block <= 4096; start += block) {
            for (int c = 0; c < 2; ++c) work.copyFrom(c, start, input, c, start, block);
            Audio piece(work.getArrayOfWritePointers(), 2, start, block);
            midi.clear();
            const bool before = counting;
            counting = true;
            processor.processBlock(piece, midi);
            counting = before;
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(real_time)

BOOST_AUTO_TEST_CASE(the_counters_count) {
    int seen_allocations = 0, seen_locks = 0;
    {
        const Counted counted;
        delete new int(3);
        std::mutex mutex;
        mutex.lock();
        mutex.unlock();
        seen_allocations = allocations;
        seen_locks = locks;
    }
    BOOST_TEST(seen_allocations == 2);
    BOOST_TEST(seen_locks == 1);
}

BOOST_AUTO_TEST_CASE(process_block_neither_allocates_nor_locks) {
    DetectionConfig often{0.02f, 0.1f, 0.0f, {}};
    Processor processor;
    load(processor, unity_preset());
    prepare(processor, 2, 48000);
    allocations = locks = 0;
    play_and_disturb(processor, {unity_preset(), *tiny::denoiser_preset(2), *tiny::constant_word_preset({0, 100}, 0.1f, often)});
    BOOST_TEST(allocations == 0);
    BOOST_TEST(locks == 0);
}

BOOST_AUTO_TEST_SUITE_END()
