#include "kernels/gpu/platform.hpp"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "kernels/base/error.hpp"
#include "kernels/devices/cuda/cublas.hpp"
#include "kernels/devices/gpu/graph.hpp"

namespace wengert::kernels::gpu::platform {
namespace {

constexpr std::size_t small = 4096;

// Pinned memory through which small uploads go, so that they need not be waited for: a ring of slots, each with an event
// that says when the device has read it.
class Outgoing {
 public:
  Outgoing() = default;
  Outgoing(const Outgoing&) = delete;
  Outgoing& operator=(const Outgoing&) = delete;
  ~Outgoing() {
    for (const Slot& slot : slots_) {
      if (!slot.memory) continue;
      cudaEventDestroy(slot.read);
      cudaFreeHost(slot.memory);
    }
  }

  void upload(simt::Stream stream, void* to, const void* from, std::size_t bytes) {
    const std::scoped_lock lock(mutex_);
    Slot& slot = slots_[next_++ % slots_.size()];
    if (!slot.memory) {
      simt::check(cudaMallocHost(&slot.memory, small));
      simt::check(cudaEventCreateWithFlags(&slot.read, cudaEventDisableTiming));
    } else {
      simt::check(cudaEventSynchronize(slot.read));
    }
    std::memcpy(slot.memory, from, bytes);
    simt::check(cudaMemcpyAsync(to, slot.memory, bytes, cudaMemcpyHostToDevice, stream));
    simt::check(cudaEventRecord(slot.read, stream));
  }

 private:
  struct Slot {
    void* memory = nullptr;
    cudaEvent_t read = nullptr;
  };
  std::mutex mutex_;
  std::array<Slot, 64> slots_;
  std::size_t next_ = 0;
};

// Pinned memory through which the small parts of a download go: a copy to other memory would be waited for by itself.
class Incoming {
 public:
  Incoming() = default;
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;
  ~Incoming() { cudaFreeHost(pinned_); }

  void download(simt::Stream stream, std::initializer_list<Part> parts) {
    const std::scoped_lock lock(mutex_);
    if (!pinned_) simt::check(cudaMallocHost(&pinned_, most_parts * small));
    const auto stop_of = [&](const Part& part) {
      return part.bytes <= small ? static_cast<char*>(pinned_) + (&part - parts.begin()) * small : part.to;
    };
    for (const Part& part : parts) {
      if (part.bytes == 0) continue;
      simt::check(cudaMemcpyAsync(stop_of(part), part.from, part.bytes, cudaMemcpyDeviceToHost, stream));
    }
    simt::check(cudaStreamSynchronize(stream));
    for (const Part& part : parts) {
      if (part.bytes > 0 && stop_of(part) != part.to) std::memcpy(part.to, stop_of(part), part.bytes);
    }
  }

 private:
  static constexpr std::size_t most_parts = 2;

  std::mutex mutex_;
  void* pinned_ = nullptr;
};

struct Staging {
  Outgoing outgoing;
  Incoming incoming;
};
struct Stagings {
  std::mutex mutex;
  std::map<simt::Stream, Staging> of_stream;
};
Stagings& stagings() {
  static auto& all = *new Stagings;
  return all;
}
Staging& staging_of(simt::Stream stream) {
  const std::scoped_lock lock(stagings().mutex);
  return stagings().of_stream[stream];
}

// What is known of a device once it has been opened.
struct Known {
  int processors = 0;
  std::size_t shared_bytes = 0;
  cudaMemPool_t pool = nullptr;  // our own: the device's default pool is also other libraries'
};
std::array<Known, 256> devices;  // Device::index has 8 bits
std::mutex opening;

Known& current_device() {
  int index = 0;
  simt::check(cudaGetDevice(&index));
  return devices.at(static_cast<std::size_t>(index));
}

int attribute(cudaDeviceAttr which, int index) {
  int value = 0;
  simt::check(cudaDeviceGetAttribute(&value, which, index));
  return value;
}

cudaMemPool_t new_pool(int index) {
  cudaMemPoolProps how{};
  how.allocType = cudaMemAllocationTypePinned;
  how.location.type = cudaMemLocationTypeDevice;
  how.location.id = index;
  cudaMemPool_t pool = nullptr;
  simt::check(cudaMemPoolCreate(&pool, &how));
  std::uint64_t keep = UINT64_MAX;  // what was freed stays in the pool: a step allocates what the last one did
  simt::check(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &keep));
  return pool;
}

std::atomic<bool> is_child{false};

class CudaGraph final : public Graph {
 public:
  CudaGraph(int index, simt::Stream stream, const CallList& calls) : index_(index), stream_(stream) {
    simt::check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    cudaGraph_t graph = nullptr;
    try {
      calls.run();
    } catch (...) {
      cudaStreamEndCapture(stream, &graph);
      if (graph) cudaGraphDestroy(graph);
      cudaGetLastError();
      throw;
    }
    simt::check(cudaStreamEndCapture(stream, &graph));
    const cudaError_t code = cudaGraphInstantiate(&executable_, graph, 0);
    cudaGraphDestroy(graph);
    simt::check(code);
    simt::check(cudaGraphUpload(executable_, stream));
  }
  ~CudaGraph() override {
    if (is_child) return;
    cudaSetDevice(index_);
    cudaGraphExecDestroy(executable_);
  }
  void run() override {
    make_current(index_);
    simt::check(cudaGraphLaunch(executable_, stream_));
  }

