// A task without data: a random float GRU classifies random sequences, and its integer copies must agree.
#pragma once

#include <vector>

#include "engine/kernels/network.h"
#include "offline_search/tasks/classification/distillation.h"
#include "offline_search/tasks/task.h"
#include "tests/offline_search/random_network.h"

namespace gruve {

/// The class, 0..3, is the teacher's largest output at the last step. Short sequences keep the tests fast.
class TeacherTask : public Task {
public:
    explicit TeacherTask(std::uint64_t seed = 5) : teacher_(random_network(seed, 6, 12, 4)) {
        for (int split = 0; split < 3; ++split)
            sequences_.push_back(random_sequences(seed + 10 + static_cast<std::uint64_t>(split), 60, 6, 12));
    }
    const FloatNetwork& teacher() const { return teacher_; }

    std::string name() const override { return "teacher"; }
    Metric metric() const override {
        Metric lenient = accuracy;
        lenient.tolerance = 0.02;
        return lenient;
    }
    FloatNetwork train(const TrainOptions&, const Progress&) override { return teacher_; }
    Score evaluate(const FloatNetwork& network, Split split, int) override {
        return score(split, [&](const Matrix& sequence) { return winner(network.forward(sequence).rightCols<1>()); });
    }
    Score evaluate(const Network& network, Split split, int) override {
        return score(split, [&](const Matrix& sequence) { return winner(last_output(network, sequence)); });
    }
    std::vector<Matrix> calibration(int count) override {
        auto all = sequences_[0];
        if (static_cast<std::size_t>(count) < all.size()) all.resize(static_cast<std::size_t>(count));
        return all;
    }
    std::unique_ptr<TuningGoal> tuning_goal(const FloatNetwork& teacher, std::uint64_t, int jobs) override {
        return std::make_unique<Distillation>(teacher, sequences_[0], jobs);
    }
    void describe(Preset& preset) const override {
        preset.task = name();
        preset.kind = TaskKind::sequence;
    }

private:
    static int winner(const Vector& outputs) {
        Eigen::Index index = 0;
        outputs.maxCoeff(&index);
        return static_cast<int>(index);
    }
    static Vector last_output(const Network& network, const Matrix& sequence) {
        Network::State state(network);
        std::vector<std::int8_t> x(static_cast<std::size_t>(network.input_size()));
        std::vector<std::int16_t> y(static_cast<std::size_t>(network.output_size()));
        for (Eigen::Index t = 0; t < sequence.cols(); ++t) {
            for (std::size_t i = 0; i < x.size(); ++i)
                x[i] = network.model().input(sequence(static_cast<Eigen::Index>(i), t));
            network.step(state, x, y);
        }
        Vector result(static_cast<Eigen::Index>(y.size()));
        for (std::size_t i = 0; i < y.size(); ++i) result(static_cast<Eigen::Index>(i)) = y[i];
        return result;
    }
    template <typename Name>
    Score score(Split split, const Name& name_of_sequence) const {
        const auto& sequences = sequences_[static_cast<std::size_t>(split)];
        int right = 0;
        std::vector<Score::Part> parts;
        for (const Matrix& sequence : sequences) {
            const bool same = name_of_sequence(sequence) == winner(teacher_.forward(sequence).rightCols<1>());
            right += same;
            parts.push_back({same ? 0.0 : 1.0, static_cast<int>(parts.size()), same ? 1.0 : 0.0});
        }
        const double n = static_cast<double>(sequences.size()), value = right / n;
        return {value, 1.96 * std::sqrt(value * (1 - value) / n), static_cast<int>(n), 0, 1 - value, parts};
    }

    FloatNetwork teacher_;
    std::vector<std::vector<Matrix>> sequences_;
};

}  // namespace gruve
