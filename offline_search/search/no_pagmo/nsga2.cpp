// In the place of ../nsga2.cpp where pagmo is not at hand.
#include "offline_search/search/nsga2.h"

#include "datasets/support/data_error.h"

namespace gruve {

void require_nsga2() {
    throw DataError(
        "this build of gruve cannot search, because the library pagmo is not packaged for its system (Windows); search "
        "on Linux and copy the presets: they play here with the same bits");
}

std::vector<Point> next_generation(const std::vector<Point>&, Evaluator&, std::uint64_t, const Nsga2Settings&) {
    require_nsga2();
    return {};
}

}  // namespace gruve
