#pragma once

namespace gruve::benchmarks {

/// GruStep/<isa>/w<bits>/I:40/H:64, Product/…, GruCold/<isa>/w<bits>/<resident>/…, FloatGru/<level>/<fixed|dynamic>/…
/// (Eigen's), FloatStep/<float kernel>/… (ours).
/// `searched` in place of w<bits> stands for the widths of a factory preset.
void register_gru_benchmarks();
/// Denoiser/<isa>/<sound>/block:<frames>, KeywordSpotter/…: time per 10 ms of audio at 48 kHz. FixedWork/…: a plain
/// loop in their place, which shows the machine's share of the quantiles.
void register_stream_benchmarks();

}  // namespace gruve::benchmarks
