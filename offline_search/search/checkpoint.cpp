#include "offline_search/search/checkpoint.h"

#include "datasets/support/data_error.h"
#include "offline_search/files/write_file.h"
#include "offline_search/search/json.h"

namespace gruve {
namespace {

constexpr int checkpoint_format = 2;

void check_same(const std::string& file, const std::string& what, const std::string& found,
                const std::string& expected) {
    if (found != expected)
        throw DataError(file + ": a checkpoint of " + what + " " + found + ", this run has " + expected +
                        "; use another --out");
}

void check_same(const std::string& file, const Fingerprint& found, const Fingerprint& expected) {
    check_same(file, "task", found.task, expected.task);
    check_same(file, "scheme", found.scheme, expected.scheme);
    check_same(file, "seed", std::to_string(found.seed), std::to_string(expected.seed));
    check_same(file, "population", std::to_string(found.population), std::to_string(expected.population));
    check_same(file, "model", found.model, expected.model);
    check_same(file, "data", found.data, expected.data);
}

void check_genes(const std::string& file, const Genes& genes, const GeneSpace& space) {
    bool fine = genes.size() == space.size();
    for (std::size_t i = 0; fine && i < genes.size(); ++i) fine = genes[i] <= space.highest(i);
    if (!fine) throw DataError(file + ": genes " + to_text(genes) + " do not belong to this network");
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const Fingerprint& fingerprint, const SearchState& state,
                     const Evaluator::Cache& cache, const TunedTexts& tuned) {
    nlohmann::json json;
    json["format"] = checkpoint_format;
    json["fingerprint"] = fingerprint;
    json["generation"] = state.generation;
    json["sensitivity"] = state.sensitivity;
    json["homogeneous"] = state.homogeneous;
    json["reference"] = state.reference;
    json["population"] = state.population;
    json["archive"] = state.archive.points();
    json["history"] = state.history;
    json["costs"] = state.costs;
    json["cache"] = cache;
    if (!tuned.empty()) json["tuned"] = tuned;
    write_file(path, json.dump());
}

SearchState load_checkpoint(const std::filesystem::path& path, const Fingerprint& expected, const GeneSpace& space,
                            Evaluator::Cache& cache, TunedTexts& tuned) {
    const std::string file = path.string();
    try {
        const auto json = nlohmann::json::parse(read_text(path));
        if (json.at("format") != checkpoint_format) throw DataError(file + ": a checkpoint of another version");
        check_same(file, json.at("fingerprint").get<Fingerprint>(), expected);
        SearchState state;
        json.at("generation").get_to(state.generation);
        json.at("sensitivity").get_to(state.sensitivity);
        json.at("homogeneous").get_to(state.homogeneous);
        json.at("reference").get_to(state.reference);
        json.at("population").get_to(state.population);
        for (const Point& point : json.at("archive").get<std::vector<Point>>()) state.archive.add(point);
        json.at("history").get_to(state.history);
        json.at("costs").get_to(state.costs);
        json.at("cache").get_to(cache);
        if (json.contains("tuned")) json.at("tuned").get_to(tuned);
        for (const Point& point : state.population) check_genes(file, point.genes, space);
        for (const Point& point : state.archive.points()) check_genes(file, point.genes, space);
        return state;
    } catch (const nlohmann::json::exception& error) {
        throw DataError(file + ": not a checkpoint: " + error.what());
    } catch (const std::invalid_argument& error) {
        throw DataError(file + ": " + error.what());
    }
}

}  // namespace gruve
