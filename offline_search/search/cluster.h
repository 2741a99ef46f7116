// Several processes that score genomes for one search, started by `mpirun -np N gruve search …`.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "offline_search/search/work.h"

namespace gruve {

class Cluster {
public:
    using Score = std::function<std::vector<Scored>(const Work&)>;
    using Learn = std::function<void(const std::vector<Genes>&)>;

    /// Joins the other processes where mpirun (or Slurm's srun) started this one and the build has MPI. Otherwise the
    /// cluster has one process. A process that gives no result for timeout_s seconds ends them all; a lost link would
    /// otherwise hold the job for ever.
    Cluster(int& argc, char**& argv, double timeout_s);
    ~Cluster();

    int rank() const;  // of this process: 0..size() − 1
    int size() const;  // processes
    double timeout_s = 0;

    /// For rank 0: sends every process its share of the genomes and scores its own share with `own`. Returns the
    /// results in the order of the genomes. Rethrows what `own` throws, after the other results have arrived.
    std::vector<Scored> score(const Work&, const Score& own);
    /// For rank 0: sends all genomes to every other process, which learns from them.
    void teach(const std::vector<Genes>&);
    /// For the other ranks: scores and learns what rank 0 sends, until rank 0 calls dismiss().
    void serve(const Score& own, const Learn& learn);
    /// For rank 0: ends serve() in the other processes.
    void dismiss();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve
