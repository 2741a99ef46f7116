// Fine-tuned weights as text, for a checkpoint.
#pragma once

#include <string>

#include "offline_search/quantisation/quantiser.h"

namespace gruve {

/// Levels, scales, biases and the real numbers behind the levels, bit for bit, as hexadecimal digits. Mean errors are
/// left out; those of FineTuner::result() are 0. Scales must be representable as floats, as those are.
std::string to_text(const TunedWeights&);

/// The inverse. shape: weights of the same genome, whose values don't matter. Throws DataError for a text of another
/// length or with other characters.
TunedWeights tuned_weights_from(const std::string& text, TunedWeights shape);

}  // namespace gruve
