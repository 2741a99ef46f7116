// Several processes that score genomes for one search: `mpirun -np N gruve search …`.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "offline_search/search/front.h"

namespace gruve {

class Cluster {
public:
    using Score = std::function<std::vector<Objectives>(const std::vector<Genes>&)>;

    /// Joins the other processes where mpirun started this one and the build has MPI; else there is one process.
    /// A process that gives no result for timeout_s seconds ends them all: a lost link would otherwise hold the job for ever.
    Cluster(int& argc, char**& argv, double timeout_s);
    ~Cluster();

    int rank() const;
    int size() const;
    double timeout_s = 0;

    /// Rank 0: a share of `genomes` to every process, `own` for the share of this one; results in the order asked.
    std::vector<Objectives> score(const std::vector<Genes>& genomes, const Score& own);
    /// Other ranks: scores what rank 0 sends until it calls dismiss().
    void serve(const Score& own);
    void dismiss();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve
