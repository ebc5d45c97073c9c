// What simt/platform.cpp and cuda/platform.cu bring beside kernels/gpu/platform.hpp.
#pragma once

#include <memory>

#include <simt.hpp>
#include "kernels/devices/backend.hpp"

namespace wengert::kernels::gpu::platform {

/// The calls made one, or null: see Backend::graph.
std::unique_ptr<Graph> graph(int index, simt::Stream, const CallList& calls);

}  // namespace wengert::kernels::gpu::platform
