// The hash of Eigen matrices and vectors.
#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "datasets/support/hash.h"

namespace gruve {

/// Hash of matrices: the shape of each one counts as well as its values.
class MatrixHash : public Hash {
public:
    using Hash::add;
    template <typename Derived>
    void add(const Eigen::PlainObjectBase<Derived>& values) {
        const std::int64_t shape[] = {values.rows(), values.cols()};
        add(shape, sizeof shape);
        add(values.data(), static_cast<std::size_t>(values.size()) * sizeof(typename Derived::Scalar));
    }
};

}  // namespace gruve
