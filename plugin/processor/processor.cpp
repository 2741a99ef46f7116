#include "plugin/processor/processor.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "plugin/presets/factory_presets.h"
#include "plugin/session/session.h"

namespace gruve::plugin {

namespace {

constexpr double usual_rate_hz = 48000.0;
constexpr auto worker_period = std::chrono::milliseconds(20);

}  // namespace

Processor::Processor()
    : AudioProcessor(BusesProperties()
                         .withInput("Input", juce::AudioChannelSet::stereo(), true)
                         .withOutput("Output", juce::AudioChannelSet::stereo(), true)),
      parameters_{*this, nullptr, "gruve", make_parameters()},
      values_{parameters_} {
    // Some hosts ask for the latency before they set the sample rate. The true number follows in prepareToPlay().
    setLatencySamples(plugin_latency(values_.latency(), usual_rate_hz));
    if (const auto* preset = default_factory_preset())
        load_bytes({preset->bytes.begin(), preset->bytes.end()}, preset->name);
    worker_ = std::thread([this] { work(); });
}

Processor::~Processor() {
    {
        const std::lock_guard lock(wake_mutex_);
        quit_ = true;
    }
    wake_.notify_one();
    worker_.join();
    cancelPendingUpdate();  // the worker may have triggered one before it ended
}

void Processor::load_file(const juce::File& file, std::size_t slot) {
    load({file.getFileName().toStdString(), {}, file.getFullPathName().toStdString(), false}, slot);
}

void Processor::load_bytes(std::vector<std::uint8_t> bytes, const juce::String& source, std::size_t slot) {
    load({source.toStdString(), std::move(bytes), {}, false}, slot);
}

void Processor::load(PresetRequest request, std::size_t slot) {
    {
        const std::lock_guard lock(session_mutex_);
        session_message_.clear();
    }
    slots_[slot].request(std::move(request));
    wake_.notify_one();
    // A preset isn't a parameter. A host that isn't told about it may close the project without offering to save.
    updateHostDisplay(ChangeDetails().withNonParameterStateChanged(true));
}

juce::String Processor::message() const {
    const double rate_hz = format_rate_;
    if (rate_hz > 0 && !rate_supported(rate_hz))
        return "Sample rate " + juce::String(rate_hz, 0) +
               " Hz is not supported, so audio passes unchanged; supported are 8000..192000 Hz";
    const std::lock_guard lock(session_mutex_);
    if (session_message_.isNotEmpty()) return session_message_;
    for (const std::size_t slot : {values_.slot(), 1 - values_.slot()})
        if (const auto message = slots_[slot].message(); !message.empty())
            return juce::String::fromUTF8(message.c_str());
    return {};
}

bool Processor::isBusesLayoutSupported(const BusesLayout& layout) const {
    const auto input = layout.getMainInputChannelSet(), output = layout.getMainOutputChannelSet();
    return input == output && (output == juce::AudioChannelSet::mono() || output == juce::AudioChannelSet::stereo());
}

void Processor::prepareToPlay(double rate_hz, int) {
    const std::lock_guard lock(building_);
    for (std::size_t i = 0; i < latencies; ++i) latency_of_[i] = plugin_latency(static_cast<Latency>(i), rate_hz);
    format_ = {rate_hz, getTotalNumInputChannels(), latency_of_[static_cast<std::size_t>(values_.latency())]};
    format_rate_ = rate_hz;
    latency_ = format_.latency;
    setLatencySamples(latency_);
    channels_ = std::min(format_.channels, max_channels);
    rolling_ = false;
    start_anew();
}

/// Puts everything that is heard back to its initial state. The audio must not be running, except in an offline render.
void Processor::start_anew() {
    for (auto& slot : slots_) slot.prepare(format_);
    const int fade = std::max(1, static_cast<int>(std::lround(SlotPlayer::crossfade_s * format_.rate_hz)));
    dry_delay_ = DryDelay(channels_, std::ranges::max(latency_of_), latency_, fade);
    recent_ = std::make_unique<RecentAudio>(channels_, static_cast<int>(Slot::warm_s * format_.rate_hz));
    heard_ = compare_settings().slot;
    compare_.prepare(format_.rate_hz, channels_, fade, compare_settings());
    mix_.prepare(values_.bypassed() ? 0.0f : values_.mix(), fade);
    notes_.end_all();
    keywords_.silence();
}

/// Makes an offline render give the same samples every time: loads what was requested, and starts anew when the host's
/// transport starts, whatever the plugin has heard before.
void Processor::prepare_offline_block() {
    if (channels_ == 0) return;
    for (auto& slot : slots_) slot.player().want(true);  // wakes those that sleep
    service();
    const auto* head = getPlayHead();
    const auto position = head ? head->getPosition() : juce::nullopt;
    const bool rolling = position && position->getIsPlaying();
    if (rolling && !rolling_) {
        const std::lock_guard lock(building_);
        start_anew();
    }
    rolling_ = rolling;
}

double Processor::getTailLengthSeconds() const { return format_rate_ > 0 ? latency_ / format_rate_ : 0.0; }

void Processor::processBlock(juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi) {
    if (isNonRealtime() && audio.getNumSamples() > 0) prepare_offline_block();
    process(audio, midi, values_.bypassed());
}

void Processor::processBlockBypassed(juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi) {
    if (isNonRealtime() && audio.getNumSamples() > 0) prepare_offline_block();
    process(audio, midi, true);
}

void Processor::process(juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi, bool bypassed) noexcept {
    const juce::ScopedNoDenormals no_denormals;
    midi.clear();
    // Hosts send blocks without samples to pass on parameters.
    if (channels_ == 0 || audio.getNumChannels() < channels_ || audio.getNumSamples() == 0) return;

    want_slots();
    for (auto& slot : slots_) slot.player().take_waiting(recent_->end());
    if (bypassed && !was_bypassed_) {
        notes_.end_all();
        keywords_.silence();
    }
    was_bypassed_ = bypassed;
    spent_s_ = {};
    dry_delay_.set(latency_);
    const float wet_target = bypassed ? 0.0f : values_.mix();
    for (int start = 0; start < audio.getNumSamples(); start += max_chunk) {
        const int samples = std::min(max_chunk, audio.getNumSamples() - start);
        process_chunk(audio, start, samples, wet_target);
        if (!bypassed) queue_notes(start);
    }
    notes_.emit(midi, audio.getNumSamples());
    keywords_.advance(notes_.now());
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (!asleep(i)) cpu_[i].add(spent_s_[i], audio.getNumSamples() / format_rate_);
    meters_.publish(shown_slot()->meter());
}

/// Wants the slots that are heard or take part in a comparison, and in an offline render both. The one that sounds
/// stays until the one that is asked for is ready.
void Processor::want_slots() noexcept {
    const CompareSettings asked = compare_settings();
    const bool both = isNonRealtime() || asked.difference || asked.match || blind_ >= 0;
    for (std::size_t i = 0; i < slots_.size(); ++i) slots_[i].player().want(both || i == asked.slot || i == heard_);
}

/// The slot whose meters, notes and words are shown. During a blind test that is the one of the parameters.
const Slot* Processor::shown_slot() const noexcept {
    const std::size_t asked = values_.slot();
    return slots_[slots_[asked].player().ready() ? asked : heard_].player().current();
}

SlotSettings Processor::slot_settings() const noexcept {
    return {values_.denoiser(), values_.link(), values_.sensitivity()};
}

/// The settings with which a slot that still wakes isn't heard.
CompareSettings Processor::audible_settings() noexcept {
    CompareSettings settings = compare_settings();
    if (slots_[settings.slot].player().ready()) heard_ = settings.slot;
    settings.slot = heard_;
    settings.difference = settings.difference && slots_[0].player().ready() && slots_[1].player().ready();
    return settings;
}

/// The settings of the parameters, or of a blind test. Loudness is matched only between two denoisers: an empty slot is
/// louder simply because it removes nothing.
CompareSettings Processor::compare_settings() const noexcept {
    CompareSettings settings = values_.compare();
    if (const int blind = blind_; blind >= 0)
        settings = {static_cast<std::size_t>(blind), true, false, settings.difference_gain};
    settings.match = settings.match && std::ranges::all_of(slots_, [](const SlotHost& slot) {
                         return slot.player().current()->denoises();
                     });
    return settings;
}

void Processor::process_chunk(juce::AudioBuffer<float>& audio, int start, int samples, float wet_target) noexcept {
    Pointers io{}, dry{}, scratch{};
    std::array<Pointers, 2> wet{};
    for (std::size_t c = 0; c < static_cast<std::size_t>(channels_); ++c) {
        io[c] = audio.getWritePointer(static_cast<int>(c), start);
        dry[c] = dry_[c].data();
        for (std::size_t i = 0; i < slots_.size(); ++i) wet[i][c] = wet_[i][c].data();
        scratch[c] = scratch_[c].data();
        // A NaN from another plugin would stay in every filter after this point. All other samples pass bit for bit.
        std::replace_if(
            io[c], io[c] + samples, [](float x) { return !std::isfinite(x); }, 0.0f);
    }
    input_level_.add(io.data(), channels_, samples, LevelMeter::falling(samples / format_rate_));
    recent_->write(io.data(), samples);
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const auto begin = std::chrono::steady_clock::now();
        slots_[i].player().process(io.data(), wet[i].data(), scratch.data(), samples, slot_settings());
        spent_s_[i] += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }
    compare_.process(wet[0].data(), wet[1].data(), samples, audible_settings());
    dry_delay_.process(io.data(), dry.data(), samples);
    mix_.process(dry.data(), wet[0].data(), io.data(), channels_, samples, wet_target);
    output_level_.add(io.data(), channels_, samples, LevelMeter::falling(samples / format_rate_));
    show(dry.data(), io.data(), samples);
}

