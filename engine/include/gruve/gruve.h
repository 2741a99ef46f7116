/* Gruve's C API: presets on live audio. C99; also usable from C++.
 *
 * A preset is opened once and shared; a denoiser or a keyword spotter is made from it for one stream.
 *
 *     gruve_preset* preset;
 *     char error[256];
 *     if (gruve_preset_open_file("denoise-recommended.gruve", &preset, error, sizeof error) != GRUVE_OK) ...
 *     gruve_denoiser* denoiser;
 *     gruve_denoiser_create(preset, 48000, 2, &denoiser, error, sizeof error);
 *     gruve_denoiser_process(denoiser, input, output, frames);
 *
 * Threads. A preset never changes: any number of threads may read it and make streams from it at once. A denoiser or a
 * spotter belongs to one thread at a time; different ones may run on different threads.
 *
 * Real time. Functions marked "Real-time safe" allocate nothing, take no lock, call no system function and never block.
 * All others may do any of that.
 *
 * Errors. Functions return GRUVE_OK or a negative gruve_status. No C++ exception leaves the library, and a null
 * pointer, a wrong rate or a wrong size gives an error instead of a crash. Where a function takes `error`, one English
 * sentence is written there, cut to error_size bytes with its terminating zero. error may be null; error_size is then
 * ignored. Nothing is written there on success.
 *
 * Samples are float, full scale ±1. A sample that is not finite counts as 0.
 */
#ifndef GRUVE_GRUVE_H
#define GRUVE_GRUVE_H

#include <stddef.h>
#include <stdint.h>

#define GRUVE_VERSION_MAJOR 0
#define GRUVE_VERSION_MINOR 1
#define GRUVE_VERSION_PATCH 0

#if defined(_WIN32) && defined(GRUVE_SHARED)
#if defined(GRUVE_BUILDING)
#define GRUVE_API __declspec(dllexport)
#else
#define GRUVE_API __declspec(dllimport)
#endif
#elif defined(__GNUC__) && !defined(_WIN32)
#define GRUVE_API __attribute__((visibility("default")))
#else
#define GRUVE_API
#endif

