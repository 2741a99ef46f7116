// Sessions saved with any released version still open. tests/released/VERSION/ holds session.bin and session.txt, which
// has a line "<parameter> <value>" for each parameter that was changed and "<slot> <preset file>" for each preset. To
// write both for a release:
//     GRUVE_WRITE_SESSION=tests/released/0.1.0 plugin_tests --run_test=release
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/preset/deserialise_preset.h"
#include "plugin/session/session.h"
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

namespace fs = std::filesystem;

std::vector<std::uint8_t> bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::pair<std::string, std::string>> lines_of(const fs::path& path) {
    std::ifstream file(path);
    std::vector<std::pair<std::string, std::string>> lines;
    for (std::string name, value; file >> name >> value;) lines.emplace_back(name, value);
    return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(released)

BOOST_AUTO_TEST_CASE(sessions_open_with_their_parameters_and_presets) {
    int versions = 0;
    for (const auto& version : fs::directory_iterator(fs::path(GRUVE_SOURCE_DIR) / "tests/released")) {
        if (!version.is_directory()) continue;
        ++versions;
        const auto state = bytes_of(version.path() / "session.bin");
        BOOST_TEST_CONTEXT(version.path().string()) {
            Processor processor;
            processor.setStateInformation(state.data(), static_cast<int>(state.size()));
            prepare(processor, 2, 48000);
            wait_until_loaded(processor);
            BOOST_TEST(processor.message().toStdString() == "");
            const auto lines = lines_of(version.path() / "session.txt");
            BOOST_TEST(lines.size() >= 4u);
            for (const auto& [name, value] : lines) {
                if (name == "A" || name == "B") {
                    const auto loaded = processor.loaded(name == "B" ? 1 : 0);
                    BOOST_REQUIRE(loaded);
                    BOOST_TEST((*loaded->preset == deserialise(bytes_of(version.path() / value))), value);
                } else {
                    const auto* parameter = processor.parameters().getParameter(name);
                    BOOST_REQUIRE(parameter);
                    BOOST_TEST(std::abs(parameter->convertFrom0to1(parameter->getValue()) - std::stof(value)) < 0.01f,
                               name);
                }
            }
            const Audio output = play(processor, noise(2, 20000));
            for (int i = 0; i < output.getNumSamples(); ++i) BOOST_REQUIRE(std::isfinite(output.getSample(0, i)));
        }
    }
    BOOST_TEST(versions > 0);
}

BOOST_AUTO_TEST_CASE(a_session_from_before_sensitivity_opens_with_0_and_all_else_as_it_was) {
    const auto state = bytes_of(fs::path(GRUVE_SOURCE_DIR) / "tests/released/0.1.0/session.bin");
    const Session old = read_session(state.data(), static_cast<int>(state.size()));
    BOOST_REQUIRE(old.error.isEmpty());
    BOOST_REQUIRE(old.values.size() == 14u);
    BOOST_REQUIRE(!old.values.contains("sensitivity"));
    Processor processor;
    for (auto* parameter : processor.getParameters())
        parameter->setValueNotifyingHost(parameter->getDefaultValue() > 0.3f ? 0.1f : 0.7f);
    processor.setStateInformation(state.data(), static_cast<int>(state.size()));
    wait_until_loaded(processor);
    BOOST_TEST(processor.parameters().getRawParameterValue("sensitivity")->load() == 0.0f);
    juce::MemoryBlock again;
    processor.getStateInformation(again);
    const Session saved = read_session(again.getData(), static_cast<int>(again.getSize()));
    BOOST_TEST(saved.values.size() == old.values.size() + 2);
    BOOST_TEST(saved.values.at("sensitivity") == 0.0f);
    BOOST_REQUIRE(old.values.at("live") == 0.0f);
    BOOST_TEST(saved.values.at("latency") == static_cast<float>(Latency::quality));
    for (const auto& [id, value] : old.values) BOOST_TEST(std::abs(saved.values.at(id) - value) < 0.001f, id);
    for (std::size_t i = 0; i < old.presets.size(); ++i) {
        BOOST_TEST(saved.presets[i].source == old.presets[i].source);
        BOOST_TEST((saved.presets[i].bytes == old.presets[i].bytes));
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(release, *boost::unit_test::disabled())

BOOST_AUTO_TEST_CASE(write_a_session) {
    const char* name = std::getenv("GRUVE_WRITE_SESSION");
    BOOST_REQUIRE(name);
    const fs::path folder = name;
    Processor processor;
    std::ofstream list(folder / "session.txt");
    for (const auto& [id, value] : {std::pair{"mix", 80.0f},
                                    {"reduction_limit", 12.5f},
                                    {"release", 120.0f},
                                    {"first_note", 48.0f},
                                    {"slot_b", 1.0f},
                                    {"sensitivity", -40.0f},
                                    {"latency", 2.0f}}) {
        set(processor, id, value);
        list << id << " " << value << "\n";
    }
    for (const auto& [slot, file] : {std::pair{"A", "denoise_tiny.gruve"}, {"B", "keywords.gruve"}}) {
        processor.load_bytes(bytes_of(folder / file), file, *slot == 'B' ? 1 : 0);
        wait_until_loaded(processor);
        list << slot << " " << file << "\n";
    }
    juce::MemoryBlock state;
    processor.getStateInformation(state);
    std::ofstream(folder / "session.bin", std::ios::binary)
        .write(static_cast<const char*>(state.getData()), static_cast<std::streamsize>(state.getSize()));
}

BOOST_AUTO_TEST_SUITE_END()