/// Hands the mono input and output to the editor's spectrograms.
void Processor::show(const float* const* dry, const float* const* output, int samples) noexcept {
    for (const auto& [from, to] : {std::pair{dry, &before_}, std::pair{output, &after_}}) {
        const float* mean = from[0];
        if (channels_ > 1) {
            for (int i = 0; i < samples; ++i) mean_[static_cast<std::size_t>(i)] = 0.5f * (from[0][i] + from[1][i]);
            mean = mean_.data();
        }
        to->write(&mean, samples);
    }
}

/// A note is sent together with the audio that contains the word, so that the host's latency compensation applies to
/// both.
void Processor::queue_notes(int start) noexcept {
    const auto length = std::max(std::int64_t{1}, static_cast<std::int64_t>(values_.note_length_s() * format_rate_));
    const Slot& slot = *shown_slot();
    for (const Detection& detection : slot.detections()) {
        const std::int64_t time = notes_.now() + start + detection.sample + latency_;
        notes_.add(values_.midi_channel(), values_.first_note() + detection.label, detection.score, time, length);
        keywords_.add(detection, slot.loaded()->number, time, length, format_rate_);
    }
}

/// Builds the slots that were requested. Runs on the audio thread only in an offline render.
void Processor::service() {
    const std::lock_guard lock(building_);
    if (format_.rate_hz > 0) format_.latency = latency_of_[static_cast<std::size_t>(values_.latency())];
    for (auto& slot : slots_) slot.service(format_, *recent_, slot_settings());
    if (latency_.exchange(format_.latency) != format_.latency || heard_word() != shown_word()) triggerAsyncUpdate();
}

