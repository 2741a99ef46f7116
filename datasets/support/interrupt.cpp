#include "datasets/support/interrupt.h"

namespace gruve {
namespace {

std::atomic<int> stoppable = 0;

}  // namespace

std::atomic<bool> interrupted = false;

Stoppable::Stoppable() { ++stoppable; }
Stoppable::~Stoppable() { --stoppable; }

void stop_if_asked() {
    if (interrupted && stoppable > 0) throw Interrupted();
}

}  // namespace gruve
