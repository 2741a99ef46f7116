// This process and others.
#pragma once

#include <string>
#include <vector>

namespace gruve {

/// Prepares the standard streams and the arguments of a program; main() calls it first. A standard stream that is
/// closed is opened on nothing, for reading: otherwise the first file that is opened would take the number of standard
/// output, and would get what is printed. On Windows the arguments become UTF-8, and the streams pass on every byte as
/// it is.
void prepare_process(int& argc, char**& argv);

int process_id();

/// Writing to a pipe whose reader has ended fails from now on, instead of ending the process.
void ignore_closed_pipes();

enum class Output { shown, discarded };
/// Runs a program from PATH, waits for it and returns its exit status, or 128 if a signal ended it. Throws
/// std::system_error if it cannot be started, with std::errc::no_such_file_or_directory if there is none.
int run_program(std::vector<std::string> arguments, Output);

/// Becomes the program `name` that lies beside this one, or that of PATH. `option` may be null. Throws
/// std::system_error, with the program's path, if it cannot be started.
[[noreturn]] void become_program_beside(const char* name, const char* option);

/// Whether standard error is a terminal on which a line can be written over.
bool can_write_over();
/// Columns of the terminal on standard error; 80 if it doesn't say.
std::size_t terminal_columns();

}  // namespace gruve
