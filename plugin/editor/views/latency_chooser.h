// The choice of the plugin's latency, bound to the parameter "latency".
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include "plugin/parameters/parameters.h"

namespace gruve::plugin {

/// Shows the latency that the plugin has, also where the older parameter "live" decides it. A choice turns that off.
class LatencyChooser final : public juce::ComboBox {
public:
    explicit LatencyChooser(juce::AudioProcessorValueTreeState& parameters)
        : latency_{parameter_of(parameters, "latency"), [this](float value) { show(live_now_, value); }},
          live_{parameter_of(parameters, "live"), [this](float value) { show(value, latency_now_); }} {
        constexpr Parameter entry = ParameterIndex("latency").entry();
        for (std::size_t i = 0; i < latencies; ++i) addItem(entry.texts[i], static_cast<int>(i) + 1);
        setTitle(entry.name);
        setTooltip(entry.tooltip);
        setWantsKeyboardFocus(true);
        onChange = [this] {
            latency_.setValueAsCompleteGesture(static_cast<float>(getSelectedItemIndex()));
            live_.setValueAsCompleteGesture(0.0f);
        };
        latency_.sendInitialUpdate();
        live_.sendInitialUpdate();
    }

private:
    void show(float live, float latency) {
        live_now_ = live;
        latency_now_ = latency;
        setSelectedItemIndex(static_cast<int>(latency_of(live, latency)), juce::dontSendNotification);
    }

    float live_now_ = 0, latency_now_ = 0;
    juce::ParameterAttachment latency_, live_;
};

}  // namespace gruve::plugin
