// The text that users paste when they report a problem.
#pragma once

#include "plugin/processor/processor.h"

namespace gruve::plugin {

/// Plugin, host, system, audio format, slots with their CPU load, parameters. Contains no paths and no user names.
juce::String diagnostics(const Processor&);

}  // namespace gruve::plugin
