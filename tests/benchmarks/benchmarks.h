#pragma once

namespace gruve::benchmarks {

/// GruStep/<isa>/w<bits>/I:40/H:64, Product/…, FloatGru/<level>/<fixed|dynamic>/…, GruCold/<isa>/w<bits>/<resident>/…;
/// `searched` in place of w<bits> means the widths of a factory preset.
void register_gru_benchmarks();
/// Denoiser/<isa>/<sound>/block:<frames> and KeywordSpotter/… process 10 ms of audio at 48 kHz in blocks of this size.
/// FixedWork/… runs a loop in their place, which shows the machine's share of the quantiles.
void register_stream_benchmarks();

}  // namespace gruve::benchmarks
