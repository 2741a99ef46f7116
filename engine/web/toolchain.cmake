# CMake's toolchain file for WebAssembly by Debian's emscripten. engine/web/build uses it.
execute_process(COMMAND em-config EMSCRIPTEN_ROOT OUTPUT_VARIABLE emscripten OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "em-config is not there; install emscripten (Debian: apt-get install emscripten)")
endif()
include(${emscripten}/cmake/Modules/Platform/Emscripten.cmake)

option(GRUVE_WASM_SIMD "Vectors of 128 bits. Every browser since 2023 has them." ON)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES GRUVE_WASM_SIMD)
set(CMAKE_CXX_FLAGS_INIT "-fwasm-exceptions -include ${CMAKE_CURRENT_LIST_DIR}/libcxx13.h")
if(GRUVE_WASM_SIMD)
  string(APPEND CMAKE_CXX_FLAGS_INIT " -msimd128")
endif()
