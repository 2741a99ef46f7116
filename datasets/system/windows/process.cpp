#include "datasets/system/process.h"

#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <windows.h>
// After windows.h, which it needs.
#include <shellapi.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>

namespace gruve {
namespace {

std::wstring wide_of(const std::string& text) { return std::filesystem::u8path(text).native(); }

std::string utf8_of(const wchar_t* text) {
    const int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, nullptr, 0, nullptr, nullptr);
    std::string result(static_cast<std::size_t>(size), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text, -1, result.data(), size, nullptr, nullptr);
    result.pop_back();  // the zero
    return result;
}

/// An argument as the other program's own start cuts it out of the command line again: in quotes, with a backslash
/// before quotes and before the backslashes that precede them (Microsoft, "Parsing C command-line arguments").
std::wstring quoted(const std::wstring& argument) {
    std::wstring result = L"\"";
    std::size_t backslashes = 0;
    for (const wchar_t c : argument) {
        if (c == L'"') result.append(backslashes + 1, L'\\');
        backslashes = c == L'\\' ? backslashes + 1 : 0;
        result += c;
    }
    return result.append(backslashes, L'\\') + L'"';
}

struct CloseHandles {
    using pointer = HANDLE;
    void operator()(HANDLE handle) const { CloseHandle(handle); }
};
using Handle = std::unique_ptr<void, CloseHandles>;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(static_cast<int>(GetLastError()), std::system_category(), what);
}

int wait_for(const std::vector<std::string>& arguments, STARTUPINFOW& start) {
    std::wstring line;
    for (const std::string& argument : arguments) line += (line.empty() ? L"" : L" ") + quoted(wide_of(argument));
    PROCESS_INFORMATION process{};
    if (CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &start, &process) == 0) {
        if (GetLastError() == ERROR_FILE_NOT_FOUND) throw std::system_error(ENOENT, std::generic_category());
        fail(arguments[0]);
    }
    const Handle child(process.hProcess), thread(process.hThread);
    WaitForSingleObject(child.get(), INFINITE);
    DWORD status = 128;
    GetExitCodeProcess(child.get(), &status);
    return static_cast<int>(status);
}

}  // namespace

void prepare_process(int& argc, char**& argv) {
    for (std::FILE* stream : {stdin, stdout, stderr})
        if (_fileno(stream) >= 0) _setmode(_fileno(stream), _O_BINARY);
    SetConsoleOutputCP(CP_UTF8);
    static std::vector<std::string> arguments;
    static std::vector<char*> pointers;
    wchar_t** wide = CommandLineToArgvW(GetCommandLineW(), &argc);
    if (wide == nullptr) return;
    for (int i = 0; i < argc; ++i) arguments.push_back(utf8_of(wide[i]));
    LocalFree(wide);
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    argv = pointers.data();
}

int process_id() { return _getpid(); }

void ignore_closed_pipes() {}  // they end nobody here

int run_program(std::vector<std::string> arguments, Output output) {
    STARTUPINFOW start{};
    start.cb = sizeof start;
    Handle nowhere;
    if (output == Output::discarded) {
        SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
        nowhere.reset(CreateFileW(L"NUL", GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited, OPEN_EXISTING,
                                  0, nullptr));
        start.dwFlags = STARTF_USESTDHANDLES;
        start.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
        start.hStdOutput = start.hStdError = nowhere.get();
    }
    return wait_for(arguments, start);
}

/// Windows cannot put another program into this process; this one waits for it and ends as it does.
void become_program_beside(const char* name, const char* option) {
    std::wstring self(1 << 15, L'\0');
    self.resize(GetModuleFileNameW(nullptr, self.data(), static_cast<DWORD>(self.size())));
    const std::filesystem::path program = std::filesystem::path(self).parent_path() / (std::string(name) + ".exe");
    std::vector<std::string> arguments = {program.string()};
    if (option != nullptr) arguments.emplace_back(option);
    STARTUPINFOW start{};
    start.cb = sizeof start;
    try {
        std::exit(wait_for(arguments, start));
    } catch (const std::system_error& error) {
        throw std::system_error(error.code(), program.string());
    }
}

bool can_write_over() { return _isatty(_fileno(stderr)) != 0; }

std::size_t terminal_columns() {
    CONSOLE_SCREEN_BUFFER_INFO info{};
    const bool known = GetConsoleScreenBufferInfo(GetStdHandle(STD_ERROR_HANDLE), &info) != 0;
    return known && info.dwSize.X > 0 ? static_cast<std::size_t>(info.dwSize.X) : 80;
}

}  // namespace gruve
