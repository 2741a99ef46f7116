#include "offline_search/files/standard_output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "datasets/support/data_error.h"

namespace gruve {

void flush_standard_output() {
    errno = 0;
    std::cout.flush();
    const bool flushed = std::fflush(stdout) == 0;
    if (flushed && std::cout && std::ferror(stdout) == 0) return;
    throw DataError(std::string("standard output: cannot be written") +
                    (errno != 0 ? std::string(": ") + std::strerror(errno) : std::string()));
}

std::string text_of(const nlohmann::ordered_json& json, int indent) {
    return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace gruve
