// What the GPU's tests share: arrays with guard words at any offset, random data, and a list of findings.
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <simt.hpp>
#include "kernels/error.hpp"

namespace wengert::gpu_check {

/// Device memory of n elements that begin `shift` elements after a 256-byte boundary, between guards.
template <class T>
class Guarded {
 public:
  explicit Guarded(std::size_t n, std::size_t shift = 0) : n_(n), before_(guard + shift), array_(before_ + n + guard) {
    std::vector<T> all(array_.size());
    std::memset(all.data(), 0xa5, all.size() * sizeof(T));
    array_.upload(all);
  }
  explicit Guarded(const std::vector<T>& values, std::size_t shift = 0) : Guarded(values.size(), shift) { set(values); }

  void set(const std::vector<T>& values) {
    std::vector<T> all = array_.download();
    std::copy(values.begin(), values.end(), all.begin() + static_cast<std::ptrdiff_t>(before_));
    array_.upload(all);
  }
  /// The elements; an error if a guard has changed.
  std::vector<T> get() const {
    const std::vector<T> all = array_.download();
    std::vector<T> pattern(all.size());
    std::memset(pattern.data(), 0xa5, pattern.size() * sizeof(T));
    if (std::memcmp(all.data(), pattern.data(), before_ * sizeof(T)) != 0 ||
        std::memcmp(all.data() + before_ + n_, pattern.data(), guard * sizeof(T)) != 0)
      fail("a kernel wrote outside its array of ", n_, " elements");
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(before_);
    return std::vector<T>(begin, begin + static_cast<std::ptrdiff_t>(n_));
  }
  T* data() { return array_.data() + before_; }

 private:
  static constexpr std::size_t guard = 64;
  std::size_t n_, before_;
  simt::Array<T> array_;
};

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

/// Runs checks by name, or only every so-manieth of those whose name begins with `only`, and writes what came of them.
class Findings {
 public:
  explicit Findings(int every = 1, std::string only = {}) : every_(every), only_(std::move(only)) {}
  /// check() gives what is wrong, or nothing; an exception is a failure too.
  template <class Check>
  void expect(const std::string& name, const Check& check) {
    if (!name.starts_with(only_) || asked_++ % every_ != 0) return;
    std::string wrong;
    try {
      wrong = check();
    } catch (const std::exception& error) {
      wrong = error.what();
    }
    ++count_;
    if (!wrong.empty()) {
      failures_.push_back({name, wrong});
      std::cout << "FAILED " << name << ": " << wrong << std::endl;
    }
  }
  /// Writes JSON, and returns the exit code.
  int write(const std::string& path) const {
    std::ofstream out(path);
    out << "{\"checks\": " << count_ << ", \"failures\": [";
    for (std::size_t i = 0; i < failures_.size(); ++i) {
      out << (i ? ",\n  " : "\n  ") << "{\"name\": " << quoted(failures_[i].name)
          << ", \"wrong\": " << quoted(failures_[i].wrong) << '}';
    }
    out << "]}\n";
    std::cout << count_ << " checks, " << failures_.size() << " failed" << std::endl;
    return failures_.empty() && count_ > 0 ? 0 : 1;
  }

 private:
  struct Failure {
    std::string name, wrong;
  };
  static std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') result += '\\';
      result += c == '\n' ? ' ' : c;
    }
    return result + '"';
  }
  int every_, asked_ = 0, count_ = 0;
  std::string only_;
  std::vector<Failure> failures_;
};

}  // namespace wengert::gpu_check
