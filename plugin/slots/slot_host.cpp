#include "plugin/slots/slot_host.h"

#include <utility>

namespace gruve::plugin {

void SlotHost::request(PresetRequest request) {
    const std::lock_guard lock(mutex_);
    request_ = std::move(request);
    ++requests_;
}

bool SlotHost::busy() const {
    const std::lock_guard lock(mutex_);
    return request_.has_value();
}

std::shared_ptr<const LoadedPreset> SlotHost::loaded() const {
    const std::lock_guard lock(mutex_);
    return loaded_;
}

PresetRequest SlotHost::to_save() const {
    const std::lock_guard lock(mutex_);
    if (request_ && (request_->none() || !request_->bytes.empty())) return *request_;
    if (request_) try {
            return {request_->source, read_preset_file(request_->path), {}, true};
        } catch (const PresetError&) {
            // The worker will report the error. The session keeps the preset that goes on playing.
        }
    if (unread_) return *unread_;
    return loaded_ ? PresetRequest{loaded_->source, loaded_->bytes, {}, true} : PresetRequest{};
}

std::string SlotHost::message() const {
    const std::lock_guard lock(mutex_);
    return refused_.empty() ? unplayable_ : refused_;
}

void SlotHost::service(const StreamFormat& format, const RecentAudio& recent, const SlotSettings& settings) {
    player_.free_retired();
    const bool moved = !(format == format_);
    format_ = format;
    auto slot = load_requested();
    if (!slot && (moved || player_.needs_waking()) && format_.rate_hz > 0) slot = build_loaded();
    if (slot) {
        slot->set(settings);
        slot->warm(recent);
        player_.put(std::move(slot));
    }
    request_done();
}

void SlotHost::prepare(const StreamFormat& format) {
    format_ = format;
    auto slot = load_requested();
    player_.prepare(slot ? std::move(slot) : build_loaded());
    request_done();
}

/// The new slot. Null if nothing was requested, if the request failed, or if there is no rate yet.
std::unique_ptr<Slot> SlotHost::load_requested() {
    PresetRequest request;
    {
        const std::lock_guard lock(mutex_);
        if (!request_) return nullptr;
        request = *request_;
        served_ = requests_;
    }
    std::shared_ptr<const LoadedPreset> loaded;
    std::unique_ptr<Slot> slot;
    std::string message;
    try {
        if (!request.none() && request.bytes.empty()) request.bytes = read_preset_file(request.path);
        if (!request.none()) loaded = load_preset(request.bytes, request.source);
        if (format_.rate_hz > 0) slot = std::make_unique<Slot>(loaded, format_);
    } catch (const std::exception& error) {
        message = error.what();
    }
    const std::lock_guard lock(mutex_);
    if (!loaded && !message.empty()) {
        if (request.from_session) unread_ = std::move(request);
    } else if (slot || format_.rate_hz <= 0 || request.from_session) {
        loaded_ = std::move(loaded);
        unplayable_ = std::exchange(message, {});
        unread_.reset();
    }
    refused_ = std::move(message);
    return slot;
}

void SlotHost::request_done() {
    const std::lock_guard lock(mutex_);
    if (served_ == requests_) request_.reset();
}

std::unique_ptr<Slot> SlotHost::build_loaded() {
    std::unique_ptr<Slot> slot;
    std::string why;
    try {
        slot = std::make_unique<Slot>(loaded(), format_);
    } catch (const std::exception& error) {
        why = error.what();
        slot = std::make_unique<Slot>(nullptr, format_);
    }
    const std::lock_guard lock(mutex_);
    unplayable_ = std::move(why);
    return slot;
}

}  // namespace gruve::plugin
