// What a person pastes when something is wrong.
#pragma once

#include "plugin/processor/processor.h"

namespace gruve::plugin {

/// Plugin, host, system, stream, slots, their cost. No paths, no names of people.
juce::String diagnostics(const Processor&);

}  // namespace gruve::plugin
