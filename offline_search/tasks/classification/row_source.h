// Row-wise MNIST: an image is a sequence of 28 steps of 28 pixels, read from top to bottom.
#pragma once

#include <filesystem>
#include <memory>

#include "offline_search/tasks/classification/clip_source.h"

namespace gruve {

/// The four idx files (plain or .gz) in `data` or in data/mnist. The last 5000 training images are the validation split, the
/// t10k images the test split. Pixels 0..1; training images are shifted by up to 2 pixels. Throws DataError.
std::unique_ptr<const ClipSource> make_row_source(const std::filesystem::path& data);

}  // namespace gruve
