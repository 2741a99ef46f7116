// Row-wise MNIST: an image is a sequence of 28 steps (rows, from top to bottom) of 28 features (pixels).
#pragma once

#include <memory>

#include "datasets/layouts/data_options.h"
#include "offline_search/tasks/classification/clip_source.h"

namespace gruve {

/// Reads the four idx files (plain or .gz) from each root or its folder mnist/. The last 5000 training images of a root
/// are in the validation split; its t10k images are in the test split. Pixels are 0 … 1. Training images are shifted by
/// up to 2 pixels. If there are several roots, those without idx files are left out.
/// Throws DataError for files that are missing, damaged or of different sizes.
std::unique_ptr<const ClipSource> make_row_source(const DataOptions& data);

}  // namespace gruve
