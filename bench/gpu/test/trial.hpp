// What the GPU's tests share: arrays with guard words at any offset, random data, and a list of findings.
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bench/gpu/direct.hpp"
#include "kernels/base/error.hpp"
#include "kernels/base/sink.hpp"

namespace wengert::gpu_check {

using gpu_bench::AtMost;
using gpu_bench::cpu;
using kernels::Sink;
using kernels::gpu::GpuStream;

namespace detail {
inline GpuStream* opened = nullptr;
}
/// The stream that everything here runs on, while main holds a Session: what it has is freed before CUDA is gone.
inline GpuStream& on() { return *detail::opened; }

class Session {
 public:
  Session() { detail::opened = &device_.stream(); }

 private:
  gpu_bench::FirstDevice device_;
};

/// Calls the GPU's kernel that takes the place of the CPU's.
template <auto Kernel, class... Args>
void run(const Args&... args) {
  gpu_bench::run<Kernel>(on(), args...);
}

template <class T>
std::vector<T> download(const T* from, std::size_t n) {
  std::vector<T> values(n);
  kernels::gpu::platform::download(on().queue, {{values.data(), from, n * sizeof(T)}});
  return values;
}
template <class T>
void upload(T* to, const std::vector<T>& values) {
  kernels::gpu::platform::upload(on().queue, to, values.data(), values.size() * sizeof(T));
}

/// Device memory of n elements that begin `shift` elements after a 256-byte boundary, between guards.
template <class T>
class Guarded {
 public:
  explicit Guarded(std::size_t n, std::size_t shift = 0)
      : n_(n),
        before_(guard + shift),
        all_(static_cast<T*>(kernels::gpu::platform::allocate(on().queue, (before_ + n + guard) * sizeof(T)))) {
    upload(all_, pattern());
  }
  explicit Guarded(const std::vector<T>& values, std::size_t shift = 0) : Guarded(values.size(), shift) {
    upload(data(), values);
  }
  Guarded(const Guarded&) = delete;
  ~Guarded() { kernels::gpu::platform::release(on().device().index, on().queue, all_); }

  /// The elements; an error if a guard has changed.
  std::vector<T> get() const {
    const std::vector<T> found = download(all_, before_ + n_ + guard), wanted = pattern();
    if (std::memcmp(found.data(), wanted.data(), before_ * sizeof(T)) != 0 ||
        std::memcmp(found.data() + before_ + n_, wanted.data(), guard * sizeof(T)) != 0)
      fail("a kernel wrote outside its array of ", n_, " elements");
    const auto begin = found.begin() + static_cast<std::ptrdiff_t>(before_);
    return std::vector<T>(begin, begin + static_cast<std::ptrdiff_t>(n_));
  }
  T* data() const { return all_ + before_; }
  std::size_t size() const { return n_; }

 private:
  static constexpr std::size_t guard = 64;
  std::vector<T> pattern() const {
    std::vector<T> words(before_ + n_ + guard);
    std::memset(words.data(), 0xa5, words.size() * sizeof(T));
    return words;
  }
  std::size_t n_, before_;
  T* all_;
};

/// Whether every kernel has turned its tickets to zeros again.
inline std::string tickets_left() {
  constexpr std::int64_t some = 1024;
  for (const unsigned ticket : download(on().tickets(some), some)) {
    if (ticket != 0) return "a ticket is " + std::to_string(ticket) + " in place of 0";
  }
  return {};
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::vector<float> normal(std::size_t n, float scale = 1) {
    std::normal_distribution<float> draw(0, scale);
    std::vector<float> x(n);
    for (float& value : x) value = draw(engine_);
    return x;
  }
  std::vector<float> uniform(std::size_t n, float low, float high) {
    std::uniform_real_distribution<float> draw(low, high);
    std::vector<float> x(n);
    for (float& value : x) value = draw(engine_);
    return x;
  }
  std::vector<std::int32_t> integers(std::size_t n, std::int32_t end) {
    std::uniform_int_distribution<std::int32_t> draw(0, end - 1);
    std::vector<std::int32_t> x(n);
    for (std::int32_t& value : x) value = draw(engine_);
    return x;
  }

 private:
  std::mt19937 engine_;
};

/// Empty if the two hold the same bits (any NaN equals any NaN).
template <class T>
std::string other_bits(const std::vector<T>& got, const std::vector<T>& wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (std::memcmp(&got[i], &wanted[i], sizeof(T)) == 0 || (got[i] != got[i] && wanted[i] != wanted[i])) continue;
    return "element " + std::to_string(i) + " of " + std::to_string(wanted.size()) + " is " + std::to_string(got[i]) +
           " in place of " + std::to_string(wanted[i]);
  }
  return {};
}

/// Of several findings the first that is not empty, with what it is about.
inline std::string first_of(std::initializer_list<std::pair<const char*, std::string>> findings) {
  for (const auto& [what, wrong] : findings) {
    if (!wrong.empty()) return std::string(what) + ": " + wrong;
  }
  return {};
}

template <class T>
std::vector<double> wide(const std::vector<T>& x) {
  return {x.begin(), x.end()};
}
inline std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

/// Runs checks by name, or only every so-manieth of those whose name begins with `only`, and writes what came of them to a
/// file, after each check.
class Findings {
 public:
  explicit Findings(std::string file, int every = 1, std::string only = {})
      : file_(std::move(file)), every_(every), only_(std::move(only)) {}
  /// check() gives what is wrong, or nothing; an exception is a failure too.
  template <class Check>
  void expect(const std::string& name, const Check& check) {
    if (!name.starts_with(only_) || asked_++ % every_ != 0) return;
    std::string wrong;
    try {
      wrong = check();
      if (wrong.empty()) wrong = tickets_left();
    } catch (const std::exception& error) {
      wrong = error.what();
    }
    ++count_;
    if (!wrong.empty()) {
      failures_.push_back({name, wrong});
      std::cout << "FAILED " << name << ": " << wrong << std::endl;
    }
    write();
  }
  /// Sums up, and returns the exit code.
  int conclude() const {
    std::cout << count_ << " checks, " << failures_.size() << " failed" << std::endl;
    return failures_.empty() && count_ > 0 ? 0 : 1;
  }

 private:
  struct Failure {
    std::string name, wrong;
  };
  void write() const {
    std::ofstream out(file_);
    out << "{\"checks\": " << count_ << ", \"failures\": [";
    for (std::size_t i = 0; i < failures_.size(); ++i) {
      out << (i ? ",\n  " : "\n  ") << "{\"name\": " << quoted(failures_[i].name)
          << ", \"wrong\": " << quoted(failures_[i].wrong) << '}';
    }
    out << "]}\n";
  }
  static std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') result += '\\';
      result += c == '\n' ? ' ' : c;
    }
    return result + '"';
  }
  std::string file_;
  int every_, asked_ = 0, count_ = 0;
  std::string only_;
  std::vector<Failure> failures_;
};

/// The checks of one file, which main runs. `quick` takes small shapes only.
struct Suite {
  using Checks = void (*)(Findings&, bool quick);
  explicit Suite(Checks checks) { all().push_back(checks); }
  static std::vector<Checks>& all() {
    static std::vector<Checks> suites;
    return suites;
  }
};

}  // namespace wengert::gpu_check