 private:
  int index_;
  simt::Stream stream_;
  cudaGraphExec_t executable_ = nullptr;
};

std::string version_of(const cudaDeviceProp& device) {
  return "sm_" + std::to_string(device.major * 10 + device.minor);
}

__global__ void nothing() {}

}  // namespace

simt::Stream open(int index) {
  [[maybe_unused]] static const int registered = pthread_atfork(nullptr, nullptr, [] { is_child = true; });
  int count = 0;
  if (const cudaError_t code = cudaGetDeviceCount(&count); code != cudaSuccess) {
    cudaGetLastError();
    fail("CUDA finds no device to run on (", cudaGetErrorString(code),
         "): check the driver with nvidia-smi, or use --device simt or --device cpu");
  }
  if (index >= count) fail("there is no device ", index, ": CUDA finds ", count, ", numbered from 0");
  make_current(index);
  cudaDeviceProp device{};
  simt::check(cudaGetDeviceProperties(&device, index));
  cudaFuncAttributes attributes{};
  if (const cudaError_t code = cudaFuncGetAttributes(&attributes, nothing); code != cudaSuccess) {
    cudaGetLastError();
    fail("the kernels were compiled for ", WENGERT_CUDA_ARCHITECTURES, ", but this ", device.name, " is ",
         version_of(device), " (", cudaGetErrorString(code),
         "): configure with -D WENGERT_CUDA_ARCHITECTURES=", version_of(device), "; the oldest possible is sm_80");
  }
  {
    const std::scoped_lock lock(opening);
    Known& known = current_device();
    if (!known.pool) {
      known.processors = attribute(cudaDevAttrMultiProcessorCount, index);
      known.shared_bytes = static_cast<std::size_t>(attribute(cudaDevAttrMaxSharedMemoryPerBlockOptin, index));
      known.pool = new_pool(index);
    }
  }
  simt::Stream stream = nullptr;
  simt::check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  return stream;
}

void make_current(int index) {
  if (is_child) fail("CUDA does not work in a child of fork(): fork before the device is first used, or use exec");
  int current = -1;  // not kept: other libraries may choose another device
  simt::check(cudaGetDevice(&current));
  if (index != current) simt::check(cudaSetDevice(index));
}

int processors(int index) { return devices[static_cast<std::size_t>(index)].processors; }

std::size_t shared_bytes(int index) {
  return std::min(devices[static_cast<std::size_t>(index)].shared_bytes,
                  static_cast<std::size_t>(simt::options().shared_bytes));
}

void close(simt::Stream stream) noexcept {
  cudaStreamSynchronize(stream);
  {
    const std::scoped_lock lock(stagings().mutex);
    stagings().of_stream.erase(stream);
  }
  cudaStreamDestroy(stream);
}

void* allocate(simt::Stream stream, std::size_t bytes) {
  const cudaMemPool_t pool = current_device().pool;
  void* block = nullptr;
  const auto take = [&] {
    const cudaError_t code = cudaMallocFromPoolAsync(&block, bytes ? bytes : 1, pool, stream);
    if (code != cudaSuccess) cudaGetLastError();
    return code == cudaSuccess;
  };
  if (take()) return block;
  // What the pool keeps may be in pieces, or what others lack: it goes back to the device, and comes as one.
  cudaStreamCaptureStatus capturing = cudaStreamCaptureStatusNone;
  simt::check(cudaStreamIsCapturing(stream, &capturing));
  if (capturing == cudaStreamCaptureStatusNone) {
    simt::check(cudaStreamSynchronize(stream));
    simt::check(cudaMemPoolTrimTo(pool, 0));
    if (take()) return block;
  }
  std::size_t free = 0, total = 0;
  cudaMemGetInfo(&free, &total);
  fail("out of device memory: ", bytes, " bytes were asked for, and ", free, " of ", total, " are free");
}

void release(int index, simt::Stream stream, void* block) noexcept {
  if (is_child) return;
  cudaSetDevice(index);
  cudaFreeAsync(block, stream);
}

void zero(simt::Stream stream, void* block, std::size_t bytes) {
  simt::check(cudaMemsetAsync(block, 0, bytes, stream));
}

void upload(simt::Stream stream, void* to, const void* from, std::size_t bytes) {
  if (bytes == 0) return;
  if (bytes <= small) return staging_of(stream).outgoing.upload(stream, to, from, bytes);
  simt::check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream));
  simt::check(cudaStreamSynchronize(stream));
}

void download(simt::Stream stream, std::initializer_list<Part> parts) {
  staging_of(stream).incoming.download(stream, parts);
}

std::unique_ptr<Graph> graph(int index, simt::Stream stream, const CallList& calls) {
  return std::make_unique<CudaGraph>(index, stream, calls);
}

std::unique_ptr<Blas> blas(simt::Stream stream) { return std::make_unique<Cublas>(stream); }

}  // namespace wengert::kernels::gpu::platform
