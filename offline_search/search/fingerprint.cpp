#include "offline_search/search/fingerprint.h"

#include "offline_search/network/matrix_hash.h"
#include "offline_search/network/model_hash.h"

namespace gruve {

Fingerprint fingerprint(const Task& task, const std::vector<FloatNetwork>& networks,
                        const std::vector<Matrix>& calibration, const Score& float_score, GeneScheme scheme,
                        const SearchSettings& settings) {
    MatrixHash data;
    for (const Matrix& sequence : calibration) data.add(sequence);
    data.add(&float_score.value, sizeof float_score.value);  // stands for the validation split
    data.add(&float_score.n, sizeof float_score.n);
    return {task.name(), name_of(scheme), model_hash(networks), data.text(), settings.seed, settings.population};
}

}  // namespace gruve
