// The plugin as hosts see it: it runs both slots, delays, mixes, bypasses and saves sessions. The audio itself is
// processed in engine/.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/support/real_time.h"
#include "plugin/compare/compare.h"
#include "plugin/compare/crossfade.h"
#include "plugin/compare/dry_delay.h"
#include "plugin/lock_free/cpu_meter.h"
#include "plugin/lock_free/keyword_output.h"
#include "plugin/lock_free/level_meter.h"
#include "plugin/lock_free/meters.h"
#include "plugin/parameters/parameters.h"
#include "plugin/processor/note_queue.h"
#include "plugin/slots/slot_host.h"

namespace gruve::plugin {

/// Three kinds of threads use it: the audio thread, which runs processBlock() and never waits; a worker thread of its
/// own, which loads presets and builds slots; and any other thread, the message thread among them. Slots are 0 for A
/// and 1 for B.
class Processor final : public juce::AudioProcessor, private juce::AsyncUpdater {
public:
    Processor();
    ~Processor() override;

    /// Loads a preset in the background; the old one plays on until the new one is ready. Any thread except the audio
    /// thread.
    void load_file(const juce::File&, std::size_t slot);
    void load_bytes(std::vector<std::uint8_t> bytes, const juce::String& source, std::size_t slot);
    /// The same, into the slot that is heard.
    void load_file(const juce::File& file) { load_file(file, heard_slot()); }
    void load_bytes(std::vector<std::uint8_t> bytes, const juce::String& source) {
        load_bytes(std::move(bytes), source, heard_slot());
    }
    /// True while a request waits for the worker.
    bool busy() const { return slots_[0].busy() || slots_[1].busy(); }

    /// The preset in the slot that is heard, or in `slot`. Null if the slot is empty.
    std::shared_ptr<const LoadedPreset> loaded() const { return slots_[values_.slot()].loaded(); }
    std::shared_ptr<const LoadedPreset> loaded(std::size_t slot) const { return slots_[slot].loaded(); }
    /// The CPU load of a slot; the last one if it sleeps.
    CpuLoad cpu(std::size_t slot) const { return cpu_[slot].load(); }
    /// A slot sleeps in a live stream if it is not heard, compared or matched (SlotPlayer).
    bool asleep(std::size_t slot) const { return slots_[slot].player().asleep(); }
    std::size_t heard_slot() const { return values_.slot(); }
    /// A message for the user: why a preset or a session was refused, or that the sample rate isn't supported. Empty if
    /// there is no problem.
    juce::String message() const;
    const Meters& meters() const { return meters_; }
    const KeywordOutput& keywords() const { return keywords_; }
    const LevelMeter& input_level() const { return input_level_; }
    const LevelMeter& output_level() const { return output_level_; }
    /// The input (delayed by the latency) and the output, both mono and sample-aligned with each other.
    const RecentAudio& before() const { return before_; }
    const RecentAudio& after() const { return after_; }
    /// The gain that makes B as loud as A. It is applied to B while matching is on and both slots hold denoisers.
    double loudness_offset_db() const { return compare_.offset_db(); }
    /// For a blind test: plays this slot, matched in loudness, whatever the parameters say, without any meter that
    /// reveals which one it is. nullopt: back to the parameters.
    void listen_blind(std::optional<std::size_t> slot) { blind_ = slot ? static_cast<int>(*slot) : -1; }
    juce::AudioProcessorValueTreeState& parameters() { return parameters_; }
    /// In Hz; 0 before the first prepareToPlay().
    double rate() const { return format_rate_; }

