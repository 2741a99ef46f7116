// The plugin: delays, mixes, bypasses, plays slots, remembers. The sound itself is made in engine/.
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
#include "plugin/compare/dry_wet.h"
#include "plugin/lock_free/cpu_meter.h"
#include "plugin/lock_free/keyword_output.h"
#include "plugin/lock_free/level_meter.h"
#include "plugin/lock_free/meters.h"
#include "plugin/processor/note_queue.h"
#include "plugin/processor/parameters.h"
#include "plugin/slots/slot_host.h"

namespace gruve::plugin {

class Processor final : public juce::AudioProcessor, private juce::AsyncUpdater {
public:
    Processor();
    ~Processor() override;

    /// Message thread (any but the audio thread): loads in the background; the sound goes on until the new one is ready.
    void load_file(const juce::File&, std::size_t slot);
    void load_bytes(std::vector<std::uint8_t> bytes, const juce::String& source, std::size_t slot);
    /// Into the slot that is heard.
    void load_file(const juce::File& file) { load_file(file, heard_slot()); }
    void load_bytes(std::vector<std::uint8_t> bytes, const juce::String& source) {
        load_bytes(std::move(bytes), source, heard_slot());
    }
    /// True while a request waits for the worker.
    bool busy() const { return slots_[0].busy() || slots_[1].busy(); }

    /// Of the slot that is heard.
    std::shared_ptr<const LoadedPreset> loaded() const { return slots_[values_.slot()].loaded(); }
    std::shared_ptr<const LoadedPreset> loaded(std::size_t slot) const { return slots_[slot].loaded(); }
    /// Both slots run all the time, so that they can be compared.
    CpuLoad cpu(std::size_t slot) const { return cpu_[slot].load(); }
    std::size_t heard_slot() const { return values_.slot(); }
    /// What a person must know: why a preset or a session was refused, or that this rate isn't supported. Empty when all is well.
    juce::String message() const;
    const Meters& meters() const { return meters_; }
    const KeywordOutput& keywords() const { return keywords_; }
    const LevelMeter& input_level() const { return input_level_; }
    const LevelMeter& output_level() const { return output_level_; }
    /// Mono, what goes in (delayed by the latency) beside what comes out: sample for sample the same moment.
    const RecentAudio& before() const { return before_; }
    const RecentAudio& after() const { return after_; }
    /// How much louder A is than B, which B is turned up by while both denoise and matching is on.
    double loudness_offset_db() const { return compare_.offset_db(); }
    /// For a blind test: this slot is heard, matched, whatever the parameters say, and no meter tells which. Nothing: the parameters again.
    void listen_blind(std::optional<std::size_t> slot) { blind_ = slot ? static_cast<int>(*slot) : -1; }
    juce::AudioProcessorValueTreeState& parameters() { return parameters_; }
    double rate() const { return format_rate_; }

    const juce::String getName() const override { return "Gruve"; }
    void prepareToPlay(double rate_hz, int max_block) override;
    void releaseResources() override {}
    bool isBusesLayoutSupported(const BusesLayout&) const override;
    void processBlock(juce::AudioBuffer<float>&, juce::MidiBuffer&) override;
    void processBlockBypassed(juce::AudioBuffer<float>&, juce::MidiBuffer&) override;
    using AudioProcessor::processBlock;
    using AudioProcessor::processBlockBypassed;
    juce::AudioProcessorParameter* getBypassParameter() const override { return parameters_.getParameter(id::bypass); }
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
    static constexpr int scope_samples = 1 << 15;  // more than two frames of a slow editor at 192 kHz
    using Pointers = std::array<float*, max_channels>;
    using Buffers = std::array<std::array<float, max_chunk>, max_channels>;

    void process(juce::AudioBuffer<float>&, juce::MidiBuffer&, bool bypassed) noexcept GRUVE_REAL_TIME;
    void process_chunk(juce::AudioBuffer<float>&, int start, int samples, float wet_target) noexcept GRUVE_REAL_TIME;
    void load(PresetRequest, std::size_t slot);
    juce::MemoryBlock own_session() const;
    CompareSettings compare_settings() const noexcept;
    void show(const float* const* dry, const float* const* output, int samples) noexcept;
    void start_anew();
    void prepare_offline_block();
    void queue_notes(int start) noexcept;
    void service();
    void work();
    void handleAsyncUpdate() override;
    int heard_word() const { return std::min(keywords_.word(), most_shown_words); }
    int shown_word() const { return juce::roundToInt(parameters_.getRawParameterValue(id::heard_word)->load()); }

    juce::AudioProcessorValueTreeState parameters_;
    ParameterValues values_;
    std::array<SlotHost, 2> slots_;  // A, B
    std::array<CpuMeter, 2> cpu_;
    Meters meters_;
    KeywordOutput keywords_;
    LevelMeter input_level_, output_level_;
    RecentAudio before_{1, scope_samples}, after_{1, scope_samples};
    std::atomic<int> blind_{-1};

    // Written by prepareToPlay() and the worker, one at a time.
    std::mutex building_;
    StreamFormat format_;
    std::unique_ptr<RecentAudio> recent_ = std::make_unique<RecentAudio>();  // input, to warm slots on
    std::array<int, 2> mode_latency_{};                                      // quality, live
    std::atomic<double> format_rate_{0.0};
    std::atomic<int> latency_{0};
    mutable std::mutex session_mutex_;  // guards the next three lines
    juce::String session_message_;
    juce::MemoryBlock newer_session_;  // refused, kept for the version that can read it; empty: none
    juce::MemoryBlock own_session_;    // what this version would have saved when it came

    // The audio thread's.
    int channels_ = 0;
    bool rolling_ = false;  // offline: the host's transport in the last block
    DryDelay dry_delay_;
    Compare compare_;
    DryWetMix mix_;
    NoteQueue notes_;
    std::array<Buffers, 2> wet_{};
    Buffers dry_{}, scratch_{};
    std::array<float, max_chunk> mean_{};
    std::array<double, 2> spent_s_{};  // on each slot in this block

    std::mutex wake_mutex_;
    std::condition_variable wake_;
    bool quit_ = false;
    std::thread worker_;
};

}  // namespace gruve::plugin
