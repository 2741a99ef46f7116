// Writes the seeds in tests/fuzz/corpus: small files of every kind that the fuzz targets read. Each run writes the same
// bytes.
//     fuzz_make_corpus tests/fuzz/corpus
#include <sndfile.h>
#include <zlib.h>

#include <cstdio>
#include <fstream>
#include <random>

#include "engine/preset/preset.h"
#include "engine/preset/preset_file.h"
#include "engine/preset/serialise_preset.h"
#include "offline_search/network/float_network.h"
#include "offline_search/network/safetensors.h"
#include "preset_generated.h"
#include "tests/engine/tiny_bands.h"

namespace {

namespace fs = std::filesystem;
using namespace gruve;

void write(const fs::path& path, const std::vector<std::uint8_t>& bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

void write_text(const fs::path& path, const std::string& text) { write(path, {text.begin(), text.end()}); }

std::string little_endian(std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
    return text;
}

Preset sequence(const std::string& name, Model model) {
    Preset preset;
    preset.name = name;
    preset.task = "sequence";
    preset.model = std::move(model);
    return preset;
}

/// A GRU with 3 inputs and 4 units, and a dense layer with 2 outputs of 16 bits.
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
    Preset points = *tiny::keyword_preset(1, 0.5f, 3, 3);
    points.detection.points = {{0.5f, {0.5f, 0.8f, 0.9f}, {1, 3600, 360, 5, 9}},
                               {8.0f, {0.5f, 0.4f, 0.2f}, {8, 3600, 360, 7, 9}}};
    write(folder / "operating_points.gruve", serialise(points));
    Preset extremes = *tiny::keyword_preset(1, 0.5f, 3, 3);
    extremes.detection.threshold = {0.0f, 1e-30f, 1.0f - 6e-8f};
    write(folder / "extreme_thresholds.gruve", serialise(extremes));
    write(folder / "denoise.gruve", serialise(*tiny::denoiser_preset(1, denoiser, 3)));
    write(folder / "comb.gruve", serialise(*tiny::denoiser_preset(1, tiny::with_comb(denoiser), 3)));
    Preset two_stages = *tiny::denoiser_preset(1, denoiser, 3);
    two_stages.before = {*tiny::denoiser_preset(2, denoiser, 3)};
    write(folder / "two_stages.gruve", serialise(two_stages));
    two_stages.denoiser.look_ahead = 2;
    write(folder / "look_ahead.gruve", serialise(two_stages));
    write(folder / "float.gruve", serialise(*tiny::as_float(*tiny::denoiser_preset(1, denoiser, 3), 1, 3)));
    const tiny::BandSizes bands{.bands = 2, .inputs = 3, .channels = 2, .hidden = 1, .blocks = 1};
    write(folder / "bands.gruve", serialise(sequence("tiny", tiny::random_bands(1, bands, 4))));
    Preset float_bands = sequence("tiny", {});
    float_bands.float_model = tiny::random_float_bands(1, bands);
    write(folder / "float_bands.gruve", serialise(float_bands));
    for (std::uint8_t width : {binary_width, std::uint8_t{3}, std::uint8_t{5}, ternary_width}) {
        GruWidths widths = tiny::all_widths(4);
        std::fill_n(widths.begin(), linear_count, width);
        write(folder / ("width" + std::to_string(width) + ".gruve"),
              serialise(sequence("tiny", classifier(widths, width == 5, width != 3, width == 3 ? 8 : 16))));
    }
    GruWidths wide = tiny::all_widths(8);
    for (Operator op : {Operator::product_candidate, Operator::product_state})
        wide[static_cast<std::size_t>(op)] = wide_width;
    write(folder / "wide.gruve", serialise(sequence("tiny", classifier(wide, false, true, 16))));
}

/// Small files that claim much: all entries of a long list are the same label or the same layer.
void write_shared_presets(const fs::path& folder) {
    constexpr std::size_t entries = 1800;
    for (bool share_layers : {false, true}) {
        flatbuffers::FlatBufferBuilder b;
        const auto rule = b.CreateString(rounding_rule), label = b.CreateString("l");
        const auto linear = fbs::CreateLinear(b, 1, 1, 8, b.CreateVector(std::vector<std::uint8_t>{1}),
                                              b.CreateVector(std::vector<std::int16_t>{1}));
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
        write(folder / (share_layers ? "shared_layers.gruve" : "shared_labels.gruve"),
              wrap_preset({b.GetBufferPointer(), b.GetSize()}));
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

/// The envelope of JUCE's AudioProcessor::copyXmlToBinary: magic, length, text and a zero.
std::vector<std::uint8_t> session_of(const std::string& text) {
    std::vector<std::uint8_t> bytes = {0x56, 0x43, 0x32, 0x21};
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(text.size() >> (8 * i)));
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(0);
    return bytes;
}

void write_sessions(const fs::path& folder) {
    const auto preset = base64(serialise(sequence("tiny", classifier(tiny::all_widths(4), false, true, 16))));
    const std::string head = R"(<?xml version="1.0" encoding="UTF-8"?> <gruve version="1">)",
                      parameter = R"(<parameter id="mix" value="80.0"/>)";
    write(folder / "parameters", session_of(head + parameter + "</gruve>"));
    write(folder / "preset",
          session_of(head + parameter + R"(<slot id="A" source="mine.gruve" preset=")" + preset + R"("/></gruve>)"));
    std::string nested, laughs = R"(<!DOCTYPE g [<!ENTITY a "ha">)";
    for (int i = 0; i < 20000; ++i) nested += "<a>";
    for (char c = 'b'; c <= 'z'; ++c)
        laughs +=
            std::string("<!ENTITY ") + c + " \"&" + static_cast<char>(c - 1) + ";&" + static_cast<char>(c - 1) + ";\">";
    write(folder / "nested", session_of(nested));
    write(folder / "laughs", session_of(laughs + R"(]><gruve version="&z;"/>)"));
    write(folder / "circle", session_of(R"(<!DOCTYPE g [<!ENTITY a "&a;">]><gruve version="&a;"/>)"));
}

Matrix random_matrix(std::mt19937& random, int rows, int cols) {
    Matrix matrix(rows, cols);
    for (Eigen::Index i = 0; i < matrix.size(); ++i)
        matrix.data()[i] = static_cast<float>(random() % 2001) / 1000.0f - 1.0f;
    return matrix;
}

void write_safetensors(const fs::path& folder) {
    std::mt19937 random(1);
    const auto dense = [&](int outputs, int inputs, Activation activation) {
        return FloatDense{activation, random_matrix(random, outputs, inputs), random_matrix(random, outputs, 1)};
    };
    const auto gru = [&](int hidden, int inputs) {
        return FloatGru{random_matrix(random, 3 * hidden, inputs), random_matrix(random, 3 * hidden, hidden),
                        random_matrix(random, 3 * hidden, 1), random_matrix(random, 3 * hidden, 1)};
    };
    FloatNetwork one;
    one.layers = {dense(2, 3, Activation::sigmoid)};
    save_safetensors(folder / "dense.safetensors", one);
    FloatNetwork chain;
    chain.layers = {dense(2, 3, Activation::tanh), gru(2, 2), gru(1, 2), dense(2, 1, Activation::none)};
    chain.metadata = {{"task", "digits"}, {"labels", "[\"one\",\"two\"]"}, {"seed", "1"}};
    save_safetensors(folder / "chain.safetensors", chain);
    std::string nested(6000, '['), flat = "{\"a\":[1", shared = "{";
    for (int i = 0; i < 3000; ++i) flat += ",1";
    for (int i = 0; i < 100; ++i)
        shared +=
            (i ? ",\"" : "\"") + std::to_string(i) + R"(":{"dtype":"F32","shape":[2000],"data_offsets":[0,8000]})";
    const auto write_header = [&](const char* name, const std::string& header, const std::string& values) {
        write_text(folder / name, little_endian(static_cast<std::uint32_t>(header.size()), 4) + std::string(4, '\0') +
                                      header + values);
    };
    write_header("nested.safetensors", nested, "");
    write_header("flat.safetensors", flat + "]}", "");
    write_header("shared.safetensors", shared + "}",
                 std::string(8000, '\0'));  // a hundred tensors that share their bytes
}

void write_model_json(const fs::path& folder) {
    const std::string gru = R"({"type":"gru","weights":[[[1,2,3],[4,5,6]],[[1,0,-1]],[[0,0,0],[0.5,0,0]]]})";
    write_text(folder / "layers", R"({"in_shape":[null,null,2],"layers":[{"type":"dense","activation":"tanh",)"
                                  R"("weights":[[[1,2],[3,4e-1]],[0,0]]},)" +
                                      gru + R"(,{"type":"activation","activation":"none"}]})");
    write_text(folder / "gru_alone", R"({"layers":[)" + gru + "]}");
    write_text(folder / "state_dict", R"({"gru.weight_ih_l0":[[1],[2],[3]],"gru.weight_hh_l0":[[1],[2],[3]],)"
                                      R"("gru.bias_ih_l0":[1,2,3],"fc.weight":[[1],[2]],"fc.bias":[0,1]})");
    std::string ones = "[1", lists = "[", objects = "[{}";
    for (int i = 0; i < 2600; ++i) ones += ",1", lists += "[1],", objects += ",{}";
    write_text(folder / "many_numbers", "{\"a\":" + ones + "]}");
    write_text(folder / "many_rows", "{\"a\":" + lists + "[1]]}");
    write_text(folder / "many_layers", "{\"layers\":" + objects + "]}");
    write_text(folder / "nested", "{\"a\":" + std::string(6000, '[') + "}");
}

void write_recipes(const fs::path& folder) {
    write_text(folder / "denoise", R"({"dense": 64, "batch": 16, "late_start": 0.1, "learning_rate": 1e-3, )"
                                   R"("loss": {"snr": 0.2, "magnitude": 1}})");
    write_text(folder / "words", R"({"epochs": 50, "batch": 16, "weight_decay": 0.02, )"
                                 R"("streams": 24, "stream_loss": {"smoothing": 0.01, "word_steps": 45}})");
    write_text(folder / "description", R"({"task": "wake_words", "labels": ["other", "yes"], "layers": )"
                                       R"([{"prefix": "gru."}, {"prefix": "fc.", "activation": "tanh"}]})");
    write_text(folder / "nested", "{\"dense\":" + std::string(4000, '[') + std::string(4000, ']') + "}");
    write_text(folder / "deep_label", "{\"labels\":" + std::string(4000, '[') + std::string(4000, ']') + "}");
}

/// A byte of options, then one entry per line (folders.cpp).
void write_folders(const fs::path& folder) {
    std::string words, lists;
    for (const char* word : {"a", "b"})
        for (const char* speaker : {"x", "y", "z"}) words += std::string(word) + "/" + speaker + "_1.wav\n";
    write_text(folder / "words", std::string(1, 0) + words + "_background_noise_/n.wav\nREADME\n");
    write_text(folder / "chosen", std::string(1, 1) + words);
    write_text(folder / "lists", std::string(1, 0) + words +
                                     "validation_list.txt\n=a/x_1.wav\ntesting_list.txt\n=a/y_1.wav\n=b/y_1.wav\n");
    write_text(folder / "takes",
               std::string(1, 32) + "1/1_x_0.wav\n1/1_x_7.wav\n1/1_x_12.wav\n2/2_y_1.wav\n2/2_y_99.flac\n");
    write_text(folder / "speech",
               std::string(1, 2) + words + "speech/p225/p225_001.wav\nspeech/reader_7.wav\nnoise/1-100032-A-0.wav\n");
    write_text(
        folder / "many_links",
        std::string(1, 4) + words + "speech/s_1.wav\nnoise/n.wav\nnoise/p>noise\nnoise/q>noise\nnoise/r/s>speech\n");
    write_text(folder / "negatives",
               std::string(1, static_cast<char>(128)) + words + "negatives/speech/de/p_1.ogg\nnegatives/noise/n.wav\n");
    std::string many;
    for (int i = 0; i < 1600; ++i) many += "=a/" + std::to_string(i) + "\n";
    write_text(folder / "long_list",
               std::string(1, 0) + words + "validation_list.txt\n" + many + "testing_list.txt\n=a/y_1.wav\n");
}

std::string npy(const std::string& type, const std::string& shape, const std::string& values) {
    std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    header.append((64 - (header.size() + 11) % 64) % 64, ' ');
    header += '\n';
    return std::string("\x93NUMPY\x01\0", 8) + little_endian(static_cast<std::uint32_t>(header.size()), 2) + header +
           values;
}

std::vector<std::uint8_t> deflated(std::vector<std::uint8_t> bytes, int window) {
    std::vector<std::uint8_t> out(1024 + bytes.size());
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = bytes.data();
    stream.avail_in = static_cast<unsigned>(bytes.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<unsigned>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

/// gzip, without a name and time in its header.
std::vector<std::uint8_t> gzipped(std::vector<std::uint8_t> bytes) { return deflated(std::move(bytes), 15 + 16); }

/// A zip archive whose directory has `copies` entries for each file, which share its bytes.
void write_npz(const fs::path& path, const std::vector<std::pair<std::string, std::string>>& files, bool packs,
               int copies = 1) {
    std::string data, directory;
    for (const auto& [name, contents] : files) {
        const auto small = deflated({contents.begin(), contents.end()}, -15);
        const std::string body = packs ? std::string(small.begin(), small.end()) : contents;
        const std::string sizes = little_endian(static_cast<std::uint32_t>(body.size()), 4) +
                                  little_endian(static_cast<std::uint32_t>(contents.size()), 4);
        const std::uint32_t at = static_cast<std::uint32_t>(data.size()),
                            checksum =
                                static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(contents.data()),
                                                                 static_cast<uInt>(contents.size())));
        const std::string common = little_endian(20, 2) + little_endian(0, 2) + little_endian(packs ? 8 : 0, 2) +
                                   little_endian(0, 4) + little_endian(checksum, 4) + sizes;
        data += "PK\x03\x04" + common + little_endian(static_cast<std::uint32_t>(name.size()), 2) +
                little_endian(0, 2) + name + body;
        for (int i = 0; i < copies; ++i) {
            const std::string other = copies > 1 ? std::to_string(i) : name;
            directory += "PK\x01\x02" + little_endian(20, 2) + common +
                         little_endian(static_cast<std::uint32_t>(other.size()), 2) + std::string(12, '\0') +
                         little_endian(at, 4) + other;
        }
    }
    const auto count = little_endian(static_cast<std::uint32_t>(files.size()) * static_cast<std::uint32_t>(copies), 2);
    write_text(path, data + directory + "PK\x05\x06" + little_endian(0, 4) + count + count +
                         little_endian(static_cast<std::uint32_t>(directory.size()), 4) +
                         little_endian(static_cast<std::uint32_t>(data.size()), 4) + little_endian(0, 2));
}

void write_npzs(const fs::path& folder) {
    const auto floats = [](std::size_t count) {
        std::string values;
        for (std::size_t i = 0; i < count; ++i) {
            const float value = static_cast<float>(i % 7) - 3.0f;
            values.append(reinterpret_cast<const char*>(&value), sizeof value);
        }
        return values;
    };
    const std::vector<std::pair<std::string, std::string>> model = {
        {"gru.weight_ih_l0.npy", npy("<f4", "3, 2", floats(6))},
        {"gru.weight_hh_l0.npy", npy("<f4", "3, 1", floats(3))},
        {"fc.weight.npy", npy("<f4", "2, 1", floats(2))}};
    write_npz(folder / "model", model, false);
    write_npz(folder / "model_packed", model, true);
    const std::vector<std::pair<std::string, std::string>> sequences = {
        {"x.npy", npy("<f4", "6, 2, 1", floats(12))},
        {"y.npy", npy("|u1", "6,", std::string("\0\1\0\1\0\1", 6))},
        {"lengths.npy", npy("<i2", "6,", std::string("\2\0\1\0\2\0\2\0\1\0\2\0", 12))},
        {"split.npy", npy("|i1", "6,", std::string("\0\0\1\1\2\2", 6))}};
    write_npz(folder / "sequences", sequences, true);
    write_npz(folder / "shared_bytes", {{"a", npy("|u1", "4000,", std::string(4000, '\1'))}}, false, 80);
    write_npz(folder / "desert", {{"a", npy("|u1", "4000000,", std::string(4000000, '\0'))}}, true);
}

void write_idx(const fs::path& folder) {
    const std::vector<std::uint8_t> labels = {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9};
    std::vector<std::uint8_t> images = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4};
    for (std::uint8_t i = 0; i < 24; ++i) images.push_back(static_cast<std::uint8_t>(i * 10));
    write(folder / "labels.idx", labels);
    write(folder / "images.idx", images);
    write(folder / "labels.gz", gzipped(labels));
    write(folder / "images.gz", gzipped(images));
    std::vector<std::uint8_t> desert = {0, 0, 8, 2, 0, 0, 0x10, 0, 0, 0, 4, 0};  // 4 MB of zeros in 4 kB
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
    sf_command(file, SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);  // which would contain the time of writing
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
    for (const char* target :
         {"preset", "session", "safetensors", "model_json", "npz", "recipe", "idx", "audio", "folders"})
        fs::create_directories(corpus / target);
    write_presets(corpus / "preset");
    write_shared_presets(corpus / "preset");
    write_sessions(corpus / "session");
    write_safetensors(corpus / "safetensors");
    write_model_json(corpus / "model_json");
    write_npzs(corpus / "npz");
    write_recipes(corpus / "recipe");
    write_folders(corpus / "folders");
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