    const juce::String getName() const override { return "Gruve"; }
    void prepareToPlay(double rate_hz, int max_block) override;
    void releaseResources() override {}
    bool isBusesLayoutSupported(const BusesLayout&) const override;
    void processBlock(juce::AudioBuffer<float>&, juce::MidiBuffer&) override;
    void processBlockBypassed(juce::AudioBuffer<float>&, juce::MidiBuffer&) override;
    using AudioProcessor::processBlock;
    using AudioProcessor::processBlockBypassed;
    /// Null in an LV2: JUCE would set the parameter from the port `enabled` in every block, under a lock, and undo what
    /// the user does. There the host's bypass and the plugin's own are two switches; either one bypasses.
    juce::AudioProcessorParameter* getBypassParameter() const override {
        return wrapperType == wrapperType_LV2 ? nullptr : &parameter_of(parameters_, "bypass");
    }
    double getTailLengthSeconds() const override;
    bool acceptsMidi() const override { return false; }
    bool producesMidi() const override { return true; }
    juce::AudioProcessorEditor* createEditor() override;
    bool hasEditor() const override { return true; }
    int getNumPrograms() override { return 1; }
    int getCurrentProgram() override { return 0; }
    void setCurrentProgram(int) override {}
    const juce::String getProgramName(int) override { return "Default"; }
    void changeProgramName(int, const juce::String&) override {}
    void getStateInformation(juce::MemoryBlock&) override;
    void setStateInformation(const void* data, int size) override;

private:
    static constexpr int max_channels = 2;
    static constexpr int scope_samples = 1 << 15;  // at 192 kHz, more than two frames of a slow editor
    using Pointers = std::array<float*, max_channels>;
    using Buffers = std::array<std::array<float, max_chunk>, max_channels>;

    void process(juce::AudioBuffer<float>&, juce::MidiBuffer&, bool bypassed) noexcept GRUVE_REAL_TIME;
    void process_chunk(juce::AudioBuffer<float>&, int start, int samples, float wet_target) noexcept GRUVE_REAL_TIME;
    void load(PresetRequest, std::size_t slot);
    juce::MemoryBlock own_session() const;
    SlotSettings slot_settings() const noexcept;
    CompareSettings compare_settings() const noexcept;
    CompareSettings audible_settings() noexcept;
    void want_slots() noexcept;
    const Slot* shown_slot() const noexcept;
    void show(const float* const* dry, const float* const* output, int samples) noexcept;
    void start_anew();
    void prepare_offline_block();
    void queue_notes(int start) noexcept;
    void service();
    void work();
    void handleAsyncUpdate() override;
    /// The word whose note sounds, and the one that the parameter shows: 1 + its label, or 0.
    int heard_word() const { return std::min(keywords_.word(), most_shown_words); }
    int shown_word() const { return juce::roundToInt(values_["heard_word"]); }

    juce::AudioProcessorValueTreeState parameters_;
    ParameterValues values_;
    std::array<SlotHost, 2> slots_;  // A, B
    std::array<CpuMeter, 2> cpu_;
    Meters meters_;
    KeywordOutput keywords_;
    LevelMeter input_level_, output_level_;
    RecentAudio before_{1, scope_samples}, after_{1, scope_samples};
    std::atomic<int> blind_{-1};

    // Written by prepareToPlay() and the worker.
    std::mutex building_;  // held by whichever of them is building
    StreamFormat format_;
    std::unique_ptr<RecentAudio> recent_ = std::make_unique<RecentAudio>();  // the input, to warm new slots
    std::array<int, latencies> latency_of_{};                                // in samples, in the order of Latency
    std::atomic<double> format_rate_{0.0};
    std::atomic<int> latency_{0};
    mutable std::mutex session_mutex_;  // guards the next three lines
    juce::String session_message_;
    juce::MemoryBlock newer_session_;  // of a newer version, kept as it came; empty: none
    juce::MemoryBlock own_session_;    // what this version would have saved at that moment

    // Used by the audio thread only.
    int channels_ = 0;
    std::size_t heard_ = 0;  // the slot that sounds: another one than asked for while that one wakes
    bool was_bypassed_ = false;
    bool rolling_ = false;  // offline render: the host's transport was running in the last block
    DryDelay dry_delay_;
    Compare compare_;
    Crossfade mix_;  // from dry to wet
    NoteQueue notes_;
    std::array<Buffers, 2> wet_{};
    Buffers dry_{}, scratch_{};
    std::array<float, max_chunk> mean_{};
    std::array<double, 2> spent_s_{};  // processing time of each slot in this block

    std::mutex wake_mutex_;
    std::condition_variable wake_;
    bool quit_ = false;
    std::thread worker_;
};

}  // namespace gruve::plugin
