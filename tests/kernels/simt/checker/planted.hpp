// Kernels with a planted bug. Each has a twin, the same kernel with `mended` true, in which the checker must find nothing.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <simt.hpp>
#include <string>
#include <vector>

namespace planted {

/// What the action's error says; "" if there is none.
template <class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const simt::Error& error) {
    return error.what();
  }
  return "";
}

/// `text`, which begins with the kernel's name, as the whole message: <1> stands for FILE:LINE of the line, between this
/// kernel's beginning and the next one's, that ends in the comment // <1>. Of the file its name counts: compilers may be
/// told to shorten paths.
inline std::string message(const std::string& path, std::string text) {
  const std::string name = text.substr(0, text.find(',')), file = path.substr(path.rfind('/') + 1);
  std::ifstream source(PLANTED_FOLDER "/" + file);
  if (!source) return "no " PLANTED_FOLDER "/" + file;
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(source, line);) {
    ++number;
    if (inside && line.find("__global__") == 0) break;
    if (line.find("void " + name + "(") != std::string::npos) inside = true;
    const auto tag = line.rfind("// <");
    if (!inside || tag == std::string::npos) continue;
    const std::string mark = line.substr(tag + 3);
    const std::string place = file + ":" + std::to_string(number);
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) text.replace(at, mark.size(), place);
  }
  return "kernel " + text;
}

/// An array of the values 0, 1, 2, ...
template <class T = int>
simt::Array<T> counted(std::size_t size) {
  std::vector<T> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<T>(i);
  simt::Array<T> array(size);
  array.upload(values);
  return array;
}

}  // namespace planted

// The kernel with its bug says exactly `text`, and its twin runs.
#define CHECK_PLANTED(kernel, text, extent, ...)                                        \
  CHECK(planted::error_of([&] { simt::launch<kernel<false>>(extent, __VA_ARGS__); }) == \
        planted::message(__FILE__, text));                                              \
  CHECK(planted::error_of([&] { simt::launch<kernel<true>>(extent, __VA_ARGS__); }) == "")
