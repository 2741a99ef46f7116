#include "offline_search/search/cluster.h"

#ifdef GRUVE_MPI
#include <boost/mpi.hpp>
#include <boost/serialization/vector.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>
#endif

namespace gruve {

#ifdef GRUVE_MPI

namespace {

constexpr int work_tag = 1, result_tag = 2;
/// Between two looks for a message. MPI's own waits spin, and would take cores from the other processes.
constexpr auto pause = std::chrono::milliseconds(1);

struct Message {
    bool learn = false;
    std::vector<Genes> genomes;  // none: the end
    std::vector<double> bar;     // error and bytes of each member

    template <typename Archive>
    void serialize(Archive& archive, unsigned) {
        archive& learn& genomes& bar;
    }
};

std::vector<double> packed(const std::vector<Objectives>& bar) {
    std::vector<double> numbers;
    for (const Objectives& o : bar) numbers.insert(numbers.end(), {o.error, o.bytes});
    return numbers;
}

std::vector<Objectives> unpacked_bar(const std::vector<double>& numbers) {
    std::vector<Objectives> bar;
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) bar.push_back({numbers[i], numbers[i + 1], 0, 0});
    return bar;
}

std::vector<double> packed(const std::vector<Scored>& scores) {
    std::vector<double> numbers;
    for (const auto& [o, whole] : scores)
        numbers.insert(numbers.end(), {o.error, o.bytes, o.ns, o.value, whole ? 1.0 : 0.0});
    return numbers;
}

void append_unpacked(std::vector<Scored>& scores, const std::vector<double>& n) {
    for (std::size_t i = 0; i + 4 < n.size(); i += 5)
        scores.push_back({{n[i], n[i + 1], n[i + 2], n[i + 3]}, n[i + 4] > 0});
}

}  // namespace

struct Cluster::Impl {
    boost::mpi::environment environment;
    boost::mpi::communicator world;
    Impl(int& argc, char**& argv) : environment(argc, argv, boost::mpi::threading::funneled) {}

    /// Waits for a message without spinning. Returns false after `seconds`; 0 waits for ever.
    bool wait(int source, int tag, double seconds) {
        const auto start = std::chrono::steady_clock::now();
        while (!world.iprobe(source, tag)) {
            if (seconds > 0 &&
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() > seconds)
                return false;
            std::this_thread::sleep_for(pause);
        }
        return true;
    }
};

Cluster::Cluster(int& argc, char**& argv, double timeout) : timeout_s(timeout) {
    // MPI starts a daemon even for a single process, so join only where mpirun or srun started this process.
    for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"})
        if (std::getenv(variable) != nullptr) {
            impl_ = std::make_unique<Impl>(argc, argv);
            return;
        }
}

int Cluster::rank() const { return impl_ ? impl_->world.rank() : 0; }
int Cluster::size() const { return impl_ ? impl_->world.size() : 1; }

std::vector<Scored> Cluster::score(const Work& work, const Score& own) {
    if (size() == 1) return own(work);
    const std::vector<Genes>& genomes = work.genomes;
    const auto ranks = static_cast<std::size_t>(size());
    const auto first = [&](std::size_t rank) { return genomes.size() * rank / ranks; };
    const auto share = [&](std::size_t rank) {
        return std::vector<Genes>(genomes.begin() + static_cast<std::ptrdiff_t>(first(rank)),
                                  genomes.begin() + static_cast<std::ptrdiff_t>(first(rank + 1)));
    };
    for (std::size_t rank = 1; rank < ranks; ++rank)
        if (first(rank) < first(rank + 1))
            impl_->world.send(static_cast<int>(rank), work_tag, Message{false, share(rank), packed(work.bar)});
    std::vector<Scored> result;
    std::exception_ptr stopped;
    try {
        result = own({share(0), work.bar});
    } catch (...) {
        stopped = std::current_exception();  // receive the results under way before anything else is sent
    }
    for (std::size_t rank = 1; rank < ranks; ++rank) {
        if (first(rank) == first(rank + 1)) continue;
        if (!impl_->wait(static_cast<int>(rank), result_tag, timeout_s)) {
            std::fprintf(stderr,
                         "gruve: process %zu gave no result for %.0f s; the job ends. --resume continues after the "
                         "last finished generation\n",
                         rank, timeout_s);
            impl_->environment.abort(1);
        }
        std::vector<double> numbers;
        impl_->world.recv(static_cast<int>(rank), result_tag, numbers);
        append_unpacked(result, numbers);
    }
    if (stopped) std::rethrow_exception(stopped);
    return result;
}

void Cluster::teach(const std::vector<Genes>& genomes) {
    for (int rank = 1; rank < size(); ++rank) impl_->world.send(rank, work_tag, Message{true, genomes, {}});
}

void Cluster::serve(const Score& own, const Learn& learn) {
    for (;;) {
        impl_->wait(0, work_tag, 0);
        Message message;
        impl_->world.recv(0, work_tag, message);
        if (message.genomes.empty()) return;
        if (message.learn) {
            learn(message.genomes);
            continue;
        }
        impl_->world.send(0, result_tag, packed(own({message.genomes, unpacked_bar(message.bar)})));
    }
}

void Cluster::dismiss() {
    for (int rank = 1; rank < size(); ++rank) impl_->world.send(rank, work_tag, Message{});
}

#else

struct Cluster::Impl {};
Cluster::Cluster(int&, char**&, double timeout) : timeout_s(timeout) {}
int Cluster::rank() const { return 0; }
int Cluster::size() const { return 1; }
std::vector<Scored> Cluster::score(const Work& work, const Score& own) { return own(work); }
void Cluster::teach(const std::vector<Genes>&) {}
void Cluster::serve(const Score&, const Learn&) {}
void Cluster::dismiss() {}

#endif

Cluster::~Cluster() = default;

}  // namespace gruve
