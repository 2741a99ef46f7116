/* Prints the words heard in a recording: print_words PRESET.gruve INPUT.wav (its first channel) */
#include <gruve/gruve.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>

static int fail(const char* what) {
    fprintf(stderr, "print_words: %s\n", what);
    return 1;
}

int main(int argc, char** argv) {
    if (argc != 3) return fail("usage: print_words PRESET.gruve INPUT.wav");
    char error[512];
    gruve_preset* preset;
    if (gruve_preset_open_file(argv[1], &preset, error, sizeof error) != GRUVE_OK) return fail(error);
    SF_INFO format = {0};
    SNDFILE* in = sf_open(argv[2], SFM_READ, &format);
    if (in == NULL) return fail(sf_strerror(NULL));
    gruve_spotter* spotter;
    if (gruve_spotter_create(preset, format.samplerate, &spotter, error, sizeof error) != GRUVE_OK) return fail(error);

    enum { FRAMES = 512 };
    float* frames = malloc(sizeof *frames * FRAMES * (size_t)format.channels);
    float mono[FRAMES];
    gruve_detection heard[8];
    for (sf_count_t got; (got = sf_readf_float(in, frames, FRAMES)) > 0;) {
        for (sf_count_t i = 0; i < got; ++i) mono[i] = frames[i * format.channels];
        const int count = gruve_spotter_process(spotter, mono, (size_t)got, heard, 8);
        for (int i = 0; i < count; ++i)
            printf("%.2f s  %s  %.2f\n", (double)heard[i].sample / format.samplerate,
                   gruve_preset_label(preset, heard[i].label), heard[i].score);
    }
    sf_close(in), gruve_spotter_free(spotter), gruve_preset_free(preset), free(frames);
    return 0;
}
