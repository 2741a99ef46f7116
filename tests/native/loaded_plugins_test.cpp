// The built LADSPA and LV2 files, loaded as a host loads them, by hosts that misbehave.
#include <dlfcn.h>
#include <ladspa.h>
#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/urid/urid.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "tests/engine/signals.h"
#include "tests/real_time/violations.h"

namespace {

constexpr double rate_hz = 48000;
constexpr int latency = 480;
const float not_a_number = std::numeric_limits<float>::quiet_NaN();

/// The descriptor function of a built plugin. The file stays loaded.
template <class Function>
Function* loaded(const char* file, const char* name) {
    void* library = dlopen((std::string(GRUVE_BINARY_DIR) + file).c_str(), RTLD_NOW | RTLD_LOCAL);
    BOOST_REQUIRE_MESSAGE(library != nullptr, dlerror());
    return reinterpret_cast<Function*>(dlsym(library, name));
}

LV2_URID number_of(LV2_URID_Map_Handle, const char* uri) { return static_cast<LV2_URID>(1 + std::strlen(uri)); }

/// As every host must: all of a stream's calls go through these three.
struct Host {
    virtual ~Host() = default;
    virtual void connect(std::uint32_t port, void* data) = 0;
    virtual void run(std::uint32_t frames) = 0;
};

struct LadspaHost : Host {
    LadspaHost()
        : descriptor(
              loaded<const LADSPA_Descriptor*(unsigned long)>("/ladspa/gruve_ladspa.so", "ladspa_descriptor")(0)) {
        handle = descriptor->instantiate(descriptor, 48000);
        descriptor->activate(handle);
    }
    ~LadspaHost() override { descriptor->cleanup(handle); }
    void connect(std::uint32_t port, void* data) override {
        descriptor->connect_port(handle, port, static_cast<LADSPA_Data*>(data));
    }
    void run(std::uint32_t frames) override { descriptor->run(handle, frames); }
    const LADSPA_Descriptor* descriptor;
    LADSPA_Handle handle;
};

struct Lv2Host : Host {
    explicit Lv2Host(const char* file, const LV2_Feature* const* features = nullptr)
        : descriptor(loaded<const LV2_Descriptor*(std::uint32_t)>(file, "lv2_descriptor")(0)) {
        handle = descriptor->instantiate(descriptor, rate_hz, "", features);
        if (handle != nullptr) descriptor->activate(handle);
    }
    ~Lv2Host() override {
        if (handle != nullptr) descriptor->cleanup(handle);
    }
    void connect(std::uint32_t port, void* data) override { descriptor->connect_port(handle, port, data); }
    void run(std::uint32_t frames) override { descriptor->run(handle, frames); }
    const LV2_Descriptor* descriptor;
    LV2_Handle handle;
};
constexpr const char* denoiser_file = "/lv2/gruve-denoise.lv2/gruve.so";
constexpr const char* words_file = "/lv2/gruve-words.lv2/gruve_words.so";

/// A mono denoiser in place, in blocks from 0 to 65,536 frames: `control` on every control port, or none connected.
std::vector<float> denoised(Host& host, float* control, std::uint32_t controls) {
    std::vector<float> sound = gruve::tiny::lively(rate_hz, 1.5, 1);
    for (std::uint32_t port = 2; control != nullptr && port < 2 + controls; ++port) host.connect(port, control);
    std::size_t at = 0;
    for (const std::uint32_t block : {0u, 1u, 4095u, 65536u}) {
        host.connect(0, sound.data() + at), host.connect(1, sound.data() + at);
        host.run(block);
        at += block;
    }
    sound.resize(at);
    host.connect(0, nullptr), host.connect(1, nullptr);
    host.run(64);
    return sound;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(loaded_plugins)

BOOST_AUTO_TEST_CASE(ladspa_and_lv2_sound_alike_without_controls_and_with_no_numbers) {
    LadspaHost bare, strange;
    Lv2Host bare_lv2(denoiser_file), strange_lv2(denoiser_file);
    const std::vector<float> expected = denoised(bare, nullptr, 6);
    BOOST_TEST(std::ranges::all_of(expected, [](float x) { return std::isfinite(x); }));
    BOOST_TEST(std::ranges::any_of(expected, [](float x) { return x != 0; }));
    float control = not_a_number;
    BOOST_TEST((denoised(strange, &control, 6) == expected));
    BOOST_TEST((denoised(bare_lv2, nullptr, 6) == expected));
    BOOST_TEST((denoised(strange_lv2, &control, 6) == expected));
}

BOOST_AUTO_TEST_CASE(the_latency_port_tells_the_delay) {
    float told = 0;
    LadspaHost ladspa;
    ladspa.connect(8, &told);
    denoised(ladspa, nullptr, 6);
    BOOST_TEST(told == latency);
    Lv2Host lv2(denoiser_file);
    lv2.connect(10, &(told = 0));
    denoised(lv2, nullptr, 6);
    BOOST_TEST(told == latency);
}

BOOST_AUTO_TEST_CASE(run_keeps_the_audio_threads_rules) {
    LadspaHost ladspa;
    Lv2Host lv2(denoiser_file);
    for (Host* host : {static_cast<Host*>(&ladspa), static_cast<Host*>(&lv2)}) {
        std::vector<float> sound = gruve::tiny::lively(rate_hz, 0.2, 2);
        host->connect(0, sound.data()), host->connect(1, sound.data());
        host->run(512);
        const auto found = gruve::test::violations_of([&] { host->run(4096); });
        BOOST_TEST((found == gruve::test::Violations{}), to_string(found));
    }
}

BOOST_AUTO_TEST_CASE(words_need_the_hosts_map_and_fill_no_more_than_its_buffer) {
    Lv2Host without(words_file);
    BOOST_TEST(without.handle == nullptr);
    LV2_URID_Map map{nullptr, number_of};
    const LV2_Feature feature{LV2_URID__map, &map};
    const LV2_Feature* const features[] = {&feature, nullptr};
    Lv2Host host(words_file, features);
    BOOST_REQUIRE(host.handle != nullptr);
    std::vector<float> sound = gruve::tiny::lively(rate_hz, 1.0, 3), out(sound.size());
    host.run(0);  // nothing connected
    host.run(64);
    host.connect(0, sound.data()), host.connect(1, out.data());
    for (const std::uint32_t room : {0u, 8u, 13u, 40u}) {
        alignas(8) std::array<std::uint8_t, 256> buffer;
        buffer.fill(0xaa);
        auto* sequence = reinterpret_cast<LV2_Atom_Sequence*>(buffer.data());
        sequence->atom = {room, 0};
        host.connect(2, sequence);
        const auto found = gruve::test::violations_of([&] { host.run(static_cast<std::uint32_t>(sound.size())); });
        BOOST_TEST((found == gruve::test::Violations{}), to_string(found));
        if (room >= 8) BOOST_TEST(sequence->atom.type == number_of(nullptr, LV2_ATOM__Sequence));
        const auto end = buffer.begin() + static_cast<std::ptrdiff_t>(sizeof(LV2_Atom) + room);
        BOOST_TEST(std::all_of(end, buffer.end(), [](std::uint8_t x) { return x == 0xaa; }));
    }
    BOOST_TEST((out == sound));  // the sound passes
}

BOOST_AUTO_TEST_SUITE_END()
