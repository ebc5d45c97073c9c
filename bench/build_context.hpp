// What a result file says of the program that wrote it.
#pragma once

namespace wengert::bench {

/// Adds version, compiler, flags and processor to Google Benchmark's context.
void add_build_context();

}  // namespace wengert::bench