#ifdef __cplusplus
#define GRUVE_NOEXCEPT noexcept
extern "C" {
#else
#define GRUVE_NOEXCEPT
#endif

typedef enum gruve_status {
    GRUVE_OK = 0,
    GRUVE_ERROR_ARGUMENT = -1, /* a null pointer, or a value outside its range */
    GRUVE_ERROR_FILE = -2,     /* the file can't be read */
    GRUVE_ERROR_PRESET = -3,   /* not a preset, damaged, or of a newer format */
    GRUVE_ERROR_KIND = -4,     /* a keyword preset where a denoiser is needed, or the other way round */
    GRUVE_ERROR_MEMORY = -5,   /* out of memory */
    GRUVE_ERROR_INTERNAL = -6  /* anything else */
} gruve_status;

typedef enum gruve_kind {
    GRUVE_KEYWORDS = 0, /* hears words: gruve_spotter */
    GRUVE_DENOISE = 1,  /* removes noise: gruve_denoiser */
    GRUVE_SEQUENCE = 2  /* rows of numbers, no audio: nothing here plays it */
} gruve_kind;

/* Settings of a denoiser that runs: for gruve_denoiser_set(). */
typedef enum gruve_parameter {
    GRUVE_MIX = 0,                /* share of the denoised sound, 0..1; 1 at first. Ramped over 20 ms. */
    GRUVE_REDUCTION_LIMIT_DB = 1, /* no band is turned down further, 0..120 dB; from 60 on: no limit, as at first */
    GRUVE_ATTACK_MS = 2,          /* time constant of a rising gain, 0..1000 ms; 0 at first */
    GRUVE_RELEASE_MS = 3,         /* time constant of a falling gain, 0..1000 ms; 0 at first */
    GRUVE_LINK = 4                /* 1: each band gets one gain for all channels, so that the image stays; 0 at first */
} gruve_parameter;

typedef struct gruve_preset gruve_preset;
typedef struct gruve_denoiser gruve_denoiser;
typedef struct gruve_spotter gruve_spotter;

/* A word that was heard. */
typedef struct gruve_detection {
    int label;      /* index for gruve_preset_label() */
    float score;    /* smoothed posterior, 0..1 */
    int64_t sample; /* frames since the start or the last reset, at which it was decided */
} gruve_detection;

/* "0.1.0": the library's version, which may be newer than the header's. */
GRUVE_API const char* gruve_version(void) GRUVE_NOEXCEPT;

/* ---- Presets ---- */

/* Reads a .gruve file. path: UTF-8 on every system. *preset is null after an error. */
GRUVE_API gruve_status gruve_preset_open_file(const char* path, gruve_preset** preset, char* error,
                                              size_t error_size) GRUVE_NOEXCEPT;
/* The same from a .gruve file's bytes, which are copied. They may come from anybody: all is checked. */
GRUVE_API gruve_status gruve_preset_open_bytes(const void* bytes, size_t size, gruve_preset** preset, char* error,
                                               size_t error_size) GRUVE_NOEXCEPT;
/* Streams made from the preset live on. Null is allowed. */
GRUVE_API void gruve_preset_free(gruve_preset* preset) GRUVE_NOEXCEPT;

/* Information. Strings are UTF-8 and live as long as the preset; null for a null preset or a label that isn't there. */
GRUVE_API const char* gruve_preset_name(const gruve_preset* preset) GRUVE_NOEXCEPT;
GRUVE_API const char* gruve_preset_task(const gruve_preset* preset) GRUVE_NOEXCEPT;
GRUVE_API const char* gruve_preset_provenance(const gruve_preset* preset) GRUVE_NOEXCEPT; /* data, licence, recipe */
/* A gruve_kind; negative for a null preset. */
GRUVE_API int gruve_preset_kind(const gruve_preset* preset) GRUVE_NOEXCEPT;
/* 1 where the preset holds the float network that others were quantised from, for comparison. Float presets are outside
 * the promise of equal bits: their samples differ between machines by rounding. All others give the same samples on
 * every machine. */
GRUVE_API int gruve_preset_is_float(const gruve_preset* preset) GRUVE_NOEXCEPT;
/* Bytes of parameters: what a device must hold to run it. */
GRUVE_API size_t gruve_preset_parameter_bytes(const gruve_preset* preset) GRUVE_NOEXCEPT;
/* Keyword presets: how many labels there are, and each. The first may be "other", which is never detected. */
GRUVE_API int gruve_preset_label_count(const gruve_preset* preset) GRUVE_NOEXCEPT;
GRUVE_API const char* gruve_preset_label(const gruve_preset* preset, int label) GRUVE_NOEXCEPT;
/* The denoiser's delay in frames at this rate, known before one is made; 0 for other kinds. Negative (a gruve_status)
 * for a rate outside 8000..192000 Hz or a null preset. Not real-time safe. */
GRUVE_API int gruve_preset_latency(const gruve_preset* preset, double rate_hz) GRUVE_NOEXCEPT;

/* ---- Denoiser ---- */

/* rate_hz 8000..192000, channels 1..64. *denoiser is null after an error. */
GRUVE_API gruve_status gruve_denoiser_create(const gruve_preset* preset, double rate_hz, int channels,
                                             gruve_denoiser** denoiser, char* error, size_t error_size) GRUVE_NOEXCEPT;
/* Null is allowed. */
GRUVE_API void gruve_denoiser_free(gruve_denoiser* denoiser) GRUVE_NOEXCEPT;
/* Frames from input to output: constant, whatever is set. */
GRUVE_API int gruve_denoiser_latency(const gruve_denoiser* denoiser) GRUVE_NOEXCEPT;
/* parameter: a gruve_parameter. An unknown one, a value outside its range, or one that is not a number is refused and
 * changes nothing. Real-time safe; call it on the thread that calls process, between two calls. */
GRUVE_API gruve_status gruve_denoiser_set(gruve_denoiser* denoiser, int parameter, float value) GRUVE_NOEXCEPT;
GRUVE_API float gruve_denoiser_get(const gruve_denoiser* denoiser, int parameter) GRUVE_NOEXCEPT;
/* Planar: input[channel][frame] to output[channel][frame]. Any number of frames, 0 included; any split of a stream into
 * calls gives the same samples. input[c] and output[c] may be the same memory; other overlaps are not allowed.
 * Real-time safe. */
GRUVE_API gruve_status gruve_denoiser_process(gruve_denoiser* denoiser, const float* const* input, float* const* output,
                                              size_t frames) GRUVE_NOEXCEPT;
/* Interleaved: frame after frame, all channels of each. input and output may be the same memory. Real-time safe. */
GRUVE_API gruve_status gruve_denoiser_process_interleaved(gruve_denoiser* denoiser, const float* input, float* output,
                                                          size_t frames) GRUVE_NOEXCEPT;
/* As after its making; parameters stay as they are set. Real-time safe. */
GRUVE_API gruve_status gruve_denoiser_reset(gruve_denoiser* denoiser) GRUVE_NOEXCEPT;

/* ---- Keyword spotter (one channel) ---- */

/* rate_hz 8000..192000. *spotter is null after an error. */
GRUVE_API gruve_status gruve_spotter_create(const gruve_preset* preset, double rate_hz, gruve_spotter** spotter,
                                            char* error, size_t error_size) GRUVE_NOEXCEPT;
/* Null is allowed. */
GRUVE_API void gruve_spotter_free(gruve_spotter* spotter) GRUVE_NOEXCEPT;
/* Hears `frames` samples. Words decided in them are written to detections[0..capacity), oldest first; more than
 * `capacity` are dropped (one network step, 10 or 20 ms, gives at most one). Returns how many were written, or a
 * negative gruve_status. detections may be null where capacity is 0. Real-time safe. */
GRUVE_API int gruve_spotter_process(gruve_spotter* spotter, const float* input, size_t frames,
                                    gruve_detection* detections, int capacity) GRUVE_NOEXCEPT;
/* The smoothed posterior of each label after the last step, 0..1, written to posteriors[0..count); returns the number
 * of labels, or a negative gruve_status. Real-time safe. */
GRUVE_API int gruve_spotter_posteriors(const gruve_spotter* spotter, float* posteriors, int count) GRUVE_NOEXCEPT;
/* One number for all thresholds, -1..1: above 0 more words are hit and more false alarms given, below 0 fewer of both.
 * 0, as after its making, gives the preset's own thresholds. A preset may hold operating points: thresholds for some
 * numbers of false alarms an hour, as counted on its validation recordings. Those with lower thresholds than its own
 * lie at equal distances between 0 and 1, the one with the most alarms at 1; those with higher ones lie between 0 and
 * -1, the one with the fewest at -1. Between neighbours the log-odds of each threshold are interpolated. On a side
 * without points they move by 2 from 0 to the end: 0.8 becomes 0.35 at 1 and 0.97 at -1. `gruve info` lists a preset's
 * points. A value outside -1..1 is refused and changes nothing. Real-time safe; call it on the thread that calls
 * process. */
GRUVE_API gruve_status gruve_spotter_set_sensitivity(gruve_spotter* spotter, float sensitivity) GRUVE_NOEXCEPT;
/* Not a number for a null spotter. Real-time safe. */
GRUVE_API float gruve_spotter_sensitivity(const gruve_spotter* spotter) GRUVE_NOEXCEPT;
/* As after its making; the sensitivity stays as it is set. Real-time safe. */
GRUVE_API gruve_status gruve_spotter_reset(gruve_spotter* spotter) GRUVE_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
