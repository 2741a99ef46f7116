// A small pool: independent pieces of work on a few threads.
#pragma once

#include <functional>

namespace gruve {

/// Calls fn(0) … fn(count − 1), each once, on up to `jobs` threads (the caller is one of them), and returns when all are done.
/// Which thread runs which index is not fixed: a piece may only write what belongs to its index. The first exception is
/// thrown again here, after the pieces under way have ended. Calls from inside fn run on the calling thread.
void parallel_for(int jobs, int count, const std::function<void(int)>& fn);

}  // namespace gruve
