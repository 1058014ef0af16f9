# SPDX-License-Identifier: MIT
# Traced code: each access of memory is reported to lab/trace.

# Compiles TARGET, a shared object, so that it reports its accesses: as the compiler's
# thread sanitizer would have it, without being linked to that. The flags are those of the
# subjects' build `v3`, so that what is traced is the same on every machine.
function(onemiss_trace_target TARGET)
  target_compile_definitions(${TARGET} PRIVATE SUBJECT_TRACED)
  # where a map looks for that macro, it would call what is not there
  target_compile_options(${TARGET} PRIVATE -O3 -fno-sanitize=all -fsanitize=thread
                         $<$<COMPILE_LANGUAGE:CXX>:-U__SANITIZE_THREAD__>)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL x86_64)
    target_compile_options(${TARGET} PRIVATE -march=x86-64-v3)
  endif()
  if(CMAKE_C_COMPILER_ID STREQUAL Clang)
    target_compile_options(${TARGET} PRIVATE
      "SHELL:-mllvm -tsan-instrument-func-entry-exit=0"
      "SHELL:-mllvm -tsan-instrument-read-before-write=1")
  else()
    target_compile_options(${TARGET} PRIVATE
      "SHELL:--param tsan-instrument-func-entry-exit=0")
  endif()
  target_link_libraries(${TARGET} PRIVATE onemiss_trace)
  target_link_options(${TARGET} PRIVATE
    -Wl,--wrap=memcpy,--wrap=memmove,--wrap=memset,--wrap=memcmp,--wrap=bcmp)
endfunction()
