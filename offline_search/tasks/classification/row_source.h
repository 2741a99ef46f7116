// Row-wise MNIST: an image is a sequence of 28 steps (rows, from top to bottom) of 28 features (pixels).
#pragma once

#include <filesystem>
#include <memory>

#include "offline_search/tasks/classification/clip_source.h"

namespace gruve {

/// Reads the four idx files (plain or .gz) from `data` or data/mnist. The last 5000 training images are the validation
/// split; the t10k images are the test split. Pixels are 0 … 1. Training images are shifted by up to 2 pixels.
/// Throws DataError for files that are missing, damaged or of different sizes.
std::unique_ptr<const ClipSource> make_row_source(const std::filesystem::path& data);

}  // namespace gruve
