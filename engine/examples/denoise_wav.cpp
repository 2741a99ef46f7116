// Removes noise from a WAV file: denoise_wav_cpp PRESET.gruve INPUT.wav OUTPUT.wav
#include <sndfile.h>

#include <gruve/gruve.hpp>
#include <iostream>
#include <vector>

int main(int argc, char** argv) try {
    if (argc != 4) throw std::runtime_error("usage: denoise_wav_cpp PRESET.gruve INPUT.wav OUTPUT.wav");
    const auto preset = gruve::Preset::open(argv[1]);

    SF_INFO format{};
    SNDFILE* in = sf_open(argv[2], SFM_READ, &format);
    if (in == nullptr) throw std::runtime_error(std::string(argv[2]) + ": " + sf_strerror(nullptr));
    auto denoiser = preset.denoiser(format.samplerate, format.channels);
    const auto latency = static_cast<std::size_t>(denoiser.latency()), channels = std::size_t(format.channels);

    // The whole recording, and silence after it that brings out what is still inside.
    std::vector<float> samples((static_cast<std::size_t>(format.frames) + latency) * channels);
    sf_readf_float(in, samples.data(), format.frames);
    sf_close(in);
    denoiser.process_interleaved(samples.data(), samples.data(), samples.size() / channels);

    SNDFILE* out = sf_open(argv[3], SFM_WRITE, &format);
    if (out == nullptr) throw std::runtime_error(std::string(argv[3]) + ": " + sf_strerror(nullptr));
    const sf_count_t frames = static_cast<sf_count_t>(samples.size() / channels - latency);
    if (sf_writef_float(out, samples.data() + latency * channels, frames) != frames || sf_close(out) != 0)
        throw std::runtime_error(std::string(argv[3]) + " could not be written");
} catch (const std::exception& error) {
    std::cerr << "denoise_wav_cpp: " << error.what() << '\n';
    return 1;
}
