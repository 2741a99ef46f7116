// A small pool: independent pieces of work on a few threads.
#pragma once

#include <functional>

namespace gruve {

/// Threads worth starting for reading and decoding files.
int default_jobs();

/// Calls fn(0) … fn(count − 1), each once, on up to `jobs` threads (the caller is one of them), and returns when all are done.
/// Indices are started in order; which thread runs which is not fixed, so a piece may only write what belongs to its index.
/// If pieces throw, no further piece is started and the exception of the lowest index is thrown again here, so that an error
/// does not depend on the number of threads. Calls from inside fn run on the calling thread.
void parallel_for(int jobs, int count, const std::function<void(int)>& fn);

}  // namespace gruve
