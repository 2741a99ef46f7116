# Cross-builds for 64-bit Windows with Debian's mingw-w64 (POSIX threads). plugin/windows/libraries fills the folder
# GRUVE_WINDOWS_LIBRARIES.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

# GCC keeps AVX registers on stacks that Windows aligns to 16 bytes only, and loads them with instructions that demand
# 32 or 64 (GCC bug 54412). The assembler writes the instructions that don't. They cost the same on aligned addresses.
set(CMAKE_C_FLAGS_INIT "-Wa,-muse-unaligned-vector-move")
set(CMAKE_CXX_FLAGS_INIT "-Wa,-muse-unaligned-vector-move")
foreach(kind EXE SHARED MODULE)  # no DLL beside Windows' own
  set(CMAKE_${kind}_LINKER_FLAGS_INIT "-static")
endforeach()
set(ZLIB_LIBRARY /usr/x86_64-w64-mingw32/lib/libz.a)

file(GLOB JUCE_DIR /usr/lib/*/cmake/JUCE-*)  # sources, and a tool that runs here
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES GRUVE_WINDOWS_LIBRARIES)
set(CMAKE_FIND_ROOT_PATH ${GRUVE_WINDOWS_LIBRARIES} /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
set(ENV{PKG_CONFIG_LIBDIR} ${GRUVE_WINDOWS_LIBRARIES}/lib/pkgconfig)
set(ENV{PKG_CONFIG_PATH} "")
set(PKG_CONFIG_ARGN --static)
