#include "offline_search/tasks/run_sequences.h"

#include <algorithm>
#include <vector>

namespace gruve {

void run_sequences(const Network& network, std::span<const IntegerSequence> sequences, const Heard& heard) {
    constexpr std::size_t together = 8;  // a larger batch is no faster
    const auto inputs = static_cast<std::size_t>(network.input_size()),
               outputs = static_cast<std::size_t>(network.output_size());
    // Longest first: the running sequences are then always the first ones of a batch, and all end at about the same
    // time.
    std::vector<int> order;
    for (int i = 0; i < static_cast<int>(sequences.size()); ++i) order.push_back(i);
    const auto at = [&](std::size_t place) -> const IntegerSequence& {
        return sequences[static_cast<std::size_t>(order[place])];
    };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return sequences[static_cast<std::size_t>(a)].steps > sequences[static_cast<std::size_t>(b)].steps;
    });

    std::vector<Network::State> states;
    for (std::size_t i = 0; i < std::min(together, sequences.size()); ++i) states.emplace_back(network);
    std::vector<std::int8_t> x(states.size() * inputs);
    std::vector<std::int16_t> y(states.size() * outputs);
    for (std::size_t first = 0; first < sequences.size(); first += together) {
        std::size_t running = std::min(together, sequences.size() - first);
        for (std::size_t i = 0; i < running; ++i) states[i].reset();
        for (int t = 0; t < at(first).steps; ++t) {
            while (at(first + running - 1).steps <= t) --running;
            bool wanted = false;
            for (std::size_t i = 0; i < running; ++i) {
                const IntegerSequence& sequence = at(first + i);
                std::copy_n(sequence.x_q + static_cast<std::size_t>(t) * inputs, inputs,
                            x.begin() + static_cast<std::ptrdiff_t>(i * inputs));
                wanted = wanted || t >= sequence.steps - sequence.wanted;
            }
            network.step_batch(std::span(states).first(running), x,
                               wanted ? std::span(y).first(running * outputs) : std::span<std::int16_t>());
            for (std::size_t i = 0; wanted && i < running; ++i)
                if (t >= at(first + i).steps - at(first + i).wanted)
                    heard(order[first + i], t, std::span(y).subspan(i * outputs, outputs));
        }
    }
}

}  // namespace gruve
