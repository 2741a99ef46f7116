#pragma once

namespace gruve::benchmarks {

/// GruStep/<isa>/w<bits>/I:40/H:64, Product/…, FloatGru/<level>/<fixed|dynamic>/…, GruCold/<isa>/w<bits>/<resident>/…;
/// `searched` for w<bits>: the widths of a factory preset.
void register_gru_benchmarks();
/// Denoiser/<isa>/<sound>/block:<frames>, KeywordSpotter/…: 10 ms of audio at 48 kHz, as many blocks as that takes; FixedWork/…:
/// a loop in their place, for the machine's share of the quantiles.
void register_stream_benchmarks();

}  // namespace gruve::benchmarks
