#include "engine/network.h"

#include <stdexcept>

#include "engine/reference.h"

namespace gruve {

struct Network::Impl {};
struct Network::State::Impl { ReferenceState reference; };

Network::Network(Model model, Resident) : model_(std::move(model)) {
    if (const std::string error = check(model_); !error.empty()) throw std::invalid_argument(error);
}
Network::~Network() = default;
std::size_t Network::resident_bytes() const { return parameter_bytes(model_).total(); }
std::string Network::isa() const { return "scalar"; }

Network::State::State(const Network& network) : impl_(new Impl{ReferenceState(network.model())}) {}
Network::State::~State() = default;
Network::State::State(State&&) noexcept = default;
Network::State& Network::State::operator=(State&&) noexcept = default;
void Network::State::reset() noexcept { impl_->reference.reset(); }

void Network::step(State& state, std::span<const std::int8_t> x_q, std::span<std::int16_t> y_q) const noexcept {
    reference_step(model_, state.impl_->reference, x_q, y_q);
}

}  // namespace gruve
