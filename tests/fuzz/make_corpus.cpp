// Writes the seeds of tests/fuzz/corpus: small valid files of every kind that the fuzz targets read, the same bytes each time.
//     fuzz_make_corpus tests/fuzz/corpus
#include <sndfile.h>
#include <zlib.h>

#include <cstdio>
#include <fstream>
#include <random>

#include "engine/preset.h"
#include "engine/preset_file.h"
#include "offline_search/float_network.h"
#include "preset_generated.h"
#include "tests/engine/tiny_models.h"

namespace {

namespace fs = std::filesystem;
using namespace gruve;

void write(const fs::path& path, const std::vector<std::uint8_t>& bytes) {
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

Preset sequence(const std::string& name, Model model) {
    Preset preset;
    preset.name = name;
    preset.task = "sequence";
    preset.model = std::move(model);
    return preset;
}

/// A GRU of 3 inputs and 4 states, and 2 outputs of 16 bits.
Model classifier(const GruWidths& widths, bool narrow_state, bool row_multipliers, int bias_width) {
    tiny::Random random(1);
    Model model;
    model.layers.push_back(tiny::random_gru(random, 3, 4, widths, narrow_state, row_multipliers, bias_width));
    model.layers.push_back(tiny::random_dense(random, 4, 2, Activation::none, {8, wide_width, 8}));
    return model;
}

void write_presets(const fs::path& folder) {
    DenoiserConfig denoiser;
    denoiser.bands = 3;
    write(folder / "keywords.gruve", serialise(*tiny::keyword_preset(1, 0.5f, 3, 3)));
    write(folder / "denoise.gruve", serialise(*tiny::denoiser_preset(1, denoiser, 3)));
    for (std::uint8_t width : {binary_width, std::uint8_t{3}, std::uint8_t{5}, ternary_width}) {
        GruWidths widths = tiny::all_widths(4);
        std::fill_n(widths.begin(), linear_count, width);
        write(folder / ("width" + std::to_string(width) + ".gruve"), serialise(sequence("tiny", classifier(widths, width == 5, width != 3, width == 3 ? 8 : 16))));
    }
    GruWidths wide = tiny::all_widths(8);
    for (Operator op : {Operator::product_candidate, Operator::product_state}) wide[static_cast<std::size_t>(op)] = wide_width;
    write(folder / "wide.gruve", serialise(sequence("tiny", classifier(wide, false, true, 16))));
}

/// Few bytes that say much: every entry of a long list is the same label, or the same layer.
void write_shared_presets(const fs::path& folder) {
    constexpr std::size_t entries = 1800;
    for (bool share_layers : {false, true}) {
        flatbuffers::FlatBufferBuilder b;
        const auto rule = b.CreateString(rounding_rule), label = b.CreateString("l");
        const auto linear = fbs::CreateLinear(b, 1, 1, 8, b.CreateVector(std::vector<std::uint8_t>{1}), b.CreateVector(std::vector<std::int16_t>{1}));
        const auto bias = fbs::CreateBias(b, 8, 0, b.CreateVector(std::vector<std::uint8_t>{1}));
        const auto layer = fbs::CreateLayer(b, 0, fbs::CreateDense(b, 0, 8, 8, 8, linear, bias));
        const auto labels = b.CreateVector(std::vector(share_layers ? 0 : entries, label));
        const auto layers = b.CreateVector(std::vector(share_layers ? entries : 1, layer));
        fbs::PresetBuilder preset(b);
        preset.add_rounding_rule(rule);
        preset.add_kind(2);
        preset.add_labels(labels);
        preset.add_layers(layers);
        preset.add_input_bits(8);
        preset.add_input_scale(1.0f);
        preset.add_output_scale(1.0f);
        b.Finish(preset.Finish());
        write(folder / (share_layers ? "shared_layers.gruve" : "shared_labels.gruve"), wrap_preset({b.GetBufferPointer(), b.GetSize()}));
    }
}

std::string base64(const std::vector<std::uint8_t>& bytes) {
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < bytes.size() ? bytes[i + k] : 0u);
        for (std::size_t k = 0; k < 4; ++k) out += i + k <= bytes.size() ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

/// The envelope of JUCE's AudioProcessor::copyXmlToBinary: magic, length, text, a zero.
std::vector<std::uint8_t> session_of(const std::string& text) {
    std::vector<std::uint8_t> bytes = {0x56, 0x43, 0x32, 0x21};
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(text.size() >> (8 * i)));
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(0);
    return bytes;
}

void write_sessions(const fs::path& folder) {
    const auto preset = base64(serialise(sequence("tiny", classifier(tiny::all_widths(4), false, true, 16))));
    const std::string head = R"(<?xml version="1.0" encoding="UTF-8"?> <gruve version="1">)", parameter = R"(<parameter id="mix" value="80.0"/>)";
    write(folder / "parameters", session_of(head + parameter + "</gruve>"));
    write(folder / "preset", session_of(head + parameter + R"(<slot id="A" source="mine.gruve" preset=")" + preset + R"("/></gruve>)"));
    std::string nested, laughs = R"(<!DOCTYPE g [<!ENTITY a "ha">)";
    for (int i = 0; i < 20000; ++i) nested += "<a>";
    for (char c = 'b'; c <= 'z'; ++c) laughs += std::string("<!ENTITY ") + c + " \"&" + static_cast<char>(c - 1) + ";&" + static_cast<char>(c - 1) + ";\">";
    write(folder / "nested", session_of(nested));
    write(folder / "laughs", session_of(laughs + R"(]><gruve version="&z;"/>)"));
    write(folder / "circle", session_of(R"(<!DOCTYPE g [<!ENTITY a "&a;">]><gruve version="&a;"/>)"));
}

Matrix random_matrix(std::mt19937& random, int rows, int cols) {
    Matrix matrix(rows, cols);
    for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = static_cast<float>(random() % 2001) / 1000.0f - 1.0f;
    return matrix;
}

void write_safetensors(const fs::path& folder) {
    std::mt19937 random(1);
    const auto dense = [&](int outputs, int inputs, Activation activation) {
        return FloatDense{activation, random_matrix(random, outputs, inputs), random_matrix(random, outputs, 1)};
    };
    const auto gru = [&](int hidden, int inputs) {
        return FloatGru{random_matrix(random, 3 * hidden, inputs), random_matrix(random, 3 * hidden, hidden), random_matrix(random, 3 * hidden, 1),
                        random_matrix(random, 3 * hidden, 1)};
    };
    FloatNetwork one;
    one.layers = {dense(2, 3, Activation::sigmoid)};
    save_safetensors(folder / "dense.safetensors", one);
    FloatNetwork chain;
    chain.layers = {dense(2, 3, Activation::tanh), gru(2, 2), gru(1, 2), dense(2, 1, Activation::none)};
    chain.metadata = {{"task", "digits"}, {"labels", "[\"one\",\"two\"]"}, {"seed", "1"}};
    save_safetensors(folder / "chain.safetensors", chain);
    std::string nested(6000, '['), flat = "{\"a\":[1";
    for (int i = 0; i < 3000; ++i) flat += ",1";
    for (const auto& [name, header] : {std::pair{"nested.safetensors", nested}, {"flat.safetensors", flat + "]}"}}) {
        std::vector<std::uint8_t> bytes(8 + header.size());
        bytes[0] = static_cast<std::uint8_t>(header.size());
        bytes[1] = static_cast<std::uint8_t>(header.size() >> 8);
        std::copy(header.begin(), header.end(), bytes.begin() + 8);
        write(folder / name, bytes);
    }
}

std::vector<std::uint8_t> gzipped(std::vector<std::uint8_t> bytes) {
    std::vector<std::uint8_t> out(1024 + bytes.size());
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);  // + 16: a gzip header, without name and time
    stream.next_in = bytes.data();
    stream.avail_in = static_cast<unsigned>(bytes.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<unsigned>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

void write_idx(const fs::path& folder) {
    const std::vector<std::uint8_t> labels = {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9};
    std::vector<std::uint8_t> images = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4};
    for (std::uint8_t i = 0; i < 24; ++i) images.push_back(static_cast<std::uint8_t>(i * 10));
    write(folder / "labels.idx", labels);
    write(folder / "images.idx", images);
    write(folder / "labels.gz", gzipped(labels));
    write(folder / "images.gz", gzipped(images));
    std::vector<std::uint8_t> desert = {0, 0, 8, 2, 0, 0, 0x10, 0, 0, 0, 4, 0};  // 4 MB of nothing in 4 kB
    desert.resize(12 + 4096 * 1024);
    write(folder / "desert.gz", gzipped(desert));
}

void write_audio(const fs::path& path, int format, int channels) {
    SF_INFO info{};
    info.samplerate = 8000;
    info.channels = channels;
    info.format = format;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    if (!file) {
        std::fprintf(stderr, "%s: %s\n", path.c_str(), sf_strerror(nullptr));
        std::exit(1);
    }
    sf_command(file, SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);  // it would hold the time of writing
    std::vector<float> samples;
    for (int i = 0; i < 64 * channels; ++i) samples.push_back(static_cast<float>(i * 29 % 64) / 64.0f - 0.5f);
    sf_writef_float(file, samples.data(), 64);
    sf_close(file);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: fuzz_make_corpus FOLDER\n");
        return 2;
    }
    const fs::path corpus = argv[1];
    for (const char* target : {"preset", "session", "safetensors", "idx", "audio"}) fs::create_directories(corpus / target);
    write_presets(corpus / "preset");
    write_shared_presets(corpus / "preset");
    write_sessions(corpus / "session");
    write_safetensors(corpus / "safetensors");
    write_idx(corpus / "idx");
    write_audio(corpus / "audio" / "pcm16.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1);
    write_audio(corpus / "audio" / "float_stereo.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 2);
    write_audio(corpus / "audio" / "ulaw.wav", SF_FORMAT_WAV | SF_FORMAT_ULAW, 1);
    write_audio(corpus / "audio" / "adpcm.wav", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, 1);
    write_audio(corpus / "audio" / "pcm24.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24, 1);
    write_audio(corpus / "audio" / "alaw.au", SF_FORMAT_AU | SF_FORMAT_ALAW, 1);
    write_audio(corpus / "audio" / "pcm16.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1);
    return 0;
}
