#include "offline_search/tasks/denoising/recipe.h"

#include <nlohmann/json.hpp>

#include "datasets/support/data_error.h"
#include "offline_search/training/recipe_file.h"
#include "offline_search/training/sharded_gradient.h"

namespace gruve {

DenoiseRecipe read_denoise_recipe(const std::filesystem::path& path, DenoiseRecipe r) {
    int comb = r.config.comb, each_frame = r.config.each_frame;
    read_recipe(path,
                {{"comb", whole(comb, 0, 1)},
                 {"each_frame", whole(each_frame, 0, 1)},
                 {"net_every", whole(r.config.net_every, 1, most_frames_a_step)},
                 {"look_ahead", whole(r.config.look_ahead, 0, r.config.most_look_ahead())},
                 {"dense", whole(r.dense, 1, 1024)},
                 {"channels", whole(r.channels, 0, 256, 2)},
                 {"blocks", whole(r.blocks, 1, 4)},
                 {"batch", whole(r.batch, gradient_shards, 1024, gradient_shards)},
                 {"steps_per_epoch", whole(r.steps_per_epoch, 1, 100000)},
                 {"reuse", whole(r.reuse, 1, 1000)},
                 {"epochs", whole(r.epochs, 1, 100000)},
                 {"seconds", real(r.seconds, 1, 60)},
                 {"noise_only", real(r.noise_only, 0, 1)},
                 {"near_clean", real(r.near_clean, 0, 1)},
                 {"late_start", real(r.late_start, 0, 1)},
                 {"second_noise", real(r.variety.second_noise, 0, 1)},
                 {"babble", real(r.variety.babble, 0, 0.8)},
                 {"most_voices", whole(r.variety.most_voices, 3, 100)},
                 {"rooms", real(r.variety.rooms, 0, 1)},
                 {"noise_moves", real(r.variety.noise_moves, 0, 1)},
                 {"speech_moves", real(r.variety.speech_moves, 0, 1)},
                 {"highest_snr_db", real(r.variety.highest_snr_db, -9, 60)},
                 {"reduction_limit_db", real(r.reduction_limit_db, 0, 60)},
                 {"learning_rate", real(r.learning_rate, 1e-6, 1)},
                 {"weight_decay", real(r.weight_decay, 0, 1)},
                 {"average_epochs", real(r.average_epochs, 0, 1000)},
                 {"logit_factor", real(r.logit_factor, 0.25, 4)},
                 {"logit_shift", real(r.logit_shift, -4, 4)}},
                "loss",
                {{"snr", real(r.loss.snr, 0, 100)},
                 {"si_sdr", real(r.loss.si_sdr, 0, 100)},
                 {"magnitude", real(r.loss.magnitude, 0, 100)},
                 {"intelligibility", real(r.loss.intelligibility, 0, 100)},
                 {"spectrum", real(r.loss.spectrum, 0, 1000)},
                 {"quality", real(r.loss.quality, 0, 100)},
                 {"cells", real(r.loss.cells, 0, 100)},
                 {"left", real(r.loss.left, 0, 100)}});
    r.config.comb = comb != 0;
    r.config.each_frame = each_frame != 0;
    if (r.config.each_frame && r.config.net_every < 2)
        throw DataError(path.string() + ": each_frame 1 with net_every 1, needed at least 2");
    return r;
}

std::string to_json(const DenoiseRecipe& r) {
    nlohmann::ordered_json json{
        {"latency_s", r.config.latency_s},
        {"net_every", r.config.net_every},
        {"comb", r.config.comb ? 1 : 0},
        {"dense", r.dense},
        {"batch", r.batch},
        {"steps_per_epoch", r.steps_per_epoch},
        {"reuse", r.reuse},
        {"seconds", r.seconds},
        {"noise_only", r.noise_only},
        {"near_clean", r.near_clean},
        {"late_start", r.late_start},
        {"learning_rate", r.learning_rate},
        {"weight_decay", r.weight_decay},
        {"average_epochs", r.average_epochs},
        {"loss", {{"snr", r.loss.snr}, {"magnitude", r.loss.magnitude}, {"intelligibility", r.loss.intelligibility}}}};
    // Later members are stored only where they matter, so that states of older recipes still match.
    const DenoiseRecipe usual;
    if (r.config.look_ahead != 0) json["look_ahead"] = r.config.look_ahead;
    if (r.config.each_frame) json["each_frame"] = 1;
    if (r.first) json["first_stage"] = r.first->mark;
    if (r.channels > 0) json["channels"] = r.channels, json["blocks"] = r.blocks;
    if (r.loss.si_sdr > 0) json["loss"]["si_sdr"] = r.loss.si_sdr;
    if (r.loss.spectrum > 0) json["loss"]["spectrum"] = r.loss.spectrum, json["loss"]["left"] = r.loss.left;
    if (r.loss.quality > 0) json["loss"]["quality"] = r.loss.quality;
    if (r.loss.cells > 0) json["loss"]["cells"] = r.loss.cells;
    if (r.logit_factor != usual.logit_factor) json["logit_factor"] = r.logit_factor;
    if (r.logit_shift != usual.logit_shift) json["logit_shift"] = r.logit_shift;
    if (r.reduction_limit_db != usual.reduction_limit_db) json["reduction_limit_db"] = r.reduction_limit_db;
    if (const MixtureVariety& v = r.variety; v != usual.variety)
        json["variety"] = {v.second_noise, v.babble,       v.most_voices,   v.rooms,
                           v.noise_moves,  v.speech_moves, v.highest_snr_db};
    return json.dump();
}

}  // namespace gruve
