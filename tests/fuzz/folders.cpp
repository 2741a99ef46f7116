// Fuzzes the readers of folders of recordings, on trees that the input describes by one entry per line:
//     a/b_1.wav       an (empty) file            a/b/        a folder
//     a/c>b           a/c is a link to b         =text       one more line in the last named file
// The first byte chooses options. Only names and lists matter here; sounds have their own target.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "datasets/audio/audio_folder.h"
#include "datasets/layouts/denoise_layouts.h"
#include "datasets/layouts/recordings.h"
#include "datasets/layouts/word_folder.h"
#include "datasets/support/data_error.h"
#include "tests/fuzz/bounded_memory.h"

namespace {

namespace fs = std::filesystem;

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

/// A tree in memory that its destructor removes. Leaves out entries outside the tree and those that cannot be made.
class Tree {
public:
    explicit Tree(const std::string& lines) {
        std::string name = fs::exists("/dev/shm") ? "/dev/shm/gruve-fuzz-XXXXXX" : "/tmp/gruve-fuzz-XXXXXX";
        require(mkdtemp(name.data()) != nullptr, "a folder can be made");
        root_ = name;
        std::istringstream in(lines);
        fs::path last;
        for (std::string line; std::getline(in, line) && entries_ < most_entries;) {
            std::error_code ignored;
            const std::size_t link = line.find('>');
            if (line.starts_with('=')) {
                if (!last.empty()) std::ofstream(last, std::ios::app) << line.substr(1) << '\n';
            } else if (const fs::path path = inside(line.substr(0, link)); !path.empty()) {
                fs::create_directories(line.ends_with('/') ? path : path.parent_path(), ignored);
                if (const fs::path target = link == std::string::npos ? fs::path() : inside(line.substr(link + 1));
                    !target.empty())
                    fs::create_symlink(target, path, ignored);
                else if (!line.ends_with('/') && !fs::exists(path, ignored))
                    std::ofstream(last = path, std::ios::app).flush();
                ++entries_;
            }
        }
    }
    ~Tree() {
        std::error_code ignored;
        fs::remove_all(root_, ignored);
    }
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;

    const fs::path& root() const { return root_; }
    std::size_t entries() const { return entries_; }

private:
    static constexpr std::size_t most_entries = 100;

    fs::path inside(const std::string& name) const {
        if (name.empty() || name.find('\0') != std::string::npos) return {};
        const fs::path path = fs::path(name).relative_path().lexically_normal();
        for (const auto& part : path)
            if (part == "..") return {};
        return root_ / path;
    }

    fs::path root_;
    std::size_t entries_ = 0;
};

void read_words(const fs::path& root, unsigned choice) {
    gruve::WordFolderOptions options;
    if (choice & 1) options.words = {"a"};
    if (choice & 2) options.other_speech = root / "speech";
    if (choice & 4) options.noise = root / "noise";
    options.unchosen_are_other = choice & 8;
    options.name_other = choice & 16;
    options.split_by_take = choice & 32;
    options.other_apart = choice & 64;
    if (choice & 128) options.negatives = root / "negatives";
    const auto words = gruve::read_word_folder(root, options);
    const bool by_speaker = !options.split_by_take && !options.other_apart && !fs::exists(root / "testing_list.txt");
    std::map<std::string, gruve::Split> split_of;
    for (const auto& clip : words.clips) {
        require(clip.label >= 0 && clip.label < static_cast<int>(words.labels.size()), "every clip has a label");
        require(!clip.speaker.empty(), "every clip has a speaker");
        const bool alone = split_of.emplace(clip.speaker, clip.split).first->second == clip.split;
        require(alone || !by_speaker, "no speaker is in two splits");
    }
}

void read_speech(const fs::path& root) {
    const auto layout = gruve::find_denoise_layout(root);
    for (const auto& [folder, role] :
         {std::pair{layout.speech, gruve::speech_role()}, {layout.noise, gruve::noise_role()}})
        for (const auto& file : gruve::audio_files(folder, role.name)) role.group_of(folder, file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t slack = std::size_t{96} << 10,  // a reader of files, the list of what is left out
        entry_bytes = 512;                                // names on disk also take memory
    if (size == 0) return 0;
    const Tree tree({reinterpret_cast<const char*>(data) + 1, size - 1});
    const std::size_t bytes = size + tree.entries() * entry_bytes;
    {
        const gruve::fuzz::BoundedMemory memory;
        try {
            read_words(tree.root(), data[0]);
        } catch (const gruve::DataError&) {
        } catch (const fs::filesystem_error&) {  // for links in a circle; it names the file too
        }
        memory.check(bytes, slack);
    }
    const gruve::fuzz::BoundedMemory memory;
    try {
        read_speech(tree.root());
    } catch (const gruve::DataError&) {
    } catch (const fs::filesystem_error&) {
    }
    memory.check(bytes, slack);
    return 0;
}
