/* Removes noise from a WAV file: denoise_wav PRESET.gruve INPUT.wav OUTPUT.wav */
#include <gruve/gruve.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>

static int fail(const char* what) {
    fprintf(stderr, "denoise_wav: %s\n", what);
    return 1;
}

int main(int argc, char** argv) {
    if (argc != 4) return fail("usage: denoise_wav PRESET.gruve INPUT.wav OUTPUT.wav");
    char error[512];
    gruve_preset* preset;
    if (gruve_preset_open_file(argv[1], &preset, error, sizeof error) != GRUVE_OK) return fail(error);

    SF_INFO format = {0};
    SNDFILE* in = sf_open(argv[2], SFM_READ, &format);
    if (in == NULL) return fail(sf_strerror(NULL));
    gruve_denoiser* denoiser;
    if (gruve_denoiser_create(preset, format.samplerate, format.channels, &denoiser, error, sizeof error) != GRUVE_OK)
        return fail(error);
    sf_count_t left = format.frames, skip = gruve_denoiser_latency(denoiser);
    SNDFILE* out = sf_open(argv[3], SFM_WRITE, &format);
    if (out == NULL) return fail(sf_strerror(NULL));

    enum { FRAMES = 1024 };
    float* block = malloc(sizeof *block * FRAMES * (size_t)format.channels);
    while (left > 0) { /* silence after the end brings out what is still inside */
        const sf_count_t got = sf_readf_float(in, block, FRAMES);
        for (sf_count_t i = got * format.channels; i < FRAMES * format.channels; ++i) block[i] = 0;
        gruve_denoiser_process_interleaved(denoiser, block, block, FRAMES);
        const sf_count_t from = skip < FRAMES ? skip : FRAMES, count = left < FRAMES - from ? left : FRAMES - from;
        sf_writef_float(out, block + from * format.channels, count);
        skip -= from, left -= count;
    }
    sf_close(in);
    if (sf_close(out) != 0) return fail("the output could not be written");
    gruve_denoiser_free(denoiser), gruve_preset_free(preset), free(block);
    return 0;
}
