#include "kernels/gpu/platform.hpp"

#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "kernels/error.hpp"
#include "kernels/gpu/cuda/cublas.hpp"

namespace wengert::kernels::gpu::platform {
namespace {

// Pinned memory through which small uploads go, so that they need not be waited for: a ring of slots, each with an event
// that says when the device has read it.
class Staging {
 public:
  static constexpr std::size_t slot_bytes = 4096;

  Staging() = default;
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() {
    for (const Slot& slot : slots_) {
      if (!slot.memory) continue;
      cudaEventDestroy(slot.read);
      cudaFreeHost(slot.memory);
    }
  }

  void upload(simt::Stream stream, void* to, const void* from, std::size_t bytes) {
    Slot& slot = slots_[next_++ % slots_.size()];
    if (!slot.memory) {
      simt::check(cudaMallocHost(&slot.memory, slot_bytes));
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
  std::array<Slot, 64> slots_;
  std::size_t next_ = 0;
};

struct Stagings {
  std::mutex mutex;
  std::map<simt::Stream, Staging> of_stream;
};
Stagings& stagings() {
  static auto& all = *new Stagings;
  return all;
}

class CudaGraph final : public Graph {
 public:
  CudaGraph(simt::Stream stream, const CallList& calls) : stream_(stream) {
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
  ~CudaGraph() override { cudaGraphExecDestroy(executable_); }
  void run() override { simt::check(cudaGraphLaunch(executable_, stream_)); }

 private:
  simt::Stream stream_;
  cudaGraphExec_t executable_ = nullptr;
};

std::string version_of(const cudaDeviceProp& device) {
  return "sm_" + std::to_string(device.major * 10 + device.minor);
}

__global__ void nothing() {}

}  // namespace

simt::Stream open(int index) {
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
  simt::Stream stream = nullptr;
  simt::check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  cudaMemPool_t pool = nullptr;
  simt::check(cudaDeviceGetDefaultMemPool(&pool, index));
  std::uint64_t keep = UINT64_MAX;  // what was freed stays in the pool: a step allocates what the last one did
  simt::check(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &keep));
  return stream;
}

void make_current(int index) {
  thread_local int current = -1;
  if (index == current) return;
  simt::check(cudaSetDevice(index));
  current = index;
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
  void* block = nullptr;
  const cudaError_t code = cudaMallocAsync(&block, bytes ? bytes : 1, stream);
  if (code == cudaSuccess) return block;
  cudaGetLastError();
  std::size_t free = 0, total = 0;
  cudaMemGetInfo(&free, &total);
  fail("out of device memory: ", bytes, " bytes were asked for, and ", free, " of ", total, " are free");
}

void release(simt::Stream stream, void* block) noexcept { cudaFreeAsync(block, stream); }

void zero(simt::Stream stream, void* block, std::size_t bytes) {
  simt::check(cudaMemsetAsync(block, 0, bytes, stream));
}

void upload(simt::Stream stream, void* to, const void* from, std::size_t bytes) {
  if (bytes == 0) return;
  if (bytes <= Staging::slot_bytes) {
    const std::scoped_lock lock(stagings().mutex);
    return stagings().of_stream[stream].upload(stream, to, from, bytes);
  }
  simt::check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream));
  simt::check(cudaStreamSynchronize(stream));
}

void download(simt::Stream stream, void* to, const void* from, std::size_t bytes) {
  if (bytes == 0) return;
  simt::check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, stream));
  simt::check(cudaStreamSynchronize(stream));
}

std::unique_ptr<Graph> graph(simt::Stream stream, const CallList& calls) {
  return std::make_unique<CudaGraph>(stream, calls);
}

std::unique_ptr<Blas> blas(simt::Stream stream) { return std::make_unique<Cublas>(stream); }

}  // namespace wengert::kernels::gpu::platform
