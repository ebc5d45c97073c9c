// A program's options. CLI11 does the work, behind this header because including it takes seconds.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wengert::examples {

/// Options are declared with the variable that they set, which holds the default until then; --help and --version come
/// by themselves. Names are written as typed: "--epochs".
class CommandLine {
 public:
  CommandLine(const std::string& program, const std::string& purpose);
  ~CommandLine();

  void flag(const std::string& name, bool& value, const std::string& help);
  void whole(const std::string& name, std::int64_t& value, std::int64_t least, std::int64_t most,
             const std::string& help);
  /// The same with no default of its own.
  void whole(const std::string& name, std::optional<std::int64_t>& value, std::int64_t least, std::int64_t most,
             const std::string& help);
  /// Any finite number from `least` on.
  void number(const std::string& name, double& value, double least, const std::string& help);
  void number(const std::string& name, std::optional<double>& value, double least, const std::string& help);
  /// Where the default is empty, the program tells from the other options what it is.
  void choice(const std::string& name, std::string& value, const std::vector<std::string>& choices,
              const std::string& help);
  /// A text that `check` accepts; otherwise it throws, and what it says is the message.
  void text(const std::string& name, std::string& value, const std::function<void(const std::string&)>& check,
            const std::string& help);
  void file(const std::string& name, std::string& value, const std::string& help);
  void folder(const std::string& name, std::string& value, const std::string& help);

  /// Sets the variables. Throws WrongUsage, or Finished after --help and --version.
  void parse(int argc, const char* const* argv);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace wengert::examples
