#include "plugin/session/session_xml.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace gruve::plugin {

namespace {

constexpr std::uint32_t magic = 0x21324356;
constexpr std::size_t header_bytes = 8;
constexpr std::size_t most_children = 256;

struct Damaged : std::runtime_error {
    Damaged() : std::runtime_error("damaged session") {}
};

std::uint32_t little_endian_32(std::span<const std::byte> bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * i);
    return value;
}

std::string utf8(std::uint32_t code) {
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw Damaged();
    if (code < 0x80) return {static_cast<char>(code)};
    if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), tail(0)};
    if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)};
    return {static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
}

/// name: the text between & and ;
std::string entity(std::string_view name) {
    if (name == "amp") return "&";
    if (name == "lt") return "<";
    if (name == "gt") return ">";
    if (name == "quot") return "\"";
    std::uint32_t code = 0;
    if (name.empty() || name[0] != '#') throw Damaged();
    const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), code);
    if (error != std::errc() || end != name.data() + name.size()) throw Damaged();
    return utf8(code);
}

std::string unescaped(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t plain = std::min(text.find('&'), text.size());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const std::size_t end = text.find(';');
        if (end == text.npos) throw Damaged();
        out += entity(text.substr(1, end - 1));
        text.remove_prefix(end + 1);
    }
    return out;
}

/// Parses the text from the front. Throws Damaged.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    SessionXml document() {
        if (take("<?xml")) until("?>");
        SessionXml xml;
        bool open = tag(xml.root);
        while (open && !next("</")) {
            if (xml.children.size() == most_children) throw Damaged();
            if (tag(xml.children.emplace_back())) throw Damaged();
        }
        if (open && !(take("</") && take(xml.root.name) && take(">"))) throw Damaged();
        skip_space();
        if (!rest_.empty()) throw Damaged();
        return xml;
    }

private:
    /// Parses one opening tag. Returns whether children follow.
    bool tag(XmlTag& tag) {
        if (!take("<")) throw Damaged();
        tag.name = name();
        for (;;) {
            if (take("/>")) return false;
            if (take(">")) return true;
            const std::string attribute = name();
            if (!take("=") || !take("\"")) throw Damaged();
            if (!tag.attributes.emplace(attribute, unescaped(until("\""))).second) throw Damaged();
        }
    }
    std::string name() {
        skip_space();
        const auto end = std::find_if(rest_.begin(), rest_.end(), [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_');
        });
        if (end == rest_.begin()) throw Damaged();
        const std::string out(rest_.begin(), end);
        rest_.remove_prefix(out.size());
        return out;
    }
    void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
    bool next(std::string_view what) {
        skip_space();
        return rest_.starts_with(what);
    }
    bool take(std::string_view what) {
        if (!next(what)) return false;
        rest_.remove_prefix(what.size());
        return true;
    }
    std::string_view until(std::string_view end) {
        const std::size_t at = rest_.find(end);
        if (at == rest_.npos) throw Damaged();
        const std::string_view out = rest_.substr(0, at);
        rest_.remove_prefix(at + end.size());
        return out;
    }
    std::string_view rest_;
};

}  // namespace

const std::string& XmlTag::operator[](const std::string& attribute) const {
    static const std::string none;
    const auto found = attributes.find(attribute);
    return found == attributes.end() ? none : found->second;
}

std::optional<SessionXml> parse_session_xml(std::span<const std::byte> state) {
    if (state.size() <= header_bytes || little_endian_32(state, 0) != magic) return std::nullopt;
    const std::size_t length = std::min<std::size_t>(little_endian_32(state, 4), state.size() - header_bytes);
    std::string_view text(reinterpret_cast<const char*>(state.data()) + header_bytes, length);
    text = text.substr(0, text.find('\0'));
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return std::nullopt;
    try {
        return Reader(text).document();
    } catch (const Damaged&) {
        return std::nullopt;
    }
}

}  // namespace gruve::plugin