void Processor::handleAsyncUpdate() {
    setLatencySamples(latency_);
    // Hosts and listeners may take locks, so the audio thread doesn't notify them itself.
    if (const int word = heard_word(); word != shown_word()) {
        auto& parameter = parameter_of(parameters_, "heard_word");
        parameter.setValueNotifyingHost(parameter.convertTo0to1(static_cast<float>(word)));
    }
}

void Processor::work() {
    std::unique_lock lock(wake_mutex_);
    while (!quit_) {
        lock.unlock();
        service();
        lock.lock();
        // A request wakes the worker. It looks by itself for slots that the audio thread gave back, for another
        // latency and for a new word.
        wake_.wait_for(lock, worker_period, [this] { return quit_ || busy(); });
    }
}

juce::MemoryBlock Processor::own_session() const {
    return write_session(getParameters(), {slots_[0].to_save(), slots_[1].to_save()});
}

/// A session that a newer version wrote is returned as it came until something is changed, so that opening and saving a
/// project loses nothing.
void Processor::getStateInformation(juce::MemoryBlock& state) {
    state = own_session();
    const std::lock_guard lock(session_mutex_);
    if (state != own_session_) newer_session_.reset();
    if (!newer_session_.isEmpty()) state = newer_session_;
}

void Processor::setStateInformation(const void* data, int size) {
    auto session = read_session(data, size);
    {
        auto own = session.newer ? own_session() : juce::MemoryBlock();
        const std::lock_guard lock(session_mutex_);
        session_message_ = session.error;
        if (session.newer) {
            session_message_ += "; kept until something is changed";
            newer_session_.replaceAll(data, static_cast<std::size_t>(size));
            own_session_ = std::move(own);
        } else if (session.error.isEmpty()) {
            newer_session_.reset();
        }
    }
    if (session.error.isNotEmpty()) return;
    // Before the mark, an LV2's session held the host's bypass, which the host restores by itself.
    if (wrapperType == wrapperType_LV2 && !session.own_bypass) session.values.erase("bypass");
    // Before there was a choice, `live` alone decided.
    if (!session.values.contains("latency") && session.values.contains("live"))
        session.values["latency"] =
            static_cast<float>(session.values["live"] >= 0.5f ? Latency::live : Latency::quality);
    for (auto* parameter : getParameters())
        if (auto* ranged = dynamic_cast<juce::RangedAudioParameter*>(parameter)) {
            const auto value = session.values.find(ranged->paramID);
            const bool known =
                value != session.values.end();  // false if the version that wrote the session had no such parameter
            ranged->setValueNotifyingHost(known ? ranged->convertTo0to1(value->second) : ranged->getDefaultValue());
        }
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        session.presets[i].from_session = true;
        slots_[i].request(std::move(session.presets[i]));
    }
    wake_.notify_one();
}

}  // namespace gruve::plugin

juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter() { return new gruve::plugin::Processor(); }
