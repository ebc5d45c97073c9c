// How far long work is, on standard error.
#pragma once

#include <string>

namespace wengert::examples {

/// On a terminal one line from the start, rewritten twice a second and wiped at the end; in a file or a pipe, if that is wanted, a
/// plain line every ten seconds.
class Progress {
 public:
  enum class Where { nowhere, terminals, everywhere };
  explicit Progress(Where);
  ~Progress() { wipe(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Whether it is time for the next line.
  bool due() const;
  void show(const std::string& line);
  /// Takes the line away, for other output to stand in its place.
  void wipe();

 private:
  bool terminal_, shown_;
  bool written_ = false;
  double next_;
};

/// Seconds from a moment that stays.
double now();

}  // namespace wengert::examples
