// What runs on the audio thread asks for no memory.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <new>
#include <vector>

#include "engine/denoiser.h"
#include "engine/keyword_spotter.h"
#include "tests/engine/signals.h"
#include "tests/engine/tiny_models.h"

namespace {

thread_local bool counting = false;
thread_local int counted = 0;

void* counted_malloc(std::size_t size) {
    if (counting) ++counted;
    if (void* memory = std::malloc(size ? size : 1)) return memory;
    throw std::bad_alloc();
}

void* counted_aligned(std::size_t size, std::align_val_t alignment) {
    if (counting) ++counted;
    const auto step = static_cast<std::size_t>(alignment);
    if (void* memory = std::aligned_alloc(step, (size + step - 1) / step * step)) return memory;
    throw std::bad_alloc();
}

/// Allocations of this thread while `work` runs.
template <typename Work>
int allocations(Work&& work) {
    counted = 0;
    counting = true;
    work();
    counting = false;
    return counted;
}

}  // namespace

void* operator new(std::size_t size) { return counted_malloc(size); }
void* operator new[](std::size_t size) { return counted_malloc(size); }
void* operator new(std::size_t size, std::align_val_t alignment) { return counted_aligned(size, alignment); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return counted_aligned(size, alignment); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

using namespace gruve;

BOOST_AUTO_TEST_SUITE(no_allocation)

BOOST_AUTO_TEST_CASE(a_planted_allocation_is_counted) {
    std::vector<float> planted;
    BOOST_TEST(allocations([&] { planted.resize(100); }) == 1);
    BOOST_TEST(allocations([&] { planted[0] = 1; }) == 0);
}

BOOST_AUTO_TEST_CASE(denoiser_process_set_and_reset_do_not_allocate) {
    for (double rate_hz : {16000.0, 44100.0, 48000.0}) {
        const auto preset = tiny::denoiser_preset(4);
        Denoiser denoiser(preset, tiny::network_of(preset), rate_hz);
        std::vector<float> sound = tiny::lively(rate_hz, 0.3, 1);
        const int count = allocations([&] {
            for (std::size_t at = 0; at + 333 <= sound.size(); at += 333) denoiser.process(std::span(sound).subspan(at, 333), std::span(sound).subspan(at, 333));
            denoiser.set({.reduction_limit_db = 12});
            denoiser.process(sound, sound);
            denoiser.reset();
        });
        BOOST_TEST(count == 0);
    }
}

BOOST_AUTO_TEST_CASE(keyword_spotter_process_and_reset_do_not_allocate) {
    for (double rate_hz : {16000.0, 44100.0, 48000.0}) {
        const auto preset = tiny::keyword_preset(4, 0.2f);
        KeywordSpotter spotter(preset, tiny::network_of(preset), rate_hz);
        const std::vector<float> sound = tiny::lively(rate_hz, 2.0, 1);
        std::vector<Detection> found(8);
        const int count = allocations([&] {
            for (std::size_t at = 0; at + 333 <= sound.size(); at += 333) spotter.process(std::span(sound).subspan(at, 333), found);
            spotter.reset();
        });
        BOOST_TEST(count == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
